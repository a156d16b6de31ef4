/**
 * How far a state is heard: the gain ||ds_t/ds_k|| of every pair of steps, for any recurrence whose states are vectors.
 * The Jacobian of one step is composed from the local ones of the derivation and multiplied on, step after step.
 */
import { ArgumentError, ShapeError } from '../../errors.js';
import type { DerivationRequest } from './derivation.js';
import { isVector } from './dimension.js';
import { evaluate } from './evaluate.js';
import { graphOf } from './graph.js';
import { jacobian, transition } from './jacobian.js';
import { termLatex } from './latex.js';
import { type Matrix, map, matrix, multiplied, norm, zip } from './matrix.js';
import type { Model } from './model.js';
import { type Problem, readProblem } from './problem.js';
import { differentiate, slope } from './reverse.js';
import { expectFinite, run, type Trace } from './run.js';
import { sweep } from './sweep.js';
import { atStep, isZero } from './term.js';
import type { Values } from './values.js';

export interface InfluenceOptions {
  /** Spectral radius that every recurrent matrix is scaled to, in (0, 10]. As drawn or given when left out. */
  readonly radius?: number;
}

/** One state: `h`, or an LSTM's `c`. */
export interface StateInfluence {
  readonly name: string;
  /** gains[t][k], 0 <= k <= t <= T: ||ds_t/ds_k||_F / sqrt(S), through everything; 1 for t = k. */
  readonly gains: readonly (readonly number[])[];
  /** The same by the direct way alone (s[t] reads s[t-1] itself); empty where there is none. */
  readonly direct: readonly (readonly number[])[];
  /** The direct way's factor, e.g. `\operatorname{diag}(f_t)`; empty where there is none. */
  readonly directLatex: string;
}

export interface RecurrentMatrix {
  readonly name: string;
  /** Largest modulus first. */
  readonly eigenvalues: readonly { readonly re: number; readonly im: number }[];
  readonly radius: number;
}

/** Mean slope of one activation at each step: 1 is open, 0 is saturated. */
export interface Saturation {
  /** The value that the activation gives: `h`, or a gate. */
  readonly name: string;
  readonly activation: string;
  /** Entry t - 1 is step t, in [0, 1]: relative to the largest slope that the activation has. */
  readonly openness: readonly number[];
}

export interface Influence {
  readonly steps: number;
  readonly states: readonly StateInfluence[];
  readonly matrices: readonly RecurrentMatrix[];
  readonly saturation: readonly Saturation[];
  /** Euclidean norm of dJ_t/dparameters, all of them together, J_t the loss of step t alone; at most 20 steps, evenly spread. */
  readonly gradientNorms: readonly { readonly t: number; readonly norm: number }[];
}

/** Where an activation is steepest. */
const steepest: Readonly<Record<string, number>> = { tanh: 1, sigmoid: 0.25, relu: 1, identity: 1 };
const MAX_RADIUS = 10;
const MOST_NORMS = 20;

/** @throws what {@link derive} throws; ShapeError for a state that is no vector, ArgumentError for one read from further back */
export async function influence(
  request: DerivationRequest = {},
  { radius }: InfluenceOptions = {},
): Promise<Influence> {
  if (radius !== undefined && !(radius > 0 && radius <= MAX_RADIUS)) {
    throw new ArgumentError(`influence: radius must be a number in (0, ${MAX_RADIUS}], got ${radius}`);
  }
  const problem = await readProblem(request);
  const { model, steps, activation, lossSteps } = problem;
  for (const name of model.system.states) expectVector(model, name);
  const recurrent = recurrentMatrices(problem);
  const values = radius === undefined ? problem.values : await scaled(problem.values, recurrent, radius);
  const trace = run(model.definitions, values, steps, { activation });
  expectFinite(model, trace, steps, lossSteps);
  const stepsOn = transitions(model, trace, steps);
  return {
    steps,
    states: model.system.states.map((name) => influenceOf(model, trace, steps, stepsOn, name)),
    matrices: await Promise.all(
      recurrent.map(async (name): Promise<RecurrentMatrix> => {
        const eigenvalues = await eigenvaluesOf(values.parameters.get(name)!);
        return { name, eigenvalues, radius: modulus(eigenvalues[0]!) };
      }),
    ),
    saturation: saturationOf(problem, trace),
    gradientNorms: gradientNormsOf(problem, trace),
  };
}

function expectVector(model: Model, name: string): void {
  const lag = model.system.lags[name]!;
  if (lag !== 1) {
    throw new ArgumentError(`influence: states must be read from the step before, got ${name}[t-${lag}]`);
  }
  const shape = model.shapes.get(name)!;
  if (isVector(shape) || shape.rows.size * shape.columns.size === 1) return;
  throw new ShapeError(
    `influence: states must be vectors, got ${name} of ${shape.rows.size}×${shape.columns.size}`,
  );
}

/** Square parameters that multiply what comes from the step before. */
function recurrentMatrices({ model, lossSteps }: Problem): string[] {
  const { edges } = graphOf(model, 1, lossSteps.slice(0, 1));
  const crossing = edges.filter(({ from }) => from.endsWith('[0]')).flatMap(({ parameters }) => parameters);
  return [...new Set(crossing)].filter((name) => {
    const { rows, columns } = model.shapes.get(name)!;
    return rows.size > 1 && rows.letter === columns.letter;
  });
}

async function scaled(values: Values, names: readonly string[], radius: number): Promise<Values> {
  const parameters = new Map(values.parameters);
  for (const name of names) {
    const old = parameters.get(name)!;
    const size = modulus((await eigenvaluesOf(old))[0]!);
    // A nilpotent matrix has no other radius to be scaled to.
    if (size > 0)
      parameters.set(
        name,
        map(old, (x) => (x * radius) / size),
      );
  }
  return { ...values, parameters };
}

