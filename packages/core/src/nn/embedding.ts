import { ArgumentError } from '../errors.js';
import { embedding } from '../ops/embedding.js';
import type { RandomStream } from '../random.js';
import type { Tensor } from '../tensor.js';
import { defaultInit } from './init.js';
import { expectSize } from './linear.js';
import { Module } from './module.js';

export interface EmbeddingOptions {
  /** The row of this id starts at zero and gets no gradient, so padding stays zero. None by default. */
  readonly paddingIdx?: number;
  /** Stream of the first weights; defaults to the one of `manualSeed`. */
  readonly random?: RandomStream;
}

/**
 * y[...] = weight[ids[...]]. Shapes: ids [...], weight [V, E], y [..., E].
 * First weights: N(0, 1), PyTorch's default, drawn alike with and without `paddingIdx`.
 */
export class Embedding extends Module {
  readonly weight: Tensor<[number, number]>;
  readonly paddingIdx: number | undefined;

  constructor(vocabularySize: number, embeddingSize: number, options: EmbeddingOptions = {}) {
    super();
    expectSize('Embedding', 'vocabularySize', vocabularySize);
    expectSize('Embedding', 'embeddingSize', embeddingSize);
    const random = options.random ?? defaultInit();
    const { paddingIdx } = options;
    if (
      paddingIdx !== undefined &&
      !(Number.isInteger(paddingIdx) && paddingIdx >= 0 && paddingIdx < vocabularySize)
    ) {
      throw new ArgumentError(
        `Embedding: paddingIdx must be a whole number in [0, ${vocabularySize}), got ${paddingIdx}`,
      );
    }
    this.paddingIdx = paddingIdx;
    this.weight = this.parameter('weight', [vocabularySize, embeddingSize], (target) => {
      random.fillNormal(target, 0, 1);
      if (paddingIdx !== undefined)
        target
          .part(paddingIdx * embeddingSize, [embeddingSize])
          .view()
          .fill(0);
    });
  }

  forward<L extends readonly number[]>(ids: Tensor<L>): Tensor<[...L, number]> {
    return embedding(ids, this.weight, this.paddingIdx);
  }
}
