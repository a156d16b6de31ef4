import { ArgumentError } from '../errors.js';
import type { Tensor } from '../tensor.js';
import {
  type RecurrentOptions,
  type RecurrentResult,
  type RecurrentWeights,
  recurrentLayer,
} from './recurrent.js';

export type Nonlinearity = 'tanh' | 'relu';

export interface RNNOptions extends RecurrentOptions {
  /** Defaults to 'tanh'. */
  readonly nonlinearity?: Nonlinearity | undefined;
}

/**
 * h_t = f(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh) with f = tanh or relu. Time-major.
 *
 * Shapes: x [T, B, I]; weightIh [H, I], weightHh [H, H], biases [H]; h0 [B, H]; output [T, B, H].
 * Source: Elman 1990.
 */
export function rnn(
  x: Tensor<[time: number, batch: number, input: number]>,
  weights: RecurrentWeights,
  { lengths, nonlinearity = 'tanh', ...state }: RNNOptions = {},
): RecurrentResult {
  expectNonlinearity('rnn', nonlinearity);
  const { output, last } = recurrentLayer(
    'rnn',
    `rnn ${nonlinearity}`,
    x,
    [{ ...weights, ...state }],
    lengths,
  );
  return { output, h: last[0]!.h };
}

/** Throws ArgumentError unless `value` is one of the nonlinearities. */
export function expectNonlinearity(op: string, value: Nonlinearity): void {
  if (value === 'tanh' || value === 'relu') return;
  throw new ArgumentError(`${op}: nonlinearity must be tanh or relu, got ${String(value)}`);
}
