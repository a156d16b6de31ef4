import { ArgumentError } from '../errors.js';
import { attention } from '../ops/attention.js';
import type { AttentionOptions, Weights } from '../ops/attention-options.js';
import { narrow, reshape } from '../ops/layout.js';
import { linear } from '../ops/matmul.js';
import type { RandomStream } from '../random.js';
import type { Tensor } from '../tensor.js';
import { defaultInit } from './init.js';
import { KeyValueCache } from './key-value-cache.js';
import { expectSize, Linear } from './linear.js';
import { Module } from './module.js';

type Sequence = Tensor<[batch: number, time: number, features: number]>;
type Heads = Tensor<[batch: number, time: number, heads: number, size: number]>;

export interface MultiHeadAttentionOptions {
  /** Heads of keys and values, a divisor of the heads of queries. Defaults to as many. */
  readonly kvHeads?: number;
  /** Entries of a key before its projection (PyTorch's `kdim`). Defaults to E. */
  readonly keySize?: number;
  /** Entries of a value before its projection (PyTorch's `vdim`). Defaults to E. */
  readonly valueSize?: number;
  /** Defaults to true. */
  readonly bias?: boolean;
  /** Stream of the first weights; defaults to the one of `manualSeed`. */
  readonly random?: RandomStream;
}

export interface MultiHeadAttentionOutput<W = Tensor<Weights> | undefined> {
  /** [B, T, E] */
  readonly output: Sequence;
  /** Of every head, [B, N, T, S]; with `returnWeights`. */
  readonly weights: W;
}

/**
 * y = W_o [head_1 .. head_N] + b_o, head_n = {@link attention} of W_q x, W_k x_k, W_v x_v in N parts of E / N entries.
 *
 * Weights in PyTorch's layout: `in_proj_weight [3*E, E]`, or, where keys or values have sizes of their own, `q_proj_weight
 * [E, E]`, `k_proj_weight [E, keySize]`, `v_proj_weight [E, valueSize]`; `in_proj_bias [3*E]`, `out_proj.weight [E, E]`,
 * `out_proj.bias [E]`. With fewer heads of keys and values the parts for k and v have kvHeads * E / N rows each.
 * First weights as PyTorch's: Xavier uniform, biases 0, `out_proj.weight` U(-1/sqrt(E), 1/sqrt(E)).
 *
 * Masks are those of {@link attention}: of ids, those at 0 hide a key. PyTorch's module takes the opposite.
 * Source: Vaswani et al. 2017; Ainslie et al. 2023 (grouped queries).
 */
export class MultiHeadAttention extends Module {
  readonly numHeads: number;
  readonly kvHeads: number;
  readonly #embeddingSize: number;
  /** Of q, k, v in turn. */
  readonly #weights: () => Tensor<[number, number]>[];
  readonly #bias: Tensor<[number]> | undefined;
  readonly #out: Linear;

  constructor(embeddingSize: number, numHeads: number, options: MultiHeadAttentionOptions = {}) {
    super();
    const E = embeddingSize;
    const { kvHeads = numHeads, keySize = E, valueSize = E, bias = true, random = defaultInit() } = options;
    for (const [name, size] of Object.entries({ embeddingSize, numHeads, kvHeads, keySize, valueSize })) {
      expectSize('MultiHeadAttention', name, size);
    }
    if (E % numHeads !== 0 || numHeads % kvHeads !== 0) {
      throw new ArgumentError(
        `MultiHeadAttention: embeddingSize must be a multiple of numHeads and that of kvHeads, got ${E}, ${numHeads} and ${kvHeads}`,
      );
    }
    this.#embeddingSize = E;
    this.numHeads = numHeads;
    this.kvHeads = kvHeads;
    const rows = this.#rows;
    const all = rows.reduce((sum, n) => sum + n, 0);
    const weight = (name: string, outputs: number, inputs: number): Tensor<[number, number]> => {
      const bound = Math.sqrt(6 / (outputs + inputs));
      return this.parameter(name, [outputs, inputs], (target) => random.fillUniform(target, -bound, bound));
    };
    if (keySize === E && valueSize === E) {
      const packed = weight('in_proj_weight', all, E);
      this.#weights = () => this.#parts(packed);
    } else {
      const q = weight('q_proj_weight', rows[0], E);
      const k = weight('k_proj_weight', rows[1], keySize);
      const v = weight('v_proj_weight', rows[2], valueSize);
      this.#weights = () => [q, k, v];
    }
    this.#bias = bias ? this.parameter('in_proj_bias', [all], (target) => target.view().fill(0)) : undefined;
    this.#out = this.child('out_proj', new Linear(E, E, { bias, random }));
    this.#out.bias?.view().fill(0);
  }

