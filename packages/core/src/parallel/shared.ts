/**
 * The exchange through shared memory. Each rank leaves its gradients there, sums one slice of all of them in its own
 * kernel, leaves the sum in place of its own gradients, and takes the other slices' sums: every rank adds 1/N of the
 * numbers, and copies only what another rank needs.
 *
 * Layout: per rank one line with its phase (Int32), one with its share (Float64), and an area for all gradients.
 */
import type { RealArray } from '../kernel/kernel.js';
import { allocate, scope, type Tensor } from '../tensor.js';
import type { Exchange, Place } from './exchange.js';
import { nextTask } from './next-task.js';
import type { Share } from './run.js';

const LINE_BYTES = 64;
const LINE_INTEGERS = LINE_BYTES / 4;
const LINE_DOUBLES = LINE_BYTES / 8;
/** Longest stretch in which the event loop hears nothing while waiting, milliseconds. */
const SLICE_MS = 20;

/** Bytes of shared memory for gradients of `bytes`. */
export function sharedBytes(ranks: number, bytes: number): number {
  return ranks * (2 * LINE_BYTES + Math.ceil(bytes / LINE_BYTES) * LINE_BYTES);
}

export class SharedExchange implements Exchange {
  readonly #place: Place;
  readonly #phases: Int32Array;
  readonly #shares: Float64Array;
  readonly #areas: readonly (Float32Array<SharedArrayBuffer> | Float64Array<SharedArrayBuffer>)[];
  /** Where each rank's slice begins, in reals, and the end. */
  readonly #bounds: readonly number[];
  #phase = 0;

  /** @param memory - of {@link sharedBytes}, zeros, the same for all ranks */
  constructor(memory: SharedArrayBuffer, size: number, realBytes: 4 | 8, place: Place) {
    const { ranks } = place;
    const line = LINE_BYTES / realBytes;
    const lines = Math.ceil(size / line);
    const area = (rank: number): number => (2 * ranks + rank * lines) * LINE_BYTES;
    this.#place = place;
    this.#phases = new Int32Array(memory, 0, ranks * LINE_INTEGERS);
    this.#shares = new Float64Array(memory, ranks * LINE_BYTES, ranks * LINE_DOUBLES);
    this.#areas = Array.from({ length: ranks }, (_, rank) =>
      realBytes === 8
        ? new Float64Array(memory, area(rank), size)
        : new Float32Array(memory, area(rank), size),
    );
    this.#bounds = Array.from({ length: ranks + 1 }, (_, rank) =>
      Math.min(size, Math.floor((rank * lines) / ranks) * line),
    );
  }

  async sum(grads: Tensor<[number]>, share: Share | undefined): Promise<readonly (Share | undefined)[]> {
    const { rank } = this.#place;
    const own = this.#areas[rank]!;
    const given = grads.view() as RealArray;
    for (const [start, end] of this.#othersSlices()) own.set(given.subarray(start, end), start);
    const { loss = 0, position = 0, learningRate = 0 } = share ?? {};
    this.#shares.set([share === undefined ? 0 : 1, loss, position, learningRate], rank * LINE_DOUBLES);
    await this.#meet();
    const shares = this.#readShares();
    if (shares.includes(undefined)) return shares;
    this.#sumOwnSlice(grads);
    await this.#meet();
    const result = grads.view() as RealArray;
    for (const [start, end, other] of this.#othersSlices()) {
      result.set(this.#areas[other]!.subarray(start, end), start);
    }
    return shares;
  }

  #readShares(): (Share | undefined)[] {
    return this.#areas.map((_, rank) => {
      const [present, loss, position, learningRate] = this.#shares.subarray(rank * LINE_DOUBLES);
      return present === 1 ? { loss: loss!, position: position!, learningRate: learningRate! } : undefined;
    });
  }

  /** The sum of the own slice from the first rank to the last, into `grads` and into the own area. */
  #sumOwnSlice(grads: Tensor<[number]>): void {
    const { rank, ranks } = this.#place;
    const { kernel } = grads;
    const [start, end] = [this.#bounds[rank]!, this.#bounds[rank + 1]!];
    const size = end - start;
    const slice = grads.part(start, [size]);
    const add = (to: Tensor, term: Tensor): void =>
      kernel.check('exchange', kernel.calls.add_scaled(to.offset, term.offset, size, 1));
    scope(() => {
      const before = allocate('exchange', [size] as const, 'real');
      const term = allocate('exchange', [size] as const, 'real');
      const take = (target: Tensor, from: number): void =>
        void target.set(this.#areas[from]!.subarray(start, end));
      for (let from = 0; from < rank; from += 1) {
        take(from === 0 ? before : term, from);
        if (from > 0) add(before, term);
      }
      // a + b is b + a, so that the ranks before may come second.
      if (rank > 0) add(slice, before);
      for (let from = rank + 1; from < ranks; from += 1) {
        take(term, from);
        add(slice, term);
      }
    });
    this.#areas[rank]!.set(slice.view() as RealArray, start);
  }

  #othersSlices(): [start: number, end: number, rank: number][] {
    const { rank, ranks } = this.#place;
    const all = Array.from({ length: ranks }, (_, other): [number, number, number] => [
      this.#bounds[other]!,
      this.#bounds[other + 1]!,
      other,
    ]);
    return all.filter(([, , other]) => other !== rank);
  }

  /** Wait until every rank has come this far. */
  async #meet(): Promise<void> {
    const { rank, ranks, lost } = this.#place;
    this.#phase = (this.#phase + 1) | 0;
    Atomics.store(this.#phases, rank * LINE_INTEGERS, this.#phase);
    Atomics.notify(this.#phases, rank * LINE_INTEGERS);
    for (let other = 0; other < ranks; other += 1) {
      const slot = other * LINE_INTEGERS;
      for (;;) {
        const seen = Atomics.load(this.#phases, slot);
        // By their difference, because phases wrap around.
        if (((seen - this.#phase) | 0) >= 0) break;
        if (Atomics.wait(this.#phases, slot, seen, SLICE_MS) !== 'timed-out') continue;
        await nextTask();
        lost.throwIfAborted();
      }
    }
  }
}
