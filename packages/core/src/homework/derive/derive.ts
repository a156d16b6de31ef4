/**
 * The homework's second question as an engine: a recurrence, a loss and a parameter in; the derivation, its numbers and
 * three independent checks out.
 */
import { ArgumentError } from '../../errors.js';
import type { Kernel } from '../../kernel/kernel.js';
import { loadKernel, withKernel } from '../../kernel/load.js';
import { RandomStream } from '../../random.js';
import { check } from './checks.js';
import { complexityOf } from './complexity.js';
import type { Derivation, DerivationRequest, Layout, NamedShape, Numbers, Simplified } from './derivation.js';
import { lettersOf } from './dimension.js';
import { emitPrograms } from './emit/programs.js';
import { evaluate } from './evaluate.js';
import { perPathForm, type StepsInput, vectorisedForm } from './forms.js';
import type { Activation } from './functions.js';
import { keyFormulas } from './key-form.js';
import { type Matrix, nested, norm, transposed } from './matrix.js';
import { type Model, readModel } from './model.js';
import { nudged } from './nudge.js';
import { parseExpression } from './parse.js';
import { refuse } from './place.js';
import { type Relevant, relevantTo } from './relevant.js';
import { differentiate } from './reverse.js';
import { expectFinite, lossSteps, run, type Trace } from './run.js';
import { derivationSteps } from './steps.js';
import { gradientBySweep, paths, type Variable } from './sweep.js';
import { makeValues, type Values } from './values.js';
import { equals, named, sumWritten } from './write.js';

/** Question 2 with an activation and a bias left out, as the homework has it. */
export const question2 = {
  cell: 'h[t] = psi(W_hh h[t-1] + W_hx x[t])\no[t] = W_yh h[t]',
  loss: 'cross_entropy(softmax(o[t]), y[t])',
  wrt: 'W_hh',
  steps: 3,
} as const;

const MAX_STEPS = 64;
/** Contributions are left out where all paths together have more numbers. */
const MAX_PATH_NUMBERS = 50_000;
const layouts: readonly Layout[] = ['shape', 'numerator', 'denominator'];
const activations: readonly Activation[] = ['tanh', 'sigmoid', 'relu', 'identity'];

/**
 * Derive dJ/dwrt by backpropagation through time.
 * @throws ArgumentError, ShapeError whose details hold `line`, `column`, `excerpt` and `caret` where a text is wrong
 */
export async function derive(request: DerivationRequest = {}): Promise<Derivation> {
  const {
    cell = question2.cell,
    loss = question2.loss,
    wrt = question2.wrt,
    steps = question2.steps,
  } = request;
  const {
    at = 'each',
    sizes = {},
    values: given = {},
    seed = 0,
    layout = 'shape',
    activation = 'tanh',
  } = request;
  if (!Number.isSafeInteger(steps) || steps < 1 || steps > MAX_STEPS) {
    throw new ArgumentError(`derive: steps must be a whole number from 1 to ${MAX_STEPS}, got ${steps}`);
  }
  if (at !== 'each' && at !== 'last')
    throw new ArgumentError(`derive: at must be 'each' or 'last', got ${String(at)}`);
  if (!layouts.includes(layout))
    throw new ArgumentError(`derive: layout must be one of ${layouts.join(', ')}, got ${String(layout)}`);
  if (!activations.includes(activation)) {
    throw new ArgumentError(
      `derive: activation must be one of ${activations.join(', ')}, got ${String(activation)}`,
    );
  }
  const declared = new Set([...Object.keys(sizes), ...Object.keys(given)]);
  const model = readModel(cell, loss, sizes, declared);
  expectKnown(Object.keys(sizes), model);
  const variable = readVariable(wrt, model, steps);
  const kernel = await loadKernel({ precision: 'f64' });
  const values = withKernel(kernel, () => {
    const random = new RandomStream(seed, 'derive');
    return makeValues(model, steps, given, () => random.uniform());
  });
  const problem: Problem = { model, values, variable, kernel, steps, at, layout, activation };
  return { cell, loss, wrt: named(variable.name, variable.step?.toString()).text, seed, ...solve(problem) };
}

interface Problem {
  readonly model: Model;
  readonly values: Values;
  readonly variable: Variable;
  readonly kernel: Kernel;
  readonly steps: number;
  readonly at: NonNullable<DerivationRequest['at']>;
  readonly layout: Layout;
  readonly activation: NonNullable<DerivationRequest['activation']>;
}

function solve(problem: Problem): Omit<Derivation, 'cell' | 'loss' | 'wrt' | 'seed'> {
  const { model, values, variable, kernel, steps, at, layout, activation } = problem;
  const where = lossSteps(at, steps);
  const trace = run(model.definitions, values, steps, { activation });
  expectFinite(model, trace, steps, where);
  const gradients = differentiate(model, { separateSoftmax: comparesDirectly(model, variable) });
  const relevant = relevantTo(model, gradients, variable);
  const symbolic = gradientBySweep(model, gradients, trace, steps, where, variable);
  const input: StepsInput = { model, relevant, variable, steps, at, lossSteps: where, layout };
  const laidOut = (m: Matrix): Numbers => numbersIn(layout, m, model, variable);
  const stepLosses = where.map((t) => ({ t, value: evaluate(model.loss, trace.environment(t)).data[0]! }));
  const shown = valuesShown(values, model);
  const byPath = paths(model, gradients, trace, steps, where, variable);
  const given = nudged({ model, values, variable }, steps);
  const leaf = given.variable;
  return {
    steps,
    at,
    layout,
    activation,
    assumed: model.system.assumed ?? '',
    shapes: namedShapes(model),
    derivation: derivationSteps(input),
    vectorised: vectorisedForm(input),
    perPath: perPathForm(input),
    simplified: simplify(problem, trace, where, symbolic),
    complexity: complexityOf(relevant, steps, where),
    values: shown,
    lossValue: stepLosses.reduce((sum, { value }) => sum + value, 0),
    stepLosses,
    gradient: laidOut(symbolic),
    paths: byPath.map(({ t, k, value }) => ({
      t,
      k,
      contribution: byPath.length * value.data.length > MAX_PATH_NUMBERS ? null : laidOut(value),
      norm: norm(value),
    })),
    checks: check({ ...given, kernel, trace, steps, lossSteps: where, activation, symbolic }),
    programs: emitPrograms({
      model: given.model,
      relevant: leaf === variable ? relevant : relevantTo(given.model, differentiate(given.model), leaf),
      variable: leaf,
      steps,
      lossSteps: where,
      activation,
      values: valuesShown(given.values, given.model),
      gradient: symbolic,
    }),
  };
}

