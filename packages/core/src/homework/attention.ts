/** Question 3: attention worked out by hand, in plain numbers. */
import { ArgumentError, ShapeError } from '../errors.js';
import type { AttentionByHand } from '../session/protocol.js';

export interface AttentionInput {
  readonly keys: readonly (readonly number[])[];
  readonly values: readonly (readonly number[])[];
  readonly query: readonly number[];
}

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
 * comparison what softmax gives on the same scores. Shapes: keys [S, D], values [S, any], query [D].
 * @throws ShapeError when the lengths do not fit, ArgumentError for numbers that are not finite
 */
export function attendByHand(input: AttentionInput = question3): AttentionByHand {
  const { keys, values, query } = input;
  if (keys.length === 0 || keys.length !== values.length) {
    throw new ShapeError(
      `attend: keys and values must be equally many, got ${keys.length} and ${values.length}`,
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
  const products = keys.map((key) => key.map((k, d) => k * query[d]!));
  const scores = products.map((row) => row.reduce((sum, product) => sum + product, 0));
  const largest = Math.max(...scores);
  const ties = scores.flatMap((score, i) => (score === largest ? [i] : []));
  const index = ties[0]!;
  const weights = scores.map((score) => Math.exp(score - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const softmaxWeights = weights.map((weight) => weight / total);
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