/** Largest modulus first. */
async function eigenvaluesOf({ rows, columns, data }: Matrix): Promise<RecurrentMatrix['eigenvalues']> {
  // Loaded here, so that who never asks for eigenvalues does not load it.
  const { EigenvalueDecomposition, Matrix: Dense } = await import('ml-matrix');
  const decomposed = new EigenvalueDecomposition(Dense.from1DArray(rows, columns, data), {
    assumeSymmetric: false,
  });
  return decomposed.realEigenvalues
    .map((re, i) => ({ re, im: decomposed.imaginaryEigenvalues[i]! }))
    .sort((a, b) => modulus(b) - modulus(a));
}

function modulus({ re, im }: { readonly re: number; readonly im: number }): number {
  return Math.hypot(re, im);
}

/** The Jacobian of all states by all states of the step before, for t = 1 ... T. */
function transitions(model: Model, trace: Trace, steps: number): Blocks {
  const { states } = model.system;
  const sizes = states.map((name) => model.shapes.get(name)!.rows.size);
  const offsets = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, n) => sum + n, 0));
  const size = sizes.reduce((sum, n) => sum + n, 0);
  const terms = states.map((to) =>
    states.map((from) => transition(model, to, { name: from, lag: 1, shape: model.shapes.get(from)! })),
  );
  const matrices = Array.from({ length: steps }, (_, i) => {
    const whole = matrix(size, size);
    for (const [r, row] of terms.entries()) {
      for (const [c, term] of row.entries()) {
        if (term === undefined)
          throw new ShapeError(`influence: a step's Jacobian must be a matrix, got none for ${states[r]}`);
        put(whole, evaluate(term, trace.environment(i + 1)), offsets[r]!, offsets[c]!);
      }
    }
    return whole;
  });
  return { matrices, offsets: new Map(states.map((name, i) => [name, offsets[i]!] as const)) };
}

interface Blocks {
  readonly matrices: readonly Matrix[];
  readonly offsets: ReadonlyMap<string, number>;
}

function put(whole: Matrix, part: Matrix, row: number, column: number): void {
  for (let r = 0; r < part.rows; r += 1) {
    for (let c = 0; c < part.columns; c += 1) {
      whole.data[(row + r) * whole.columns + column + c] = part.data[r * part.columns + c]!;
    }
  }
}

function influenceOf(
  model: Model,
  trace: Trace,
  steps: number,
  { matrices, offsets }: Blocks,
  name: string,
): StateInfluence {
  const shape = model.shapes.get(name)!;
  const [at, size] = [offsets.get(name)!, shape.rows.size];
  const inside = (whole: Matrix): Matrix => {
    const part = matrix(size, size);
    for (let r = 0; r < size; r += 1) {
      for (let c = 0; c < size; c += 1)
        part.data[r * size + c] = whole.data[(at + r) * whole.columns + at + c]!;
    }
    return part;
  };
  const definition = model.definitions.find((candidate) => candidate.name === name)!;
  const direct = jacobian(definition, { name, lag: 1, shape });
  const hasDirect = direct !== undefined && !isZero(direct);
  const directs = hasDirect
    ? Array.from({ length: steps }, (_, i) => evaluate(direct, trace.environment(i + 1)))
    : [];
  return {
    name,
    gains: gainsOf(matrices, (whole) => norm(inside(whole)) / Math.sqrt(size), matrices[0]!.rows),
    direct: hasDirect ? gainsOf(directs, (part) => norm(part) / Math.sqrt(size), size) : [],
    directLatex: hasDirect ? termLatex(direct) : '',
  };
}

/** gain(A_t ... A_{k+1}) for 0 <= k <= t <= T. */
function gainsOf(factors: readonly Matrix[], gain: (product: Matrix) => number, size: number): number[][] {
  const one = matrix(size, size);
  for (let i = 0; i < size; i += 1) one.data[i * size + i] = 1;
  const products: Matrix[] = [one];
  const rows = [[gain(one)]];
  for (const factor of factors) {
    for (const [k, product] of products.entries()) products[k] = multiplied(factor, product);
    products.push(one);
    rows.push(products.map(gain));
  }
  return rows;
}

function saturationOf({ model, steps, activation }: Problem, trace: Trace): Saturation[] {
  return model.definitions.flatMap(({ name, term }): Saturation[] => {
    if (term.kind !== 'apply') return [];
    const fn = term.fn === 'psi' || term.fn === 'phi' ? activation : term.fn;
    const most = steepest[fn];
    if (most === undefined) return [];
    const derivative = slope(term, atStep(name, 0, term.shape));
    const openness = Array.from({ length: steps }, (_, i) => {
      const { data } = evaluate(derivative, trace.environment(i + 1));
      return data.reduce((sum, x) => sum + x, 0) / data.length / most;
    });
    return [{ name, activation: fn, openness }];
  });
}

function gradientNormsOf({ model, steps }: Problem, trace: Trace): Influence['gradientNorms'] {
  const gradients = differentiate(model);
  const count = Math.min(steps, MOST_NORMS);
  // From the first step to the last; one sweep each.
  return Array.from({ length: count }, (_, i) => {
    const t = count === 1 ? steps : 1 + Math.round((i * (steps - 1)) / (count - 1));
    const backward = sweep(model, gradients, trace, steps, [t]);
    const norms = gradients.parameters.map(({ name, shape }) => {
      let total = matrix(shape.rows.size, shape.columns.size);
      for (let k = 1; k <= t; k += 1) total = zip(total, backward.local(name, k), (x, y) => x + y);
      return norm(total);
    });
    return { t, norm: Math.hypot(...norms) };
  });
}
