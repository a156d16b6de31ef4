/** Clipping by the global norm: what it leaves of a gradient. */
import type { Influence } from '@hw5/core/homework';
import type { FigureTable } from '../../charts/export.js';
import { type MemoryCell, memoryCells } from './bench.js';

export type Found = Readonly<Record<MemoryCell, Influence>>;

/** The state that carries the memory: an LSTM's c, else h. */
export function memoryOf({ states }: Influence): Influence['states'][number] {
  return states.find(({ name }) => name === 'c') ?? states[0]!;
}

/** min(1, c / norm): what every entry is multiplied by; c = 0 is no clipping, as `clipNorm` of a training has it. */
export function clipFactor(norm: number, c: number): number {
  return c > 0 && norm > c ? c / norm : 1;
}

/** The slider's position is a power of ten; its number has two digits. */
export function normAt(exponent: number): number {
  return Number((10 ** exponent).toPrecision(2));
}

/** One line for each length, with each cell's norm as it is and as clipped. */
export function clipTable(found: Found, c: number, nameOf: (cell: MemoryCell) => string): FigureTable {
  return {
    columns: ['T', ...memoryCells.flatMap((cell) => [nameOf(cell), `${nameOf(cell)} \u2264 ${c}`])],
    rows: found.homework.gradientNorms.map(({ t }, i) => [
      t,
      ...memoryCells.flatMap((cell) => {
        const { norm } = found[cell].gradientNorms[i]!;
        return [norm, norm * clipFactor(norm, c)];
      }),
    ]),
  };
}
