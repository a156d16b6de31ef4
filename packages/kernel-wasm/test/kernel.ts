/** Loads a build of the committed pkg/ and gives typed access to its memory. */
import { readFileSync } from 'node:fs';
import v8 from 'node:v8';
import { type KernelGlue, type KernelVariantName, variants } from '../index.js';

export const names: readonly KernelVariantName[] = ['strict', 'relaxed', 'f64'];

export const status = {
  ok: 0,
  outOfMemory: 1,
  outOfBounds: 2,
  misaligned: 3,
  overlap: 4,
  sizeOverflow: 5,
  indexOutOfRange: 6,
  invalidArgument: 7,
} as const;

export interface Kernel {
  readonly glue: KernelGlue;
  readonly memory: WebAssembly.Memory;
  readonly bytes: number;
  /** Copies numbers into fresh memory; the offset. Freed by `release`. */
  reals(values: ArrayLike<number>): number;
  indices(values: ArrayLike<number>): number;
  /** Room for so many numbers, all NaN. */
  room(length: number): number;
  read(offset: number, length: number): number[];
  /** The three numbers behind the last status. */
  detail(): [number, number, number];
  /** Frees everything that `reals`, `indices` and `room` gave out. */
  release(): void;
}

export async function openKernel(name: KernelVariantName): Promise<Kernel> {
  // Node 20 has relaxed SIMD behind a flag that can be set until the first module is compiled.
  if (name === 'relaxed') v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
  const glue = await variants[name].load();
  const { memory } = glue.initSync({ module: new WebAssembly.Module(readFileSync(variants[name].url)) });
  const bytes = glue.element_bytes();
  const given: Array<[offset: number, bytes: number]> = [];
  const view = (offset: number, length: number) =>
    bytes === 8
      ? new Float64Array(memory.buffer, offset, length)
      : new Float32Array(memory.buffer, offset, length);
  const take = (size: number) => {
    const offset = glue.alloc(size);
    if (offset === 0) throw new Error(`alloc: ${size} bytes must fit, got none`);
    given.push([offset, size]);
    return offset;
  };
  return {
    glue,
    memory,
    bytes,
    reals(values) {
      const offset = take(values.length * bytes);
      view(offset, values.length).set(values);
      return offset;
    },
    indices(values) {
      const offset = take(values.length * 4);
      new Int32Array(memory.buffer, offset, values.length).set(values);
      return offset;
    },
    room(length) {
      const offset = take(length * bytes);
      view(offset, length).fill(Number.NaN);
      return offset;
    },
    read: (offset, length) => Array.from(view(offset, length)),
    detail: () => [glue.error_detail(0), glue.error_detail(1), glue.error_detail(2)],
    release() {
      for (const [offset, size] of given.splice(0)) glue.dealloc(offset, size);
    },
  };
}

/** Reproducible numbers in [-1, 1): a linear congruential generator's upper bits. */
export function numbers(length: number, seed = 1): number[] {
  let state = seed >>> 0;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}
