/** Counting: distributions that sum to 1, numbers worked out by hand, and bounds. */
import { describe, expect, test } from 'vitest';
import { baselines } from '../src/data/ngram.js';

describe('n-gram baselines', () => {
  test('a unigram worked out by hand: Witten-Bell over a counted part of 15 a and 3 b', () => {
    // 20 characters, the last 2 tested: `a` then `c`, which was never counted. V = 3, T = 2.
    const text = `${'a'.repeat(15)}bbbac`;
    const { chance, losses, counted, tested } = baselines(text, { validationFraction: 0.1, order: 1 });
    expect([counted, tested]).toEqual([18, 2]);
    expect(chance).toBe(Math.log(3));
    const p = (n: number): number => (n + 2 / 3) / (18 + 2);
    expect(losses[0]).toBeCloseTo(-(Math.log(p(15)) + Math.log(p(0))) / 2, 12);
  });

  test('a bigram sees what a unigram cannot: a text that alternates', () => {
    const { losses } = baselines('ab'.repeat(500), { order: 3 });
    expect(losses[0]).toBeCloseTo(Math.LN2, 2);
    expect(losses[1]).toBeLessThan(0.01);
    expect(losses[2]).toBeLessThan(0.01);
  });

  test('random characters cannot be predicted better than by chance', () => {
    let state = 1;
    const draw = (): string => {
      state = (state * 48_271) % 2_147_483_647;
      return 'abcdefgh'[state % 8]!;
    };
    const { chance, losses } = baselines(Array.from({ length: 20_000 }, draw).join(''), { order: 2 });
    for (const loss of losses) expect(loss).toBeGreaterThan(chance - 0.02);
  });

  test('bad options and short texts are errors', () => {
    expect(() => baselines('too short')).toThrow(/at least 20 characters, got 9/);
    expect(() => baselines('x'.repeat(50), { order: 9 })).toThrow(/order must be/);
    expect(() => baselines('x'.repeat(50), { validationFraction: 0 })).toThrow(/validationFraction must be/);
  });
});
