/**
 * The homework's second question as an engine: a recurrence, a loss and a parameter in; the derivation, its numbers and
 * three independent checks out.
 */
import { check } from './checks.js';
import { complexityOf } from './complexity.js';
import type { Derivation, DerivationRequest, Layout, NamedShape, Numbers, Simplified } from './derivation.js';
import { lettersOf } from './dimension.js';
import { emitPrograms } from './emit/programs.js';
import { evaluate } from './evaluate.js';
import { perPathForm, type StepsInput, vectorisedForm } from './forms.js';
import { keyFormulas } from './key-form.js';
import { type Matrix, nested, norm, transposed } from './matrix.js';
import type { Model } from './model.js';
import { nudged } from './nudge.js';
import { type Problem, readProblem } from './problem.js';
import { type Relevant, relevantTo } from './relevant.js';
import { differentiate } from './reverse.js';
import { expectFinite, run, type Trace } from './run.js';
import { derivationSteps } from './steps.js';
import { gradientBySweep, paths, type Variable } from './sweep.js';
import type { Values } from './values.js';
import { equals, named, sumWritten } from './write.js';

/** Contributions are left out where all paths together have more numbers. */
const MAX_PATH_NUMBERS = 50_000;

/**
 * Derive dJ/dwrt by backpropagation through time.
 * @throws ArgumentError, ShapeError whose details hold `line`, `column`, `excerpt` and `caret` where a text is wrong
 */
export async function derive(request: DerivationRequest = {}): Promise<Derivation> {
  return derivationOf(await readProblem(request));
}

export function derivationOf(problem: Problem): Derivation {
  const { cell, loss, wrt, seed, model, values, variable, kernel, steps, at, layout, activation } = problem;
  const where = problem.lossSteps;
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
    cell,
    loss,
    wrt,
    seed,
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
export function comparesDirectly({ loss }: Model, { name }: Variable): boolean {
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

/** A gradient in the given layout. */
export function numbersIn(layout: Layout, value: Matrix, model: Model, { name }: Variable): Numbers {
  const shape = model.shapes.get(name)!;
  if (layout !== 'numerator') return nested(value, shape);
  return nested(transposed(value), { rows: shape.columns, columns: shape.rows });
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
