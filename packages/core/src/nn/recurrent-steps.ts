/**
 * Single steps of stacked recurrent layers, as generation takes them: states stay in place, weights are copied once into the
 * order in which they are read, and nothing is recorded or allocated. Every row comes out bit for bit as `forward` gives it
 * for one row and one step.
 */
import { ArgumentError, DataError, ShapeError } from '../errors.js';
import { CELLS } from '../ops/recurrent.js';
import { expectShape } from '../shape.js';
import { ids, keep, scope, type Tensor } from '../tensor.js';
import { PackedWeight } from './packed-weight.js';
import type { Recurrent } from './recurrent.js';
import { InputRows, InputTable, lasting } from './recurrent-input.js';

type Matrix = Tensor<[rows: number, size: number]>;
type Cube = Tensor<[layers: number, rows: number, size: number]>;

export class RecurrentSteps {
  readonly recurrent: Recurrent;
  readonly #capacity: number;
  /** By layer, [capacity, H]. */
  readonly #h: readonly Matrix[];
  readonly #c: readonly Matrix[];
  readonly #selected: Matrix;
  readonly #ids: Tensor<[number]>;
  #rows: number;
  #output: Matrix;
  readonly #input: InputTable | InputRows | undefined;
  /** By layer. */
  readonly #weights: readonly { readonly ih: PackedWeight; readonly hh: PackedWeight }[];

