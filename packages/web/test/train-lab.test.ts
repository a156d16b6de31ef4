/** The life of a run with a real session: the worker runs in a Node thread instead of a browser's. */
import { openSession, type Session } from '@hw5/core';
import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Notice } from '../src/frame/notices.js';
import { Lab, type TextSource } from '../src/pages/train/lab.js';
import { table, type Values } from '../src/pages/train/table.js';
import { initialValues } from '../src/state/table.js';

const content = Array.from({ length: 40 }, (_, line) => `line ${line}: the fog and I\n`).join('');
const text: TextSource = { kind: 'own', name: 'text.txt', content };

const small: Values = {
  ...initialValues(table),
  hidden: 8,
  embed: 4,
  batch: 2,
  sequence: 8,
  steps: 30,
  evaluateEvery: 10,
  sampleEvery: 10,
  length: 20,
};

let values = signal(small);
let lab: Lab;
let notice: Notice | null;
let sessions: Session[];

beforeEach(() => {
  values = signal(small);
  sessions = [];
  notice = null;
  lab = new Lab({
    open: async () => {
      const session = await openSession();
      sessions.push(session);
      return session;
    },
    settings: () => values.value,
    adopt: (loaded) => {
      values.value = { ...values.value, ...loaded };
    },
    tell: (said) => {
      notice = said;
    },
  });
  lab.give(text);
});
afterEach(async () => {
  await Promise.all(sessions.map((session) => session.close()));
});

const reached = (step: number): Promise<void> =>
  vi.waitUntil(() => lab.step.value >= step, { timeout: 20_000 }) as never;

describe('a run', () => {
  test('is made, trained to its end and keeps every report in order', async () => {
    await lab.prepare();
    expect(lab.phase.value).toBe('ready');
    expect(lab.run.value).toMatchObject({ step: 0, trainable: true });
    await lab.play();
    expect(lab.phase.value).toBe('done');
    expect([...lab.history.columns().step]).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(lab.validation.value).toBeGreaterThan(0);
    expect(lab.hash.value).toMatch(/^[0-9a-f]{16}$/);
    expect(lab.samples.value[0]).toMatchObject({ step: 0, exact: true });
    expect(lab.samples.value.at(-1)).toMatchObject({ step: 30, exact: true });
    for (const sample of lab.samples.value) expect([...sample.text]).toHaveLength(20);
  });

  test('gives the same weights with and without samples, checkpoints and pauses', async () => {
    const longer = { ...small, hidden: 48, steps: 400 };
    values.value = { ...longer, sampleEvery: 0 };
    await lab.play();
    const plain = lab.hash.value;
    values.value = { ...longer, sampleEvery: 1, temperature: 2 };
    await lab.rewind();
    const playing = lab.play();
    await reached(5);
    lab.pause();
    await playing;
    expect(lab.phase.value).toBe('paused');
    expect(notice?.key).toBe('status.paused');
    await Promise.all([lab.sample(), lab.generate(), lab.checkpoint()]);
    await lab.play();
    expect(lab.hash.value).toBe(plain);
  });

  test('that is done says so when started again, and goes on when steps are added', async () => {
    await lab.play();
    await lab.play();
    expect(notice).toMatchObject({ key: 'error.allDone', facts: { steps: 30 } });
    values.value = { ...small, steps: 40 };
    await lab.play();
    expect(lab.step.value).toBe(40);
  });

  test('knows when settings or text are no longer its own', async () => {
    await lab.prepare();
    expect(lab.stale.value).toBe(false);
    values.value = { ...small, hidden: 9 };
    expect(lab.stale.value).toBe(true);
    values.value = { ...small, steps: 77, temperature: 0 };
    expect(lab.stale.value).toBe(false);
    lab.give({ ...text, content: `${content}.` });
    expect(lab.stale.value).toBe(true);
    await lab.prepare();
    expect(lab.stale.value).toBe(false);
  });

  test('is replaced in the middle of training by a rewind, which can be undone', async () => {
    values.value = { ...small, steps: 100_000 };
    const playing = lab.play();
    await reached(20);
    await lab.rewind();
    await playing;
    expect(lab.step.value).toBe(0);
    expect(lab.history.length).toBe(0);
    expect(lab.phase.value).toBe('ready');
    await lab.undo();
    expect(lab.step.value).toBeGreaterThanOrEqual(20);
    expect(lab.history.length).toBe(lab.step.value);
    expect(lab.phase.value).toBe('paused');
  });
});

