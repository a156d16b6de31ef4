import { ArgumentError } from '../errors.js';
import { linear } from '../ops/matmul.js';
import type { RandomStream } from '../random.js';
import type { Tensor } from '../tensor.js';
import { defaultInit } from './init.js';
import { Module } from './module.js';

export interface LinearOptions {
  /** Defaults to true. */
  readonly bias?: boolean;
  /** Stream of the first weights; defaults to the one of `manualSeed`. */
  readonly random?: RandomStream;
}

/**
 * y = x W^T + b. Shapes: x [..., I], y [..., O], weight [O, I], bias [O].
 * First weights: U(-1/sqrt(I), 1/sqrt(I)), PyTorch's default.
 */
export class Linear extends Module {
  readonly weight: Tensor<[number, number]>;
  readonly bias: Tensor<[number]> | undefined;

  constructor(inputSize: number, outputSize: number, options: LinearOptions = {}) {
    super();
    expectSize('Linear', 'inputSize', inputSize);
    expectSize('Linear', 'outputSize', outputSize);
    const random = options.random ?? defaultInit();
    const bound = 1 / Math.sqrt(inputSize);
    const fill = (target: Tensor): void => random.fillUniform(target, -bound, bound);
    this.weight = this.parameter('weight', [outputSize, inputSize], fill);
    this.bias = (options.bias ?? true) ? this.parameter('bias', [outputSize], fill) : undefined;
  }

  forward<L extends readonly number[]>(x: Tensor<[...L, number]>): Tensor<[...L, number]> {
    return linear(x, this.weight, this.bias);
  }
}

/** Throws ArgumentError unless `value` is a whole number >= 1. */
export function expectSize(op: string, name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new ArgumentError(`${op}: ${name} must be a whole number >= 1, got ${value}`);
}
