import { ArgumentError } from '../errors.js';
import { dropout } from '../ops/dropout.js';
import type { RandomStream } from '../random.js';
import type { Shape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { defaultDropout } from './init.js';
import { Module } from './module.js';

export interface DropoutOptions {
  /** Stream of the masks; defaults to the one of `manualSeed`. Give one where a run must resume exactly. */
  readonly random?: RandomStream;
}

/** y = x / (1 - p) where kept, 0 with probability p, while training; y = x in evaluation. See {@link dropout}. */
export class Dropout extends Module {
  readonly p: number;
  readonly #random: RandomStream | undefined;

  /** @param p - in [0, 1); defaults to 0.5 */
  constructor(p = 0.5, options: DropoutOptions = {}) {
    super();
    if (!(p >= 0 && p < 1)) throw new ArgumentError(`Dropout: p must be in [0, 1), got ${p}`);
    this.p = p;
    this.#random = options.random;
  }

  forward<S extends Shape>(x: Tensor<S>): Tensor<S> {
    return this.training ? dropout(x, this.p, this.#random ?? defaultDropout()) : x;
  }
}
