/** Means, spreads, and whether two models differ over the same seeds. */
import type { Bilingual } from '../homework/bank/types.js';
import type { Measured } from './experiment.js';

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation with n - 1; 0 for one value. */
export function spread(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}

export function measured(name: Bilingual, values: readonly number[]): Measured {
  return { name, values, mean: mean(values), spread: spread(values) };
}

/** Two-sided 95 % points of Student's t for 1 to 30 degrees of freedom. Source: any table of it. */
const T95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

export interface Comparison {
  /** Mean of a - b over seeds. */
  readonly difference: number;
  /** Half the 95 % interval of that mean. */
  readonly margin: number;
}

/** Paired: the same seed gives both models the same data. */
export function compared(a: readonly number[], b: readonly number[]): Comparison {
  const differences = a.map((value, at) => value - b[at]!);
  const t = T95[Math.min(differences.length - 1, T95.length) - 1] ?? Number.POSITIVE_INFINITY;
  return { difference: mean(differences), margin: (t * spread(differences)) / Math.sqrt(differences.length) };
}

/** Four significant digits. */
export function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
