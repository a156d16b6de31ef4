import { ArgumentError } from '../errors.js';
import { layerNorm } from '../ops/norm.js';
import type { Shape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { expectSize } from './linear.js';
import { Module } from './module.js';

export interface LayerNormOptions {
  /** Added to the variance. Defaults to 1e-5. */
  readonly epsilon?: number;
  /** Learn a weight, and a bias with it. Defaults to true. */
  readonly affine?: boolean;
  /** Learn a bias beside the weight. Defaults to true. */
  readonly bias?: boolean;
}

/**
 * Layer normalisation over the last axis, see {@link layerNorm}. Shapes: x, y [..., N], weight, bias [N].
 * First weights: ones and zeros, PyTorch's default.
 */
export class LayerNorm extends Module {
  readonly weight: Tensor<[number]> | undefined;
  readonly bias: Tensor<[number]> | undefined;
  /** N */
  readonly size: number;
  readonly epsilon: number;

  constructor(size: number, options: LayerNormOptions = {}) {
    super();
    const { epsilon = 1e-5, affine = true, bias = true } = options;
    expectSize('LayerNorm', 'size', size);
    if (!(epsilon >= 0 && epsilon < Infinity)) {
      throw new ArgumentError(`LayerNorm: epsilon must be a number >= 0, got ${epsilon}`);
    }
    this.size = size;
    this.epsilon = epsilon;
    const constant = (value: number) => (target: Tensor) => target.view().fill(value);
    this.weight = affine ? this.parameter('weight', [size], constant(1)) : undefined;
    this.bias = affine && bias ? this.parameter('bias', [size], constant(0)) : undefined;
  }

  forward<S extends Shape>(x: Tensor<S>): Tensor<S> {
    const { weight, bias } = this;
    return layerNorm(x, { weight, bias }, this.epsilon);
  }
}
