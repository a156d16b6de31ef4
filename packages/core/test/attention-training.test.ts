/** What trains attention: gradients of each mode, the loss along one score, estimators of a gradient that a draw hides. */
import { assert as check, double, integer, array as list, property, tuple } from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type AttendMode, attend, attendModes } from '../src/homework/attention/attend.js';
import { question3 } from '../src/homework/attention/by-hand.js';
import { drawGumbelWeights, estimateScoreGradient } from '../src/homework/attention/estimators.js';
import { attendGradients } from '../src/homework/attention/gradients.js';
import { sweepScore } from '../src/homework/attention/score-sweep.js';
import type { AttentionInput } from '../src/session/protocol.js';

const number = double({ min: -2, max: 2, noNaN: true });
const problem = tuple(
  integer({ min: 2, max: 6 }),
  integer({ min: 1, max: 4 }),
  integer({ min: 1, max: 4 }),
).chain(([S, K, D]) =>
  tuple(
    list(list(number, { minLength: K, maxLength: K }), { minLength: S, maxLength: S }),
    list(list(number, { minLength: D, maxLength: D }), { minLength: S, maxLength: S }),
    list(number, { minLength: K, maxLength: K }),
    list(number, { minLength: D, maxLength: D }),
  ).map(([keys, values, query, target]) => ({ input: { keys, values, query }, target })),
);
/** No two scores so near that a step of 1e-5 crosses a tie. */
const apart = ({ keys, query }: AttentionInput): boolean => {
  const scores = keys.map((key) => key.reduce((sum, k, d) => sum + k * query[d]!, 0)).sort((a, b) => a - b);
  return scores.every((score, i) => i === 0 || score - scores[i - 1]! > 1e-3);
};

describe('gradients', () => {
  it('of smooth modes are those of finite differences', () => {
    // entmax15 is smooth, but its slope has kinks where a weight reaches zero.
    for (const [mode, bound] of [
      ['softmax', 1e-8],
      ['gumbel', 1e-8],
      ['entmax15', 2e-4],
    ] as const) {
      check(
        property(problem, integer({ min: 0, max: 50 }), ({ input, target }, seed) => {
          expect(attendGradients(input, { mode, target, seed, temperature: 0.7 }).worst).toBeLessThan(bound);
        }),
        { numRuns: 100, seed: 7 },
      );
    }
  });

  it('of a hard choice: exactly zero for scores, query and keys, and the error itself for the chosen value', () => {
    check(
      property(problem, ({ input, target }) => {
        if (!apart(input)) return;
        const { analytic, worst, output } = attendGradients(input, { mode: 'argmax', target });
        expect([...analytic.scores, ...analytic.query, ...analytic.keys.flat()].every((g) => g === 0)).toBe(
          true,
        );
        expect(worst).toBeLessThan(1e-6);
        const { index } = attend(input);
        expect(analytic.values[index]).toEqual(output);
      }),
      { numRuns: 200, seed: 8 },
    );
  });

  it('of straight-through are softmax gradients at the hard output, which finite differences do not see', () => {
    const { analytic, numeric, worst, where } = attendGradients(question3, {
      mode: 'straight-through',
      temperature: 2,
      target: [6, -1, 2],
    });
    expect(numeric.scores).toEqual([0, 0, 0, 0]);
    expect(Math.max(...analytic.scores.map(Math.abs))).toBeGreaterThan(0.1);
    expect(worst).toBeGreaterThan(0.1);
    expect(where).toMatch(/^(scores|query|keys)/);
    expect(analytic.values).toEqual(numeric.values.map((row) => row.map((n) => expect.closeTo(n, 6))));
  });

  it('agree with the chain rule written out: dq = K^T ds, dk_i = ds_i q', () => {
    const { analytic, loss } = attendGradients(question3, { mode: 'softmax', temperature: 4 });
    for (const [d, slope] of analytic.query.entries()) {
      const expected = question3.keys.reduce((sum, key, i) => sum + key[d]! * analytic.scores[i]!, 0);
      expect(slope).toBeCloseTo(expected, 14);
    }
    expect(loss).toBeGreaterThan(0);
  });

  test.each<[Parameters<typeof attendGradients>[1], string]>([
    [{ target: [1, 2] }, "attend: the target must have the values' 3 entries, got 2"],
    [{ target: [1, 2, Number.NaN] }, 'attend: the target must be finite, got NaN'],
    [{ epsilon: 0 }, 'attend: epsilon must be a finite number greater than 0, got 0'],
    [{ mode: 'hard' as AttendMode }, `attend: mode must be one of ${attendModes.join(', ')}, got hard`],
  ])('refuses %j', (options, message) => {
    expect(() => attendGradients(question3, options)).toThrow(message);
  });
});

