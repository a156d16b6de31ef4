/** Attention of a decoder's state over an encoder's outputs, with what depends on the keys alone worked out once. */
import { ArgumentError, ShapeError } from '../errors.js';
import { additiveAttention, attention } from '../ops/attention.js';
import type { AttentionOptions, Weights } from '../ops/attention-options.js';
import { reshape } from '../ops/layout.js';
import type { RandomStream } from '../random.js';
import { formatShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { Linear } from './linear.js';
import { Module } from './module.js';

type Sequence = Tensor<[batch: number, time: number, features: number]>;
/** One step [B, Q], or several [B, T, Q]. */
type Query = readonly [number, number] | readonly [number, number, number];

/** Keys as the scores want them, and the values; made once per sequence, used at every step. */
export interface AttentionMemory {
  /** [B, S, D] */
  readonly keys: Sequence;
  /** [B, S, V] */
  readonly values: Sequence;
}

export interface DecoderAttentionOutput<S extends Query> {
  /** The context: [B, V] or [B, T, V]. */
  readonly output: Tensor<S>;
  /** The alignment, [B, 1, T, S]; with `returnWeights`. */
  readonly weights: Tensor<Weights> | undefined;
}

interface Attended {
  readonly output: Sequence;
  readonly weights: Tensor<Weights> | undefined;
}

/** What the scores of a decoder have in common: one step or several. */
abstract class DecoderAttention extends Module {
  /** Project the keys [B, S, K] once per sequence; values [B, S, V] default to the keys. */
  abstract memory(keys: Sequence, values?: Sequence): AttentionMemory;

  protected abstract attend(query: Sequence, memory: AttentionMemory, options: AttentionOptions): Attended;

  /** Shapes: query [B, Q] or [B, T, Q], output [B, V] or [B, T, V]. Options: see {@link attention}. */
  forward<S extends Query>(
    query: Tensor<S>,
    memory: AttentionMemory,
    options: AttentionOptions = {},
  ): DecoderAttentionOutput<S> {
    const [B, ...rest] = query.shape as readonly number[];
    if (rest.length !== 1 && rest.length !== 2) {
      throw new ShapeError(
        `DecoderAttention: query must be [B, Q] or [B, T, Q], got ${formatShape(query.shape)}`,
      );
    }
    const [T, Q] = rest.length === 1 ? [1, rest[0]!] : (rest as [number, number]);
    const steps = rest.length === 1 ? reshape(query, [B!, 1, Q]) : (query as unknown as Sequence);
    const { output, weights } = this.attend(steps, memory, options);
    const V = output.shape[2];
    const shape = rest.length === 1 ? [B!, V] : [B!, T, V];
    return { output: reshape(output, shape) as unknown as Tensor<S>, weights };
  }
}

export interface AdditiveAttentionOptions {
  /** Add a bias inside the tanh. Defaults to true. */
  readonly bias?: boolean;
  /** Stream of the first weights; defaults to the one of `manualSeed`. */
  readonly random?: RandomStream;
}

/**
 * p = softmax(v^T tanh(W_q q + W_k k + b)), o = sum_s p_s values_s.
 * Weights: `query.weight [A, Q]`, `key.weight [A, K]`, `key.bias [A]` (b), `score.weight [1, A]` (v); each starts as a
 * {@link Linear} does. Source: Bahdanau, Cho & Bengio 2015.
 */
export class AdditiveAttention extends DecoderAttention {
  readonly #query: Linear;
  readonly #key: Linear;
  readonly #score: Linear;

  constructor(
    querySize: number,
    keySize: number,
    attentionSize: number,
    options: AdditiveAttentionOptions = {},
  ) {
    super();
    const { bias = true, random } = options;
    const stream = random === undefined ? {} : { random };
    this.#query = this.child('query', new Linear(querySize, attentionSize, { bias: false, ...stream }));
    this.#key = this.child('key', new Linear(keySize, attentionSize, { bias, ...stream }));
    this.#score = this.child('score', new Linear(attentionSize, 1, { bias: false, ...stream }));
  }

  memory(keys: Sequence, values: Sequence = keys): AttentionMemory {
    return { keys: this.#key.forward<[number, number]>(keys), values };
  }

  protected attend(query: Sequence, { keys, values }: AttentionMemory, options: AttentionOptions): Attended {
    const w = reshape(this.#score.weight, [this.#score.weight.size]);
    return additiveAttention(this.#query.forward<[number, number]>(query), keys, values, w, options);
  }
}

/**
 * - `'dot'`: q^T k; `'scaled'`: q^T k / sqrt(D). No weights.
 * - `'general'`: q^T W k.
 */
export type DotScore = 'dot' | 'scaled' | 'general';

export interface DotAttentionOptions {
  /** Defaults to `'dot'`. */
  readonly score?: DotScore;
  /** Entries of a query, with `'general'`. */
  readonly querySize?: number;
  /** Entries of a key, with `'general'`. Defaults to querySize. */
  readonly keySize?: number | undefined;
  /** Stream of the first weights; defaults to the one of `manualSeed`. */
  readonly random?: RandomStream;
}

/**
 * p = softmax(q^T k), o = sum_s p_s values_s, with Luong's scores.
 * Weights of `'general'`: `key.weight [Q, K]` (W), which starts as a {@link Linear} does. Source: Luong, Pham & Manning 2015.
 */
export class DotAttention extends DecoderAttention {
  readonly score: DotScore;
  readonly #key: Linear | undefined;

  constructor(options: DotAttentionOptions = {}) {
    super();
    const { score = 'dot', querySize, keySize = querySize, random } = options;
    if (score !== 'dot' && score !== 'scaled' && score !== 'general') {
      throw new ArgumentError(`DotAttention: score must be dot, scaled or general, got ${String(score)}`);
    }
    if (score === 'general' && querySize === undefined) {
      throw new ArgumentError('DotAttention: querySize must be given with score general, got none');
    }
    this.score = score;
    const stream = random === undefined ? {} : { random };
    this.#key =
      score === 'general'
        ? this.child('key', new Linear(keySize!, querySize!, { bias: false, ...stream }))
        : undefined;
  }

  memory(keys: Sequence, values: Sequence = keys): AttentionMemory {
    return { keys: this.#key?.forward<[number, number]>(keys) ?? keys, values };
  }

  protected attend(query: Sequence, { keys, values }: AttentionMemory, options: AttentionOptions): Attended {
    const scale = this.score === 'scaled' ? undefined : 1;
    return attention(query, keys, values, { scale, ...options });
  }
}
