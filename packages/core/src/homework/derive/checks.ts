/** Three methods that share no rule with the symbolic engine, beside its result. */
import type { Kernel } from '../../kernel/kernel.js';
import { difference, FLOOR } from './compare.js';
import { multiplications } from './complexity.js';
import type { CheckMethod, CheckRow, Checks, CurvePoint } from './derivation.js';
import { central, fivePoint, lossFunction } from './differences.js';
import { evaluate } from './evaluate.js';
import { gradientByForwardMode } from './forward-mode.js';
import type { Activation } from './functions.js';
import { type Matrix, nested } from './matrix.js';
import type { Model } from './model.js';
import type { Trace } from './run.js';
import type { Variable } from './sweep.js';
import { gradientByTape } from './tape-mode.js';
import { below } from './term.js';
import { leafValue, type Values } from './values.js';

const tolerances: Readonly<Record<CheckMethod, number>> = {
  reverse: 1e-12,
  forward: 1e-12,
  differences: 1e-7,
};

/** Dual numbers and differences look at no more entries than this, evenly spread; at fewer where each is dear. */
const MAX_ENTRIES = 64;
const MIN_ENTRIES = 4;
/** Losses computed per entry: 4 for the five points, 2 at 12 step sizes in two precisions, 4 for the dual number. */
const LOSSES = 56;
/** Multiplications that the checks may take: a second or two. */
const BUDGET = 2e8;
/** Differences round to 1e-16 / 1e-3 of the loss: below this share of it they cannot see 1e-7 of an entry. */
const DIFFERENCE_FLOOR = 1e-5;
/** The five-point stencil reaches this far to each side. */
const REACH = 2e-3;

export interface CheckInput {
  readonly kernel: Kernel;
  readonly model: Model;
  readonly values: Values;
  readonly trace: Trace;
  readonly steps: number;
  readonly lossSteps: readonly number[];
  readonly variable: Variable;
  readonly activation: Activation;
  readonly symbolic: Matrix;
}

export function check(input: CheckInput): Checks {
  const sample = sampleOf(input);
  const rows = checkRows(input, sample);
  const atKink = kinks(input);
  return { passed: allPass(rows, atKink), rows, curve: curve(input, sample, decades), kinks: atKink };
}

/** Entries that the slow methods look at: all, or an even sample of a large matrix. */
export function sampleOf({ model, steps, symbolic }: CheckInput): number[] {
  const all = Array.from(symbolic.data.keys());
  const most = Math.max(MIN_ENTRIES, Math.min(MAX_ENTRIES, Math.floor(BUDGET / costPerEntry(model, steps))));
  const stride = Math.ceil(all.length / most);
  return all.filter((i) => i % stride === 0);
}

/** Multiplications that one entry takes, all methods together. */
function costPerEntry(model: Model, steps: number): number {
  const cost = [...model.written.map(({ term }) => term), model.writtenLoss].map(multiplications);
  return LOSSES * steps * cost.reduce((sum, n) => sum + n, 1);
}

/** The gradient by the three methods, each beside the symbolic one. */
export function checkRows(input: CheckInput, sample: readonly number[]): CheckRow[] {
  const { kernel, model, values, steps, lossSteps, variable, activation, symbolic } = input;
  const all = Array.from(symbolic.data.keys());
  const at = leafValue(values, variable.name, variable.step);
  const loss = lossFunction(model, values, steps, lossSteps, variable, { activation });
  const floors = { reverse: FLOOR, forward: FLOOR, differences: differenceFloor(loss(at.data)) };
  const row = (method: CheckMethod, gradient: Matrix, entries: readonly number[]): CheckRow => {
    const { absolute, relative } = difference(symbolic, gradient, entries, floors[method]);
    const tolerance = tolerances[method];
    return {
      method,
      absolute,
      relative,
      tolerance,
      passed: relative < tolerance,
      entries: entries.length,
      gradient: nested(gradient, model.shapes.get(variable.name)!),
    };
  };
  return [
    row('reverse', gradientByTape(kernel, model, values, steps, lossSteps, variable, activation), all),
    row(
      'forward',
      gradientByForwardMode(model, values, steps, lossSteps, variable, activation, sample),
      sample,
    ),
    row('differences', fivePoint(loss, at, sample), sample),
  ];
}

/** Differences at a kink of relu do not count. */
export function allPass(rows: readonly CheckRow[], atKink: number): boolean {
  return rows.every((row) => row.passed || (row.method === 'differences' && atKink > 0));
}

/** Least number that differences are compared with, beside this loss. */
export function differenceFloor(loss: number): number {
  return DIFFERENCE_FLOOR * Math.max(1, Math.abs(loss));
}

const decades: readonly number[] = Array.from({ length: 12 }, (_, i) => 10 ** -(i + 1));

/** Too large a step: the curve's bend. Too small: rounding. The best step is where they meet, far apart in f32 and f64. */
export function curve(
  { model, values, steps, lossSteps, variable, activation, symbolic }: CheckInput,
  sample: readonly number[],
  epsilons: readonly number[],
): CurvePoint[] {
  const at = leafValue(values, variable.name, variable.step);
  const f64 = lossFunction(model, values, steps, lossSteps, variable, { activation });
  const f32 = lossFunction(model, values, steps, lossSteps, variable, { activation, round: Math.fround });
  const floor = differenceFloor(f64(at.data));
  return epsilons.map((epsilon) => ({
    epsilon,
    f32: difference(symbolic, central(f32, at, sample, epsilon), sample, floor).relative,
    f64: difference(symbolic, central(f64, at, sample, epsilon), sample, floor).relative,
  }));
}

/** Arguments of relu so near to 0 that differences step over its kink. */
export function kinks({ model, trace, steps, activation }: CheckInput): number {
  let count = 0;
  for (const { term } of model.definitions) {
    for (const part of below(term)) {
      const isRelu =
        part.kind === 'apply' &&
        (part.fn === 'relu' || (activation === 'relu' && (part.fn === 'psi' || part.fn === 'phi')));
      if (!isRelu) continue;
      for (let t = 1; t <= steps; t += 1) {
        count += evaluate(part.of, trace.environment(t)).data.filter((x) => Math.abs(x) < REACH).length;
      }
    }
  }
  return count;
}
