/** Runs on numbers: they learn, go on bit for bit, share work, and refuse what is no series. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ArgumentError, DataError } from '../src/errors.js';
import { read, write } from '../src/formats/safetensors.js';
import { init } from '../src/kernel/load.js';
import { saveCheckpoint } from '../src/train/checkpoint.js';
import { ForecastRun } from '../src/train/forecast-run.js';
import { runLoader } from '../src/train/open.js';
import type { TaskData } from '../src/train/task-data.js';

beforeAll(async () => {
  await init();
});
const runs: ForecastRun[] = [];
afterEach(() => {
  for (const run of runs.splice(0)) run.dispose();
});
const create = (data: TaskData, config: Parameters<typeof ForecastRun.create>[1] = {}): ForecastRun => {
  const run = ForecastRun.create(data, { hiddenSize: 16, seed: 2, ...config });
  runs.push(run);
  return run;
};
const load = async (file: Uint8Array, data?: TaskData): Promise<ForecastRun> => {
  const run = (await runLoader(file, data))() as unknown as ForecastRun;
  runs.push(run);
  return run;
};
const steps = (run: ForecastRun, count: number): void => {
  for (let i = 0; i < count; i += 1) run.trainStep();
};
const sine: TaskData = { task: 'sine', train: 200, validation: 40 };
const adding: TaskData = { task: 'adding', train: 600, validation: 100, options: { length: 8 } };
const lines = (rows: readonly object[]): TaskData => ({
  table: rows.map((row) => JSON.stringify(row)).join('\n'),
  format: 'jsonl',
  name: 'series.jsonl',
});

describe.each([
  ['every step (sine)', sine, 200, 0.97],
  ['the end (adding problem)', adding, 600, 0.9],
] as const)('forecasts of %s', (_, data, count, r2) => {
  it('explain most of the variance after a few steps', () => {
    const run = create(data, { learningRate: 0.01 });
    const before = run.report();
    expect(before.metrics['r2']).toBeLessThan(0.5);
    steps(run, count);
    const { loss, metrics } = run.report();
    expect(metrics['r2']).toBeGreaterThan(r2);
    const { deviation } = run.describe().scaling!.targets;
    expect((metrics['rmse']! / deviation[0]!) ** 2).toBeCloseTo(loss, 6);
  });

  it('resume bit for bit, and ranks in turn learn the same', async () => {
    const whole = create(data, { dropout: 0.2, batchSize: 7 });
    steps(whole, 20);
    const half = create(data, { dropout: 0.2, batchSize: 7 });
    steps(half, 9);
    const resumed = await load(saveCheckpoint(half));
    steps(resumed, 11);
    expect(saveCheckpoint(resumed)).toEqual(saveCheckpoint(whole));
    expect(resumed.report()).toEqual(whole.report());
    const [one, three] = [1, 3].map((workers) => create(data, { batchSize: 7, workers }));
    for (let i = 0; i < 12; i += 1) {
      expect(three!.trainStep().loss).toBeCloseTo(one!.trainStep().loss, 4);
    }
  });
});

describe('standardising', () => {
  const [scale, shift] = [1000, -5000];
  const rows = (a: number, b: number): object[] =>
    Array.from({ length: 24 }, (_, i) => {
      const wave = (t: number): number => Math.sin(t / 2 + i);
      const steps = Array.from({ length: 6 + (i % 3) }, (__, t) => t);
      return {
        inputs: steps.map((t) => [a * wave(t) + b, 7]),
        targets: steps.map((t) => a * wave(t + 1) + b),
      };
    });

  it('learns the same whatever the unit, and tells answers and errors in that unit', () => {
    const [plain, large] = [rows(1, 0), rows(scale, shift)].map((of) => {
      const run = create(lines(of), { batchSize: 6, validationFraction: 0.25 });
      steps(run, 80);
      return run;
    }) as [ForecastRun, ForecastRun];
    const [a, b] = [plain.report(), large.report()];
    expect(b.loss).toBeCloseTo(a.loss, 3);
    expect(b.metrics['r2']).toBeGreaterThan(0.8);
    expect(b.metrics['rmse']).toBeCloseTo(scale * a.metrics['rmse']!, -1);
    const inputs = [0, 1, 2, 3].map((t) => Math.sin(t / 2));
    const asked = (of: (x: number) => number): string => inputs.map((x) => `${of(x)} 7`).join('; ');
    const [said] = plain.predict([asked((x) => x)]);
    const [saidLarge] = large.predict([asked((x) => scale * x + shift)]);
    for (const [t, value] of said!.numbers!.entries()) {
      expect((saidLarge!.numbers![t]! - shift) / scale).toBeCloseTo(value, 2);
      expect(saidLarge!.numbers![t]).toBeLessThan(shift + 2 * scale);
    }
  });

  it('errors are those of what predict says', () => {
    const data = lines(rows(scale, shift));
    const run = create(data, { batchSize: 6, validationFraction: 0 });
    steps(run, 10);
    let squares = 0;
    let count = 0;
    for (const { inputs, targets } of rows(scale, shift) as { inputs: number[][]; targets: number[] }[]) {
      const [said] = run.predict([inputs.flat().join(' ')]);
      for (const [t, target] of targets.entries()) squares += (said!.numbers![t]! - target) ** 2;
      count += targets.length;
    }
    expect(run.report(data).metrics['rmse']! / Math.sqrt(squares / count)).toBeCloseTo(1, 4);
  });

  it('uses the training part alone, and goes on with it on other data', async () => {
    const run = create(lines(rows(scale, shift)), { validationFraction: 0.25 });
    const { inputs } = run.describe().scaling!;
    // The second number of a step never changes.
    expect(inputs).toMatchObject({
      mean: [expect.closeTo(shift, -3), 7],
      deviation: [expect.any(Number), 1],
    });
    expect(run.sizes.train).toBe(18);
    const back = await load(saveCheckpoint(run), lines(rows(scale, shift)));
    expect(back.describe()).toEqual(run.describe());
    const series = '1 7; 2 7';
    expect(back.predict([series])).toEqual(run.predict([series]));
  });

  it('a checkpoint of before there was a choice keeps its numbers as they are', async () => {
    const run = create(sine, { standardize: false });
    expect(run.describe().scaling).toBeUndefined();
    steps(run, 3);
    const { tensors, metadata } = read(saveCheckpoint(run));
    const header = JSON.parse(metadata.get('hw5')!) as { config: { standardize?: boolean } };
    delete header.config.standardize;
    const old = await load(write(tensors, new Map([...metadata, ['hw5', JSON.stringify(header)]])));
    expect(old.config.standardize).toBe(false);
    expect(old.report()).toEqual(run.report());
  });
});

describe('series of one’s own', () => {
  it('may differ in length: what stands behind a row’s end never counts', () => {
    const rows = Array.from({ length: 12 }, (_, i) => ({
      inputs: Array.from({ length: 2 + (i % 4) }, (__, t) => [t / 5, i / 9]),
      targets: Array.from({ length: 2 + (i % 4) }, (__, t) => (t + i) / 10),
    }));
    const settings = { validationFraction: 0, standardize: false };
    const together = create(lines(rows), { batchSize: 12, ...settings });
    const apart = create(lines(rows), { batchSize: 1, ...settings });
    const report = together.report(lines(rows));
    expect(report.loss).toBeCloseTo(apart.report(lines(rows)).loss, 6);
    let squares = 0;
    let count = 0;
    for (const { inputs, targets } of rows) {
      const [said] = together.predict([inputs.flat().join(' ')]);
      for (const [t, target] of targets.entries()) squares += (said!.numbers![t]! - target) ** 2;
      count += targets.length;
    }
    expect(report.loss).toBeCloseTo(squares / count, 6);
  });

  it('a table of measurements is cut into windows that predict the next row', () => {
    const rows = Array.from({ length: 41 }, (_, t) => `${t / 40},${1 - t / 40}`);
    const data: TaskData = { table: ['up,down', ...rows].join('\n'), format: 'csv', name: 'rows.csv' };
    const run = create(data, { window: 5, validationFraction: 0.25 });
    expect(run.sizes).toEqual({ train: 6, validation: 2 });
    expect(run.describe()).toMatchObject({ inputSize: 2, targetSize: 2, everyStep: true });
    steps(run, 60);
    expect(run.report().metrics['r2']).toBeGreaterThan(0.5);
    expect(() => create(data, { window: 41 })).toThrow('must have more than 41 rows');
  });

  it.each<[string, TaskData]>([
    ['a word among the numbers', { table: 'value\n1\ntwo\n3', format: 'csv', name: 'rows.csv' }],
    ['steps of several sizes', lines([{ inputs: [[1, 2], [3]], targets: [1] }])],
    [
      'series of several sizes',
      lines([
        { inputs: [1, 2], targets: [1, 2] },
        { inputs: [[1, 2]], targets: [1] },
      ]),
    ],
    ['no series', lines([{ inputs: [], targets: [1] }])],
  ])('%s are refused', (_, data) => {
    expect(() => create(data, { window: 1, validationFraction: 0 })).toThrow(DataError);
  });

  it('what is no number cannot be asked about, nor a task of texts learned', () => {
    const run = create(sine);
    expect(() => run.predict(['1 2 x'])).toThrow('got "x" at 2');
    expect(() => run.predict([''])).toThrow(DataError);
    expect(() => create({ task: 'dates' })).toThrow(ArgumentError);
    expect(() => create(sine, { labelSmoothing: 0.1 })).toThrow('labelSmoothing must be 0');
  });
});
