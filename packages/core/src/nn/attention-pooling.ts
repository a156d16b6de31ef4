import { attention } from '../ops/attention.js';
import { tanh } from '../ops/elementwise.js';
import { reshape, swapAxes } from '../ops/layout.js';
import { expand } from '../ops/reduce.js';
import type { RandomStream } from '../random.js';
import type { Tensor } from '../tensor.js';
import { defaultInit } from './init.js';
import { Linear } from './linear.js';
import { Module } from './module.js';

export interface AttentionPoolingOptions {
  /** Stream of the first weights; defaults to the one of `manualSeed`. */
  readonly random?: RandomStream;
}

export interface AttentionPoolingOutput {
  /** [B, C] */
  readonly output: Tensor<[number, number]>;
  /** How much each step counts, [B, T]; rows add up to 1, 0 behind their ends. */
  readonly weights: Tensor<[number, number]>;
}

/**
 * y_b = sum_t a_bt x_tb with a_b = softmax over t < lengths_b of context . tanh(W x_tb + bias): which steps matter is
 * learned. Shapes: x [T, B, C], `projection.weight` [C, C], `projection.bias`, `context` [C], y [B, C].
 * First weights: U(-1/sqrt(C), 1/sqrt(C)). Source: Yang et al. 2016.
 */
export class AttentionPooling extends Module {
  readonly projection: Linear;
  readonly context: Tensor<[number]>;

  constructor(size: number, options: AttentionPoolingOptions = {}) {
    super();
    const random = options.random ?? defaultInit();
    this.projection = this.child('projection', new Linear(size, size, { random }));
    const bound = 1 / Math.sqrt(size);
    this.context = this.parameter('context', [size], (target) => random.fillUniform(target, -bound, bound));
  }

  /** @param lengths - steps of each row, B whole numbers in [0, T]; all T when left out */
  forward(x: Tensor<[number, number, number]>, lengths?: ArrayLike<number>): AttentionPoolingOutput {
    const values = swapAxes(x);
    const [B, T, C] = values.shape;
    const keys = tanh(this.projection.forward<[number, number]>(values));
    const query = expand(reshape(this.context, [1, 1, C]), 0, B);
    const { output, weights } = attention(query, keys, values, {
      scale: 1,
      returnWeights: true,
      ...(lengths === undefined ? {} : { keyLengths: Array.from(lengths) }),
    });
    return { output: reshape(output, [B, C]), weights: reshape(weights!, [B, T]) };
  }
}
