import { describe, expect, test } from 'vitest';
import { buckets } from '../src/frame/training/buckets.js';
import { LossHistory } from '../src/frame/training/history.js';
import { lossCsv } from '../src/pages/train/charts/csv.js';
import { lossRange, lossSeries } from '../src/pages/train/charts/curve.js';
import { lossPlotOptions } from '../src/pages/train/charts/loss-plot.js';

/** `steps` reports with loss 1/step, validated every `every` steps. */
function history(steps: number, every = 10, from = 1): LossHistory {
  const result = new LossHistory();
  for (let step = from; step < from + steps; step += 1) {
    const report = { step, loss: 1 / step, gradientNorm: 0.5, epoch: step / 7, tokensPerSecond: 1000 };
    result.push(step % every === 0 ? { ...report, valLoss: 2 / step } : report);
  }
  return result;
}

describe('history', () => {
  test('keeps every report beyond its first capacity', () => {
    const { step, loss, validation } = history(5000).columns();
    expect(step).toHaveLength(5000);
    expect(step[4999]).toBe(5000);
    expect(loss[1999]).toBe(1 / 2000);
    expect(validation[9]).toBe(0.2);
    expect(validation[10]).toBeNaN();
  });

  test('forgets the steps after a checkpoint', () => {
    const run = history(50);
    run.truncate(20);
    expect([...run.columns().step]).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    run.truncate(0);
    expect(run.length).toBe(0);
  });

  test('takes the last validation only where none was', () => {
    const run = history(10);
    run.validateLast(9);
    expect(run.columns().validation[9]).toBe(0.2);
    const other = history(9);
    other.validateLast(9);
    expect(other.columns().validation[8]).toBe(9);
    new LossHistory().validateLast(1);
  });
});

describe('buckets', () => {
  test('a short curve is shown step by step', () => {
    const points = buckets(history(30).columns(), 100);
    expect(points).toHaveLength(30);
    expect(points[9]).toEqual({ from: 10, to: 10, loss: 0.1, validation: 0.2 });
  });

  test('a long curve keeps its means, its ends and its newest validations', () => {
    const points = buckets(history(1000).columns(), 100);
    expect(points).toHaveLength(100);
    expect(points[0]?.loss).toBeCloseTo(
      (1 + 1 / 2 + 1 / 3 + 1 / 4 + 1 / 5 + 1 / 6 + 1 / 7 + 1 / 8 + 1 / 9 + 1 / 10) / 10,
      12,
    );
    expect(points[99]).toMatchObject({ from: 991, to: 1000, validation: 0.002 });
  });

  test.each([1, 2, 99, 100, 101, 1999])(
    '%i steps never give more than 100 points and lose no step',
    (steps) => {
      const points = buckets(history(steps).columns(), 100);
      expect(points.length).toBeLessThanOrEqual(100);
      expect(points.reduce((sum, { from, to }) => sum + to - from + 1, 0)).toBe(steps);
    },
  );

  test('no steps, no points', () => {
    expect(buckets(new LossHistory().columns(), 100)).toEqual([]);
  });
});

describe('series of the plot', () => {
  test('before training: an axis and the line of guessing', () => {
    expect(lossSeries(new LossHistory().columns(), 100, Math.log(65), 200)).toEqual([
      [0, 200],
      [null, null],
      [null, null],
      [Math.log(65), Math.log(65)],
    ]);
  });

  test('columns have equal lengths and x grows strictly', () => {
    const [x, ...rest] = lossSeries(history(777, 13).columns(), 50, 4, 2000);
    for (const column of rest) expect(column).toHaveLength(x.length);
    expect(x.every((value, index) => index === 0 || value > (x[index - 1] as number))).toBe(true);
    expect(x[0]).toBe(0);
    expect(x.at(-1)).toBe(2000);
  });

  test('an unknown vocabulary has no line of guessing', () => {
    expect(lossSeries(history(3).columns(), 100, undefined, 3)[3]).toEqual([null, null, null, null]);
  });

  test('the y axis starts at 0 and holds everything finite', () => {
    const series = lossSeries(history(20).columns(), 100, 4, 20);
    expect(lossRange(series)).toEqual([0, 4 * 1.06]);
    expect(lossRange([[0], [Number.POSITIVE_INFINITY], [null], [null]])).toEqual([0, 1]);
  });
});

test('CSV has every step with every digit', () => {
  const csv = lossCsv(history(10).columns(), (step) => (step < 5 ? 0.01 : 0.001));
  const lines = csv.split('\r\n');
  expect(lines).toHaveLength(12);
  expect(lines[0]).toBe('step,loss,val_loss,gradient_norm,tokens_per_second,learning_rate');
  expect(lines[3]).toBe(`3,${1 / 3},,0.5,1000,0.01`);
  expect(lines[10]).toBe('10,0.1,0.2,0.5,1000,0.001');
  expect(lines[11]).toBe('');
});

test('the plot takes its colours and words from outside', () => {
  const tokens = {
    text: 'a',
    grid: 'b',
    train: 'c',
    validation: 'd',
    chance: 'e',
    counting: 'h',
    marker: 'f',
    rate: 'i',
    font: 'g',
  };
  const words = {
    step: 'گام',
    loss: 'زیان',
    integer: (n: number) => `<${n}>`,
    decimal: (n: number) => `(${n})`,
  };
  const options = lossPlotOptions(
    tokens,
    words,
    { width: 100, height: 50 },
    () => [0, 1],
    () => undefined,
  );
  expect(options.series.map(({ stroke }) => stroke)).toEqual([undefined, 'c', 'd', 'e']);
  expect(options.axes?.map(({ label }) => label)).toEqual(['گام', 'زیان']);
  const [x, y] = options.axes ?? [];
  const ticks = (axis: typeof x): unknown =>
    typeof axis?.values === 'function' ? axis.values(undefined as never, [1, 2], 0, 0, 0) : undefined;
  expect(ticks(x)).toEqual(['<1>', '<2>']);
  expect(ticks(y)).toEqual(['(1)', '(2)']);
});
