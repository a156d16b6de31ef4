import { expectNonlinearity, type Nonlinearity } from '../ops/rnn.js';
import type { Tensor } from '../tensor.js';
import { Recurrent, type RecurrentInput, type RecurrentOptions, type RecurrentOutput } from './recurrent.js';

export interface RNNOptions extends RecurrentOptions {
  /** Defaults to 'tanh'. */
  readonly nonlinearity?: Nonlinearity;
}

/**
 * Stacked vanilla RNN in PyTorch's layout: `weight_ih_l{k} [H, I or D*H]`, `weight_hh_l{k} [H, H]`, `bias_ih_l{k}`,
 * `bias_hh_l{k} [H]`, with `_reverse` behind them for the second direction. First weights:
 * U(-1/sqrt(H), 1/sqrt(H)). Equation: see the operation `rnn`.
 */
export class RNN extends Recurrent {
  readonly nonlinearity: Nonlinearity;

  constructor(options: RNNOptions) {
    const { nonlinearity = 'tanh' } = options;
    expectNonlinearity('RNN', nonlinearity);
    super('RNN', `rnn ${nonlinearity}`, 1, options);
    this.nonlinearity = nonlinearity;
  }

  /**
   * Run the whole sequence. Gradients flow through h0 and h; for truncated backpropagation through time give the next
   * window `h.detach()`.
   */
  forward(x: Tensor<[number, number, number]>, input: RecurrentInput = {}): RecurrentOutput {
    const { output, h } = this.run(x, input);
    return { output, h };
  }
}
