import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfusionMatrix, editDistance } from '../src/metrics.js';

function matrixOf(pairs: readonly (readonly [number, number])[], classes: number): ConfusionMatrix {
  const matrix = new ConfusionMatrix(classes);
  for (const [target, predicted] of pairs) matrix.add(target, predicted);
  return matrix;
}

describe('confusion matrix', () => {
  it('of a case worked out by hand', () => {
    // right: 0 0 0 1 1 2, said: 0 0 1 1 0 2
    const matrix = matrixOf(
      [
        [0, 0],
        [0, 0],
        [0, 1],
        [1, 1],
        [1, 0],
        [2, 2],
      ],
      4,
    );
    expect([...matrix.counts.slice(0, 3)]).toEqual([2, 1, 0]);
    expect(matrix.accuracy).toBeCloseTo(4 / 6, 15);
    const [zero, one, two, never] = matrix.scores();
    expect(zero).toEqual({ precision: 2 / 3, recall: 2 / 3, f1: 4 / 6, support: 3 });
    expect(one).toEqual({ precision: 1 / 2, recall: 1 / 2, f1: 1 / 2, support: 2 });
    expect(two).toEqual({ precision: 1, recall: 1, f1: 1, support: 1 });
    expect(never).toEqual({ precision: 0, recall: 0, f1: 0, support: 0 });
    expect(matrix.macroF1).toBeCloseTo((4 / 6 + 1 / 2 + 1) / 3, 15);
  });

  it('a class that is said but never right counts in the mean, one that never occurs does not', () => {
    expect(
      matrixOf(
        [
          [0, 0],
          [0, 1],
        ],
        3,
      ).macroF1,
    ).toBeCloseTo((2 / 3 + 0) / 2, 15);
    expect(new ConfusionMatrix(2).accuracy).toBeNaN();
    expect(new ConfusionMatrix(2).macroF1).toBe(0);
  });

  it('F1 is the harmonic mean of precision and recall; counts add up', () => {
    const pair = fc.tuple(fc.nat(3), fc.nat(3));
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1 }), (pairs) => {
        const matrix = matrixOf(pairs, 4);
        expect(matrix.total).toBe(pairs.length);
        expect(matrix.accuracy).toBeCloseTo(pairs.filter(([a, b]) => a === b).length / pairs.length, 12);
        for (const { precision: p, recall: r, f1 } of matrix.scores()) {
          expect(f1).toBeCloseTo(p + r === 0 ? 0 : (2 * p * r) / (p + r), 12);
        }
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

describe('edit distance', () => {
  it.each([
    ['', '', 0],
    ['kitten', 'sitting', 3],
    ['1999-06-03', '1999-03-06', 2],
    ['گربه', 'گره', 1],
  ])('%s to %s: %i', (from, to, distance) => {
    expect(editDistance([...from], [...to])).toBe(distance);
  });

  it('is a metric', () => {
    const word = fc.array(fc.nat(2), { maxLength: 6 });
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a.join() === b.join());
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
        expect(editDistance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});