describe('the loss along one score', () => {
  it('is a staircase for argmax, with its step at the tie, and has the slopes of its differences elsewhere', () => {
    const sweep = sweepScore(question3, { index: 0, target: [6, 1, -2], temperature: 1, points: 801 });
    expect(sweep.score).toBe(-2);
    expect(sweep.tie).toBe(6);
    const argmax = sweep.modes.find(({ mode }) => mode === 'argmax')!;
    expect(new Set(argmax.loss).size).toBe(2);
    for (const [n, score] of sweep.scores.entries()) {
      expect(argmax.loss[n]).toBe(score >= 6 ? 0 : 8);
      expect(argmax.slope[n]).toBe(0);
    }
    const step = sweep.scores[1]! - sweep.scores[0]!;
    const softmax = sweep.modes.find(({ mode }) => mode === 'softmax')!;
    for (let n = 1; n < sweep.scores.length - 1; n += 1) {
      const difference = (softmax.loss[n + 1]! - softmax.loss[n - 1]!) / (2 * step);
      expect(Math.abs(difference - softmax.slope[n]!)).toBeLessThan(2e-3);
    }
    const sparsemax = sweep.modes.find(({ mode }) => mode === 'sparsemax')!;
    expect(sparsemax.slope[0]).toBe(0);
    expect(sparsemax.slope.some((slope) => slope !== 0)).toBe(true);
  });

  it('has no tie with one key only', () => {
    expect(sweepScore({ keys: [[1]], values: [[1]], query: [1] }).tie).toBeUndefined();
  });

  test.each([
    [{ index: 4 }, 'index must be a whole number below 4, got 4'],
    [{ points: 2 }, 'points must be a whole number from 3 to 2001, got 2'],
    [{ temperature: 0 }, 'temperature must be a finite number greater than 0, got 0'],
    [{ margin: Number.POSITIVE_INFINITY }, 'margin must be a finite number greater than 0, got Infinity'],
  ])('refuses %j', (options, message) => {
    expect(() => sweepScore(question3, options)).toThrow(message);
  });
});

