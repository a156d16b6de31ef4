/** A weight in the order in which single steps read it. */
import { keep, scope, type Tensor, zeros } from '../tensor.js';

/** The packed form of a weight [rows, inner]: made when first asked for, and again after `forget()`. */
export class PackedWeight {
  readonly #weight: Tensor<[rows: number, inner: number]>;
  #packed: Tensor<[number]> | undefined;
  #current = false;

  constructor(weight: Tensor<[rows: number, inner: number]>) {
    this.#weight = weight;
  }

  get offset(): number {
    if (!this.#current) this.#pack();
    return this.#packed!.offset;
  }

  /** The weight has changed. */
  forget(): void {
    this.#current = false;
  }

  dispose(): void {
    this.#packed?.dispose();
  }

  #pack(): void {
    const { kernel, offset, shape } = this.#weight;
    this.#packed ??= scope(() => keep(zeros([kernel.calls.packed_rows_size(...shape)])));
    kernel.check('RecurrentSteps', kernel.calls.pack_rows(this.#packed.offset, offset, ...shape));
    this.#current = true;
  }
}
