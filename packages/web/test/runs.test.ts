/** Runs kept on the device: the store's bounds, comparing, and going on with one bit for bit. */
import 'fake-indexeddb/auto';
import { charLMDefaults, openSession, type Prediction, type Session } from '@hw5/core';
import { signal } from '@preact/signals';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ExamplesLab } from '../src/examples/lab.js';
import { tableSource } from '../src/examples/source.js';
import { keepRuns } from '../src/frame/kept-runs/keeping.js';
import {
  isRunId,
  type KeptFiles,
  type KeptRun,
  leastUsed,
  newRunId,
  overflowing,
  RunStore,
} from '../src/frame/kept-runs/store.js';
import type { Notice } from '../src/frame/notices.js';
import { curveOf, differences, ordered, shownRuns } from '../src/pages/runs/compare.js';
import { requestOf, type Values as TaggingValues, table as tagging } from '../src/pages/tagging/table.js';
import type { Key } from '../src/pages/train/en.js';
import { Lab, type TextSource } from '../src/pages/train/lab.js';
import { modelConfig, table } from '../src/pages/train/table.js';
import { Settings } from '../src/state/settings.js';
import { initialValues } from '../src/state/table.js';

const run = (id: string, changed: number, more: Partial<KeptRun> = {}): KeptRun => ({
  id,
  page: 'train',
  changed,
  color: 1,
  config: charLMDefaults,
  text: 'text.txt',
  step: 10,
  steps: 20,
  hash: '0'.repeat(16),
  loss: 2,
  validation: 2.5,
  vocabularySize: 30,
  curve: [
    [5, 3, null],
    [10, 2, 2.5],
  ],
  sample: 'the fog',
  size: 100,
  ...more,
});

const filesOf = (id: string): KeptFiles => {
  const column = new Float64Array(1);
  return {
    id,
    checkpoint: new Uint8Array([1, 2, 3]),
    source: null,
    columns: {
      step: column,
      loss: column,
      validation: column,
      gradientNorm: column,
      charactersPerSecond: column,
    },
    gathered: [],
  };
};

let stores = 0;
const newStore = (limits?: { runs: number; bytes: number }): RunStore => {
  stores += 1;
  return new RunStore(`test-${stores}`, limits);
};

describe('the store', () => {
  test('gives back what was kept, newest first, and forgets what is deleted until it is restored', async () => {
    const store = newStore();
    await store.put(run('run-one', 1), filesOf('run-one'));
    await store.put(run('run-two', 2), filesOf('run-two'));
    expect((await store.list()).map(({ id }) => id)).toEqual(['run-two', 'run-one']);
    expect((await store.files('run-one'))?.checkpoint).toEqual(new Uint8Array([1, 2, 3]));
    const deleted = await store.delete('run-one');
    expect(await store.get('run-one')).toBeUndefined();
    expect(await store.files('run-one')).toBeUndefined();
    if (deleted === undefined) throw new Error('nothing was deleted');
    await store.restore(deleted);
    expect((await store.list()).length).toBe(2);
    expect(await store.delete('run-none')).toBeUndefined();
  });

  test('a run keeps its colour when it is kept again; new ones get the least used', async () => {
    const store = newStore();
    for (const id of ['run-aa', 'run-bb', 'run-cc']) await store.put(run(id, 1), filesOf(id));
    await store.put(run('run-aa', 9, { step: 99 }), filesOf('run-aa'));
    expect(Object.fromEntries((await store.list()).map(({ id, color }) => [id, color]))).toEqual({
      'run-aa': 1,
      'run-bb': 2,
      'run-cc': 3,
    });
    await store.recolor('run-bb', 6);
    expect((await store.get('run-bb'))?.color).toBe(6);
    expect(leastUsed([1, 2, 3, 4, 5, 6, 1])).toBe(2);
  });

  test('the oldest go, with their files, when runs or bytes are too many', async () => {
    const store = newStore({ runs: 2, bytes: 250 });
    await store.put(run('run-aa', 1), filesOf('run-aa'));
    await store.put(run('run-bb', 2), filesOf('run-bb'));
    expect(await store.put(run('run-cc', 3), filesOf('run-cc'))).toBe(1);
    expect((await store.list()).map(({ id }) => id)).toEqual(['run-cc', 'run-bb']);
    expect(await store.files('run-aa')).toBeUndefined();
    expect(await store.put(run('run-dd', 4, { size: 240 }), filesOf('run-dd'))).toBe(2);
    expect(overflowing([run('run-aa', 1)], 1000, { runs: 9, bytes: 10 })).toEqual(['run-aa']);
  });

  test('ids that the store makes are allowed in addresses, others are not', () => {
    expect(isRunId(newRunId())).toBe(true);
    for (const bad of ['', 'x y', '<script>', 'a'.repeat(41), 'RUN-ONE', '../../etc']) {
      expect(isRunId(bad)).toBe(false);
    }
  });
});

