/** Numbers as rows, and as text with a fixed number of decimals: Latin digits, since they are part of formulas. */
import type { Unrolled } from '@hw5/core/homework';

const minus = '\u2212';

export type Numbers = Unrolled['derivation']['gradient'];
export type Rows = readonly (readonly number[])[];

/** A number is 1 x 1, a vector a column. */
export function rowsOf(value: Numbers): Rows {
  if (typeof value === 'number') return [[value]];
  const list = value as readonly (number | readonly number[])[];
  return list.map((row) => (typeof row === 'number' ? [row] : row));
}

export function transposed(rows: Rows): Rows {
  return (rows[0] ?? []).map((_, c) => rows.map((row) => row[c]!));
}

export function largest(rows: Rows): number {
  return rows.reduce((most, row) => row.reduce((m, x) => Math.max(m, Math.abs(x)), most), 0);
}

/** `-0.30`; an exponent where the digits would not show the number. */
export function shown(value: number, digits: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '\u221e' : `${minus}\u221e`;
  const small = value !== 0 && Math.abs(value) < 0.5 * 10 ** -digits;
  const text =
    small || Math.abs(value) >= 1e4 ? value.toExponential(0).replace('e+', 'e') : value.toFixed(digits);
  return text.replaceAll('-', minus);
}

/** `2e-9`; numbers of an everyday size as they are: `1.7`. */
export function scientific(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 0.01 && size < 1000) return String(Number(value.toPrecision(2))).replace('-', minus);
  const [mantissa, exponent] = value.toExponential(0).split('e');
  return `${mantissa}e${Number(exponent)}`.replaceAll('-', minus);
}

/** Six significant digits, for what is pointed at. */
export function exact(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))).replace('-', minus) : String(value);
}
