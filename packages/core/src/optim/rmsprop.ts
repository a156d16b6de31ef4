import type { Module } from '../nn/module.js';
import type { Tensor } from '../tensor.js';
import { Optimizer, type Update } from './optimizer.js';

export interface RMSpropOptions {
  /** Step size. Defaults to 0.01. */
  readonly learningRate?: number;
  /** Decay of the averages, in [0, 1). Defaults to 0.99. */
  readonly alpha?: number;
  /** Added to the root. Defaults to 1e-8. */
  readonly epsilon?: number;
  /** Added to the gradient as weightDecay * w. Defaults to 0. */
  readonly weightDecay?: number;
  /** Share of the last direction that is kept, >= 0. Defaults to 0. */
  readonly momentum?: number;
  /** Divide by the deviation of the gradient instead of its root mean square. Defaults to false. */
  readonly centered?: boolean;
}

/**
 * v = alpha v + (1 - alpha) g^2, centered: a = alpha a + (1 - alpha) g, else a = 0; s = g / (sqrt(v - a^2) + epsilon);
 * w -= learningRate s, with momentum learningRate b for b = momentum b + s.
 * Source: Tieleman & Hinton 2012, Graves 2013, as PyTorch computes it. State: `square_avg`, `grad_avg`, `momentum_buffer`.
 */
export class RMSprop extends Optimizer {
  readonly #options: Required<RMSpropOptions>;
  readonly #squareAvg: Tensor<[number]>;
  readonly #gradAvg: Tensor<[number]> | undefined;
  readonly #buffer: Tensor<[number]> | undefined;

  constructor(model: Module, options: RMSpropOptions = {}) {
    const { learningRate = 1e-2, alpha = 0.99, epsilon = 1e-8, weightDecay = 0 } = options;
    const { momentum = 0, centered = false } = options;
    super(model, learningRate);
    this.expect('alpha', alpha, alpha >= 0 && alpha < 1, 'in [0, 1)');
    this.expect('epsilon', epsilon, epsilon > 0 && epsilon < Infinity, 'a number > 0');
    this.expectNonNegative({ momentum, weightDecay });
    this.#options = { learningRate, alpha, epsilon, weightDecay, momentum, centered };
    this.#squareAvg = this.buffer('square_avg');
    this.#gradAvg = centered ? this.buffer('grad_avg') : undefined;
    this.#buffer = momentum > 0 ? this.buffer('momentum_buffer') : undefined;
  }

  protected override update({ gradientScale }: Update): number {
    const { kernel, values, grads } = this.flat;
    const { alpha, epsilon, weightDecay, momentum } = this.#options;
    return kernel.calls.rmsprop_step(
      values.offset,
      this.#squareAvg.offset,
      this.#gradAvg?.offset ?? 0,
      this.#buffer?.offset ?? 0,
      grads.offset,
      values.size,
      this.learningRate,
      alpha,
      epsilon,
      weightDecay,
      momentum,
      gradientScale,
    );
  }
}