describe('estimators of dL/ds', () => {
  const near: AttentionInput = { ...question3, query: [0.4, -0.2, 0.1] };

  it('have exact gradients that finite differences of the expected loss confirm', () => {
    const expectedLoss = (scores: readonly number[]): number =>
      estimateScoreGradient({ keys: scores.map((s) => [s]), values: near.values, query: [1] }, { samples: 2 })
        .expectedLoss;
    const scores = attend(near).scores;
    const { exact } = estimateScoreGradient(near, { samples: 2 });
    for (const [j, slope] of exact.entries()) {
      const by = (step: number): number => expectedLoss(scores.with(j, scores[j]! + step));
      expect((by(1e-5) - by(-1e-5)) / 2e-5).toBeCloseTo(slope, 8);
    }
  });

  it('REINFORCE: no bias, and the mean of its draws lies within a few standard errors of the exact gradient', () => {
    let beyond = 0;
    for (let seed = 0; seed < 40; seed += 1) {
      const { estimators } = estimateScoreGradient(near, { seed, samples: 2000 });
      for (const id of ['reinforce', 'reinforce-baseline'] as const) {
        const row = estimators.find((estimator) => estimator.id === id)!;
        expect(row.bias).toBeLessThan(1e-14);
        expect(row.enumerated).toBe(true);
        expect(row.standardErrors).toBeLessThan(5);
        if (row.standardErrors > 3) beyond += 1;
      }
    }
    // 80 times the largest of 4 (dependent) entries: about 1 in 100 lies beyond 3 standard errors.
    expect(beyond).toBeLessThanOrEqual(5);
  });

  it('argmax has the whole gradient as its bias; straight-through misses by more than its spread', () => {
    const { estimators, exact } = estimateScoreGradient(near, { samples: 4000 });
    const of = (id: string) => estimators.find((estimator) => estimator.id === id)!;
    expect(of('argmax').bias).toBeCloseTo(Math.hypot(...exact), 14);
    expect(of('argmax')).toMatchObject({ variance: 0, standardErrors: Number.POSITIVE_INFINITY });
    expect(of('straight-through-sample').standardErrors).toBeGreaterThan(5);
    expect(of('reinforce-baseline').variance).toBeLessThan(of('reinforce').variance);
    expect(of('gumbel').enumerated).toBe(false);
  });

  it('a colder Gumbel-softmax has more variance', () => {
    const at = (temperature: number): number =>
      estimateScoreGradient(near, { temperature, samples: 4000 }).estimators.find(
        ({ id }) => id === 'gumbel',
      )!.variance;
    expect(at(0.2)).toBeGreaterThan(at(1));
    expect(at(1)).toBeGreaterThan(at(5));
  });

  it('draws of Gumbel weights choose each key as often as softmax says, and gather at the corners when cold', () => {
    const p = attend(near, { mode: 'softmax' }).weights;
    const draws = drawGumbelWeights(near, { samples: 20_000, temperature: 0.1 });
    const largest = draws.map((weights) => weights.indexOf(Math.max(...weights)));
    for (const [i, weight] of p.entries()) {
      const share = largest.filter((at) => at === i).length / draws.length;
      expect(Math.abs(share - weight)).toBeLessThan(4 * Math.sqrt((weight * (1 - weight)) / draws.length));
    }
    const peak = (temperature: number): number => {
      const drawn = drawGumbelWeights(near, { samples: 500, temperature });
      return drawn.reduce((sum, weights) => sum + Math.max(...weights), 0) / drawn.length;
    };
    expect(peak(0.1)).toBeGreaterThan(0.9);
    expect(peak(10)).toBeLessThan(0.4);
    for (const weights of draws.slice(0, 100)) expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  });

  it('the mixed objective is told apart: its gradients are those of attend', () => {
    const { mixed } = estimateScoreGradient(near, { samples: 2 });
    for (const { mode, gradient } of mixed) {
      const { analytic } = attendGradients(near, { mode });
      for (const [j, slope] of gradient.entries()) expect(slope).toBeCloseTo(analytic.scores[j]!, 13);
    }
  });

  it('same seed, same draws; another seed, others', () => {
    const once = estimateScoreGradient(near, { seed: 5, samples: 50 });
    expect(estimateScoreGradient(near, { seed: 5, samples: 50 })).toEqual(once);
    expect(estimateScoreGradient(near, { seed: 6, samples: 50 })).not.toEqual(once);
  });

  test.each([
    [{ samples: 1 }, 'samples must be a whole number from 2 to 100000, got 1'],
    [{ temperature: -1 }, 'temperature must be a finite number greater than 0, got -1'],
    [{ seed: 0.5 }, 'seed must be a whole number in [0, 2^53), got 0.5'],
    [{ target: [] }, "the target must have the values' 3 entries, got 0"],
  ])('refuses %j', (options, message) => {
    expect(() => estimateScoreGradient(question3, options)).toThrow(message);
  });
});
