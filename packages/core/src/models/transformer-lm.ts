/** A language model of Transformer blocks, decoder-only: every token attends to itself and those before it. */
import { ShapeError } from '../errors.js';
import { Dropout } from '../nn/dropout.js';
import { Embedding } from '../nn/embedding.js';
import type { KeyValueCache } from '../nn/key-value-cache.js';
import { LayerNorm } from '../nn/layer-norm.js';
import { Linear } from '../nn/linear.js';
import { Module } from '../nn/module.js';
import { type PositionKind, Positions } from '../nn/positions.js';
import { TransformerBlock } from '../nn/transformer-block.js';
import type { Weights } from '../ops/attention-options.js';
import { add } from '../ops/elementwise.js';
import { swapAxes } from '../ops/layout.js';
import type { RandomStream } from '../random.js';
import type { Tensor } from '../tensor.js';
import { TransformerDecoder } from './transformer-decoder.js';

type Sequence = Tensor<[batch: number, time: number, features: number]>;

export interface TransformerLMOptions {
  /** V */
  readonly vocabularySize: number;
  /** E, size of a token's vector throughout; a multiple of `numHeads`. */
  readonly embeddingSize: number;
  /** N */
  readonly numHeads: number;
  /** Blocks. */
  readonly numLayers: number;
  /** C, tokens that a prediction can see. */
  readonly contextSize: number;
  /** Entries between the two linear layers of a block. Defaults to 4 E. */
  readonly feedForwardSize?: number;
  /** Defaults to `'learned'`. */
  readonly positions?: PositionKind;
  /** Of the vectors that enter, and inside the blocks, in [0, 1). Defaults to 0. */
  readonly dropout?: number;
  /** Stream of the first weights. */
  readonly random: RandomStream;
  /** Stream of dropout masks. */
  readonly dropoutRandom: RandomStream;
}

/**
 * x = embedding(ids) + P; x <- block(x) for each; logits = W norm(x) + b. Blocks normalise what enters them.
 * The blocks' weights have the names of PyTorch's `nn.TransformerEncoder` with `norm`, under `transformer.`:
 * `transformer.layers.0.self_attn.in_proj_weight`; the others are `embedding.weight`, `position.weight`, `head.*`.
 */
export class TransformerLM extends Module {
  readonly embedding: Embedding;
  readonly positions: Positions;
  readonly blocks: readonly TransformerBlock[];
  readonly head: Linear;
  readonly contextSize: number;
  readonly #dropout: Dropout;
  /** Of what leaves the last block. */
  readonly norm: LayerNorm;

  constructor(options: TransformerLMOptions) {
    super();
    const { vocabularySize, embeddingSize: E, numHeads, numLayers, contextSize, random } = options;
    const { positions = 'learned', dropout = 0, dropoutRandom } = options;
    const { feedForwardSize = 4 * E } = options;
    this.contextSize = contextSize;
    this.embedding = this.child('embedding', new Embedding(vocabularySize, E, { random }));
    this.positions = this.child('position', new Positions(contextSize, E, { kind: positions, random }));
    this.#dropout = this.child('dropout', new Dropout(dropout, { random: dropoutRandom }));
    const block = { feedForwardSize, dropout, random, dropoutRandom };
    this.blocks = Array.from({ length: numLayers }, (_, layer) =>
      this.child(`transformer.layers.${layer}`, new TransformerBlock(E, numHeads, block)),
    );
    this.norm = this.child('transformer.norm', new LayerNorm(E));
    this.head = this.child('head', new Linear(E, vocabularySize, { random }));
  }

  /**
   * Shapes: ids [T, B] with T <= C, logits [T, B, V]; with `returnWeights` also what each block's heads attended to,
   * [B, N, T, T] by block.
   * @throws ShapeError for more than C tokens
   */
  forward(
    ids: Tensor<[number, number]>,
    { returnWeights = false }: { readonly returnWeights?: boolean } = {},
  ): { readonly logits: Tensor<[number, number, number]>; readonly weights: readonly Tensor<Weights>[] } {
    const [T] = ids.shape;
    if (T > this.contextSize) {
      throw new ShapeError(`TransformerLM: ids must be [T, B] with T <= ${this.contextSize}, got T = ${T}`);
    }
    return this.ofVectors(this.embedding.forward(ids), { returnWeights });
  }

  /** The same for embedded ids, [T, B, E], without their positions. */
  ofVectors(
    vectors: Tensor<[number, number, number]>,
    { returnWeights = false }: { readonly returnWeights?: boolean } = {},
  ): { readonly logits: Tensor<[number, number, number]>; readonly weights: readonly Tensor<Weights>[] } {
    const weights: Tensor<Weights>[] = [];
    let x = this.#enter(swapAxes(vectors), 0);
    for (const block of this.blocks) {
      const result = block.forward(x, { causal: true, returnWeights });
      x = result.output;
      if (result.weights !== undefined) weights.push(result.weights);
    }
    return { logits: swapAxes(this.#leave(x)), weights };
  }

  /** Logits [B, T, V] behind each of ids [B, T], which follow what `caches` hold, one for each block. */
  extend(ids: Tensor<[number, number]>, caches: readonly KeyValueCache[]): Tensor<[number, number, number]> {
    let x = this.#enter(this.embedding.forward(ids), caches[0]!.length);
    for (const [layer, block] of this.blocks.entries()) x = block.extend(x, caches[layer]!);
    return this.#leave(x);
  }

  /** The model one token at a time, for generation and beam search. @param rows - at most; defaults to 1 */
  decoder(rows = 1): TransformerDecoder {
    return new TransformerDecoder(this, rows);
  }

  #enter(x: Sequence, start: number): Sequence {
    return this.#dropout.forward(add(x, this.positions.forward(start, x.shape[1])) as Sequence);
  }

  #leave(x: Sequence): Sequence {
    return this.head.forward<[number, number]>(this.norm.forward(x));
  }
}
