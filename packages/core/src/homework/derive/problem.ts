/** A request read: the recurrence as a model, its numbers, and what is differentiated by. Everything that computes starts here. */
import { ArgumentError } from '../../errors.js';
import type { Kernel } from '../../kernel/kernel.js';
import { loadKernel, withKernel } from '../../kernel/load.js';
import { RandomStream } from '../../random.js';
import type { DerivationRequest, Layout } from './derivation.js';
import type { Activation } from './functions.js';
import { type Model, readModel } from './model.js';
import { parseExpression } from './parse.js';
import { refuse } from './place.js';
import { type LossAt, lossSteps } from './run.js';
import type { Variable } from './sweep.js';
import { changed, makeValues, type Values } from './values.js';
import { named } from './write.js';

/** Question 2 with an activation and a bias left out, as the homework has it. */
export const question2 = {
  cell: 'h[t] = psi(W_hh h[t-1] + W_hx x[t])\no[t] = W_yh h[t]',
  loss: 'cross_entropy(softmax(o[t]), y[t])',
  wrt: 'W_hh',
  steps: 3,
} as const;

const MAX_STEPS = 64;
const layouts: readonly Layout[] = ['shape', 'numerator', 'denominator'];
const activations: readonly Activation[] = ['tanh', 'sigmoid', 'relu', 'identity'];

export interface Problem {
  readonly cell: string;
  readonly loss: string;
  /** The variable, spelled the canonical way. */
  readonly wrt: string;
  readonly seed: number;
  readonly model: Model;
  readonly values: Values;
  readonly variable: Variable;
  /** In f64. */
  readonly kernel: Kernel;
  readonly steps: number;
  readonly at: LossAt;
  readonly lossSteps: readonly number[];
  readonly layout: Layout;
  readonly activation: Activation;
}

/** @throws ArgumentError, ShapeError that point at the place in the text */
export async function readProblem(request: DerivationRequest): Promise<Problem> {
  const { cell = question2.cell, loss = question2.loss, steps = question2.steps } = request;
  const {
    at = 'each',
    sizes = {},
    values: given = {},
    seed = 0,
    layout = 'shape',
    activation = 'tanh',
    start = 'zero',
    changes = [],
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
  if (start !== 'zero' && start !== 'drawn')
    throw new ArgumentError(`derive: start must be 'zero' or 'drawn', got ${String(start)}`);
  const declared = new Set([...Object.keys(sizes), ...Object.keys(given)]);
  const model = readModel(cell, loss, sizes, declared);
  expectKnown(Object.keys(sizes), model);
  const variable = readVariable(request.wrt ?? usualVariable(model), model, steps);
  const kernel = await loadKernel({ precision: 'f64' });
  const values = withKernel(kernel, () => {
    const random = new RandomStream(seed, 'derive');
    return changed(
      makeValues(model, steps, given, () => random.uniform(), start),
      changes,
    );
  });
  return {
    cell,
    loss,
    wrt: named(variable.name, variable.step?.toString()).text,
    seed,
    model,
    values,
    variable,
    kernel,
    steps,
    at,
    lossSteps: lossSteps(at, steps),
    layout,
    activation,
  };
}

/** Question 2's where the recurrence has it, else the first parameter that there is. */
function usualVariable({ system: { parameters } }: Model): string {
  return parameters.includes(question2.wrt) ? question2.wrt : (parameters[0] ?? question2.wrt);
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