describe('comparing', () => {
  const small = run('run-aa', 1, { config: { ...charLMDefaults, hiddenSize: 16, seed: 1 } });
  const large = run('run-bb', 2, { validation: 1.5, step: 5 });
  const other = run('run-cc', 3, { text: 'other.txt', validation: undefined, loss: 4 });

  test('only what differs is named, and never the seed', () => {
    expect(differences([small, large])).toEqual(['hiddenSize']);
    expect(differences([large, other])).toEqual(['text']);
    expect(differences([large])).toEqual([]);
    // A setting that one kind of run alone has is no difference between kinds.
    const { seed, hiddenSize, cell } = charLMDefaults;
    const tagger = run('run-dd', 4, {
      page: 'tagging',
      config: { seed, hiddenSize, cell, bidirectional: true } as unknown as KeptRun['config'],
    });
    const forwards = {
      ...tagger,
      config: { ...tagger.config, bidirectional: false } as unknown as KeptRun['config'],
    };
    expect(differences([large, tagger])).toEqual([]);
    expect(differences([tagger, forwards, large])).toEqual(['bidirectional']);
  });

  test('orders by time, loss and steps; without a choice the newest are shown', () => {
    const runs = [small, large, other];
    const ids = (some: readonly KeptRun[]): string => some.map(({ id }) => id.slice(-1)).join('');
    expect(ids(ordered(runs, 'newest'))).toBe('cba');
    expect(ids(ordered(runs, 'loss'))).toBe('bac');
    expect(ids(ordered(runs, 'steps'))).toBe('acb');
    expect(ids(shownRuns(runs, [], 2))).toBe('cb');
    expect(ids(shownRuns(runs, ['run-aa', 'run-zz', 'run-cc'], 2))).toBe('ac');
  });

  test('curves leave out what was not measured', () => {
    expect(curveOf(small, 'training')).toEqual([
      [5, 3],
      [10, 2],
    ]);
    expect(curveOf(small, 'validation')).toEqual([[10, 2.5]]);
  });
});

