/** Keys and values of the steps that self-attention has read, so that a further step projects itself alone. */
import { ArgumentError } from '../errors.js';
import { embedding } from '../ops/embedding.js';
import { reshape } from '../ops/layout.js';
import { noGrad } from '../tape.js';
import { ids, scope, type Tensor } from '../tensor.js';
import { lasting } from './recurrent-input.js';

type Heads = Tensor<[batch: number, steps: number, heads: number, size: number]>;

/** Of one layer, for up to `capacity` rows and C steps; it lives until `dispose()`. */
export class KeyValueCache {
  readonly #size: readonly [steps: number, heads: number, entries: number];
  readonly #keys: Heads;
  readonly #values: Heads;
  #rows: number;
  #length = 0;

  constructor(capacity: number, steps: number, heads: number, entries: number) {
    this.#size = [steps, heads, entries];
    this.#keys = lasting([capacity, steps, heads, entries]);
    this.#values = lasting([capacity, steps, heads, entries]);
    this.#rows = capacity;
  }

  /** Steps read so far. */
  get length(): number {
    return this.#length;
  }

  /** [rows, C, heads, D], of which `length` steps are filled. */
  get keys(): Heads {
    return this.#keys.part(0, [this.#rows, ...this.#size]);
  }

  get values(): Heads {
    return this.#values.part(0, [this.#rows, ...this.#size]);
  }

  /** Forget all steps; `rows` rows begin anew. */
  start(rows: number): void {
    this.#rows = rows;
    this.#length = 0;
  }

  /** Add steps, [rows, T, heads, D]. @throws ArgumentError when there is no room */
  append(keys: Heads, values: Heads): void {
    const [rows, T, heads, entries] = keys.shape;
    const [steps] = this.#size;
    if (rows !== this.#rows || this.#length + T > steps) {
      throw new ArgumentError(
        `KeyValueCache: there must be room for ${this.#rows} rows of ${steps - this.#length} steps, got ${rows} of ${T}`,
      );
    }
    const step = heads * entries;
    for (const [all, added] of [
      [this.#keys, keys],
      [this.#values, values],
    ] as const) {
      const { kernel } = all;
      for (let b = 0; b < rows; b += 1) {
        const to = all.part((b * steps + this.#length) * step, [T * step]);
        const from = added.part(b * T * step, [T * step]);
        kernel.check('KeyValueCache', kernel.calls.copy(to.offset, from.offset, T * step));
      }
    }
    this.#length += T;
  }

  /** Row b goes on from row `from[b]`. */
  select(from: ArrayLike<number>): void {
    const size = this.#size.reduce((product, n) => product * n, 1);
    noGrad(() =>
      scope(() => {
        const rows = ids(from, [from.length]);
        for (const all of [this.#keys, this.#values]) {
          const chosen = embedding(
            rows,
            reshape(all.part(0, [this.#rows, ...this.#size]), [this.#rows, size]),
          );
          const { kernel } = all;
          kernel.check('KeyValueCache', kernel.calls.copy(all.offset, chosen.offset, chosen.size));
        }
      }),
    );
    this.#rows = from.length;
  }

  dispose(): void {
    this.#keys.dispose();
    this.#values.dispose();
  }
}
