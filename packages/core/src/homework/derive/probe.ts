/** The gradient check by hand: what one step size and precision do to each entry, and the V over all step sizes. */

import { ArgumentError } from '../../errors.js';
import { allPass, type CheckInput, checkRows, curve, differenceFloor, kinks, sampleOf } from './checks.js';
import { FLOOR_SHARE } from './compare.js';
import { multiplications } from './complexity.js';
import type { CheckMethod, CurvePoint, DerivationRequest, Numbers } from './derivation.js';
import { comparesDirectly } from './derive.js';
import { central, lossFunction } from './differences.js';
import { type Matrix, nested, zip } from './matrix.js';
import { nudged } from './nudge.js';
import { type Problem, readProblem } from './problem.js';
import { differentiate } from './reverse.js';
import { expectFinite, run } from './run.js';
import { gradientBySweep, type Variable } from './sweep.js';
import { leafValue } from './values.js';

/** Multiplications that the curve may take: some tenths of a second. */
const CURVE_BUDGET = 3e7;
const DECADES = 12;
const MOST_PER_DECADE = 4;

export interface ProbeOptions {
  /** Step of the central differences, in (0, 1]. Defaults to 1e-5. */
  readonly epsilon?: number;
}

/** Central differences of every entry at one step size and precision. */
export interface Probed {
  readonly gradient: Numbers;
  /** |a - n| / max(|a|, |n|, floor), a the derived entry: see {@link Probe.floor}. */
  readonly errors: Numbers;
  readonly worst: number;
}

export interface Probe {
  readonly epsilon: number;
  /** The derived gradient, in the variable's own shape. */
  readonly exact: Numbers;
  readonly f32: Probed;
  readonly f64: Probed;
  /** Entries below this are compared with it: 1 % of the largest, and at least what rounding lets differences see. */
  readonly floor: number;
  /** The worst entry at step sizes from 1e-1 to 1e-12. */
  readonly curve: readonly CurvePoint[];
}

/** @throws what {@link derive} throws, ArgumentError for an epsilon outside its domain */
export async function probe(
  request: DerivationRequest = {},
  { epsilon = 1e-5 }: ProbeOptions = {},
): Promise<Probe> {
  if (!(epsilon > 0 && epsilon <= 1))
    throw new ArgumentError(`probe: epsilon must be a number in (0, 1], got ${epsilon}`);
  const problem = await readProblem(request);
  const input = checkInput(problem, problem.variable);
  const { model, values, steps, lossSteps, variable, activation, symbolic } = input;
  const at = leafValue(values, variable.name, variable.step);
  const all = Array.from(symbolic.data.keys());
  const options = { f32: { activation, round: Math.fround }, f64: { activation } };
  const lossOf = (precision: 'f32' | 'f64'): ReturnType<typeof lossFunction> =>
    lossFunction(model, values, steps, lossSteps, variable, options[precision]);
  const largest = Math.max(...symbolic.data.map(Math.abs));
  const floor = Math.max(FLOOR_SHARE * largest, differenceFloor(lossOf('f64')(at.data)));
  const shape = model.shapes.get(variable.name)!;
  const probed = (precision: 'f32' | 'f64'): Probed => {
    const gradient = central(lossOf(precision), at, all, epsilon);
    const errors = zip(
      symbolic,
      gradient,
      (a, n) => Math.abs(a - n) / Math.max(Math.abs(a), Math.abs(n), floor),
    );
    return {
      gradient: nested(gradient, shape),
      errors: nested(errors, shape),
      worst: Math.max(...errors.data),
    };
  };
  const sample = sampleOf(input);
  return {
    epsilon,
    exact: nested(symbolic, shape),
    f32: probed('f32'),
    f64: probed('f64'),
    floor,
    curve: curve(input, sample, epsilons(input, sample.length)),
  };
}