describe('on the training page', () => {
  const text: TextSource = {
    kind: 'own',
    name: 'text.txt',
    content: Array.from({ length: 40 }, (_, line) => `line ${line}: the fog and I\n`).join(''),
  };
  const sessions: Session[] = [];
  const stops: (() => void)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) stop();
    await Promise.all(sessions.splice(0).map((session) => session.close()));
  });

  /** The page without its views. */
  const open = (store: RunStore, values: Partial<ReturnType<typeof initialValues<typeof table>>>) => {
    const small = {
      hidden: 8,
      embed: 4,
      batch: 2,
      sequence: 8,
      evaluateEvery: 10,
      sampleEvery: 10,
      length: 20,
    };
    const settings = new Settings(table, { ...initialValues(table), ...small, steps: 20, ...values });
    const notice = signal<Notice<Key> | null>(null);
    const lab = new Lab({
      open: async () => {
        const session = await openSession();
        sessions.push(session);
        return session;
      },
      settings: () => settings.all(),
      adopt: (loaded) => settings.adopt(loaded),
      tell: (said) => {
        notice.value = said;
      },
    });
    const loadText = async (): Promise<void> => lab.give(text);
    const tell = (said: Notice<Key>): void => {
      notice.value = said;
    };
    stops.push(
      keepRuns({
        page: 'train',
        lab,
        settings,
        tell,
        gathered: () => lab.samples.value,
        fits: ({ config }) => JSON.stringify(config) === JSON.stringify(modelConfig(settings.all())),
        begin: () => (lab.source.peek() === null ? loadText() : undefined),
        store,
      }),
    );
    return { lab, settings, notice };
  };

  const kept = (store: RunStore, count: number): Promise<readonly KeptRun[]> =>
    vi.waitFor(
      async () => {
        const runs = await store.list();
        expect(runs.length).toBe(count);
        return runs;
      },
      { timeout: 20_000 },
    );

  test('a run is kept when it pauses, opened elsewhere, and ends with the bits of an unbroken one', async () => {
    const store = newStore();
    const first = open(store, {});
    await first.lab.prepare();
    await first.lab.play();
    const [row] = await kept(store, 1);
    expect(row).toMatchObject({ step: 20, text: 'text.txt', hash: first.lab.hash.value });
    expect(row?.sample).not.toBe('');
    // The same run without a pause.
    first.settings.set('steps', 40);
    await first.lab.rewind();
    await first.lab.play();
    const unbroken = first.lab.hash.value;

    const second = open(store, { run: row?.id ?? '', hidden: 99 });
    await vi.waitUntil(() => second.lab.id.value === row?.id, { timeout: 20_000 });
    expect(second.settings.get('hidden')).toBe(8);
    expect(second.lab.step.value).toBe(20);
    expect(second.lab.history.length).toBe(20);
    expect(second.lab.samples.value.at(-1)?.text).toBe(row?.sample);
    second.settings.set('steps', 40);
    await second.lab.play();
    expect(second.lab.hash.value).toBe(unbroken);
    expect(second.lab.history.length).toBe(40);
    await vi.waitFor(async () => expect((await store.get(row?.id ?? ''))?.step).toBe(40), {
      timeout: 20_000,
    });
  });

  test('a fork is a run of its own; undoing it brings the first one back', async () => {
    const store = newStore();
    const { lab, settings } = open(store, {});
    await lab.prepare();
    await lab.play();
    const checkpoint = await lab.checkpoint();
    if (checkpoint === undefined) throw new Error('there must be a checkpoint');
    const [first] = await kept(store, 1);
    settings.set('steps', 30);
    await lab.play();
    const end = lab.hash.value;
    await lab.forkFrom(checkpoint);
    expect(lab.step.value).toBe(20);
    expect(lab.history.length).toBe(20);
    expect(lab.parent.value).toEqual({ id: first?.id, step: 20 });
    await lab.play();
    expect(lab.hash.value).toBe(end);
    await lab.forkFrom(checkpoint);
    await lab.undo();
    expect(lab.step.value).toBe(30);
    expect(lab.history.length).toBe(30);
  });

  test('an id that is not kept here is said, and a fresh run is made', async () => {
    const { lab, settings, notice } = open(newStore(), { run: 'no-such-run' });
    await vi.waitUntil(() => notice.value !== null);
    expect(notice.value?.key).toBe('keep.unknown');
    expect(settings.get('run')).toBe('');
    expect(lab.source.value).toBe(text);
  });

  test('a page that is opened anew offers the newest run with its settings, and only such a one', async () => {
    const store = newStore();
    const first = open(store, {});
    await first.lab.prepare();
    await first.lab.play();
    const [row] = await kept(store, 1);
    const other = open(store, { hidden: 9 });
    const { lab, notice } = open(store, { steps: 99 });
    await vi.waitUntil(() => notice.value?.key === 'keep.offer', { timeout: 20_000 });
    expect(notice.value).toMatchObject({ facts: { step: 20, text: 'text.txt' } });
    expect(lab.step.value).toBe(0);
    notice.value?.action?.act();
    await vi.waitUntil(() => lab.id.value === row?.id && lab.hash.value !== null, { timeout: 20_000 });
    expect(lab.step.value).toBe(20);
    expect(lab.hash.value).toBe(first.lab.hash.value);
    expect(other.notice.value?.key).not.toBe('keep.offer');
  });

  test('a browser without storage says so once, and the run goes on', async () => {
    const refuse = (): Promise<never> => Promise.reject(new Error('no room'));
    const store = { put: refuse, list: refuse } as unknown as RunStore;
    const { lab, notice } = open(store, {});
    await lab.prepare();
    await lab.play();
    await vi.waitUntil(() => notice.value?.key === 'keep.refused', { timeout: 20_000 });
    expect(lab.phase.value).toBe('done');
    const [work] = await lab.toKeep();
    expect(work!.files.checkpoint.byteLength).toBeGreaterThan(1000);
  });
});

