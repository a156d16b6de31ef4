import { assert as check, double, integer, array as list, property, uniqueArray } from 'fast-check';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { attend, attendModes } from '../src/homework/attention/attend.js';
import { attendByHand, question3 } from '../src/homework/attention/by-hand.js';
import { gumbelNoise, philox, philoxWords } from '../src/homework/attention/gumbel.js';
import { outputJacobian, weightJacobian } from '../src/homework/attention/jacobian.js';
import {
  argmaxWeights,
  entmax15,
  type SmoothMode,
  softmax,
  sparsemax,
  weightsOf,
} from '../src/homework/attention/weights.js';
import { init } from '../src/kernel/load.js';
import { RandomStream } from '../src/random.js';

const smoothModes: readonly SmoothMode[] = ['softmax', 'sparsemax', 'entmax15'];
const number = (size: number): ReturnType<typeof double> => double({ min: -size, max: size, noNaN: true });
const scoresOf = (size: number): ReturnType<typeof list<number>> =>
  list(number(size), { minLength: 1, maxLength: 12 });
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** The slow way: halve the interval of tau until the weights add up to 1. */
function byBisection(weight: (score: number, tau: number) => number, scores: readonly number[]): number[] {
  let low = Math.min(...scores) - 2;
  let high = Math.max(...scores);
  for (let i = 0; i < 200; i += 1) {
    const middle = (low + high) / 2;
    if (sum(scores.map((score) => weight(score, middle))) > 1) low = middle;
    else high = middle;
  }
  return scores.map((score) => weight(score, (low + high) / 2));
}

const bisection: Readonly<Record<'sparsemax' | 'entmax15', (scores: readonly number[]) => number[]>> = {
  sparsemax: (scores) => byBisection((score, tau) => Math.max(score - tau, 0), scores),
  entmax15: (scores) =>
    byBisection(
      (half, tau) => Math.max(half - tau, 0) ** 2,
      scores.map((score) => score / 2),
    ),
};

describe('weights', () => {
  it.each(smoothModes)('%s: on the simplex, in the order of the scores, blind to a shift', (mode) => {
    check(
      property(scoresOf(50), number(1000), (scores, shift) => {
        const weights = weightsOf[mode](scores);
        expect(sum(weights)).toBeCloseTo(1, 12);
        for (const [i, weight] of weights.entries()) {
          expect(weight).toBeGreaterThanOrEqual(0);
          for (const [j, other] of weights.entries()) {
            if (scores[i]! > scores[j]!) expect(weight).toBeGreaterThanOrEqual(other);
          }
        }
        const shifted = weightsOf[mode](scores.map((score) => score + shift));
        expect(shifted).toBeAllclose(weights, { rtol: 0, atol: 1e-6 });
      }),
      { numRuns: 300 },
    );
  });

  it.each(['sparsemax', 'entmax15'] as const)('%s agrees with bisection', (mode) => {
    check(
      property(scoresOf(4), (scores) => {
        expect(weightsOf[mode](scores)).toBeAllclose(bisection[mode](scores), { rtol: 0, atol: 1e-9 });
      }),
      { numRuns: 500 },
    );
  });

  it('survives equal scores, one score and scores that overflow exp', () => {
    for (const mode of smoothModes) {
      expect(weightsOf[mode]([7])).toEqual([1]);
      expect(weightsOf[mode]([3, 3, 3, 3])).toBeAllclose([0.25, 0.25, 0.25, 0.25], { rtol: 1e-12 });
      expect(weightsOf[mode]([1e308, -1e308])).toEqual([1, 0]);
    }
  });

  it('takes ties as told', () => {
    expect(argmaxWeights([1, 5, 5, 5], 'first')).toEqual([0, 1, 0, 0]);
    expect(argmaxWeights([1, 5, 5, 5], 'all')).toEqual([0, 1 / 3, 1 / 3, 1 / 3]);
    const tied = { keys: [[1], [1], [0]], values: [[2], [4], [100]], query: [1] };
    expect(attend(tied)).toMatchObject({ index: 0, ties: [0, 1], output: [2], differentiable: false });
    expect(attend(tied, { ties: 'all' })).toMatchObject({ output: [3], weights: [0.5, 0.5, 0] });
  });
});

