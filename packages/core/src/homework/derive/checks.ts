/** Three methods that share no rule with the symbolic engine, beside its result. */
import type { Kernel } from '../../kernel/kernel.js';
import { difference } from './compare.js';
import type { CheckMethod, CheckRow, Checks, CurvePoint } from './derivation.js';
import { central, fivePoint, lossFunction, variableValue } from './differences.js';
import { evaluate } from './evaluate.js';
import { gradientByForwardMode } from './forward-mode.js';
import type { Activation } from './functions.js';
import { type Matrix, nested } from './matrix.js';
import type { Model } from './model.js';
import type { Trace } from './run.js';
import type { Variable } from './sweep.js';
import { gradientByTape } from './tape-mode.js';
import { below } from './term.js';
import type { Values } from './values.js';

const tolerances: Readonly<Record<CheckMethod, number>> = {
  reverse: 1e-12,
  forward: 1e-12,
  differences: 1e-7,
};

/** Differences look at no more entries than this, evenly spread. */
const MAX_ENTRIES = 64;
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
  const { kernel, model, values, steps, lossSteps, variable, activation, symbolic } = input;
  const all = Array.from(symbolic.data.keys());
  const stride = Math.ceil(all.length / MAX_ENTRIES);
  const sample = all.filter((i) => i % stride === 0);
  const at = variableValue(values, variable);
  const loss = lossFunction(model, values, steps, lossSteps, variable, { activation });
  const row = (method: CheckMethod, gradient: Matrix, entries: readonly number[]): CheckRow => {
    const { absolute, relative } = difference(symbolic, gradient, entries);
    const tolerance = tolerances[method];
    return {
      method,
      absolute,
      relative,
      tolerance,
      passed: relative < tolerance,
      entries: entries.length,
      gradient: nested(gradient),
    };
  };
  const rows = [
    row('reverse', gradientByTape(kernel, model, values, steps, lossSteps, variable, activation), all),
    row('forward', gradientByForwardMode(model, values, steps, lossSteps, variable, activation), all),
    row('differences', fivePoint(loss, at, sample), sample),
  ];
  return {
    passed: rows.every(({ passed }) => passed),
    rows,
    curve: curve(input, sample),
    kinks: kinks(input),
  };
}

/** Too large a step: the curve's bend. Too small: rounding. The best step is where they meet, far apart in f32 and f64. */
function curve(
  { model, values, steps, lossSteps, variable, activation, symbolic }: CheckInput,
  sample: readonly number[],
): CurvePoint[] {
  const at = variableValue(values, variable);
  const f64 = lossFunction(model, values, steps, lossSteps, variable, { activation });
  const f32 = lossFunction(model, values, steps, lossSteps, variable, { activation, round: Math.fround });
  return Array.from({ length: 12 }, (_, i) => {
    const epsilon = 10 ** -(i + 1);
    return {
      epsilon,
      f32: difference(symbolic, central(f32, at, sample, epsilon), sample).relative,
      f64: difference(symbolic, central(f64, at, sample, epsilon), sample).relative,
    };
  });
}

function kinks({ model, trace, steps, activation }: CheckInput): number {
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