describe('the learning rate', () => {
  const changes = (): unknown => lab.run.value?.config.rateChanges;

  test('changes while it trains, and the settings then say what trains to the same weights', async () => {
    values.value = { ...small, steps: 400 };
    const playing = lab.play();
    await reached(20);
    const step = await lab.setRate(0.03);
    await playing;
    expect(step).toBeGreaterThanOrEqual(20);
    expect(changes()).toEqual([{ step, learningRate: 0.03 }]);
    expect(values.value.rates).toEqual([[step, 0.03]]);
    expect(lab.rate.value).toBe(0.03);
    expect(lab.stale.value).toBe(false);
    const hash = lab.hash.value;
    await lab.rewind();
    expect(lab.rate.value).toBe(small.learningRate);
    await lab.play();
    expect(lab.hash.value).toBe(hash);
    values.value = { ...values.value, rates: [] };
    expect(lab.stale.value).toBe(true);
    await lab.rewind();
    await lab.play();
    expect(lab.hash.value).not.toBe(hash);
  });

  test('is in what is kept, forked and brought back; a bad one changes nothing', async () => {
    await lab.play();
    const before = lab.moments.all.value.at(-1)?.bytes as Uint8Array;
    expect(await lab.setRate(-1)).toBeUndefined();
    expect(notice).toMatchObject({ tone: 'error', key: 'error.argument' });
    await lab.setRate(0.02);
    values.value = { ...values.value, steps: 40, hidden: 9 };
    expect(lab.stale.value).toBe(true);
    await lab.play();
    values.value = { ...values.value, hidden: 8 };
    expect(lab.stale.value).toBe(false);
    const [keptRun] = await lab.toKeep();
    expect(keptRun?.run.config.rateChanges).toEqual([{ step: 30, learningRate: 0.02 }]);
    // The fork is of a time before the change.
    await lab.forkFrom(before);
    expect(values.value.rates).toEqual([]);
    expect(lab.stale.value).toBe(false);
    await lab.undo();
    expect(values.value.rates).toEqual([[30, 0.02]]);
    expect(lab.stale.value).toBe(false);
  });

  test('is made again when a worker dies that had taken it after the last checkpoint', async () => {
    values.value = { ...small, steps: 1_000_000 };
    const playing = lab.play();
    await reached(250);
    const step = (await lab.setRate(0.004)) as number;
    await sessions[0]?.close();
    await playing;
    await lab.recover();
    expect(lab.step.value).toBeLessThanOrEqual(step);
    expect(changes()).toEqual([{ step, learningRate: 0.004 }]);
    expect(values.value.rates).toEqual([[step, 0.004]]);
    expect(lab.stale.value).toBe(false);
  });
});

describe('keeping', () => {
  test('in the middle of training takes a state between two steps, from which it goes on to the same weights', async () => {
    values.value = { ...small, steps: 600 };
    const playing = lab.play();
    await reached(40);
    const [work] = await lab.toKeep();
    await playing;
    const { run, files } = work!;
    expect(run).toMatchObject({ hash: '', text: 'text.txt', steps: 600 });
    expect(run.step).toBeGreaterThanOrEqual(40);
    expect(run.step).toBeLessThan(600);
    expect(files.columns.step.at(-1)).toBeLessThanOrEqual(run.step);
    expect(files.gathered.every(({ step }) => step <= run.step)).toBe(true);
    const hash = lab.hash.value;
    await lab.resume([work!]);
    expect(lab.step.value).toBe(run.step);
    expect(lab.id.value).toBe(run.id);
    await lab.play();
    expect(lab.step.value).toBe(600);
    expect(lab.hash.value).toBe(hash);
  });
});

