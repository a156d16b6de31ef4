import type { Module } from '../nn/module.js';
import type { Tensor } from '../tensor.js';
import { Optimizer, type Update } from './optimizer.js';

export interface SGDOptions {
  /** Step size. Defaults to 0.001. */
  readonly learningRate?: number;
  /** Share of the last direction that is kept, >= 0. Defaults to 0. */
  readonly momentum?: number;
  /** Share of the gradient that does not enter the direction (from the second step on). Defaults to 0. */
  readonly dampening?: number;
  /** Step along the gradient at the point that momentum leads to. Defaults to false. */
  readonly nesterov?: boolean;
  /** Added to the gradient as weightDecay * w. Defaults to 0. */
  readonly weightDecay?: number;
}

/**
 * b = momentum b + (1 - dampening) g, b = g at first; w -= learningRate b, with Nesterov learningRate (g + momentum b).
 * Source: Sutskever et al. 2013, as PyTorch computes it. State: `momentum_buffer`, with momentum only.
 */
export class SGD extends Optimizer {
  readonly #options: Required<SGDOptions>;
  readonly #buffer: Tensor<[number]> | undefined;

  constructor(model: Module, options: SGDOptions = {}) {
    const { learningRate = 1e-3, momentum = 0, dampening = 0, nesterov = false, weightDecay = 0 } = options;
    super(model, learningRate);
    this.expectNonNegative({ momentum, dampening, weightDecay });
    if (nesterov) {
      this.expect('momentum', momentum, momentum > 0, '> 0 with nesterov');
      this.expect('dampening', dampening, dampening === 0, '0 with nesterov');
    }
    this.#options = { learningRate, momentum, dampening, nesterov, weightDecay };
    this.#buffer = momentum > 0 ? this.buffer('momentum_buffer') : undefined;
  }

  protected override update({ step, gradientScale }: Update): number {
    const { kernel, values, grads } = this.flat;
    const { momentum, dampening, nesterov, weightDecay } = this.#options;
    return kernel.calls.sgd_step(
      values.offset,
      this.#buffer?.offset ?? 0,
      grads.offset,
      values.size,
      this.learningRate,
      momentum,
      dampening,
      nesterov,
      weightDecay,
      step === 1,
      gradientScale,
    );
  }
}
