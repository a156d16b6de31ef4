/** Small dense matrices in plain JavaScript, for the evaluator; nothing here is fast or needs to be. */
import { isScalar, isVector, type MatrixShape } from './dimension.js';

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Row-major. */
  readonly data: Float64Array;
}

/** How results are rounded: as they are (f64) or `Math.fround` (f32). */
export type Rounding = (x: number) => number;

export function matrix(rows: number, columns: number, fill = 0): Matrix {
  return { rows, columns, data: new Float64Array(rows * columns).fill(fill) };
}

export function fromRows(rows: readonly (readonly number[])[]): Matrix {
  return { rows: rows.length, columns: rows[0]?.length ?? 0, data: Float64Array.from(rows.flat()) };
}

export function column(values: readonly number[]): Matrix {
  return { rows: values.length, columns: 1, data: Float64Array.from(values) };
}

/** A number for a scalar, a list for a vector, a list of rows for a matrix (also one with a single column). */
export function nested({ rows, columns, data }: Matrix, shape: MatrixShape): number | number[] | number[][] {
  if (isScalar(shape)) return data[0]!;
  if (isVector(shape)) return [...data];
  return Array.from({ length: rows }, (_, r) => [...data.subarray(r * columns, (r + 1) * columns)]);
}

export function map(a: Matrix, fn: (x: number) => number): Matrix {
  return { rows: a.rows, columns: a.columns, data: a.data.map(fn) };
}

export function zip(a: Matrix, b: Matrix, fn: (x: number, y: number) => number): Matrix {
  return { rows: a.rows, columns: a.columns, data: a.data.map((x, i) => fn(x, b.data[i]!)) };
}

export function transposed(a: Matrix): Matrix {
  const result = matrix(a.columns, a.rows);
  for (let r = 0; r < a.rows; r += 1) {
    for (let c = 0; c < a.columns; c += 1) result.data[c * a.rows + r] = a.data[r * a.columns + c]!;
  }
  return result;
}

export function multiplied(a: Matrix, b: Matrix, round?: Rounding): Matrix {
  const result = matrix(a.rows, b.columns);
  for (let r = 0; r < a.rows; r += 1) {
    for (let c = 0; c < b.columns; c += 1) {
      let total = 0;
      for (let k = 0; k < a.columns; k += 1) {
        const term = a.data[r * a.columns + k]! * b.data[k * b.columns + c]!;
        total = round === undefined ? total + term : round(total + round(term));
      }
      result.data[r * b.columns + c] = total;
    }
  }
  return result;
}

export function totalOf({ data }: Matrix, round: Rounding = (x) => x): number {
  let total = 0;
  for (const x of data) total = round(total + x);
  return total;
}

/** Euclidean norm of all entries. */
export function norm({ data }: Matrix): number {
  let squares = 0;
  for (const x of data) squares += x * x;
  return Math.sqrt(squares);
}