describe('on a page of examples', () => {
  const sessions: Session[] = [];
  const stops: (() => void)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) stop();
    await Promise.all(sessions.splice(0).map((session) => session.close()));
  });

  /** The tagging page's run without its views. */
  const open = (store: RunStore, more: Partial<TaggingValues> = {}, text = 'she saw her .') => {
    const small = { examples: 100, hidden: 6, embed: 4, batch: 8, steps: 10, evaluateEvery: 5, lookEvery: 2 };
    const settings = new Settings(tagging, { ...initialValues(tagging), ...small, ...more });
    const notice = signal<Notice | null>(null);
    const tell = (said: Notice | null): void => {
      notice.value = said;
    };
    const lab = new ExamplesLab<TaggingValues, Prediction>({
      open: async () => {
        const session = await openSession();
        sessions.push(session);
        return session;
      },
      settings: () => settings.all(),
      adopt: (values) => settings.adopt(values as Partial<TaggingValues>),
      tell,
      request: (values, source) => requestOf('both', values, source),
      look: async (session) => (await session.predict([text]))[0]!,
      question: () => text,
      page: 'tagging',
      said: ({ tags = [] }) => tags.join(' '),
    });
    stops.push(
      keepRuns({
        page: 'tagging',
        lab,
        settings,
        tell,
        gathered: () => lab.looks.value,
        begin: () => lab.prepare(),
        store,
      }),
    );
    return { lab, settings, notice };
  };
  const kept = (store: RunStore): Promise<KeptRun> =>
    vi.waitFor(
      async () => {
        const [only] = await store.list();
        if (only === undefined) throw new Error('nothing is kept yet');
        return only;
      },
      { timeout: 20_000 },
    );

  test('a run is kept with its kind, brought back with its curve and looks, and goes on bit for bit', async () => {
    const store = newStore();
    const first = open(store);
    await first.lab.play();
    const row = await kept(store);
    expect(row).toMatchObject({
      page: 'tagging',
      step: 10,
      text: 'part-of-speech',
      hash: first.lab.hash.value,
    });
    expect(row.sample.split(' ')).toHaveLength(4);
    first.settings.set('steps', 20);
    await first.lab.rewind();
    await first.lab.play();

    const second = open(store, { run: row.id, hidden: 50 });
    await vi.waitUntil(() => second.lab.id.value === row.id, { timeout: 20_000 });
    await vi.waitUntil(() => second.settings.get('steps') === 10);
    expect(second.settings.get('hidden')).toBe(6);
    expect(second.lab.history.counted.map(({ step }) => step)).toEqual([5, 10]);
    expect(second.lab.looks.value[0]?.step).toBe(0);
    expect(second.lab.looks.value.at(-1)?.seen.input).toBe('she saw her .');
    expect(second.lab.stale.value).toBe(false);
    second.settings.set('steps', 20);
    await second.lab.play();
    expect(second.lab.hash.value).toBe(first.lab.hash.value);
    expect(second.lab.history.length).toBe(20);
  });

  test('looks at another text stay behind; a run of another page is not this page’s', async () => {
    const store = newStore();
    const first = open(store);
    await first.lab.play();
    const row = await kept(store);
    const other = open(store, { run: row.id }, 'she saw him .');
    await vi.waitUntil(() => other.lab.id.value === row.id, { timeout: 20_000 });
    expect(other.lab.looks.value.map(({ step, seen }) => [step, seen.input])).toEqual([
      [10, 'she saw him .'],
    ]);
    await store.put(
      { ...row, id: 'run-other', page: 'seq2seq' },
      { ...(await store.files(row.id))!, id: 'run-other' },
    );
    const { lab, notice, settings } = open(store, { run: 'run-other' });
    await vi.waitUntil(() => notice.value?.key === 'keep.unknown');
    expect(settings.get('run')).toBe('');
    await vi.waitUntil(() => lab.phase.value === 'ready', { timeout: 20_000 });
  });

  test('somebody’s own table is kept with its run', async () => {
    const store = newStore();
    const first = open(store, { steps: 4 }, 'a b');
    const rows = Array.from({ length: 30 }, (_, n) => `a ${'bc'[n % 2]},X ${'YZ'[n % 2]}`);
    first.lab.give(tableSource('mine.csv', ['tokens,tags', ...rows].join('\n')));
    await first.lab.play();
    const row = await kept(store);
    expect(row.text).toBe('mine.csv');
    const second = open(store, { run: row.id }, 'a b');
    await vi.waitUntil(() => second.lab.id.value === row.id, { timeout: 20_000 });
    expect(second.lab.run.value?.trainable).toBe(true);
    expect(second.lab.source.value).toMatchObject({ kind: 'table', name: 'mine.csv' });
    second.settings.set('steps', 6);
    await second.lab.play();
    expect(second.lab.step.value).toBe(6);
  });
});

test('runs that were kept before other pages kept theirs are the training page’s', async () => {
  const store = newStore();
  const { page: _, ...old } = run('run-old', 1);
  await store.put(old as KeptRun, filesOf('run-old'));
  expect((await store.list())[0]?.page).toBe('train');
  expect((await store.get('run-old'))?.page).toBe('train');
});