  /**
   * @param capacity - rows at most
   * @param embedding - [V, I], for `stepIds`
   * @throws ArgumentError for layers that read from both ends
   */
  constructor(recurrent: Recurrent, capacity: number, embedding?: Matrix) {
    const { inputSize: I, numLayers, hiddenSize: H, bidirectional } = recurrent.options;
    if (bidirectional) {
      throw new ArgumentError('RecurrentSteps: layers must read from the front alone, got both directions');
    }
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new ArgumentError(`RecurrentSteps: capacity must be a whole number >= 1, got ${capacity}`);
    }
    this.recurrent = recurrent;
    this.#capacity = capacity;
    const states = (count: number): Matrix[] => Array.from({ length: count }, () => lasting([capacity, H]));
    this.#h = states(numLayers);
    this.#c = states(CELLS[recurrent.cell].hasC ? numLayers : 0);
    this.#weights = recurrent.layers.map(([layer]) => ({
      ih: new PackedWeight(layer!.weightIh),
      hh: new PackedWeight(layer!.weightHh),
    }));
    this.#selected = lasting([capacity, H]);
    this.#ids = scope(() => keep(ids(new Int32Array(capacity), [capacity])));
    if (embedding !== undefined) {
      const [V] = embedding.shape;
      expectShape('RecurrentSteps', 'embedding', '[V, I]', [V, I], embedding.shape);
      this.#input = InputTable.fits(recurrent, embedding)
        ? new InputTable(recurrent, embedding)
        : new InputRows(embedding, capacity);
    }
    this.#rows = capacity;
    this.#output = this.#h.at(-1)!;
  }

  /** Rows that stand at some state now. */
  get rows(): number {
    return this.#rows;
  }

  /** h of the last layer, [rows, H], overwritten by the next step. */
  get output(): Matrix {
    return this.#output;
  }

  /** Start `rows` rows from these states [L, rows, H]; zeros when left out. */
  start(rows: number, state: { readonly h?: Cube; readonly c?: Cube | undefined } = {}): void {
    this.#expectRows(rows);
    const { numLayers: L, hiddenSize: H } = this.recurrent.options;
    for (const [name, all, states] of [
      ['h', state.h, this.#h],
      ['c', state.c, this.#c],
    ] as const) {
      if (all !== undefined) expectShape('RecurrentSteps', name, '[L, B, H]', [L, rows, H], all.shape);
      for (const [layer, { kernel, offset }] of states.entries()) {
        const status =
          all === undefined
            ? kernel.calls.fill(offset, rows * H, 0)
            : kernel.calls.copy(offset, all.part(layer * rows * H, [rows, H]).offset, rows * H);
        kernel.check('RecurrentSteps', status);
      }
    }
    this.#resize(rows);
  }

  /** One step for x [rows, I]. */
  step(x: Matrix): void {
    const { inputSize: I } = this.recurrent.options;
    expectShape('RecurrentSteps', 'x', '[rows, I]', [this.#rows, I], x.shape);
    this.#run(0, x.offset, I);
  }

  /**
   * One step for the rows of the embedding with these ids. Their products with W_ih are computed when first asked for and
   * kept until `forget()`, unless the table would be too large.
   * @throws DataError for an id outside [0, V)
   */
  stepIds(chosen: ArrayLike<number>): void {
    const input = this.#input;
    if (input === undefined) throw new ArgumentError('RecurrentSteps: ids need an embedding, got none');
    if (chosen.length !== this.#rows) {
      throw new ShapeError(`RecurrentSteps: ids must be one per row, ${this.#rows}, got ${chosen.length}`);
    }
    const { inputSize: I, hiddenSize: H } = this.recurrent.options;
    const [V] = input.embedding.shape;
    for (let b = 0; b < chosen.length; b += 1) {
      const id = chosen[b]!;
      if (!(Number.isInteger(id) && id >= 0 && id < V)) {
        throw new DataError(`RecurrentSteps: ids must be in [0, ${V}), got ${id} at position ${b}`);
      }
    }
    this.#writeIds(chosen);
    if (input instanceof InputRows) {
      this.#run(0, input.gather(this.#ids.offset, this.#rows), I);
      return;
    }
    input.fill(chosen);
    const { biasIh, biasHh } = this.recurrent.layers[0]![0]!;
    const { kernel } = this.#ids;
    kernel.check(
      'RecurrentSteps',
      kernel.calls.recurrent_step_ids(
        this.#h[0]!.offset,
        this.#c[0]?.offset ?? 0,
        input.offset,
        this.#ids.offset,
        this.#weights[0]!.hh.offset,
        biasIh?.offset ?? 0,
        biasHh?.offset ?? 0,
        CELLS[this.recurrent.cell].code,
        V,
        this.#rows,
        H,
      ),
    );
    this.#run(1, this.#h[0]!.offset, H);
  }

  /** Row b goes on from the state of row `from[b]`; there are then `from.length` rows. */
  select(from: ArrayLike<number>): void {
    this.#expectRows(from.length);
    const { hiddenSize: H } = this.recurrent.options;
    const { kernel, offset: selected } = this.#selected;
    const count = from.length * H;
    this.#writeIds(from);
    for (const { offset } of [...this.#h, ...this.#c]) {
      kernel.check(
        'RecurrentSteps',
        kernel.calls.embedding_forward(selected, offset, this.#ids.offset, from.length, this.#rows, H),
      );
      kernel.check('RecurrentSteps', kernel.calls.copy(offset, selected, count));
    }
    this.#resize(from.length);
  }

  /** The weights have changed: copy them and compute products of the input anew. */
  forget(): void {
    for (const { ih, hh } of this.#weights) {
      ih.forget();
      hh.forget();
    }
    if (this.#input instanceof InputTable) this.#input.forget();
  }

  dispose(): void {
    this.#input?.dispose();
    for (const { ih, hh } of this.#weights) {
      ih.dispose();
      hh.dispose();
    }
    for (const state of [...this.#h, ...this.#c, this.#selected, this.#ids]) state.dispose();
  }

  /** Layers from `first` on, the lowest of which reads x [rows, inputs] at this offset. */
  #run(first: number, x: number, inputs: number): void {
    const { numLayers, hiddenSize: H } = this.recurrent.options;
    const { code } = CELLS[this.recurrent.cell];
    for (let layer = first; layer < numLayers; layer += 1) {
      const { biasIh, biasHh } = this.recurrent.layers[layer]![0]!;
      const { ih, hh } = this.#weights[layer]!;
      const h = this.#h[layer]!;
      const { kernel } = h;
      kernel.check(
        'RecurrentSteps',
        kernel.calls.recurrent_step(
          h.offset,
          this.#c[layer]?.offset ?? 0,
          layer === first ? x : this.#h[layer - 1]!.offset,
          ih.offset,
          hh.offset,
          biasIh?.offset ?? 0,
          biasHh?.offset ?? 0,
          code,
          this.#rows,
          layer === first ? inputs : H,
          H,
        ),
      );
    }
  }

  #writeIds(values: ArrayLike<number>): void {
    const { kernel, offset } = this.#ids;
    kernel.int32(offset, values.length).set(values);
  }

  #expectRows(rows: number): void {
    if (Number.isSafeInteger(rows) && rows >= 1 && rows <= this.#capacity) return;
    throw new ArgumentError(`RecurrentSteps: rows must be in [1, ${this.#capacity}], got ${rows}`);
  }

  #resize(rows: number): void {
    if (rows === this.#rows) return;
    this.#rows = rows;
    this.#output = this.#h.at(-1)!.part(0, [rows, this.recurrent.options.hiddenSize]);
  }
}
