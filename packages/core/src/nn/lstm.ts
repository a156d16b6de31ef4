import type { Tensor } from '../tensor.js';
import { Recurrent, type RecurrentInput, type RecurrentOptions, type RecurrentOutput } from './recurrent.js';

export interface LSTMInput extends RecurrentInput {
  /** First cell state of all layers and directions, [L*D, B, H]; zeros when left out. */
  readonly c0?: Tensor<[number, number, number]> | undefined;
}

export interface LSTMOutput extends RecurrentOutput {
  /** The last c of all layers and directions, [L*D, B, H]. */
  readonly c: Tensor<[number, number, number]>;
}

/**
 * Stacked LSTM in PyTorch's layout: `weight_ih_l{k} [4*H, I or D*H]`, `weight_hh_l{k} [4*H, H]`, `bias_ih_l{k}`,
 * `bias_hh_l{k} [4*H]`, with `_reverse` behind them for the second direction; gates i, f, g, o. First weights:
 * U(-1/sqrt(H), 1/sqrt(H)). Equations: see the operation `lstm`.
 */
export class LSTM extends Recurrent {
  constructor(options: RecurrentOptions) {
    super('LSTM', 'lstm', 4, options);
  }

  /**
   * Run the whole sequence. Gradients flow through h0, c0, h and c; for truncated backpropagation through time give the
   * next window `h.detach()` and `c.detach()`.
   */
  forward(x: Tensor<[number, number, number]>, input: LSTMInput = {}): LSTMOutput {
    const { output, h, c } = this.run(x, input);
    return { output, h, c: c! };
  }
}
