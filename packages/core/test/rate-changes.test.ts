/** The learning rate changed while a run trains: from the next step on, kept, and replayed bit for bit by the config alone. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ArgumentError, init } from '../src/index.js';
import { CharLMRun } from '../src/train/char-lm-run.js';
import { loadCheckpoint, saveCheckpoint } from '../src/train/checkpoint.js';
import { resolveConfig } from '../src/train/config.js';
import { train } from '../src/train/train.js';

const text = 'the cat sat on the mat; the rat sat on the cat. 0123456789\n'.repeat(12);
type Config = Parameters<typeof resolveConfig>[0];
const small: Config = { embeddingSize: 5, hiddenSize: 9, batchSize: 3, sequenceLength: 7, evaluateEvery: 4 };

beforeAll(() => init());
const runs: CharLMRun[] = [];
const kept = (run: CharLMRun): CharLMRun => {
  runs.push(run);
  return run;
};
const create = (config: Config = {}): CharLMRun => kept(CharLMRun.create(text, { ...small, ...config }));
afterEach(() => {
  for (const run of runs.splice(0)) run.dispose();
});
const steps = (run: CharLMRun, count: number): void => {
  for (let i = 0; i < count; i += 1) run.trainStep();
};
const ratesOf = (run: CharLMRun, count: number): number[] =>
  Array.from({ length: count }, () => {
    run.trainStep();
    return run.optimizer.learningRate;
  });

describe('a changed learning rate', () => {
  it('holds from the next step on, and its config trains another run to the same bits', () => {
    const run = create({ learningRate: 0.01 });
    steps(run, 3);
    run.setLearningRate(0.002);
    expect(ratesOf(run, 2)).toEqual([0.002, 0.002]);
    run.setLearningRate(0.03);
    expect(ratesOf(run, 2)).toEqual([0.03, 0.03]);
    expect(run.config).toMatchObject({
      learningRate: 0.01,
      rateChanges: [
        { step: 3, learningRate: 0.002 },
        { step: 5, learningRate: 0.03 },
      ],
    });
    const replayed = create(run.config);
    expect(ratesOf(replayed, 7)).toEqual([0.01, 0.01, 0.01, 0.002, 0.002, 0.03, 0.03]);
    expect(replayed.hash()).toBe(run.hash());
    expect(saveCheckpoint(replayed)).toEqual(saveCheckpoint(run));
    const unchanged = create({ learningRate: 0.01 });
    steps(unchanged, 7);
    expect(unchanged.hash()).not.toBe(run.hash());
  });

  it('comes back with a checkpoint of any step', () => {
    const planned = create({
      rateChanges: [
        { step: 4, learningRate: 0.02 },
        { step: 9, learningRate: 0.001 },
      ],
    });
    const whole = create(planned.config);
    steps(whole, 12);
    for (let at = 0; at < 12; at += 1) {
      const resumed = kept(loadCheckpoint(saveCheckpoint(planned), text));
      steps(resumed, 12 - at);
      expect(resumed.hash()).toBe(whole.hash());
      planned.trainStep();
    }
  });

  it('forgets what was planned for later, says nothing twice, and at the start is the rate itself', () => {
    const run = create({ learningRate: 0.01, rateChanges: [{ step: 5, learningRate: 0.5 }] });
    steps(run, 2);
    run.setLearningRate(0.01);
    expect(run.config).not.toHaveProperty('rateChanges');
    run.setLearningRate(0.02);
    run.setLearningRate(0.03);
    run.setLearningRate(0.04, 6);
    expect(run.config.rateChanges).toEqual([
      { step: 2, learningRate: 0.03 },
      { step: 6, learningRate: 0.04 },
    ]);
    const fresh = create();
    fresh.setLearningRate(0.25);
    expect(fresh.config).toMatchObject({ learningRate: 0.25 });
    expect(fresh.config).not.toHaveProperty('rateChanges');
  });

  it('is what a schedule goes on from', () => {
    const run = create({ learningRate: 1, schedule: { kind: 'step', every: 2, factor: 0.5 } });
    expect([run.learningRate, ratesOf(run, 3)]).toEqual([1, [1, 1, 0.5]]);
    run.setLearningRate(0.1);
    expect(ratesOf(run, 2)).toEqual([0.05, 0.025]);
  });

  it('is what a plateau reduces, wherever it was made: by hand or by plan', async () => {
    const schedule = { kind: 'plateau', patience: 0, factor: 0.5 } as const;
    // A rate so large that validations get worse.
    const run = create({ learningRate: 2, evaluateEvery: 1, schedule, optimizer: 'sgd', clipNorm: 0 });
    const rates: number[] = [];
    for await (const { step } of train(run, { steps: 12 })) {
      rates.push(run.learningRate);
      if (step === 5) run.setLearningRate(3);
    }
    const [before, after] = [rates[4]!, rates[5]!];
    expect(before).not.toBe(3);
    expect([3, 1.5]).toContain(after);
    const replayed = create(run.config);
    for await (const _ of train(replayed, { steps: 12 }));
    expect(replayed.hash()).toBe(run.hash());
    expect(replayed.progress).toEqual(run.progress);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, '3' as never])('refuses the rate %s', (rate) => {
    const run = create();
    const before = run.config;
    expect(() => run.setLearningRate(rate)).toThrow(ArgumentError);
    expect(run.config).toBe(before);
  });

  it('refuses steps that are done, and changes outside their domain', () => {
    const run = create();
    steps(run, 3);
    expect(() => run.setLearningRate(0.1, 2)).toThrow(
      'setLearningRate: step must be a whole number >= 3, the steps done, got 2',
    );
    expect(() => run.setLearningRate(0.1, 3.5)).toThrow(ArgumentError);
    const change = { step: 3, learningRate: 0.1 };
    for (const rateChanges of [
      [{ step: 0, learningRate: 0.1 }],
      [change, change],
      [{ step: 3, learningRate: 0 }],
      [null],
      'soon',
    ]) {
      expect(() => resolveConfig({ rateChanges: rateChanges as never })).toThrow(
        'config: rateChanges must be',
      );
    }
  });
});
