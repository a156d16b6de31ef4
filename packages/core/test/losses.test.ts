/** What losses promise beside their numbers: what is left out is left out, and what cannot be answered is refused. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ArgumentError,
  backward,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  ctcLoss,
  DataError,
  ids,
  init,
  logSoftmax,
  mseLoss,
  narrow,
  RandomStream,
  ShapeError,
  scope,
  type Tensor,
  tensor,
  zeros,
} from '../src/index.js';

type T3 = Tensor<[number, number, number]>;
type M = Tensor<[number, number]>;

beforeAll(async () => {
  await init({ precision: 'f64' });
});

function uniform<const S extends readonly number[]>(seed: number, shape: S, range = 3) {
  const x = zeros(shape);
  new RandomStream(seed, 'losses').fillUniform(x, -range, range);
  x.requiresGrad = true;
  return x;
}

const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 9 }),
  classes: fc.integer({ min: 1, max: 9 }),
  seed: fc.integer({ min: 0 }),
});

describe('crossEntropy', () => {
  it('does not see what is ignored or masked: the same loss and gradient as without those rows', () => {
    fc.assert(
      fc.property(sizes, fc.double({ min: 0, max: 1, noNaN: true }), ({ rows, classes, seed }, smoothing) => {
        scope(() => {
          const random = new RandomStream(seed, 'targets');
          const targets = Array.from({ length: rows }, () => random.integer(classes));
          const x = uniform(seed, [rows, classes]);
          const loss = crossEntropy(x, ids(targets, [rows]), { labelSmoothing: smoothing });
          backward(loss);

          const padded = tensor(
            [...x.data, ...new Array<number>(2 * classes).fill(Number.NaN)],
            [rows + 2, classes],
            {
              requiresGrad: true,
            },
          );
          const mask = tensor([...new Array<number>(rows + 1).fill(1), 0], [rows + 2]);
          const same = crossEntropy(padded, ids([...targets, -100, 0], [rows + 2]), {
            labelSmoothing: smoothing,
            mask,
          });
          backward(same);
          expect(same.item()).toBe(loss.item());
          expect(narrow(padded.grad as M, 0, rows).data).toEqual(x.grad!.data);
          expect([...narrow(padded.grad as M, rows, 2).data]).toEqual(new Array(2 * classes).fill(0));
        });
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it('has gradients that add up to zero in every row', () => {
    fc.assert(
      fc.property(sizes, ({ rows, classes, seed }) => {
        scope(() => {
          const random = new RandomStream(seed, 'targets');
          const x = uniform(seed, [rows, classes]);
          const weight = zeros([classes]);
          random.fillUniform(weight, 0.1, 2);
          const targets = ids(
            Array.from({ length: rows }, () => random.integer(classes)),
            [rows],
          );
          backward(crossEntropy(x, targets, { weight, labelSmoothing: 0.3 }));
          const rowsOfGrad = (x.grad as M).toArray() as number[][];
          for (const row of rowsOfGrad) {
            expect(Math.abs(row.reduce((total, n) => total + n, 0))).toBeLessThan(1e-14);
          }
        });
      }),
      { seed: 4, numRuns: 100 },
    );
  });

  it('refuses a mean over nothing, sums it to zero', () => {
    const nothing = ids([-100, -100], [2]);
    const x = uniform(1, [2, 3]);
    const error = new DataError('crossEntropy: at least one element must count towards the mean, got none');
    expect(() => crossEntropy(x, nothing)).toThrow(error);
    expect(() => crossEntropy(x, ids([0, 1], [2]), { mask: zeros([2]) })).toThrow(error);
    const loss = crossEntropy(x, nothing, { reduction: 'sum' });
    expect(loss.item()).toBe(0);
    backward(loss);
    expect([...x.grad!.data]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('says what does not fit', () => {
    const [x, t] = [uniform(1, [2, 3]), ids([0, 1], [2])];
    expect(() => crossEntropy(x, ids([0, -1], [2]))).toThrow('ids must be in [0, 3), got -1 at position 1');
    expect(() => crossEntropy(x, t, { labelSmoothing: 1.5 })).toThrow(
      'labelSmoothing must be in [0, 1], got 1.5',
    );
    expect(() => crossEntropy(x, t, { ignoreIndex: 0.5 })).toThrow(
      'ignoreIndex must be a 32-bit whole number',
    );
    expect(() => crossEntropy(x, t, { weight: zeros([2]) })).toThrow(
      new ShapeError('crossEntropy: weight must be [V] = [3], got [2]'),
    );
    expect(() => crossEntropy(x, t, { mask: tensor([1, -1], [2]) })).toThrow(
      new ArgumentError('crossEntropy: mask must hold finite numbers >= 0, got -1 at position 1'),
    );
    expect(() => crossEntropy(x, t, { reduction: 'none' as 'mean' })).toThrow(
      "must be 'mean' or 'sum', got none",
    );
  });
});

describe('binaryCrossEntropyWithLogits', () => {
  it('is the cross-entropy of two classes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 33 }), fc.integer({ min: 0 }), (n, seed) => {
        scope(() => {
          const x = uniform(seed, [n], 30);
          const random = new RandomStream(seed, 'targets');
          const y = Array.from({ length: n }, () => random.integer(2));
          const two = tensor(
            Array.from(x.data).flatMap((logit) => [0, logit]),
            [n, 2],
            { requiresGrad: true },
          );
          const [binary, classes] = [
            binaryCrossEntropyWithLogits(x, tensor(y, [n])),
            crossEntropy(two, ids(y, [n])),
          ];
          expect(binary.item()).toBeCloseTo(classes.item(), 12);
          backward(binary);
          backward(classes);
          const positive = two.grad!.data.filter((_, i) => i % 2 === 1);
          expect(x.grad).toBeAllclose(positive, { rtol: 1e-13, atol: 1e-15 });
        });
      }),
      { seed: 5, numRuns: 100 },
    );
  });

  it('refuses what it has no answer for', () => {
    const [x, y] = [uniform(1, [2, 3]), zeros([2, 3])];
    expect(() => binaryCrossEntropyWithLogits(x, zeros([3]))).toThrow(
      'predictions and targets must have one shape, got [2, 3] and [3]',
    );
    expect(() => binaryCrossEntropyWithLogits(x, uniform(2, [2, 3]))).toThrow('targets must be constants');
    expect(() => binaryCrossEntropyWithLogits(x, y, { mask: zeros([2, 3]) })).toThrow(DataError);
    expect(() => binaryCrossEntropyWithLogits(x, y, { posWeight: zeros([2]) })).toThrow(ShapeError);
    expect(() => binaryCrossEntropyWithLogits(zeros([0]), zeros([0]))).toThrow('at least one entry');
  });
});

describe('mseLoss', () => {
  it('is zero where predictions are right and has gradients for both sides', () => {
    const [x, y] = [uniform(1, [4]), uniform(2, [4])];
    expect(mseLoss(x, x).item()).toBe(0);
    backward(mseLoss(x, y));
    expect(x.grad!.data).toEqual(y.grad!.data.map((d) => -d));
  });
});

describe('ctcLoss', () => {
  let targets: M;
  beforeAll(() => {
    targets = ids([1, 2, 2, 0, 0, 0], [2, 3]);
  });

  it('gives the same bits with more steps and labels of padding, and nothing flows into it', () => {
    scope(() => {
      const x = uniform(1, [7, 2, 4]);
      const options = { inputLengths: [7, 5], targetLengths: [3, 0] };
      const loss = ctcLoss(logSoftmax(x), targets, options);
      backward(loss);
      const padded = tensor([...x.data, ...new Array<number>(3 * 2 * 4).fill(0.5)], [10, 2, 4], {
        requiresGrad: true,
      });
      const wide = ids([1, 2, 2, 9, 0, 0, 0, -1], [2, 4]);
      const same = ctcLoss(logSoftmax(padded), wide, options);
      backward(same);
      expect(same.item()).toBe(loss.item());
      expect(narrow(padded.grad as T3, 0, 7).data).toEqual(x.grad!.data);
      expect(narrow(padded.grad as T3, 7, 3).data.every((d) => d === 0)).toBe(true);
    });
  });

  it('has gradients of -1 per step: the posterior is a distribution', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0 }), fc.integer({ min: 5, max: 12 }), (seed, T) => {
        scope(() => {
          const x = uniform(seed, [T, 2, 4], 10);
          const lengths = [3, 1];
          backward(ctcLoss(x, targets, { reduction: 'sum', blank: 3, targetLengths: lengths }));
          for (const step of (x.grad as T3).toArray() as number[][][]) {
            for (const row of step) expect(row.reduce((total, d) => total + d, 0)).toBeCloseTo(-1, 10);
          }
        });
      }),
      { seed: 6, numRuns: 100 },
    );
  });

  it('refuses targets without a path, or counts them zero when asked to', () => {
    const x = uniform(1, [3, 2, 4]);
    const options = { targetLengths: [3, 1], blank: 3 };
    expect(() => ctcLoss(logSoftmax(x), targets, options)).toThrow(
      'ctcLoss: every target must have a path, got none for row 0 with 3 labels in 3 steps',
    );
    backward(ctcLoss(logSoftmax(x), targets, { ...options, zeroInfinity: true }));
    const grads = (x.grad as T3).toArray() as number[][][];
    expect(
      grads.every(([first, second]) => first!.every((d) => d === 0) && second!.some((d) => d !== 0)),
    ).toBe(true);
  });

  it('says what does not fit', () => {
    const x = logSoftmax(uniform(1, [7, 2, 4]));
    expect(() => ctcLoss(x, targets, { blank: 4 })).toThrow('blank must be a whole number in [0, 4), got 4');
    expect(() => ctcLoss(x, targets)).toThrow('labels must not be the blank 0, got it in row 1 at 0');
    expect(() => ctcLoss(x, targets, { blank: 3, inputLengths: [8, 1] })).toThrow(
      'inputLengths must be whole numbers in [0, 7], got 8 at 0',
    );
    expect(() => ctcLoss(x, targets, { blank: 3, targetLengths: [1] })).toThrow(
      'one entry for each of 2 rows',
    );
    expect(() => ctcLoss(x, ids([1, 9], [2, 1]))).toThrow('ids must be in [0, 4), got 9 at position 1');
  });
});
