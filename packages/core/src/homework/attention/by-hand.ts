/** Question 3a: attention that returns the value of the most similar key, worked out in plain numbers. */
import { ArgumentError, ShapeError } from '../../errors.js';
import type { AttentionByHand, AttentionInput } from '../../session/protocol.js';
import { largestIndices, softmax } from './weights.js';

/** The numbers of question 3a. */
export const question3: AttentionInput = {
  keys: [
    [1, 2, 3],
    [2, 2, 1],
    [0, 1, -1],
    [0, -2, -4],
  ],
  values: [
    [6, 1, -2],
    [6, -1, 2],
    [6, 1, 0],
    [6, 1, 2],
  ],
  query: [3, -1, -1],
};

/**
 * Argmax attention: scores s_i = k_i . q, output v_j with j = argmax_i s_i (the first of equal scores), and for
 * comparison what softmax gives on the same scores. Shapes: keys [S, K], values [S, D], query [K].
 * @throws ShapeError when the lengths do not fit, ArgumentError for numbers that are not finite
 */
export function attendByHand(input: AttentionInput = question3): AttentionByHand {
  const { keys, values, query } = input;
  const { products, scores } = dotProducts(input);
  const ties = largestIndices(scores);
  const index = ties[0]!;
  const softmaxWeights = softmax(scores);
  const softmaxOutput = values[0]!.map((_, d) =>
    values.reduce((sum, value, i) => sum + softmaxWeights[i]! * value[d]!, 0),
  );
  return {
    keys,
    values,
    query,
    products,
    scores,
    index,
    ties,
    output: values[index]!,
    softmaxWeights,
    softmaxOutput,
  };
}

/** products[i][d] = keys[i][d] * query[d] and their sums; checks lengths and numbers first. */
export function dotProducts({ keys, values, query }: AttentionInput): {
  products: number[][];
  scores: number[];
} {
  if (keys.length === 0 || keys.length !== values.length) {
    throw new ShapeError(
      `attend: keys and values must be equally many, got ${keys.length} and ${values.length}`,
    );
  }
  if (query.length === 0 || values[0]!.length === 0) {
    throw new ShapeError(
      `attend: query and values must have entries, got ${query.length} and ${values[0]!.length}`,
    );
  }
  for (const [i, key] of keys.entries()) {
    if (key.length !== query.length) {
      throw new ShapeError(
        `attend: key ${i} must have the query's ${query.length} entries, got ${key.length}`,
      );
    }
    if (values[i]!.length !== values[0]!.length) {
      throw new ShapeError(
        `attend: value ${i} must have ${values[0]!.length} entries, got ${values[i]!.length}`,
      );
    }
  }
  for (const n of [...keys.flat(), ...values.flat(), ...query]) {
    if (!Number.isFinite(n)) throw new ArgumentError(`attend: numbers must be finite, got ${n}`);
  }
  const products = keys.map((key) => key.map((k, d) => k * query[d]! + 0));
  const scores = products.map((row) => row.reduce((sum, product) => sum + product, 0));
  for (const [i, score] of scores.entries()) {
    if (!Number.isFinite(score)) {
      throw new ArgumentError(`attend: score ${i} must be finite, got ${score}; try smaller numbers`);
    }
  }
  return { products, scores };
}
