/**
 * Question 3b as a training problem: four keys, four values, one query, and a wanted output that is one of the values. Query
 * and keys start wrong: the argmax falls on another value. The values are given; only the query and the keys may learn.
 */
import { RandomStream } from '../random.js';

export const KEYS = 4;
/** Entries of a key and of a value. */
export const SIZE = 3;

export interface AttentionProblem {
  /** [1, K] */
  readonly query: Float64Array;
  /** [S, K] row by row. */
  readonly keys: Float64Array;
  readonly values: Float64Array;
  /** Which value is wanted. */
  readonly wanted: number;
}

/** A number from a normal distribution, near enough: the sum of twelve even ones. */
const normal = (random: RandomStream): number => {
  let sum = -6;
  for (let n = 0; n < 12; n += 1) sum += random.uniform();
  return sum;
};

/** Drawn anew until the argmax is wrong and every wrong value is off by a loss of at least 1/2. */
export function drawProblem(seed: number): AttentionProblem {
  const random = new RandomStream(seed, 'experiment.attention');
  const draw = (count: number): Float64Array => Float64Array.from({ length: count }, () => normal(random));
  for (;;) {
    const problem = {
      query: draw(SIZE),
      keys: draw(KEYS * SIZE),
      values: draw(KEYS * SIZE),
      wanted: random.integer(KEYS),
    };
    const losses = lossesOf(problem);
    const apart = losses.every((loss, at) => at === problem.wanted || loss > 0.5);
    if (apart && argmax(scoresOf(problem)) !== problem.wanted) return problem;
  }
}

export function scoresOf({ query, keys }: Pick<AttentionProblem, 'query' | 'keys'>): number[] {
  return Array.from({ length: KEYS }, (_, i) =>
    query.reduce((sum, entry, d) => sum + entry * keys[i * SIZE + d]!, 0),
  );
}

/** J_i = 1/2 |v_i - v_wanted|^2: the loss when all weight lies on value i. */
export function lossesOf({ values, wanted }: Pick<AttentionProblem, 'values' | 'wanted'>): number[] {
  return Array.from({ length: KEYS }, (_, i) => {
    let loss = 0;
    for (let d = 0; d < SIZE; d += 1) loss += 0.5 * (values[i * SIZE + d]! - values[wanted * SIZE + d]!) ** 2;
    return loss;
  });
}

export function argmax(scores: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < scores.length; i += 1) if (scores[i]! > scores[best]!) best = i;
  return best;
}
