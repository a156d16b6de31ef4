/**
 * ds[t]/dW entry by entry of s[t]. A vector by a matrix has three indices, a matrix by a matrix four, and neither fits on
 * paper; with one entry of s[t] held fixed it is a matrix of W's shape. The derivation's own backward sweep gives it, started
 * at that entry instead of at the loss, and the part of every use of W with it.
 */
import { ArgumentError } from '../../errors.js';
import { difference } from './compare.js';
import type { DerivationRequest, Layout, Numbers } from './derivation.js';
import { comparesDirectly, numbersIn } from './derive.js';
import { replace } from './differences.js';
import { lettersOf, sizesOf } from './dimension.js';
import { type Matrix, map, matrix, zip } from './matrix.js';
import type { Model } from './model.js';
import { nudged } from './nudge.js';
import { type Problem, readProblem } from './problem.js';
import { differentiate } from './reverse.js';
import { expectFinite, run, type Trace } from './run.js';
import { gradientBySweep, sweep } from './sweep.js';
import { atStep, inner, symbol } from './term.js';
import { leafValue } from './values.js';

export interface SlicesOptions {
  /** What is differentiated: a state or another computed value, `h`. Defaults to the first state. */
  readonly of?: string;
  /** t, from 1 to T. Defaults to T. */
  readonly step?: number;
}

/** One entry of s[t] by all of W. */
export interface Slice {
  /** The entry, from 1; a vector's column is 1. */
  readonly row: number;
  readonly column: number;
  /** The derivative of `ds[t](row, column)` by W, in the request's layout. */
  readonly whole: Numbers;
  /** Its parts by the step k at which W is used; they add up to `whole`. Empty where all parts have more than 200 000 numbers. */
  readonly uses: readonly { readonly k: number; readonly part: Numbers }[];
  /** `dJ_t/ds[t](row, column)`, what the chain rule multiplies this slice by; null where step t has no loss. */
  readonly weight: number | null;
}

export interface Slices {
  readonly of: string;
  readonly step: number;
  readonly wrt: string;
  readonly layout: Layout;
  /** Shapes of s[t] and of W, in letters and sizes: `[H] by [H, H] = 4 by 4×4`. */
  readonly shape: string;
  /** Entries of s[t] by rows, the order of a matrix. */
  readonly slices: readonly Slice[];
  /** Sum of weight times slice, the part of dJ_t/dW that passes through s[t], beside dJ_t/dW; null where step t has no loss. */
  readonly contracted: { readonly through: Numbers; readonly whole: Numbers; readonly isAll: boolean } | null;
  /** Relative error of central differences of s[t] itself, worst entry; see `difference` for its floor. */
  readonly differences: number;
}

/** More numbers than this are no picture, and no message to a page either. */
const MOST_NUMBERS = 200_000;
/** Entries of W that differences move, evenly spread. */
const MOST_MOVED = 64;
/** Of the five-point stencil. */
const H = 1e-3;
/** The sum of weighted slices is all of dJ_t/dW when it is this near, relative to the largest entry. */
const ALL = 1e-9;

/**
 * @throws what {@link derive} throws; ArgumentError for a value or a step that is not computed, or for more than 200 000
 * numbers in all slices
 */
export async function slices(
  request: DerivationRequest = {},
  { of, step }: SlicesOptions = {},
): Promise<Slices> {
  const problem = await readProblem(request);
  const { model, values, activation, steps, lossSteps, variable, layout } = problem;
  const name = of ?? model.system.states[0] ?? model.definitions[0]!.name;
  const t = step ?? steps;
  expectComputed(model, name, t, steps);
  const shape = model.shapes.get(name)!;
  const [rows, columns] = [shape.rows.size, shape.columns.size];
  const by = model.shapes.get(variable.name)!;
  const count = rows * columns * by.rows.size * by.columns.size;
  if (count > MOST_NUMBERS)
    throw new ArgumentError(`slices: there must be at most ${MOST_NUMBERS} numbers, got ${count}`);
  const trace = run(model.definitions, values, steps, { activation });
  expectFinite(model, trace, steps, lossSteps);
  const hasLoss = lossSteps.includes(t);
  const weights = hasLoss ? lossGradient(problem, trace, name, t) : undefined;
  const entries = entrySweeps(problem, trace, name, t);
  const laidOut = (m: Matrix): Numbers => numbersIn(layout, m, model, variable);
  const isEveryUse = count * entries.steps.length <= MOST_NUMBERS;
  const found = Array.from({ length: rows * columns }, (_, i) => entries.of(i));
  return {
    of: name,
    step: t,
    wrt: problem.wrt,
    layout,
    shape: `${lettersOf(shape)} by ${lettersOf(by)} = ${sizesOf(shape)} by ${sizesOf(by)}`,
    slices: found.map(({ whole, parts }, i) => ({
      row: Math.floor(i / columns) + 1,
      column: (i % columns) + 1,
      whole: laidOut(whole),
      uses: isEveryUse ? parts.map((part, at) => ({ k: entries.steps[at]!, part: laidOut(part) })) : [],
      weight: weights === undefined ? null : weights.data[i]!,
    })),
    contracted:
      weights === undefined
        ? null
        : contract(
            problem,
            trace,
            t,
            found.map(({ whole }) => whole),
            weights,
          ),
    differences: apart(
      problem,
      name,
      t,
      found.map(({ whole }) => whole),
    ),
  };
}

