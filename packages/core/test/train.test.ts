/** The loop around a run: validation, the best so far, patience, how far a step moves the weights. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { init } from '../src/kernel/load.js';
import type { CharLMConfig, StepReport } from '../src/session/protocol.js';
import { CharLMRun } from '../src/train/char-lm-run.js';
import { loadCheckpoint, saveCheckpoint } from '../src/train/checkpoint.js';
import { hasStalled, type TrainLoopOptions, train } from '../src/train/train.js';

const text = 'the cat sat on the mat; the rat sat on the cat. 0123456789\n'.repeat(12);
const small: Partial<CharLMConfig> = {
  embeddingSize: 5,
  hiddenSize: 9,
  batchSize: 3,
  sequenceLength: 7,
  validationFraction: 0.2,
  evaluateEvery: 4,
  learningRate: 0.01,
  seed: 11,
};

beforeAll(async () => {
  await init();
});

const runs: CharLMRun[] = [];
const create = (config: Partial<CharLMConfig> = {}): CharLMRun => {
  const run = CharLMRun.create(text, { ...small, ...config });
  runs.push(run);
  return run;
};
afterEach(() => {
  for (const run of runs.splice(0)) run.dispose();
});

async function reports(run: CharLMRun, options: TrainLoopOptions): Promise<StepReport[]> {
  const all: StepReport[] = [];
  for await (const report of train(run, options)) all.push(report);
  return all;
}

/** A learning rate at which the validation loss soon stops falling. */
const wild = { learningRate: 0.5, clipNorm: 0 };

describe('the best validation', () => {
  it('is marked when it happens and kept with the run', async () => {
    const run = create(wild);
    const validated = (await reports(run, { steps: 60 })).filter(({ valLoss }) => valLoss !== undefined);
    let least = Number.POSITIVE_INFINITY;
    for (const { step, valLoss, best } of validated) {
      expect(best === true, `step ${step}`).toBe(valLoss! < least);
      least = Math.min(least, valLoss!);
    }
    const kept = validated.findLast(({ best }) => best === true)!;
    expect(run.best).toEqual({ step: kept.step, loss: least });
    expect(validated.some(({ best }) => best !== true)).toBe(true);
    const resumed = loadCheckpoint(saveCheckpoint(run), text);
    runs.push(resumed);
    expect(resumed.best).toEqual(run.best);
  });
});

describe('patience', () => {
  it('stops after that many validations without a better one, and not before', async () => {
    const whole = create(wild);
    const all = await reports(whole, { steps: 200 });
    for (const patience of [1, 3]) {
      const run = create(wild);
      const stopped = await reports(run, { steps: 200, patience });
      expect(run.step).toBeLessThan(200);
      expect(run.step - run.best!.step).toBe(patience * 4);
      expect(hasStalled(run, patience)).toBe(true);
      // Until then nothing is different.
      expect(stopped.map(({ loss }) => loss)).toEqual(all.slice(0, run.step).map(({ loss }) => loss));
      // A resumed run knows that it has stalled.
      const resumed = loadCheckpoint(saveCheckpoint(run), text);
      runs.push(resumed);
      expect(await reports(resumed, { steps: 200, patience })).toEqual([]);
    }
  });
});

describe('a schedule', () => {
  it('sets the step size of each update, and a resumed run goes on with it', async () => {
    const schedule = {
      kind: 'warmup',
      steps: 4,
      start: 0.25,
      next: { kind: 'step', every: 3, factor: 0.5 },
    } as const;
    const run = create({ schedule });
    const rates: number[] = [];
    for (let i = 0; i < 9; i += 1) {
      run.trainStep();
      rates.push(run.optimizer.learningRate / 0.01);
    }
    const expected = [0.25, 0.4375, 0.625, 0.8125, 1, 1, 1, 0.5, 0.5];
    for (const [i, rate] of rates.entries()) expect(rate).toBeCloseTo(expected[i]!, 12);
    const half = create({ schedule });
    for (let i = 0; i < 6; i += 1) half.trainStep();
    const resumed = loadCheckpoint(saveCheckpoint(half), text);
    runs.push(resumed);
    for (let i = 0; i < 3; i += 1) resumed.trainStep();
    expect(resumed.hash()).toBe(run.hash());
    expect(run.hash()).not.toBe(create().hash());
  });

  it('that is none is refused', () => {
    expect(() => create({ schedule: { kind: 'cosine', steps: 0 } })).toThrow(
      'config: schedule must be a schedule',
    );
    expect(() => create({ schedule: 'cosine' as never })).toThrow('config: schedule must be a schedule');
  });
});

describe('the update ratio', () => {
  it('is the change of all weights over the weights, and measuring changes nothing', async () => {
    const [plain, measured] = [create(), create()];
    measured.measuresUpdates = true;
    const norm = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values));
    for (let i = 0; i < 3; i += 1) {
      const before = Float64Array.from(measured.flat.values.data);
      const { updateRatio, ...rest } = measured.trainStep();
      const after = Float64Array.from(measured.flat.values.data);
      const change = after.map((value, at) => value - before[at]!);
      expect(updateRatio).toBeCloseTo(norm(change) / norm(before), 6);
      expect(plain.trainStep()).toEqual(rest);
    }
    expect(measured.hash()).toBe(plain.hash());
  });
});
