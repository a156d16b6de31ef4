import type { Module } from '../nn/module.js';
import type { Tensor } from '../tensor.js';
import { Optimizer, type Update } from './optimizer.js';

export interface AdagradOptions {
  /** Step size. Defaults to 0.01. */
  readonly learningRate?: number;
  /** Step t has learningRate / (1 + (t - 1) * learningRateDecay). Defaults to 0. */
  readonly learningRateDecay?: number;
  /** Added to the root. Defaults to 1e-10. */
  readonly epsilon?: number;
  /** Added to the gradient as weightDecay * w. Defaults to 0. */
  readonly weightDecay?: number;
  /** Where the sums of squares start, >= 0. Defaults to 0. */
  readonly initialAccumulatorValue?: number;
}

/**
 * s += g^2; w -= learningRate g / (sqrt(s) + epsilon).
 * Source: Duchi, Hazan & Singer 2011, as PyTorch computes it. State: `sum`.
 */
export class Adagrad extends Optimizer {
  readonly #options: Required<AdagradOptions>;
  readonly #sum: Tensor<[number]>;

  constructor(model: Module, options: AdagradOptions = {}) {
    const { learningRate = 1e-2, learningRateDecay = 0, epsilon = 1e-10, weightDecay = 0 } = options;
    const { initialAccumulatorValue = 0 } = options;
    super(model, learningRate);
    this.expect('epsilon', epsilon, epsilon > 0 && epsilon < Infinity, 'a number > 0');
    this.expectNonNegative({ learningRateDecay, weightDecay, initialAccumulatorValue });
    this.#options = { learningRate, learningRateDecay, epsilon, weightDecay, initialAccumulatorValue };
    this.#sum = this.buffer('sum');
    this.#sum.view().fill(initialAccumulatorValue);
  }

  protected override update({ step, gradientScale }: Update): number {
    const { kernel, values, grads } = this.flat;
    const { learningRateDecay, epsilon, weightDecay } = this.#options;
    return kernel.calls.adagrad_step(
      values.offset,
      this.#sum.offset,
      grads.offset,
      values.size,
      this.learningRate / (1 + (step - 1) * learningRateDecay),
      epsilon,
      weightDecay,
      gradientScale,
    );
  }
}