function expectComputed(model: Model, name: string, t: number, steps: number): void {
  const computed = model.definitions.map((definition) => definition.name);
  if (!computed.includes(name)) {
    throw new ArgumentError(
      `slices: the value must be one that is computed (${computed.join(', ')}), got ${JSON.stringify(name.slice(0, 40))}`,
    );
  }
  if (!Number.isSafeInteger(t) || t < 1 || t > steps)
    throw new ArgumentError(`slices: step must be a whole number from 1 to ${steps}, got ${t}`);
}

interface EntrySweeps {
  /** Steps at which the variable enters. */
  readonly steps: readonly number[];
  of(entry: number): { readonly whole: Matrix; readonly parts: readonly Matrix[] };
}

/** The backward sweep of <e, s[t]> with e = 1 at one entry: that entry's derivative by the variable. */
function entrySweeps(
  { model, steps, variable }: Problem,
  trace: Trace,
  name: string,
  t: number,
): EntrySweeps {
  const shape = model.shapes.get(name)!;
  let pick = 'pick';
  while (model.shapes.has(pick)) pick += '_';
  const asLoss: Model = { ...model, loss: inner(symbol(pick, undefined, shape), atStep(name, 0, shape)) };
  const gradients = differentiate(asLoss);
  const uses = variable.step === undefined ? Array.from({ length: t }, (_, i) => i + 1) : [variable.step];
  const by = model.shapes.get(variable.name)!;
  return {
    steps: uses,
    of(entry) {
      const chosen = matrix(shape.rows.size, shape.columns.size);
      chosen.data[entry] = 1;
      const picking: Trace = {
        ...trace,
        read: (symbolName, step) => (symbolName === pick ? chosen : trace.read(symbolName, step)),
      };
      const backward = sweep(asLoss, gradients, picking, steps, [t]);
      const parts = uses.map((k) =>
        variable.step === undefined ? backward.local(variable.name, k) : backward.adjoint(variable.name, k),
      );
      const zero = matrix(by.rows.size, by.columns.size);
      return { parts, whole: parts.reduce((sum, part) => zip(sum, part, (x, y) => x + y), zero) };
    },
  };
}

function lossGradient({ model, steps }: Problem, trace: Trace, name: string, t: number): Matrix {
  const separateSoftmax = comparesDirectly(model, { name, step: t });
  return sweep(model, differentiate(model, { separateSoftmax }), trace, steps, [t]).adjoint(name, t);
}

function contract(
  { model, steps, variable, layout }: Problem,
  trace: Trace,
  t: number,
  wholes: readonly Matrix[],
  weights: Matrix,
): NonNullable<Slices['contracted']> {
  const gradients = differentiate(model, { separateSoftmax: comparesDirectly(model, variable) });
  const whole = gradientBySweep(model, gradients, trace, steps, [t], variable);
  const through = wholes
    .map((slice, i) => map(slice, (x) => x * weights.data[i]!))
    .reduce((sum, part) => zip(sum, part, (x, y) => x + y));
  const largest = whole.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const furthest = zip(through, whole, (x, y) => Math.abs(x - y)).data.reduce((a, b) => Math.max(a, b), 0);
  return {
    through: numbersIn(layout, through, model, variable),
    whole: numbersIn(layout, whole, model, variable),
    isAll: furthest <= ALL * largest,
  };
}

/** Five points of s[t] itself for each entry of the variable, beside the slices; no rule of calculus is used. */
function apart(problem: Problem, name: string, t: number, wholes: readonly Matrix[]): number {
  const { model, values, variable } = nudged(problem, problem.steps);
  const at = leafValue(values, variable.name, variable.step);
  const state = (entry: number, offset: number): Float64Array => {
    const moved = Float64Array.from(at.data);
    moved[entry]! += offset;
    const trace = run(model.definitions, replace(values, variable, moved), t, {
      activation: problem.activation,
    });
    return trace.read(name, t).data;
  };
  const size = at.data.length;
  const derived = matrix(wholes.length, size);
  const measured = matrix(wholes.length, size);
  const stride = Math.ceil(size / MOST_MOVED);
  const compared: number[] = [];
  for (let entry = 0; entry < size; entry += stride) {
    const [far, near, back, farBack] = [2 * H, H, -H, -2 * H].map((offset) => state(entry, offset)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    for (const [i, slice] of wholes.entries()) {
      const place = i * size + entry;
      compared.push(place);
      derived.data[place] = slice.data[entry]!;
      measured.data[place] = (-far[i]! + 8 * near[i]! - 8 * back[i]! + farBack[i]!) / (12 * H);
    }
  }
  return difference(derived, measured, compared).relative;
}
