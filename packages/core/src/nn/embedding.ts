import { embedding } from '../ops/embedding.js';
import type { RandomStream } from '../random.js';
import type { Tensor } from '../tensor.js';
import { defaultInit } from './init.js';
import { expectSize } from './linear.js';
import { Module } from './module.js';

export interface EmbeddingOptions {
  /** Stream of the first weights; defaults to the one of `manualSeed`. */
  readonly random?: RandomStream;
}

/**
 * y[...] = weight[ids[...]]. Shapes: ids [...], weight [V, E], y [..., E].
 * First weights: N(0, 1), PyTorch's default.
 */
export class Embedding extends Module {
  readonly weight: Tensor<[number, number]>;

  constructor(vocabularySize: number, embeddingSize: number, options: EmbeddingOptions = {}) {
    super();
    expectSize('Embedding', 'vocabularySize', vocabularySize);
    expectSize('Embedding', 'embeddingSize', embeddingSize);
    const random = options.random ?? defaultInit();
    this.weight = this.parameter('weight', [vocabularySize, embeddingSize], (target) =>
      random.fillNormal(target, 0, 1),
    );
  }

  forward<L extends readonly number[]>(ids: Tensor<L>): Tensor<[...L, number]> {
    return embedding(ids, this.weight);
  }
}