/** Is the variable what the loss compares with its targets? Its gradient is lost where softmax and loss are taken at once. */
function comparesDirectly({ loss }: Model, { name }: Variable): boolean {
  return loss.kind === 'crossEntropy' && loss.left.kind === 'symbol' && loss.left.name === name;
}

/** The recursion with every activation's derivative taken for 1, and how far that is from the truth. */
function simplify(
  { model, variable, steps, layout }: Problem,
  trace: Trace,
  where: readonly number[],
  exact: Matrix,
): Simplified {
  const gradients = differentiate(model, {
    ignoreActivations: true,
    separateSoftmax: comparesDirectly(model, variable),
  });
  const relevant: Relevant = relevantTo(model, gradients, variable);
  const gradient = gradientBySweep(model, gradients, trace, steps, where, variable);
  const largest = Math.max(...exact.data.map(Math.abs));
  const apart = Math.max(...exact.data.map((x, i) => Math.abs(x - gradient.data[i]!)));
  const lines = relevant.adjoints.map(({ name, shape, contributions }) =>
    equals(named(`${model.gradientPrefix}${name}`, 't'), sumWritten(model, layout, contributions, shape)),
  );
  return {
    equations: lines.map(({ text }) => text),
    latex: lines.map(({ latex }) => latex),
    gradient: numbersIn(layout, gradient, model, variable),
    relativeError: apart === 0 ? 0 : apart / largest,
    key: keyFormulas(model, steps),
  };
}

function numbersIn(layout: Layout, value: Matrix, model: Model, { name }: Variable): Numbers {
  const shape = model.shapes.get(name)!;
  if (layout !== 'numerator') return nested(value, shape);
  return nested(transposed(value), { rows: shape.columns, columns: shape.rows });
}

function readVariable(text: string, model: Model, steps: number): Variable {
  const { parameters, states, inputs, lags } = model.system;
  const source = { label: 'wrt', text };
  const expr = parseExpression(source);
  const before = states.map((name) => `${name}[0]`);
  const computed = model.definitions.map(({ name }) => name);
  const known = [...parameters, ...before, ...[...inputs, ...computed].map((name) => `${name}[1]`)].join(
    ', ',
  );
  if (expr.kind === 'symbol') {
    const { name, index } = expr;
    if (index === undefined) {
      if (parameters.includes(name)) return { name, step: undefined };
      const state = states.find((candidate) => name === `${candidate}0` || name === `${candidate}_0`);
      if (state !== undefined) return { name: state, step: 0 };
    } else if (Object.keys(index.factors).length === 0) {
      const step = index.constant;
      if (states.includes(name) && step <= 0 && step > -lags[name]!) return { name, step };
      if ([...inputs, ...computed].includes(name) && step >= 1 && step <= steps) return { name, step };
    }
  }
  return refuse(
    expr.at,
    `the variable must be a parameter, a state before the first step, an input or a value of a step (${known}), got ${JSON.stringify(text.slice(0, 40))}`,
  );
}

function expectKnown(names: readonly string[], model: Model): void {
  for (const name of names) {
    if (model.shapes.has(name)) continue;
    throw new ArgumentError(
      `size: names must be among ${[...model.shapes.keys()].join(', ')}, got ${JSON.stringify(name.slice(0, 40))}`,
    );
  }
}

function namedShapes({ shapes, system }: Model): NamedShape[] {
  const role = (name: string): NamedShape['role'] => {
    if (system.states.includes(name)) return 'state';
    if (system.parameters.includes(name)) return 'parameter';
    if (system.inputs.includes(name)) return 'input';
    return system.targets.includes(name) ? 'target' : 'value';
  };
  return [...shapes].map(([name, shape]) => ({
    name,
    role: role(name),
    letters: lettersOf(shape),
    rows: shape.rows.size,
    columns: shape.columns.size,
  }));
}

function valuesShown(
  { parameters, sequences, initial }: Values,
  { shapes }: Model,
): Record<string, Numbers | Numbers[]> {
  const one = (name: string, value: Matrix): Numbers => nested(value, shapes.get(name)!);
  return {
    ...Object.fromEntries([...parameters].map(([name, value]) => [name, one(name, value)])),
    ...Object.fromEntries(
      [...sequences].map(([name, list]) => [name, list.map((value) => one(name, value))]),
    ),
    ...Object.fromEntries(
      [...initial].flatMap(([name, list]) => list.map((value, k) => [`${name}[${-k}]`, one(name, value)])),
    ),
  };
}
