/**
 * Derivatives of attention with respect to the scores.
 * Letters: S keys, D entries of a value, s scores [S], p weights [S], T temperature. The weights are f(s / T).
 */
import { type SmoothMode, sparsemaxThreshold } from './weights.js';

export type Matrix = readonly (readonly number[])[];

/**
 * J[i][j] = dp_i / ds_j at weights p = f(s / T). Shape [S, S], symmetric. All three are diag(u) - u u^T / sum(u),
 * over T: softmax u = p (whose sum is 1), sparsemax u = 1 where p > 0, entmax15 u = sqrt(p).
 */
export function weightJacobian(
  mode: SmoothMode,
  weights: readonly number[],
  temperature: number,
): number[][] {
  const u = weights.map(slopeOf[mode]);
  const total = u.reduce((sum, value) => sum + value, 0);
  return u.map((ui, i) => u.map((uj, j) => ((i === j ? ui : 0) - (ui * uj) / total) / temperature + 0));
}

const slopeOf: Readonly<Record<SmoothMode, (weight: number) => number>> = {
  softmax: (p) => p,
  sparsemax: (p) => (p > 0 ? 1 : 0),
  entmax15: (p) => Math.sqrt(p),
};

/** J[d][j] = do_d / ds_j = sum_i values[i][d] dp_i / ds_j. Shapes: values [S, D], jacobian [S, S]; result [D, S]. */
export function outputJacobian(values: Matrix, jacobian: Matrix): number[][] {
  const width = values[0]?.length ?? 0;
  return Array.from({ length: width }, (_, d) =>
    jacobian.map((_row, j) => values.reduce((sum, value, i) => sum + value[d]! * jacobian[i]![j]!, 0) + 0),
  );
}

/** The derivative of a function that is constant nearby: zeros [S, S]. */
export function zeroJacobian(size: number): number[][] {
  return Array.from({ length: size }, () => new Array<number>(size).fill(0));
}

/** True where sparsemax has a kink: an entry that enters the support at exactly this point. */
export function atSparsemaxKink(scores: readonly number[]): boolean {
  const { shifted, threshold } = sparsemaxThreshold(scores);
  return shifted.some((score) => Math.abs(score - threshold) <= 1e-12);
}
