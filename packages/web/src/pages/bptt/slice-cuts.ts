/** ds[t]/dW cut into what fits on paper: a matrix for each entry of s, or what one entry of W does to all of s. */
import type { Slices, Unrolled } from '@hw5/core/homework';
import type { FigureTable } from '../../charts/export.js';
import { type Rows, rowsOf, transposed } from './numbers.js';

export type CutBy = 'value' | 'parameter';

export interface Cut {
  /** The entry that is held fixed, from 1. */
  readonly row: number;
  readonly column: number;
  readonly rows: Rows;
}

export interface Cuts {
  /** Shape of what is held fixed: so the cuts are laid out. */
  readonly rows: number;
  readonly columns: number;
  /** By rows. */
  readonly list: readonly Cut[];
}

/** Beyond this many uses the table has a column for the chosen one alone. */
const MOST_USES = 8;

/** Values that can be sliced: all that a step computes. */
export function sliceable({ nodes, derivation }: Unrolled): readonly string[] {
  const computed = nodes.filter(({ step, role }) => step === 1 && (role === 'state' || role === 'value'));
  const states = derivation.shapes.filter(({ role }) => role === 'state').map(({ name }) => name);
  return [...new Set([...states, ...computed.map(({ name }) => name)])];
}

/** The wished value, or the first state where this recurrence has none of that name. */
export function slicedOf(unrolled: Unrolled, wished: string): string {
  const names = sliceable(unrolled);
  return names.includes(wished) ? wished : (names[0] ?? '');
}

/** The wished step; the last where 0 or more than there are is wished. */
export function sliceStepOf({ derivation: { steps } }: Unrolled, wished: number): number {
  return wished === 0 ? steps : Math.min(wished, steps);
}

/** @param use - the step of one use of W; 0 for all uses together, and where that step has none */
export function cutsOf({ slices, layout }: Slices, by: CutBy, use: number): Cuts {
  const parts = slices.map(({ whole, uses }) => rowsOf(uses.find(({ k }) => k === use)?.part ?? whole));
  const rows = Math.max(...slices.map(({ row }) => row));
  const columns = Math.max(...slices.map(({ column }) => column));
  if (by === 'value')
    return { rows, columns, list: slices.map(({ row, column }, i) => ({ row, column, rows: parts[i]! })) };
  // As the parameter itself stands, whichever way its slices are laid out.
  const upright = layout === 'numerator' ? parts.map(transposed) : parts;
  const [height, width] = [upright[0]!.length, upright[0]![0]!.length];
  const list = Array.from({ length: height * width }, (_, at): Cut => {
    const [r, c] = [Math.floor(at / width), at % width];
    const value = Array.from({ length: rows }, (_row, i) =>
      Array.from({ length: columns }, (_column, j) => upright[i * columns + j]![r]![c]!),
    );
    return { row: r + 1, column: c + 1, rows: layout === 'denominator' ? transposed(value) : value };
  });
  return { rows: height, columns: width, list };
}

/** `2`, or `2,1` where what is held fixed has columns. */
export function entryOf({ row, column }: Pick<Cut, 'row' | 'column'>, columns: number): string {
  return columns === 1 ? String(row) : `${row},${column}`;
}

/** The cut that an arrow key leads to, from 0; undefined for other keys. */
export function movedBy(key: string, at: number, { rows, columns }: Cuts): number | undefined {
  const [down, right] = (
    { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] } as const
  )[key] ?? [undefined, undefined];
  if (down === undefined) return undefined;
  const within = (place: number, count: number): number => Math.min(count - 1, Math.max(0, place));
  // One row or one column: both axes lead along it.
  if (rows === 1 || columns === 1) return within(at + down + right, rows * columns);
  const [row, column] = [Math.floor(at / columns), at % columns];
  return within(row + down, rows) * columns + within(column + right, columns);
}

/** All numbers: a line for each entry of s and of W, a column for all uses and for each of them. */
export function slicesTable(slices: Slices, use: number): FigureTable {
  const { of, step, wrt, layout } = slices;
  const { columns } = cutsOf(slices, 'value', 0);
  const ks = (slices.slices[0]?.uses ?? []).map(({ k }) => k);
  const shown = ks.length <= MOST_USES ? ks : ks.filter((k) => k === use);
  const upright = (value: Slices['slices'][number]['whole']): Rows =>
    layout === 'numerator' ? transposed(rowsOf(value)) : rowsOf(value);
  return {
    columns: [`${of}[${step}]`, wrt, 'derivative', ...shown.map((k) => `k=${k}`)],
    rows: slices.slices.flatMap((slice) => {
      const parts = shown.map((k) => upright(slice.uses.find((each) => each.k === k)!.part));
      return upright(slice.whole).flatMap((line, r) =>
        line.map((value, c) => [
          entryOf(slice, columns),
          line.length === 1 ? `${r + 1}` : `${r + 1},${c + 1}`,
          value,
          ...parts.map((part) => part[r]![c]!),
        ]),
      );
    }),
  };
}