  /** Rows of the projections of q, k and v. */
  get #rows(): readonly [q: number, k: number, v: number] {
    const E = this.#embeddingSize;
    const shared = (E / this.numHeads) * this.kvHeads;
    return [E, shared, shared];
  }

  /** The rows of q, k and v of a parameter that holds all three. */
  #parts<S extends readonly [number, ...number[]]>(packed: Tensor<S>): Tensor<S>[] {
    let start = 0;
    return this.#rows.map((count) => {
      start += count;
      return narrow(packed, start - count, count);
    });
  }

  /**
   * Shapes: query [B, T, E], key [B, S, keySize], value [B, S, valueSize]; key and value default to the query, value to the key.
   * With `returnWeights` also the weights of every head; PyTorch returns their mean over heads.
   */
  forward(
    query: Sequence,
    key: Sequence | undefined,
    value: Sequence | undefined,
    options: AttentionOptions & { readonly returnWeights: true },
  ): MultiHeadAttentionOutput<Tensor<Weights>>;
  forward(
    query: Sequence,
    key?: Sequence,
    value?: Sequence,
    options?: AttentionOptions,
  ): MultiHeadAttentionOutput;
  forward(
    query: Sequence,
    key: Sequence = query,
    value: Sequence = key,
    options: AttentionOptions = {},
  ): MultiHeadAttentionOutput {
    const { output, weights } = attention(...this.#project(query, key, value), options);
    return { output: this.#joined(output), weights };
  }

  /** A cache for self-attention over up to C steps. @param rows - at most */
  cache(rows: number, steps: number): KeyValueCache {
    return new KeyValueCache(rows, steps, this.kvHeads, this.#embeddingSize / this.numHeads);
  }

  /**
   * Causal self-attention of steps that follow those in `cache`, which takes them up. Shapes: x, result [B, T, E].
   * @throws ArgumentError for several steps behind others, or more than the cache has room for
   */
  extend(x: Sequence, cache: KeyValueCache): Sequence {
    const [B, T] = x.shape;
    if (T > 1 && cache.length > 0) {
      throw new ArgumentError(
        `MultiHeadAttention: x must be one step behind those in the cache, got ${T} behind ${cache.length}`,
      );
    }
    const [q, k, v] = this.#project(x, x, x);
    const first = cache.length === 0;
    cache.append(k, v);
    const { output } = first
      ? attention(q, k, v, { causal: true })
      : attention(q, cache.keys, cache.values, { keyLengths: new Array<number>(B).fill(cache.length) });
    return this.#joined(output);
  }

  /** q [B, T, N, D], k and v [B, S, kvHeads, D]. */
  #project(query: Sequence, key: Sequence, value: Sequence) {
    const [wq, wk, wv] = this.#weights();
    const [bq, bk, bv] = this.#bias === undefined ? [] : this.#parts(this.#bias);
    const heads = (x: Sequence, w: Tensor<[number, number]>, b: Tensor<[number]> | undefined, n: number) => {
      const y = linear<[number, number]>(x, w, b);
      const [B, T, size] = y.shape;
      return reshape(y, [B, T, n, size / n]) as Heads;
    };
    return [
      heads(query, wq!, bq, this.numHeads),
      heads(key, wk!, bk, this.kvHeads),
      heads(value, wv!, bv, this.kvHeads),
    ] as const;
  }

  /** The heads side by side, through the last projection. */
  #joined(heads: Heads): Sequence {
    const [B, T] = heads.shape;
    return this.#out.forward<[number, number]>(reshape(heads, [B, T, this.#embeddingSize]));
  }
}
