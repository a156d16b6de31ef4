import type { Tensor } from '../tensor.js';
import {
  type RecurrentOptions,
  type RecurrentResult,
  type RecurrentWeights,
  recurrentLayer,
} from './recurrent.js';

/**
 * r = sigmoid(W_ir x_t + b_ir + W_hr h + b_hr), z = sigmoid(W_iz x_t + b_iz + W_hz h + b_hz),
 * n = tanh(W_in x_t + b_in + r (W_hn h + b_hn)) with h = h_{t-1}; h_t = (1 - z) n + z h. Time-major; gate blocks r, z, n.
 *
 * Shapes: x [T, B, I]; weightIh [3*H, I], weightHh [3*H, H], biases [3*H]; h0 [B, H]; output [T, B, H].
 * Source: Cho et al. 2014 in the form of cuDNN and PyTorch, where r acts behind the product with W_hn.
 */
export function gru(
  x: Tensor<[time: number, batch: number, input: number]>,
  weights: RecurrentWeights,
  { lengths, ...state }: RecurrentOptions = {},
): RecurrentResult {
  const { output, last } = recurrentLayer('gru', 'gru', x, [{ ...weights, ...state }], lengths);
  return { output, h: last[0]!.h };
}
