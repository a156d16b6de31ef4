/** Classes of series of numbers: question 1a, who speaks, from a pitch contour. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ArgumentError, DataError } from '../src/errors.js';
import { init } from '../src/kernel/load.js';
import { saveCheckpoint } from '../src/train/checkpoint.js';
import { ClassifySeriesRun } from '../src/train/classify-series-run.js';
import { lensOf } from '../src/train/lens.js';
import { runLoader, runMaker } from '../src/train/open.js';
import type { TaskData } from '../src/train/task-data.js';

beforeAll(async () => {
  await init();
});
const runs: ClassifySeriesRun[] = [];
afterEach(() => {
  for (const run of runs.splice(0)) run.dispose();
});
/** As everybody creates runs: what kind it is, the data says. */
const create = async (
  data: TaskData,
  config: Parameters<typeof ClassifySeriesRun.create>[1] = {},
): Promise<ClassifySeriesRun> => {
  const made = await runMaker({ task: 'classify', data, config: { hiddenSize: 16, seed: 2, ...config } });
  const run = made() as unknown as ClassifySeriesRun;
  runs.push(run);
  return run;
};
const steps = (run: ClassifySeriesRun, count: number): void => {
  for (let i = 0; i < count; i += 1) run.trainStep();
};
const pitch: TaskData = { task: 'pitch', train: 600, validation: 100 };
const csv = (text: string): TaskData => ({ table: text, format: 'csv', name: 'voices.csv' });

describe('pitch contours', () => {
  it('are told apart after a few steps', async () => {
    const run = await create(pitch, { pooling: 'mean', learningRate: 0.01 });
    expect(run).toBeInstanceOf(ClassifySeriesRun);
    expect(run.describe()).toMatchObject({ inputSize: 2, labels: ['high', 'low'] });
    steps(run, 60);
    const { metrics, confusion, labels, mistakes } = run.report();
    expect(metrics['accuracy']).toBeGreaterThan(0.95);
    expect(labels).toEqual(['high', 'low']);
    expect(confusion!.flat().reduce((a, b) => a + b)).toBe(100);
    for (const { input, expected, got } of mistakes) {
      expect(run.predict([input])[0]!.output).toBe(got);
      expect(expected).not.toBe(got);
    }
    const say = (hertz: number): string => Array.from({ length: 30 }, () => `${hertz / 100} 1`).join('; ');
    expect(run.predict([say(110), say(230)]).map(({ output }) => output)).toEqual(['low', 'high']);
  });

  it('resume bit for bit, and ranks in turn learn the same', async () => {
    const settings = { dropout: 0.2, batchSize: 7 };
    const whole = await create(pitch, settings);
    steps(whole, 12);
    const half = await create(pitch, settings);
    steps(half, 5);
    const resumed = (await runLoader(saveCheckpoint(half)))() as unknown as ClassifySeriesRun;
    runs.push(resumed);
    steps(resumed, 7);
    expect(saveCheckpoint(resumed)).toEqual(saveCheckpoint(whole));
    const [one, three] = [
      await create(pitch, { batchSize: 7 }),
      await create(pitch, { batchSize: 7, workers: 3 }),
    ];
    for (let i = 0; i < 6; i += 1) {
      expect(three.trainStep().loss).toBeCloseTo(one.trainStep().loss, 4);
    }
  });

  it('have no tokens to look into', async () => {
    const run = await create(pitch);
    expect(() => lensOf(run, 'x')).toThrow(
      new ArgumentError('inspect: the run must read texts, got one that reads numbers'),
    );
  });
});

describe('a table with the columns inputs and label', () => {
  const rows = Array.from({ length: 40 }, (_, i) => {
    const level = i % 2 === 0 ? 20_000 : 21_000;
    return `${Array.from({ length: 3 + (i % 4) }, (__, t) => level + 50 * t).join(' ')},${i % 2 === 0 ? 'a' : 'b'}`;
  });
  const table = csv(['inputs,label', ...rows].join('\n'));

  it('is learned in whatever unit it is, and only so', async () => {
    const accuracy = async (standardize: boolean): Promise<number> => {
      const run = await create(table, { standardize, validationFraction: 0, learningRate: 0.01 });
      steps(run, 40);
      return run.report(table).metrics['accuracy']!;
    };
    expect(await accuracy(true)).toBe(1);
    // Numbers of 20000 leave every unit saturated.
    expect(await accuracy(false)).toBeLessThan(0.8);
  });

  it('is refused with its place when it does not fit', async () => {
    await expect(create(csv('inputs,label\n1 2,a\n1 x,b\n'))).rejects.toThrow(
      'column "inputs" must be a series of numbers',
    );
    await expect(create(csv('inputs,label\n1 2,a\n1; 2 3,b\n'))).rejects.toThrow(DataError);
    await expect(create(csv('inputs,label\n'))).rejects.toThrow('must have at least one row');
    await expect(create(csv('inputs,label\n1 2,a\n1 2; 3 4,b\n'), { validationFraction: 0 })).rejects.toThrow(
      'every series must have',
    );
    const run = await create(table, { validationFraction: 0 });
    expect(() => run.report(csv('inputs,label\n1,c\n'))).toThrow(DataError);
    expect(() => run.predict(['1 two'])).toThrow('got "two" at 1');
    await expect(create({ task: 'sine' })).rejects.toThrow(
      'task: must be one of dyck, parity, pitch, sentiment for classify, got sine',
    );
  });
});
