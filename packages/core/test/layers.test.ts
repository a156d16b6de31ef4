/** LayerNorm, Dropout and the padding row of Embedding. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ArgumentError,
  backward,
  ids,
  init,
  layerNorm,
  mul,
  nn,
  RandomStream,
  ShapeError,
  scope,
  square,
  sum,
  tensor,
  zeros,
} from '../src/index.js';

beforeAll(async () => {
  await init({ precision: 'f64' });
});

const sumOf = (x: ArrayLike<number>): number => Array.from(x).reduce((total, n) => total + n, 0);

/** Rows of [rows, columns] with entries in [-1, 1], never all equal. */
const matrix = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 2, max: 17 }), fc.integer({ min: 0 }))
  .map(([rows, columns, seed]) => {
    const x = zeros([rows, columns]);
    new RandomStream(seed, 'matrix').fillUniform(x, -1, 1);
    return { rows, columns, data: x.data };
  });

describe('LayerNorm', () => {
  it('gives every row mean 0 and variance 1, whatever the scale and offset of its input', () => {
    fc.assert(
      fc.property(
        matrix,
        fc.double({ min: 0.5, max: 100, noNaN: true }),
        fc.double({ min: -100, max: 100, noNaN: true }),
        ({ rows, columns, data }, factor, offset) => {
          scope(() => {
            const y = layerNorm(tensor(data, [rows, columns]), {}, 0).data;
            const moved = data.map((x) => factor * x + offset);
            expect(layerNorm(tensor(moved, [rows, columns]), {}, 0)).toBeAllclose(y, { rtol: 1e-6 });
            for (let row = 0; row < rows; row += 1) {
              const entries = y.subarray(row * columns, (row + 1) * columns) as Float64Array;
              expect(Math.abs(sumOf(entries))).toBeLessThan(1e-6);
              expect(sumOf(entries.map((n) => n * n)) / columns).toBeCloseTo(1, 6);
            }
          });
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  it('sends back a gradient orthogonal to ones and to the normalised row', () => {
    fc.assert(
      fc.property(matrix, fc.integer({ min: 0 }), ({ rows, columns, data }, seed) => {
        scope(() => {
          const x = tensor(data, [rows, columns], { requiresGrad: true });
          const weights = zeros([rows, columns]);
          new RandomStream(seed, 'weights').fillUniform(weights, -1, 1);
          const y = layerNorm(x, {}, 0);
          backward(sum(mul(y, weights)));
          const dx = x.grad!.data;
          const largest = Math.max(...Array.from(dx, Math.abs), 1);
          for (let row = 0; row < rows; row += 1) {
            const part = (all: ArrayLike<number>): number[] =>
              Array.from(all).slice(row * columns, (row + 1) * columns);
            const normal = part(y.data);
            expect(Math.abs(sumOf(part(dx))) / largest).toBeLessThan(1e-9);
            expect(Math.abs(sumOf(part(dx).map((d, j) => d * normal[j]!))) / largest).toBeLessThan(1e-9);
          }
        });
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it('starts as ones and zeros under PyTorch names, learns what it is asked to', () => {
    const names = (module: nn.Module): string[] => [...module.namedParameters().keys()];
    const module = new nn.LayerNorm(3);
    expect(names(module)).toEqual(['weight', 'bias']);
    expect([...module.weight!.data, ...module.bias!.data]).toEqual([1, 1, 1, 0, 0, 0]);
    expect(names(new nn.LayerNorm(3, { bias: false }))).toEqual(['weight']);
    expect(names(new nn.LayerNorm(3, { affine: false }))).toEqual([]);
    const y = module.forward(tensor([1, 2, 3], [1, 3]));
    backward(sum(square(y)));
    expect(module.bias!.grad!.data).toEqual(y.data.map((n) => 2 * n));
  });

  it('handles no rows and single entries', () => {
    expect(layerNorm(zeros([0, 4])).shape).toEqual([0, 4]);
    expect(layerNorm(zeros([3, 0])).shape).toEqual([3, 0]);
    expect([...layerNorm(tensor([5, -7], [2, 1])).data]).toEqual([0, 0]);
  });

  it('says what does not fit', () => {
    expect(() => layerNorm(tensor([1], []))).toThrow(
      new ArgumentError('layerNorm: tensor must have at least one axis, got a scalar'),
    );
    expect(() => layerNorm(zeros([2, 3]), { weight: zeros([2]) })).toThrow(
      new ShapeError('layerNorm: weight must be [N] = [3], got [2]'),
    );
    expect(() => layerNorm(zeros([2, 3]), {}, -1)).toThrow('epsilon must be a number >= 0, got -1');
    expect(() => new nn.LayerNorm(0)).toThrow('LayerNorm: size must be a whole number >= 1, got 0');
    expect(() => new nn.LayerNorm(2, { epsilon: Number.NaN })).toThrow('LayerNorm: epsilon');
  });
});

describe('Dropout', () => {
  it('acts in training only and draws from its own stream', () => {
    const x = tensor(new Array<number>(1000).fill(1), [1000]);
    const drop = (seed: number): nn.Dropout =>
      new nn.Dropout(0.25, { random: new RandomStream(seed, 'dropout') });
    const module = drop(1);
    const y = module.forward(x).data;
    expect(y.filter((n) => n === 0).length / 1000).toBeCloseTo(0.25, 1);
    expect(drop(1).forward(x).data).toEqual(y);
    expect(drop(2).forward(x).data).not.toEqual(y);
    expect(module.forward(x).data).not.toEqual(y);
    expect(module.eval().forward(x)).toBe(x);
  });

  it('follows manualSeed where it has no stream', () => {
    const x = tensor(new Array<number>(100).fill(1), [100]);
    const seeded = (): ArrayLike<number> => {
      nn.manualSeed(4);
      return new nn.Dropout().forward(x).data;
    };
    expect(seeded()).toEqual(seeded());
    expect(() => new nn.Dropout(1)).toThrow('Dropout: p must be in [0, 1), got 1');
  });
});

describe('Embedding with paddingIdx', () => {
  it('keeps the padding row at zero and takes no gradient through it', () => {
    const make = (paddingIdx?: number): nn.Embedding =>
      new nn.Embedding(4, 3, {
        random: new RandomStream(5, 'init'),
        ...(paddingIdx === undefined ? {} : { paddingIdx }),
      });
    const [padded, plain] = [make(2), make()];
    const expected = plain.weight.data.fill(0, 6, 9);
    expect(padded.weight.data).toEqual(expected);
    backward(sum(padded.forward(ids([2, 0, 2, 1, 1], [5]))));
    expect([...padded.weight.grad!.data]).toEqual([1, 1, 1, 2, 2, 2, 0, 0, 0, 0, 0, 0]);
    expect(() => make(4)).toThrow(
      new ArgumentError('Embedding: paddingIdx must be a whole number in [0, 4), got 4'),
    );
  });
});
