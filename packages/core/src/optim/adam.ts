import type { Module } from '../nn/module.js';
import type { Tensor } from '../tensor.js';
import { Optimizer, type Update } from './optimizer.js';

export interface AdamOptions {
  /** Step size. Defaults to 0.001. */
  readonly learningRate?: number;
  /** Decay of the first and second moment, in [0, 1). Defaults to [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Added to the root of the second moment. Defaults to 1e-8. */
  readonly epsilon?: number;
  /** Adam: added to the gradient as weightDecay * w; AdamW: w shrinks by learningRate * weightDecay. Defaults to 0. */
  readonly weightDecay?: number;
}

/**
 * m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
 * w -= learningRate / (1 - b1^t) * m / (sqrt(v) / sqrt(1 - b2^t) + epsilon).
 * Source: Kingma & Ba 2015; AdamW: Loshchilov & Hutter 2019; both as PyTorch computes them.
 */
export class Adam extends Optimizer {
  readonly #betas: readonly [number, number];
  readonly #epsilon: number;
  readonly #weightDecay: number;
  readonly #expAvg: Tensor<[number]>;
  readonly #expAvgSq: Tensor<[number]>;

  constructor(model: Module, options: AdamOptions = {}) {
    const { learningRate = 1e-3, betas = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0 } = options;
    super(model, learningRate);
    for (const [i, beta] of betas.entries()) {
      this.expect(`betas[${i}]`, beta, beta >= 0 && beta < 1, 'in [0, 1)');
    }
    this.expect('epsilon', epsilon, epsilon > 0 && epsilon < Infinity, 'a number > 0');
    this.expectNonNegative({ weightDecay });
    this.#betas = betas;
    this.#epsilon = epsilon;
    this.#weightDecay = weightDecay;
    this.#expAvg = this.buffer('exp_avg');
    this.#expAvgSq = this.buffer('exp_avg_sq');
  }

  /** AdamW shrinks weights apart from the gradient. */
  protected get decoupled(): boolean {
    return false;
  }

  protected override update({ step, gradientScale }: Update): number {
    const { kernel, values, grads } = this.flat;
    return kernel.calls.adam_step(
      values.offset,
      this.#expAvg.offset,
      this.#expAvgSq.offset,
      grads.offset,
      values.size,
      this.learningRate,
      ...this.#betas,
      this.#epsilon,
      this.#weightDecay,
      this.decoupled,
      step,
      gradientScale,
    );
  }
}

/** Adam with decoupled weight decay. */
export class AdamW extends Adam {
  protected override get decoupled(): boolean {
    return true;
  }
}
