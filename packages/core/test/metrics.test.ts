import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArgumentError, DataError } from '../src/errors.js';
import {
  bitsPerCharacter,
  ConfusionMatrix,
  editDistance,
  errorRate,
  exactMatch,
  perplexity,
} from '../src/metrics.js';

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

describe('averages over classes', () => {
  // By hand: precision 2/3, 1/2, 3/5; recall 2/3, 1/3, 3/4; F1 2/3, 2/5, 2/3; support 3, 3, 4; said 3, 2, 5.
  const matrix = matrixOf(
    [
      [0, 0],
      [0, 1],
      [0, 0],
      [1, 1],
      [1, 2],
      [2, 2],
      [2, 2],
      [2, 0],
      [2, 2],
      [1, 2],
    ],
    3,
  );

  it.each([
    [
      'macro',
      undefined,
      (2 / 3 + 1 / 2 + 3 / 5) / 3,
      (2 / 3 + 1 / 3 + 3 / 4) / 3,
      (2 / 3 + 2 / 5 + 2 / 3) / 3,
    ],
    ['weighted', undefined, 0.59, 0.6, (2 + 1.2 + 8 / 3) / 10],
    ['micro', undefined, 0.6, 0.6, 0.6],
    ['macro', [1, 2], 0.55, (1 / 3 + 3 / 4) / 2, (2 / 5 + 2 / 3) / 2],
    ['micro', [0, 1], 3 / 5, 3 / 6, 6 / 11],
  ] as const)('%s over %s', (how, classes, precision, recall, f1) => {
    const average = matrix.average(how, classes);
    expect(average.precision).toBeCloseTo(precision, 14);
    expect(average.recall).toBeCloseTo(recall, 14);
    expect(average.f1).toBeCloseTo(f1, 14);
  });

  it('micro over all classes is the accuracy, and nothing gives zeros', () => {
    const pair = fc.tuple(fc.nat(3), fc.nat(3));
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1 }), (pairs) => {
        const some = matrixOf(pairs, 4);
        expect(some.average('micro').f1).toBeCloseTo(some.accuracy, 12);
        const { f1 } = some.average('macro');
        expect(f1).toBeLessThanOrEqual(some.macroF1 + 1e-12);
      }),
      { numRuns: 200, seed: 2 },
    );
    expect(new ConfusionMatrix(2).average('weighted')).toEqual({ precision: 0, recall: 0, f1: 0 });
  });

  it('refuses classes that are none', () => {
    expect(() => new ConfusionMatrix(0)).toThrow(ArgumentError);
    expect(() => matrix.add(3, 0)).toThrow(
      new DataError('ConfusionMatrix: target must be a class in [0, 3), got 3'),
    );
    expect(() => matrix.add(0, -1)).toThrow('predicted must be a class in [0, 3), got -1');
    expect(() => matrix.average('macro', [3])).toThrow('classes must be in [0, 3), got 3');
  });
});

describe('sequences as a whole', () => {
  it('match exactly or not', () => {
    expect(exactMatch([[1, 2], [3], []], [[1, 2], [3, 3], []])).toBeCloseTo(2 / 3, 15);
    expect(exactMatch(['گربه'], ['گربه'])).toBe(1);
    expect(exactMatch([], [])).toBeNaN();
    expect(() => exactMatch(['a'], [])).toThrow(
      new ArgumentError('exactMatch: every reference must have a hypothesis, got 1 and 0'),
    );
  });

  it('differ by edits per symbol', () => {
    const words = (text: string): string[] => text.split(' ');
    expect(
      errorRate([words('the cat sat'), words('on a mat')], [words('the cat'), words('on the mat')]),
    ).toBe(2 / 6);
    expect(errorRate(['ab', ''], ['ab', ''])).toBe(0);
    expect(errorRate([''], ['x'])).toBe(Number.POSITIVE_INFINITY);
    expect(errorRate([[1]], [[2, 3, 4]])).toBe(3);
  });

  it('perplexity and bits per character say the same about a loss', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (symbols) => {
        // Guessing evenly among so many.
        expect(perplexity(Math.log(symbols))).toBeCloseTo(symbols, 8);
        expect(2 ** bitsPerCharacter(Math.log(symbols))).toBeCloseTo(symbols, 8);
      }),
      { numRuns: 50, seed: 3 },
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
