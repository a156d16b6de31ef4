/**
 * From scores to weights on the simplex (all at least 0, sum 1), each by its exact algorithm in f64.
 * Letters: S keys, s scores [S], p weights [S], tau the threshold.
 */

/** Functions of the scores that have a useful derivative. */
export type SmoothMode = 'softmax' | 'sparsemax' | 'entmax15';

/** p_i = exp(s_i - max s) / sum_j exp(s_j - max s). */
export function softmax(scores: readonly number[]): number[] {
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/**
 * The point of the simplex nearest to the scores: p_i = max(s_i - tau, 0), sum p = 1. Gives exact zeros.
 * Source: Martins and Astudillo 2016, algorithm 1.
 */
export function sparsemax(scores: readonly number[]): number[] {
  const { shifted, threshold } = sparsemaxThreshold(scores);
  return shifted.map((score) => Math.max(score - threshold, 0));
}

/**
 * p_i = max(s_i / 2 - tau, 0)^2, sum p = 1: between softmax and sparsemax, with exact zeros and no kinks.
 * Source: Peters, Niculae and Martins 2019, algorithm 2.
 */
export function entmax15(scores: readonly number[]): number[] {
  const largest = Math.max(...scores);
  const halves = scores.map((score) => (score - largest) / 2);
  // tau lies in [-1, 0), so entries at or below -1 have weight 0; leaving them out also keeps infinities out.
  const sorted = halves.filter((half) => half > -1).sort((a, b) => b - a);
  let threshold = -1;
  let sum = 0;
  let squares = 0;
  for (const [i, half] of sorted.entries()) {
    const count = i + 1;
    sum += half;
    squares += half * half;
    const mean = sum / count;
    const spread = squares - sum * mean;
    const candidate = mean - Math.sqrt(Math.max((1 - spread) / count, 0));
    if (candidate > half) break;
    threshold = candidate;
  }
  return halves.map((half) => Math.max(half - threshold, 0) ** 2);
}

/** Scores less their largest, and the tau that makes the entries above it add up to 1. */
export function sparsemaxThreshold(scores: readonly number[]): { shifted: number[]; threshold: number } {
  const largest = Math.max(...scores);
  const shifted = scores.map((score) => score - largest);
  const sorted = shifted.filter((score) => score > -1).sort((a, b) => b - a);
  let threshold = -1;
  let sum = 0;
  for (const [i, score] of sorted.entries()) {
    sum += score;
    const candidate = (sum - 1) / (i + 1);
    if (candidate >= score) break;
    threshold = candidate;
  }
  return { shifted, threshold };
}

/** One-hot at the largest score; equal ones share the weight (`'all'`) or the first takes it (`'first'`). */
export function argmaxWeights(scores: readonly number[], ties: 'first' | 'all'): number[] {
  const tied = largestIndices(scores);
  if (ties === 'first') return scores.map((_, i) => (i === tied[0] ? 1 : 0));
  return scores.map((_, i) => (tied.includes(i) ? 1 / tied.length : 0));
}

/** All indices that share the largest score, in order. */
export function largestIndices(scores: readonly number[]): number[] {
  const largest = Math.max(...scores);
  return scores.flatMap((score, i) => (score === largest ? [i] : []));
}

export const weightsOf: Readonly<Record<SmoothMode, (scores: readonly number[]) => number[]>> = {
  softmax,
  sparsemax,
  entmax15,
};
