import { ArgumentError } from '../errors.js';
import type { AttentionOptions, Weights } from '../ops/attention-options.js';
import { add, relu } from '../ops/elementwise.js';
import type { RandomStream } from '../random.js';
import type { Tensor } from '../tensor.js';
import { Dropout } from './dropout.js';
import type { KeyValueCache } from './key-value-cache.js';
import { LayerNorm } from './layer-norm.js';
import { expectSize, Linear } from './linear.js';
import { Module } from './module.js';
import { MultiHeadAttention } from './multi-head-attention.js';

type Sequence = Tensor<[batch: number, time: number, features: number]>;

export interface TransformerBlockOptions {
  /** Entries between the two linear layers. Defaults to 4 E. */
  readonly feedForwardSize?: number;
  /** Heads of keys and values. Defaults to numHeads. */
  readonly kvHeads?: number;
  /** Normalise what goes into each part (`'pre'`) or what comes out of the sum (`'post'`, as in the paper). Defaults to `'pre'`. */
  readonly norm?: 'pre' | 'post';
  /** Of the outputs of both parts and of the entries between the linear layers. Defaults to 0. */
  readonly dropout?: number;
  /** Stream of the first weights; defaults to the one of `manualSeed`. */
  readonly random?: RandomStream;
  /** Stream of the dropout masks; defaults to the one of `manualSeed`. */
  readonly dropoutRandom?: RandomStream;
}

export interface TransformerBlockOutput {
  /** [B, T, E] */
  readonly output: Sequence;
  /** [B, N, T, T]; with `returnWeights`. */
  readonly weights: Tensor<Weights> | undefined;
}

/**
 * x <- x + attention(norm(x)); x <- x + W_2 relu(W_1 norm(x)), or with norm `'post'` x <- norm(x + ...).
 * Names are those of PyTorch's `nn.TransformerEncoderLayer`: `self_attn.*`, `linear1.*`, `linear2.*`, `norm1.*`, `norm2.*`;
 * give `causal` for a decoder-only model. Source: Vaswani et al. 2017; Xiong et al. 2020 (norm first).
 */
export class TransformerBlock extends Module {
  readonly norm: 'pre' | 'post';
  readonly attention: MultiHeadAttention;
  readonly linear1: Linear;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly #dropout: Dropout;

  constructor(embeddingSize: number, numHeads: number, options: TransformerBlockOptions = {}) {
    super();
    const { feedForwardSize = 4 * embeddingSize, norm = 'pre', dropout = 0, kvHeads = numHeads } = options;
    if (norm !== 'pre' && norm !== 'post') {
      throw new ArgumentError(`TransformerBlock: norm must be pre or post, got ${String(norm)}`);
    }
    expectSize('TransformerBlock', 'feedForwardSize', feedForwardSize);
    this.norm = norm;
    const random = options.random === undefined ? {} : { random: options.random };
    this.attention = this.child(
      'self_attn',
      new MultiHeadAttention(embeddingSize, numHeads, { kvHeads, ...random }),
    );
    this.linear1 = this.child('linear1', new Linear(embeddingSize, feedForwardSize, random));
    this.linear2 = this.child('linear2', new Linear(feedForwardSize, embeddingSize, random));
    this.norm1 = this.child('norm1', new LayerNorm(embeddingSize));
    this.norm2 = this.child('norm2', new LayerNorm(embeddingSize));
    const { dropoutRandom } = options;
    this.#dropout = this.child(
      'dropout',
      new Dropout(dropout, dropoutRandom === undefined ? {} : { random: dropoutRandom }),
    );
  }

  /** Shapes: x, output [B, T, E]. Options: see {@link attention}. */
  forward(x: Sequence, options: AttentionOptions = {}): TransformerBlockOutput {
    let weights: Tensor<Weights> | undefined;
    const output = this.#around(x, (input) => {
      const result = this.attention.forward(input, input, input, options);
      weights = result.weights;
      return result.output;
    });
    return { output, weights };
  }

  /** A cache for {@link extend}. @param rows - at most */
  cache(rows: number, steps: number): KeyValueCache {
    return this.attention.cache(rows, steps);
  }

  /** Causal, for steps that follow those in `cache`: see {@link MultiHeadAttention.extend}. Shapes: x, result [B, T, E]. */
  extend(x: Sequence, cache: KeyValueCache): Sequence {
    return this.#around(x, (input) => this.attention.extend(input, cache));
  }

  /** The block around its attention. */
  #around(x: Sequence, attend: (input: Sequence) => Sequence): Sequence {
    const feedForward = (input: Sequence): Sequence => {
      const inner = relu(this.linear1.forward<[number, number]>(input));
      return this.#dropout.forward(this.linear2.forward<[number, number]>(this.#dropout.forward(inner)));
    };
    const residual = (input: Sequence, norm: LayerNorm, part: (input: Sequence) => Sequence): Sequence =>
      this.norm === 'pre'
        ? (add(input, part(norm.forward(input))) as Sequence)
        : norm.forward(add(input, part(input)) as Sequence);
    const attended = residual(x, this.norm1, (input) => this.#dropout.forward(attend(input)));
    return residual(attended, this.norm2, feedForward);
  }
}
