/** Arithmetic on the model's distributions: temperature and cuts, running sums, bets. */
import type { NextToken } from '@hw5/core';

/** `[character, probability]`, likeliest first. */
export type Distribution = readonly (readonly [string, number])[];

export interface Cut {
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
}

/**
 * What is sampled from: p^(1/temperature) renormalised, cut to the k likeliest and then to the smallest set that reaches
 * p, renormalised again; temperature 0 leaves the likeliest alone. The same as core's sampler does with logits.
 */
export function sampled(distribution: Distribution, { temperature, topK, topP }: Cut): Distribution {
  const [first] = distribution;
  if (first === undefined) return [];
  if (temperature === 0) return distribution.map(([token], rank) => [token, rank === 0 ? 1 : 0]);
  const weights = distribution.map(([, p]) => Math.exp((Math.log(p) - Math.log(first[1])) / temperature));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  let kept = topK > 0 ? Math.min(topK, weights.length) : weights.length;
  if (topP < 1) {
    const target = (topP * weights.slice(0, kept).reduce((sum, weight) => sum + weight, 0)) / whole;
    let mass = 0;
    for (let rank = 0; rank < kept; rank += 1) {
      mass += weights[rank]! / whole;
      if (mass >= target) kept = rank + 1;
    }
  }
  const rest = weights.slice(0, kept).reduce((sum, weight) => sum + weight, 0);
  return distribution.map(([token], rank) => [token, rank < kept ? weights[rank]! / rest : 0]);
}

/** -ln P summed up to and including each step, nats. */
export function runningSum(steps: readonly Pick<NextToken, 'logProbability'>[]): number[] {
  let sum = 0;
  return steps.map(({ logProbability }) => {
    sum -= logProbability;
    return sum;
  });
}

/** A bet: weights on some characters, and one for all others together. */
export interface Bet {
  readonly tokens: readonly string[];
  readonly weights: readonly number[];
  readonly others: number;
}

/** Characters to bet on: the model's likeliest, in the order of the alphabet, which gives nothing away. */
export function betOn(distribution: Distribution, count: number): Bet {
  const tokens = distribution
    .slice(0, count)
    .map(([token]) => token)
    .sort();
  return { tokens, weights: tokens.map(() => 1), others: 1 };
}

/** The probability that a bet gives a character; `others` share theirs evenly. */
export function probabilityOf({ tokens, weights, others }: Bet, token: string, vocabulary: number): number {
  const whole = weights.reduce((sum, weight) => sum + weight, others);
  if (whole === 0) return 1 / vocabulary;
  const at = tokens.indexOf(token);
  if (at >= 0) return weights[at]! / whole;
  return others / whole / Math.max(1, vocabulary - tokens.length);
}

/**
 * What a bet is worth, in [0, 1], by log loss: 0 for guessing evenly or worse, 1 for doing as well as the model.
 * Where the model itself does no better than guessing, a bet that beats guessing is worth all.
 */
export function worthOf(bet: number, model: number, vocabulary: number): number {
  const chance = Math.log(vocabulary);
  const [mine, its] = [-Math.log(bet), -Math.log(model)];
  if (its >= chance) return mine < chance ? 1 : 0;
  return Math.min(1, Math.max(0, (chance - mine) / (chance - its)));
}
