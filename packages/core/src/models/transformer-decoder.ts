/** A Transformer language model step by step: keys and values of what it has read stay in caches. */
import { ArgumentError, DataError } from '../errors.js';
import type { KeyValueCache } from '../nn/key-value-cache.js';
import { noGrad } from '../tape.js';
import { ids, keep, scope, type Tensor, zeros } from '../tensor.js';
import type { Decoder } from './decoder.js';
import type { TransformerLM } from './transformer-lm.js';

type Logits = Tensor<[rows: number, vocabulary: number]>;

/**
 * A step costs one token through every block, whatever was read before. When the context is full its later half is read
 * again from position 0, so that a prediction always sees at least half a context. Logits are those of the model read
 * as a whole, but for the order of sums. In evaluation: no dropout.
 */
export class TransformerDecoder implements Decoder {
  readonly vocabularySize: number;
  readonly #model: TransformerLM;
  readonly #capacity: number;
  readonly #caches: readonly KeyValueCache[];
  /** [capacity, V] */
  readonly #all: Logits;
  /** What each row has read since its context began. */
  #read: number[][] = [[]];

  /** @param capacity - rows at most; defaults to 1 */
  constructor(model: TransformerLM, capacity = 1) {
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new ArgumentError(`TransformerDecoder: capacity must be a whole number >= 1, got ${capacity}`);
    }
    this.#model = model;
    this.#capacity = capacity;
    this.vocabularySize = model.head.weight.shape[0];
    this.#caches = model.blocks.map((block) => block.cache(capacity, model.contextSize));
    this.#all = scope(() => keep(zeros([capacity, this.vocabularySize])));
    this.#start([[]]);
  }

  /** Begin anew in one row and read a text, of which the last C ids count. @returns logits [1, V] of what follows */
  read(prompt: ArrayLike<number>): Logits {
    if (prompt.length === 0) throw new DataError('TransformerDecoder: prompt must have ids, got none');
    return this.#start([Array.from(prompt).slice(-this.#model.contextSize)]);
  }

  step(chosen: ArrayLike<number>): Logits {
    if (chosen.length !== this.#read.length) {
      throw new ArgumentError(
        `TransformerDecoder: ids must be one per row, ${this.#read.length}, got ${chosen.length}`,
      );
    }
    for (const [b, id] of Array.from(chosen).entries()) this.#read[b]!.push(id);
    const { contextSize } = this.#model;
    const kept = Math.max(1, Math.ceil(contextSize / 2));
    if (this.#read[0]!.length > contextSize) return this.#start(this.#read.map((row) => row.slice(-kept)));
    return this.#extend(this.#read.map((row) => row.slice(-1)));
  }

  select(from: ArrayLike<number>): void {
    if (from.length < 1 || from.length > this.#capacity) {
      throw new ArgumentError(
        `TransformerDecoder: rows must be in [1, ${this.#capacity}], got ${from.length}`,
      );
    }
    this.#read = Array.from(from, (row) => [...this.#read[row]!]);
    for (const cache of this.#caches) cache.select(from);
  }

  /** The model's weights have changed: what was read counts as it was. */
  forget(): void {}

  dispose(): void {
    for (const cache of this.#caches) cache.dispose();
    this.#all.dispose();
  }

  /** Read rows from position 0. */
  #start(rows: number[][]): Logits {
    this.#read = rows;
    for (const cache of this.#caches) cache.start(rows.length);
    return this.#extend(rows);
  }

  /** @returns logits behind the last of the ids of each row */
  #extend(rows: readonly number[][]): Logits {
    const [B, T, V] = [rows.length, rows[0]!.length, this.vocabularySize];
    const logits: Logits = this.#all.part(0, [B, V]);
    if (T === 0) return logits;
    const { training } = this.#model;
    this.#model.eval();
    try {
      noGrad(() =>
        scope(() => {
          const all = this.#model.extend(ids(rows.flat(), [B, T]), this.#caches);
          const { kernel } = logits;
          for (let b = 0; b < B; b += 1) {
            const [to, from] = [logits.part(b * V, [V]), all.part((b * T + T - 1) * V, [V])];
            kernel.check('TransformerDecoder', kernel.calls.copy(to.offset, from.offset, V));
          }
        }),
      );
    } finally {
      this.#model.train(training);
    }
    return logits;
  }
}
