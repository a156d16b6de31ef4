/** What the first of stacked recurrent layers reads in single steps: rows of an embedding by id. */
import { CELLS } from '../ops/recurrent.js';
import type { Rank, Shape } from '../shape.js';
import { keep, scope, type Tensor, zeros } from '../tensor.js';
import type { Recurrent } from './recurrent.js';

type Matrix = Tensor<[rows: number, size: number]>;

/** Tables up to this size are kept; beyond it they would crowd out the weights. */
const TABLE_BYTES = 1 << 26;

/** Products x W_ih^T of rows x of an embedding as rows of gates, [V, blocks*H]; filled where they were asked for. */
export class InputTable {
  readonly embedding: Matrix;
  readonly #recurrent: Recurrent;
  readonly #rows: Matrix;
  readonly #filled: Uint8Array;

  static fits({ cell, options }: Recurrent, embedding: Matrix): boolean {
    const entries = embedding.shape[0] * CELLS[cell].blocks * options.hiddenSize;
    return entries * embedding.kernel.realBytes <= TABLE_BYTES;
  }

  constructor(recurrent: Recurrent, embedding: Matrix) {
    const [V] = embedding.shape;
    this.embedding = embedding;
    this.#recurrent = recurrent;
    this.#rows = lasting([V, CELLS[recurrent.cell].blocks * recurrent.options.hiddenSize]);
    this.#filled = new Uint8Array(V);
  }

  get offset(): number {
    return this.#rows.offset;
  }

  /** Compute the rows of these ids that are missing. */
  fill(chosen: ArrayLike<number>): void {
    for (let b = 0; b < chosen.length; b += 1) {
      const id = chosen[b]!;
      if (this.#filled[id] !== 0) continue;
      const { inputSize: I, hiddenSize: H } = this.#recurrent.options;
      const [, width] = this.#rows.shape;
      const { kernel } = this.#rows;
      const { offset: row } = this.#rows.part(id * width, [1, width]);
      const { offset: x } = this.embedding.part(id * I, [1, I]);
      const { weightIh } = this.#recurrent.layers[0]![0]!;
      const { code } = CELLS[this.#recurrent.cell];
      const status = kernel.calls.recurrent_input_rows(row, x, weightIh.offset, code, 1, I, H);
      kernel.check('RecurrentSteps', status);
      this.#filled[id] = 1;
    }
  }

  forget(): void {
    this.#filled.fill(0);
  }

  dispose(): void {
    this.#rows.dispose();
  }
}

/** Rows of an embedding as they are, for vocabularies whose table would be too large. */
export class InputRows {
  readonly embedding: Matrix;
  readonly #rows: Matrix;

  constructor(embedding: Matrix, capacity: number) {
    this.embedding = embedding;
    this.#rows = lasting([capacity, embedding.shape[1]]);
  }

  /** The offset of x [count, I]. */
  gather(ids: number, count: number): number {
    const [V, I] = this.embedding.shape;
    const { kernel, offset } = this.#rows;
    kernel.check(
      'RecurrentSteps',
      kernel.calls.embedding_forward(offset, this.embedding.offset, ids, count, V, I),
    );
    return offset;
  }

  dispose(): void {
    this.#rows.dispose();
  }
}

/** Zeros that outlive every scope. */
export function lasting<const S extends Shape>(shape: S): Tensor<Rank<S>> {
  return scope(() => keep(zeros(shape as unknown as Rank<S>)));
}
