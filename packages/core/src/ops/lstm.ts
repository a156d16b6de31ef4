import type { Tensor } from '../tensor.js';
import {
  type RecurrentOptions,
  type RecurrentResult,
  type RecurrentWeights,
  recurrentLayer,
} from './recurrent.js';

export interface LSTMOptions extends RecurrentOptions {
  /** First cell state, [B, H]; zeros when left out. */
  readonly c0?: Tensor<[number, number]> | undefined;
}

export interface LSTMResult extends RecurrentResult {
  /** The cell state after the last step of each row, [B, H] */
  readonly c: Tensor<[batch: number, hidden: number]>;
}

/**
 * i, f, o = sigmoid(z_i), sigmoid(z_f), sigmoid(z_o), g = tanh(z_g) with z = W_ih x_t + b_ih + W_hh h_{t-1} + b_hh;
 * c_t = f c_{t-1} + i g; h_t = o tanh(c_t). Time-major; gate blocks i, f, g, o.
 *
 * Shapes: x [T, B, I]; weightIh [4*H, I], weightHh [4*H, H], biases [4*H]; h0, c0 [B, H]; output [T, B, H].
 * Source: Hochreiter & Schmidhuber 1997 with forget gates (Gers et al. 2000), in PyTorch's gate order.
 */
export function lstm(
  x: Tensor<[time: number, batch: number, input: number]>,
  weights: RecurrentWeights,
  { lengths, ...state }: LSTMOptions = {},
): LSTMResult {
  const { output, last } = recurrentLayer('lstm', 'lstm', x, [{ ...weights, ...state }], lengths);
  const { h, c } = last[0]!;
  return { output, h, c: c! };
}
