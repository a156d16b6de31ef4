import type { Tensor } from '../tensor.js';
import { Recurrent, type RecurrentInput, type RecurrentOptions, type RecurrentOutput } from './recurrent.js';

/**
 * Stacked GRU in PyTorch's layout: `weight_ih_l{k} [3*H, I or D*H]`, `weight_hh_l{k} [3*H, H]`, `bias_ih_l{k}`,
 * `bias_hh_l{k} [3*H]`, with `_reverse` behind them for the second direction; gates r, z, n. First weights:
 * U(-1/sqrt(H), 1/sqrt(H)). Equations: see the operation `gru`.
 */
export class GRU extends Recurrent {
  constructor(options: RecurrentOptions) {
    super('GRU', 'gru', 3, options);
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
