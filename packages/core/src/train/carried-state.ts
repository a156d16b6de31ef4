/**
 * The recurrent state that a run carries from window to window, [L, B, H], read and written by rows of the batch. A
 * step writes beside the state it reads, so that a step that fails leaves what it began with.
 */
import type { Kernel, RealArray } from '../kernel/kernel.js';
import type { CharLMState } from '../models/char-lm.js';
import type { Rows } from '../parallel/rows.js';
import { allocate, Tensor } from '../tensor.js';

type StateShape = [layers: number, batch: number, hidden: number];
type StateTensor = Tensor<[number, number, number]>;

export class CarriedState {
  readonly #kernel: Kernel;
  readonly #shape: StateShape;
  readonly #hasC: boolean;
  #now: CharLMState | undefined;
  #next: CharLMState | undefined;
  #fresh = true;

  /** @param hasC - whether the cell has a second state beside h */
  constructor(kernel: Kernel, shape: StateShape, hasC: boolean) {
    this.#kernel = kernel;
    this.#shape = shape;
    this.#hasC = hasC;
  }

  /** Undefined when the next window starts from zero. */
  get state(): CharLMState | undefined {
    return this.#fresh ? undefined : this.#now;
  }

  /** Takes over a copy. */
  set state(state: CharLMState | undefined) {
    this.#fresh = state === undefined;
    if (state === undefined) return;
    this.#now ??= this.#allocate();
    const given = partsOf(state);
    for (const [i, part] of partsOf(this.#now).entries()) part.set(given[i]!.view());
  }

  /** The state of some rows, [L, rows, H], for the scope around; undefined for zeros. */
  read(rows: Rows): CharLMState | undefined {
    const { state } = this;
    if (state === undefined || rows.count === this.#shape[1]) return state;
    const part = (from: StateTensor): StateTensor => {
      const [layers, , hidden] = this.#shape;
      const to = allocate('state', [layers, rows.count, hidden] as StateShape, 'real');
      return to.set(this.#give(from, rows));
    };
    return { h: part(state.h), c: state.c && part(state.c) };
  }

  /** Leave the next state of some rows, [L, rows, H]. */
  write(rows: Rows, state: CharLMState): void {
    this.#next ??= this.#allocate();
    const given = partsOf(state);
    for (const [i, part] of partsOf(this.#next).entries()) {
      this.#take(part, rows, given[i]!.view() as RealArray);
    }
  }

  /** What was written becomes the state. */
  advance(): void {
    [this.#now, this.#next] = [this.#next, this.#now];
    this.#fresh = false;
  }

  /** h (and c) of some rows, [1 or 2, L, rows, H]. */
  give(rows: Rows): RealArray | undefined {
    const { state } = this;
    if (state === undefined) return undefined;
    const parts = partsOf(state).map((part) => this.#give(part, rows));
    const [first] = parts;
    const all = new (first!.constructor as Float32ArrayConstructor)(parts.length * first!.length);
    for (const [i, part] of parts.entries()) all.set(part, i * first!.length);
    return all;
  }

  /** Take over what `give` gave. */
  take(rows: Rows, all: RealArray): void {
    const { state } = this;
    if (state === undefined) return;
    const parts = partsOf(state);
    const size = all.length / parts.length;
    for (const [i, part] of parts.entries()) this.#take(part, rows, all.subarray(i * size, (i + 1) * size));
  }

  dispose(): void {
    for (const state of [this.#now, this.#next]) {
      if (state !== undefined) for (const part of partsOf(state)) part.dispose();
    }
    this.#fresh = true;
  }

  #allocate(): CharLMState {
    const one = (): StateTensor => {
      const bytes = this.#shape.reduce((product, size) => product * size, this.#kernel.realBytes);
      return new Tensor(this.#kernel, this.#shape, 'real', this.#kernel.memory.allocateHeap(bytes));
    };
    return { h: one(), c: this.#hasC ? one() : undefined };
  }

  #give(from: StateTensor, { start, count }: Rows): RealArray {
    const [layers, batch, hidden] = this.#shape;
    const all = from.view() as RealArray;
    const part = all.slice(0, layers * count * hidden);
    for (let layer = 0; layer < layers; layer += 1) {
      const at = (layer * batch + start) * hidden;
      part.set(all.subarray(at, at + count * hidden), layer * count * hidden);
    }
    return part;
  }

  #take(to: StateTensor, { start, count }: Rows, part: RealArray): void {
    const [layers, batch, hidden] = this.#shape;
    const all = to.view();
    for (let layer = 0; layer < layers; layer += 1) {
      const rows = part.subarray(layer * count * hidden, (layer + 1) * count * hidden);
      all.set(rows, (layer * batch + start) * hidden);
    }
  }
}

function partsOf({ h, c }: CharLMState): readonly StateTensor[] {
  return c === undefined ? [h] : [h, c];
}