/** 1e-1 to 1e-12, as many per decade as the losses' price allows. */
function epsilons({ model, steps }: CheckInput, entries: number): number[] {
  const terms = [...model.written.map(({ term }) => term), model.writtenLoss];
  const perPoint = 4 * entries * steps * terms.reduce((sum, term) => sum + multiplications(term), 1);
  const affordable = Math.floor(CURVE_BUDGET / perPoint / DECADES);
  const perDecade = Math.max(1, Math.min(MOST_PER_DECADE, affordable));
  return Array.from({ length: (DECADES - 1) * perDecade + 1 }, (_, i) => 10 ** (-1 - i / perDecade));
}

export interface ParameterCheck {
  /** `W_hh`, `h[0]`. */
  readonly name: string;
  readonly passed: boolean;
  readonly rows: readonly {
    readonly method: CheckMethod;
    readonly relative: number;
    readonly tolerance: number;
    readonly passed: boolean;
    readonly entries: number;
  }[];
  /** Where differences and the derived gradient are furthest apart, relative to the entry. */
  readonly worst: WorstEntry;
}

export interface WorstEntry {
  readonly row: number;
  readonly column: number;
  readonly derived: number;
  readonly differences: number;
  readonly relative: number;
}

export interface AllChecks {
  readonly passed: boolean;
  readonly parameters: readonly ParameterCheck[];
  /** Arguments of relu so near to its kink that differences prove nothing. */
  readonly kinks: number;
}

/** Three methods beside the derived gradient of every parameter, and of every state before the first step. */
export async function checkAll(request: DerivationRequest = {}): Promise<AllChecks> {
  const problem = await readProblem(request);
  const { parameters, states, lags } = problem.model.system;
  const variables: Variable[] = [
    ...parameters.map((name) => ({ name, step: undefined })),
    ...states.flatMap((name) => Array.from({ length: lags[name]! }, (_, k) => ({ name, step: -k }))),
  ];
  let atKink = 0;
  const checks = variables.map((variable): ParameterCheck => {
    const input = checkInput(problem, variable);
    const sample = sampleOf(input);
    const rows = checkRows(input, sample);
    atKink = kinks(input);
    return {
      name: variable.step === undefined ? variable.name : `${variable.name}[${variable.step}]`,
      passed: allPass(rows, atKink),
      rows: rows.map(({ method, relative, tolerance, passed, entries }) => ({
        method,
        relative,
        tolerance,
        passed,
        entries,
      })),
      worst: worstEntry(input, rows.find(({ method }) => method === 'differences')!.gradient, sample),
    };
  });
  return { passed: checks.every(({ passed }) => passed), parameters: checks, kinks: atKink };
}

function worstEntry(input: CheckInput, differences: Numbers, sample: readonly number[]): WorstEntry {
  const { symbolic, model, values, steps, lossSteps, variable, activation } = input;
  const numeric = [differences].flat(2) as number[];
  const at = leafValue(values, variable.name, variable.step);
  const loss = lossFunction(model, values, steps, lossSteps, variable, { activation });
  const largest = Math.max(...symbolic.data.map(Math.abs));
  const floor = Math.max(FLOOR_SHARE * largest, differenceFloor(loss(at.data)));
  let worst: WorstEntry = { row: 0, column: 0, derived: 0, differences: 0, relative: -1 };
  for (const i of sample) {
    const [a, n] = [symbolic.data[i]!, numeric[i]!];
    const relative = Math.abs(a - n) / Math.max(Math.abs(a), Math.abs(n), floor);
    if (relative <= worst.relative) continue;
    const { columns } = symbolic;
    worst = { row: Math.floor(i / columns), column: i % columns, derived: a, differences: n, relative };
  }
  return worst;
}

/** What the checks need to know of one variable, which may be a value that is computed. */
function checkInput(problem: Problem, by: Variable): CheckInput {
  const { model, values, kernel, steps, lossSteps, activation } = problem;
  const trace = run(model.definitions, values, steps, { activation });
  expectFinite(model, trace, steps, lossSteps);
  const gradients = differentiate(model, { separateSoftmax: comparesDirectly(model, by) });
  const symbolic: Matrix = gradientBySweep(model, gradients, trace, steps, lossSteps, by);
  return {
    ...nudged({ model, values, variable: by }, steps),
    kernel,
    trace,
    steps,
    lossSteps,
    activation,
    symbolic,
  };
}