describe('jacobians', () => {
  /** Centred differences of f at s, [rows of f, entries of s]. */
  function differences(f: (s: number[]) => number[], s: readonly number[], epsilon: number): number[][] {
    const columns = s.map((_, j) => {
      const up = f(s.map((x, i) => (i === j ? x + epsilon : x)));
      const down = f(s.map((x, i) => (i === j ? x - epsilon : x)));
      return up.map((x, i) => (x - down[i]!) / (2 * epsilon));
    });
    return columns[0]!.map((_, i) => columns.map((column) => column[i]!));
  }
  const support = (mode: SmoothMode, scores: readonly number[]): string =>
    weightsOf[mode](scores)
      .map((weight) => (weight > 0 ? 1 : 0))
      .join('');

  it.each(smoothModes)('%s: agrees with finite differences away from kinks', (mode) => {
    const epsilon = 1e-6;
    let compared = 0;
    check(
      property(scoresOf(2), double({ min: 0.3, max: 5, noNaN: true }), (scores, temperature) => {
        const f = (s: readonly number[]): number[] => weightsOf[mode](s.map((x) => x / temperature));
        const near = scores.flatMap((_, j) =>
          [-4, 4].map((k) =>
            support(
              mode,
              scores.map((x, i) => (x + (i === j ? k * epsilon : 0)) / temperature),
            ),
          ),
        );
        if (new Set(near).size > 1) return; // an entry enters or leaves within reach
        compared += 1;
        const exact = weightJacobian(mode, f(scores), temperature);
        expect(exact.flat()).toBeAllclose(differences(f, scores, epsilon).flat(), { rtol: 1e-6, atol: 1e-8 });
        for (const row of exact) expect(sum(row)).toBeCloseTo(0, 12); // a shift changes nothing
      }),
      { numRuns: 300 },
    );
    expect(compared).toBeGreaterThan(200);
  });

  it('of the output is values times the weights, [D, S]', () => {
    const { keys, values, query } = question3;
    const jacobian = attend(question3, { mode: 'softmax', temperature: 3 }).jacobian;
    expect(jacobian).toHaveLength(3);
    const scores = keys.map((key) => sum(key.map((k, d) => k * query[d]!)));
    const output = (s: number[]): number[] => {
      const weights = softmax(s.map((x) => x / 3));
      return [0, 1, 2].map((d) => sum(values.map((value, i) => weights[i]! * value[d]!)));
    };
    expect(jacobian.flat()).toBeAllclose(differences(output, scores, 1e-5).flat(), {
      rtol: 1e-8,
      atol: 1e-10,
    });
    expect(outputJacobian(values, attend(question3).weightJacobian).flat()).toEqual(new Array(12).fill(0));
  });

  it('marks the points without a derivative', () => {
    const at = (...scores: number[]): boolean =>
      attend(
        { keys: scores.map((score) => [score]), values: scores.map((_, i) => [i]), query: [1] },
        { mode: 'sparsemax' },
      ).differentiable;
    expect(at(1, 0)).toBe(false); // the second weight is about to leave 0
    expect(at(0.9, 0)).toBe(true);
    expect(at(1.1, 0)).toBe(true);
  });
});