describe('errors', () => {
  test('a diverging run stops, names step and tensor, and offers a rewind', async () => {
    values.value = { ...small, learningRate: 1e38, clip: 0 };
    await lab.play();
    expect(lab.phase.value).toBe('paused');
    expect(notice).toMatchObject({
      tone: 'error',
      key: 'error.diverged',
      action: { key: 'error.action.rewind' },
    });
    expect(notice?.technical).toMatch(/must be finite|nan|inf/i);
    values.value = small;
    await lab.rewind();
    await lab.play();
    expect(lab.phase.value).toBe('done');
  });

  test('a text that is too short leaves no model, a longer one makes it', async () => {
    lab.give({ ...text, content: 'ab' });
    await lab.prepare();
    expect(lab.phase.value).toBe('empty');
    expect(notice).toMatchObject({ tone: 'error', key: 'error.shortText', facts: { got: 2 } });
    lab.give(text);
    await lab.prepare();
    expect(lab.phase.value).toBe('ready');
    expect(notice).toBeNull();
  });

  test('a worker that dies in training is replaced from the last checkpoint', async () => {
    values.value = { ...small, steps: 1_000_000 };
    const playing = lab.play();
    await reached(450);
    await sessions[0]?.close();
    await playing;
    expect(lab.phase.value).toBe('lost');
    expect(notice).toMatchObject({ key: 'error.lost', action: { key: 'error.action.restart' } });
    await lab.recover();
    expect(lab.phase.value).toBe('paused');
    expect(lab.step.value).toBeGreaterThanOrEqual(200);
    expect(lab.history.columns().step.at(-1)).toBeLessThanOrEqual(lab.step.value);
    values.value = { ...small, steps: lab.step.value + 10 };
    await lab.play();
    expect(lab.phase.value).toBe('done');
    expect(sessions).toHaveLength(2);
  });

  test('a worker that does not start is said, and the next try opens another', async () => {
    let tries = 0;
    const lost = Object.assign(new Error('session: the worker must start, got nothing'), {
      code: 'SESSION_LOST',
    });
    lab = new Lab({
      open: async () => {
        tries += 1;
        if (tries === 1) throw lost;
        const session = await openSession();
        sessions.push(session);
        return session;
      },
      settings: () => small,
      adopt: () => undefined,
      tell: (said) => {
        notice = said;
      },
    });
    lab.give(text);
    await lab.prepare();
    expect(lab.phase.value).toBe('lost');
    await lab.recover();
    expect(lab.phase.value).toBe('ready');
  });
});

describe('checkpoints', () => {
  test('bring back the run with its settings; a refused file changes nothing', async () => {
    await lab.play();
    const hash = lab.hash.value;
    const bytes = await lab.checkpoint();
    expect(bytes).toBeDefined();
    values.value = { ...small, hidden: 6 };
    await lab.rewind();
    await lab.load(bytes as Uint8Array);
    expect(values.value.hidden).toBe(8);
    expect(lab.hash.value).toBe(hash);
    expect(lab.phase.value).toBe('paused');
    await lab.load((bytes as Uint8Array).subarray(0, 200));
    expect(notice?.key).toBe('error.checkpoint');
    expect(lab.phase.value).toBe('paused');
    expect(lab.step.value).toBe(30);
  });

  test('without their text can write, and train once the text is there', async () => {
    await lab.play();
    const bytes = (await lab.checkpoint()) as Uint8Array;
    lab.give({ ...text, content: 'something else, long enough for a window or two, really' });
    await lab.load(bytes);
    expect(lab.run.value?.trainable).toBe(false);
    await lab.generate();
    expect([...lab.written.value]).toHaveLength(20);
    await lab.play();
    expect(notice?.key).toBe('error.needsSource');
    lab.give(text);
    await vi.waitUntil(() => lab.run.value?.trainable);
    values.value = { ...values.value, steps: 35 };
    await lab.play();
    expect(lab.step.value).toBe(35);
  });
});
