/** What-if: the weights of one step of a decoder's attention, replaced before the context is made of them. */
import { log, scale } from '../ops/elementwise.js';
import { concat, narrow, reshape } from '../ops/layout.js';
import { matmul } from '../ops/matmul.js';
import { softmax } from '../ops/softmax.js';
import { type Tensor, tensor } from '../tensor.js';

type Matrix = Tensor<[number, number]>;

/**
 * How the weights p of a step become q.
 * - `place`: q = 1 at this place of the source, 0 elsewhere.
 * - `argmax`: q = 1 at the largest weight (the first of several), 0 elsewhere.
 * - `power`: q_s = p_s^factor / sum p^factor; a factor above 1 sharpens, one below 1 flattens. It is softmax(factor * scores).
 */
export type AttentionEdit =
  | { readonly kind: 'place'; readonly place: number }
  | { readonly kind: 'argmax' }
  | { readonly kind: 'power'; readonly factor: number };

/** q for weights p [B, S]. */
export function editWeights(weights: Matrix, edit: AttentionEdit): Matrix {
  if (edit.kind === 'power') return softmax(scale(log(weights), edit.factor));
  const rows = weights.toArray() as number[][];
  const places = rows.map((row) => (edit.kind === 'place' ? edit.place : row.indexOf(Math.max(...row))));
  const oneHot = rows.flatMap((row, b) => row.map((_, s) => (s === places[b] ? 1 : 0)));
  return tensor(oneHot, weights.shape);
}

/** c_b = sum_s q_bs values_bs for weights q [B, S] and values [B, S, V]: [B, V]. */
export function contextOf(weights: Matrix, values: Tensor<[number, number, number]>): Matrix {
  const [B, S, V] = values.shape;
  const rows = Array.from({ length: B }, (_, b) =>
    matmul(narrow(weights, b, 1), reshape(narrow(values, b, 1), [S, V])),
  );
  return concat(rows, 0);
}
