/**
 * Training one step of attention: the gradients of J = 1/2 |o - target|^2 as the backward pass of each mode has them, beside
 * central differences of the J that the forward pass really computes. They agree where the mode differentiates what it runs,
 * and differ where it does not: straight-through, and a hard choice at a tie.
 * Letters: S keys, K entries of a key, D entries of a value.
 */
import { ArgumentError, ShapeError } from '../../errors.js';
import type { AttentionInput } from '../../session/protocol.js';
import { type AttendOptions, type AttendReport, attend } from './attend.js';
import { dotProducts, question3 } from './by-hand.js';
import type { Matrix } from './jacobian.js';

/** One number for each entry of what attention reads. */
export interface AttentionSlopes {
  /** [S]; at fixed query and keys. */
  readonly scores: readonly number[];
  /** [K] */
  readonly query: readonly number[];
  /** [S, K] */
  readonly keys: Matrix;
  /** [S, D] */
  readonly values: Matrix;
}

export interface AttendGradients {
  /** 1/2 |o - target|^2 */
  readonly loss: number;
  /** dJ/do = o - target, [D] */
  readonly output: readonly number[];
  /** dJ/d. as the mode's backward pass computes it. */
  readonly analytic: AttentionSlopes;
  /** (J(x + epsilon) - J(x - epsilon)) / (2 epsilon), the noise of Gumbel held. */
  readonly numeric: AttentionSlopes;
  readonly epsilon: number;
  /** max |analytic - numeric| / max(1, |analytic|, |numeric|) over all entries. */
  readonly worst: number;
  /** Where that is, such as `keys[2][0]`. */
  readonly where: string;
}

export interface AttendGradientOptions extends AttendOptions {
  /** What the output should be, [D]. Defaults to the value of the last key. */
  readonly target?: readonly number[];
  /** Step of the central differences. Defaults to 1e-5, near the best for f64. */
  readonly epsilon?: number;
}

/** @throws ShapeError when the target does not fit the values, ArgumentError for an epsilon that is not positive */
export function attendGradients(
  input: AttentionInput = question3,
  options: AttendGradientOptions = {},
): AttendGradients {
  const { target = input.values.at(-1) ?? [], epsilon = 1e-5, ...rest } = options;
  if (!(epsilon > 0 && Number.isFinite(epsilon))) {
    throw new ArgumentError(`attend: epsilon must be a finite number greater than 0, got ${epsilon}`);
  }
  const report = attend(input, { ...rest, temperatures: [] });
  checkTarget(target, report.output.length);
  const error = report.output.map((entry, d) => entry - target[d]!);
  const analytic = backward(report, error);
  const numeric = differences(input, target, rest, epsilon);
  return {
    loss: halfSquare(error),
    output: error,
    analytic,
    numeric,
    epsilon,
    ...disagreement(analytic, numeric),
  };
}

/** @throws ShapeError, ArgumentError */
export function checkTarget(target: readonly number[], size: number): void {
  if (target.length !== size) {
    throw new ShapeError(`attend: the target must have the values' ${size} entries, got ${target.length}`);
  }
  for (const entry of target) {
    if (!Number.isFinite(entry)) throw new ArgumentError(`attend: the target must be finite, got ${entry}`);
  }
}

export const halfSquare = (error: readonly number[]): number =>
  error.reduce((sum, entry) => sum + 0.5 * entry * entry, 0);

/** ds = J^T do; with s_i = k_i . q: dq = sum_i ds_i k_i, dk_i = ds_i q; and dv_i = p_i do. */
function backward(
  { jacobian, keys, query, values, weights }: AttendReport,
  error: readonly number[],
): AttentionSlopes {
  const scores = keys.map((_, j) => error.reduce((sum, e, d) => sum + e * jacobian[d]![j]!, 0) + 0);
  return {
    scores,
    query: query.map((_, d) => keys.reduce((sum, key, i) => sum + scores[i]! * key[d]!, 0) + 0),
    keys: scores.map((slope) => query.map((entry) => slope * entry + 0)),
    values: values.map((_, i) => error.map((e) => weights[i]! * e + 0)),
  };
}

function differences(
  input: AttentionInput,
  target: readonly number[],
  options: AttendOptions,
  epsilon: number,
): AttentionSlopes {
  const lossAt = (changed: AttentionInput): number => {
    const { output } = attend(changed, { ...options, temperatures: [] });
    return halfSquare(output.map((entry, d) => entry - target[d]!));
  };
  const slope = (nudged: (step: number) => AttentionInput): number =>
    (lossAt(nudged(epsilon)) - lossAt(nudged(-epsilon))) / (2 * epsilon) + 0;
  const { keys, values, query } = input;
  const { scores } = dotProducts(input);
  const nudge = (row: readonly number[], at: number, step: number): number[] =>
    row.map((entry, i) => (i === at ? entry + step : entry));
  const nudgeRow = (rows: Matrix, at: number, column: number, step: number): number[][] =>
    rows.map((row, i) => (i === at ? nudge(row, column, step) : [...row]));
  return {
    // Scores have no place in the input: keys that are the scores themselves, and the query 1, give them one.
    scores: scores.map((_, i) =>
      slope((step) => ({ keys: nudge(scores, i, step).map((s) => [s]), values, query: [1] })),
    ),
    query: query.map((_, d) => slope((step) => ({ keys, values, query: nudge(query, d, step) }))),
    keys: keys.map((key, i) =>
      key.map((_, d) => slope((step) => ({ keys: nudgeRow(keys, i, d, step), values, query }))),
    ),
    values: values.map((value, i) =>
      value.map((_, d) => slope((step) => ({ keys, values: nudgeRow(values, i, d, step), query }))),
    ),
  };
}

function disagreement(
  analytic: AttentionSlopes,
  numeric: AttentionSlopes,
): { readonly worst: number; readonly where: string } {
  let worst = 0;
  let where = 'scores[0]';
  const compare = (a: number, n: number, name: string): void => {
    const error = Math.abs(a - n) / Math.max(1, Math.abs(a), Math.abs(n));
    if (error > worst) [worst, where] = [error, name];
  };
  for (const part of ['scores', 'query'] as const) {
    for (const [i, a] of analytic[part].entries()) compare(a, numeric[part][i]!, `${part}[${i}]`);
  }
  for (const part of ['keys', 'values'] as const) {
    for (const [i, row] of analytic[part].entries()) {
      for (const [d, a] of row.entries()) compare(a, numeric[part][i]![d]!, `${part}[${i}][${d}]`);
    }
  }
  return { worst, where };
}
