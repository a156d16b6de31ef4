/**
 * Batches of examples of similar length, in an order drawn anew each epoch: little padding, yet random. The order of an
 * epoch depends on the seed and the epoch alone, so a place in it is two numbers.
 */
import { DataError } from '../errors.js';
import { RandomStream } from '../random.js';

export interface BucketPosition {
  readonly epoch: number;
  /** Batches taken in this epoch. */
  readonly batch: number;
}

export interface BucketOptions {
  /** B; the last batch of an epoch may be smaller. */
  readonly batchSize: number;
  readonly seed: number;
  /** Examples are sorted by length within pools of this many batches; 1 = no bucketing. Defaults to 16. */
  readonly poolBatches?: number;
}

export class BucketBatches {
  readonly stepsPerEpoch: number;
  #position: BucketPosition = { epoch: 0, batch: 0 };
  readonly #lengths: readonly number[];
  readonly #options: Required<BucketOptions>;
  #order: { readonly epoch: number; readonly batches: readonly (readonly number[])[] } | undefined;

  constructor(lengths: readonly number[], options: BucketOptions) {
    if (lengths.length === 0) throw new DataError('batches: there must be at least one example, got none');
    this.#lengths = lengths;
    this.#options = { poolBatches: 16, ...options };
    this.stepsPerEpoch = Math.ceil(lengths.length / options.batchSize);
  }

  get position(): BucketPosition {
    return this.#position;
  }

  set position(position: BucketPosition) {
    this.#position = position;
  }

  /** Indices of the next batch's examples; the position moves on. */
  next(): readonly number[] {
    let { epoch, batch } = this.#position;
    if (batch >= this.stepsPerEpoch) {
      epoch += 1;
      batch = 0;
    }
    if (this.#order?.epoch !== epoch) this.#order = { epoch, batches: this.#shuffled(epoch) };
    this.#position = { epoch, batch: batch + 1 };
    return this.#order.batches[batch]!;
  }

  /** Shuffle all, sort each pool by length, cut into batches, shuffle those; the short batch stays last. */
  #shuffled(epoch: number): number[][] {
    const { batchSize, seed, poolBatches } = this.#options;
    const random = new RandomStream(seed, `batches.${epoch}`);
    const examples = shuffle([...this.#lengths.keys()], random);
    const batches: number[][] = [];
    const pool = batchSize * poolBatches;
    for (let start = 0; start < examples.length; start += pool) {
      const sorted = examples
        .slice(start, start + pool)
        .sort((a, b) => this.#lengths[a]! - this.#lengths[b]!);
      for (let at = 0; at < sorted.length; at += batchSize) batches.push(sorted.slice(at, at + batchSize));
    }
    const last = batches.at(-1)!.length < batchSize ? [batches.pop()!] : [];
    return [...shuffle(batches, random), ...last];
  }
}

/** Fisher and Yates's shuffle, in place. */
export function shuffle<T>(items: T[], random: RandomStream): T[] {
  for (let i = items.length - 1; i > 0; i -= 1) {
    const j = random.integer(i + 1);
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items;
}
