/** Finite differences of the loss: the check that knows no rule of calculus, and what its step and precision do to it. */
import type { Activation } from './functions.js';
import { type Matrix, matrix, type Rounding } from './matrix.js';
import type { Model } from './model.js';
import { run, totalLoss } from './run.js';
import type { Variable } from './sweep.js';
import type { Values } from './values.js';

/** The loss as a function of the variable's entries, with everything else fixed. */
export type LossOf = (entries: Float64Array) => number;

export function lossFunction(
  model: Model,
  values: Values,
  steps: number,
  at: readonly number[],
  variable: Variable,
  options: { readonly activation: Activation; readonly round?: Rounding },
): LossOf {
  const { round } = options;
  const base = round === undefined ? values : rounded(values, round);
  return (entries) => {
    const changed = replace(base, variable, round === undefined ? entries : entries.map(round));
    return totalLoss(model.writtenLoss, run(model.written, changed, steps, options), at, round);
  };
}

/** (-L(x+2h) + 8 L(x+h) - 8 L(x-h) + L(x-2h)) / 12h with h = 1e-3: truncation and rounding are both near 1e-13. */
export function fivePoint(loss: LossOf, at: Matrix, entries: readonly number[], h = 1e-3): Matrix {
  return slopes(
    at,
    entries,
    (along) => (-along(2 * h) + 8 * along(h) - 8 * along(-h) + along(-2 * h)) / (12 * h),
    loss,
  );
}

/** (L(x+h) - L(x-h)) / 2h */
export function central(loss: LossOf, at: Matrix, entries: readonly number[], h: number): Matrix {
  return slopes(at, entries, (along) => (along(h) - along(-h)) / (2 * h), loss);
}

function slopes(
  at: Matrix,
  entries: readonly number[],
  slope: (along: (offset: number) => number) => number,
  loss: LossOf,
): Matrix {
  const result = matrix(at.rows, at.columns);
  const moved = Float64Array.from(at.data);
  for (const i of entries) {
    const x = at.data[i]!;
    result.data[i] = slope((offset) => {
      moved[i] = x + offset;
      return loss(moved);
    });
    moved[i] = x;
  }
  return result;
}

/** The values with other numbers for one variable that is given. */
export function replace(values: Values, { name, step }: Variable, entries: Float64Array): Values {
  const put = (old: Matrix): Matrix => ({ ...old, data: entries });
  if (step === undefined) {
    return { ...values, parameters: new Map(values.parameters).set(name, put(values.parameters.get(name)!)) };
  }
  const key = step <= 0 ? 'initial' : 'sequences';
  const place = step <= 0 ? -step : step - 1;
  const list = values[key].get(name)!.map((old, i) => (i === place ? put(old) : old));
  return { ...values, [key]: new Map(values[key]).set(name, list) };
}

function rounded(values: Values, round: Rounding): Values {
  const one = (m: Matrix): Matrix => ({ ...m, data: m.data.map(round) });
  const lists = (map: Values['sequences']): Values['sequences'] =>
    new Map([...map].map(([name, list]) => [name, list.map(one)] as const));
  return {
    parameters: new Map([...values.parameters].map(([name, m]) => [name, one(m)] as const)),
    sequences: lists(values.sequences),
    initial: lists(values.initial),
  };
}