describe('attend', () => {
  it.each(attendModes)('%s on the numbers of question 3', (mode) => {
    const report = attend(question3, { mode, seed: 4 });
    expect(report).toMatchObject({ mode, scores: [-2, 3, 0, 6], ties: [report.index] });
    expect(sum(report.weights)).toBeCloseTo(1, 12);
    expect(report.output[0]).toBeCloseTo(6, 12); // every value begins with 6
    expect(report.products[3]).toEqual([0, 2, 4]);
    expect(report.sweep).toHaveLength(7);
  });

  it('straight-through chooses like argmax and differentiates like softmax', () => {
    const through = attend(question3, { mode: 'straight-through', temperature: 2 });
    const soft = attend(question3, { mode: 'softmax', temperature: 2 });
    expect(through.output).toEqual([6, 1, 2]);
    expect(through.weights).toEqual([0, 0, 0, 1]);
    expect(through.jacobian).toEqual(soft.jacobian);
    expect(through.backwardWeights).toEqual(soft.weights);
  });

  it('gumbel: the same seed gives the same noise, and the largest noisy score is drawn like softmax', () => {
    const gentle = { ...question3, query: [0.5, -0.2, -0.1] };
    expect(attend(gentle, { mode: 'gumbel', seed: 7 })).toEqual(attend(gentle, { mode: 'gumbel', seed: 7 }));
    const expected = softmax(attend(gentle).scores);
    const draws = 4000;
    const counts = [0, 0, 0, 0];
    for (let seed = 0; seed < draws; seed += 1)
      counts[attend(gentle, { mode: 'gumbel', seed, temperatures: [] }).index]! += 1;
    for (const [i, p] of expected.entries()) {
      expect(Math.abs(counts[i]! / draws - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / draws));
    }
  });

  it('a small temperature approaches argmax, a large one the mean', () => {
    for (const mode of smoothModes) {
      expect(attend(question3, { mode, temperature: 1e-300 }).output).toEqual([6, 1, 2]);
      expect(attend(question3, { mode, temperature: 1e9 }).output).toBeAllclose([6, 0.5, 0.5], {
        rtol: 1e-6,
      });
    }
  });

  it('agrees with the hand calculation for any integers', () => {
    const vector = (size: number): ReturnType<typeof list<number>> =>
      list(integer({ min: -9, max: 9 }), { minLength: size, maxLength: size });
    check(
      property(list(vector(3), { minLength: 5, maxLength: 5 }), vector(3), (keys, query) => {
        const input = { keys, values: keys.map((key) => key.slice(0, 2)), query };
        const byHand = attendByHand(input);
        expect(attend(input)).toMatchObject({
          scores: byHand.scores,
          ties: byHand.ties,
          output: byHand.output,
        });
        expect(attend(input, { mode: 'softmax' }).output).toBeAllclose(byHand.softmaxOutput, {
          rtol: 1e-12,
          atol: 1e-12,
        });
      }),
    );
  });

  it('the winner stays when the temperature changes', () => {
    check(
      property(
        uniqueArray(integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 8 }),
        double({ min: 0.1, max: 9, noNaN: true }),
        (scores, temperature) => {
          const input = {
            keys: scores.map((score) => [score]),
            values: scores.map((_, i) => [i]),
            query: [1],
          };
          for (const mode of smoothModes) {
            const { weights } = attend(input, { mode, temperature });
            expect(weights.indexOf(Math.max(...weights))).toBe(attend(input).index);
          }
        },
      ),
    );
  });

  it.each([
    [{ ...question3, query: [1, 2] }, {}, "attend: key 0 must have the query's 2 entries, got 3"],
    [{ ...question3, values: [[1]] }, {}, 'attend: keys and values must be equally many, got 4 and 1'],
    [{ keys: [], values: [], query: [1] }, {}, 'attend: keys and values must be equally many, got 0 and 0'],
    [{ keys: [[]], values: [[1]], query: [] }, {}, 'attend: query and values must have entries, got 0 and 1'],
    [
      { keys: [[1], [1]], values: [[1], [1, 2]], query: [1] },
      {},
      'attend: value 1 must have 1 entries, got 2',
    ],
    [{ keys: [[1e300]], values: [[1]], query: [1e300] }, {}, 'attend: score 0 must be finite, got Infinity'],
    [
      { keys: [[1], [1]], values: [[1], [2]], query: [1] },
      { mode: 'softmax' as const, temperature: 1e-320 },
      'attend: slopes must be finite',
    ],
    [question3, { temperature: 0 }, 'attend: temperature must be a finite number greater than 0, got 0'],
    [
      question3,
      { mode: 'gumbel' as const, seed: -1 },
      'attend: seed must be a whole number in [0, 2^53), got -1',
    ],
    [
      { ...question3, keys: Array.from({ length: 300 }, () => [1]) },
      {},
      'attend: there must be at most 256 keys and entries, got 300',
    ],
  ])('refuses what does not fit %#', (input, options, message) => {
    expect(() => attend(input, options)).toThrow(message);
  });
});

describe('gumbel noise', () => {
  beforeAll(async () => {
    await init();
  });

  test('philox: the published vectors', () => {
    const hex = (words: readonly number[]): string[] =>
      words.map((word) => word.toString(16).padStart(8, '0'));
    expect(hex(philox([0, 0, 0, 0], [0, 0]))).toEqual(['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']);
    expect(hex(philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]))).toEqual([
      'd16cfe09',
      '94fdcceb',
      '5001e420',
      '24126ea1',
    ]);
  });

  test('the words are the kernel stream of the same seed and name', () => {
    for (const seed of [0, 1, 2 ** 53 - 1]) {
      const stream = new RandomStream(seed, 'gumbel');
      expect(philoxWords(seed, 'gumbel', 10)).toEqual(Array.from({ length: 10 }, () => stream.word()));
    }
  });

  test('has the mean of a Gumbel variable, Euler gamma', () => {
    const noise = gumbelNoise(3, 20_000);
    expect(Math.abs(sum(noise) / noise.length - 0.5772156649)).toBeLessThan(
      (4 * 1.2825) / Math.sqrt(noise.length),
    );
  });
});

test('sparsemax and entmax15 on question 3: one-hot, and flat, until the temperature reaches the gap', () => {
  expect(sparsemax([-2, 3, 0, 6])).toEqual([0, 0, 0, 1]);
  expect(entmax15([-2, 3, 0, 6])).toEqual([0, 0, 0, 1]);
});
