/**
 * Symbolic gradients in numbers. One backward sweep gives dJ/dW in O(T) steps; one sweep per loss step t gives every
 * path: the part of dJ_t/dW that enters through the W of step k.
 */
import { evaluate } from './evaluate.js';
import { type Matrix, matrix, zip } from './matrix.js';
import type { Model } from './model.js';
import type { Adjoint, Contribution, Gradients } from './reverse.js';
import type { Trace } from './run.js';

/** What is differentiated by: a parameter (no step), or a state or input at one step. */
export interface Variable {
  readonly name: string;
  readonly step: number | undefined;
}

export interface Path {
  /** The step of the loss. */
  readonly t: number;
  /** The step at which the variable enters. */
  readonly k: number;
  readonly value: Matrix;
}

export interface Sweep {
  /** dJ/dname[step]. */
  adjoint(name: string, step: number): Matrix;
  /** The immediate term of a parameter at step k. */
  local(name: string, k: number): Matrix;
}

/** Go back from the last step, with the loss of the steps in `at` alone. */
export function sweep(
  model: Model,
  gradients: Gradients,
  trace: Trace,
  steps: number,
  at: readonly number[],
): Sweep {
  // Nothing behind the last loss has a gradient.
  const last = Math.min(steps, Math.max(...at));
  const known = new Map<string, Matrix>();
  const adjoints = new Map(gradients.adjoints.map((adjoint) => [adjoint.name, adjoint] as const));
  const parameters = new Map(gradients.parameters.map((parameter) => [parameter.name, parameter] as const));
  const prefix = model.gradientPrefix;
  const applies = ({ via, lag }: Contribution, step: number): boolean => {
    const reader = step + lag;
    return reader >= 1 && reader <= last && (via !== 'loss' || at.includes(reader));
  };
  const total = ({ shape, contributions }: Adjoint, step: number): Matrix => {
    let sum = matrix(shape.rows.size, shape.columns.size);
    for (const contribution of contributions) {
      if (!applies(contribution, step)) continue;
      sum = zip(sum, evaluate(contribution.term, environment(step)), (x, y) => x + y);
    }
    return sum;
  };
  const adjoint = (name: string, step: number): Matrix => {
    const key = `${name}@${step}`;
    const value = known.get(key) ?? total(adjoints.get(name)!, step);
    known.set(key, value);
    return value;
  };
  const environment = (t: number): ReturnType<Trace['environment']> => ({
    ...trace.environment(t),
    read: (name, step) =>
      step !== undefined && name.startsWith(prefix) && adjoints.has(name.slice(prefix.length))
        ? adjoint(name.slice(prefix.length), step)
        : trace.read(name, step),
  });
  // From the last step on, so that no chain of unknown values grows longer than one step.
  for (let step = last; step >= 1; step -= 1) for (const { name } of gradients.adjoints) adjoint(name, step);
  return { adjoint, local: (name, k) => total(parameters.get(name)!, k) };
}

/** dJ/dvariable by one sweep. */
export function gradientBySweep(
  model: Model,
  gradients: Gradients,
  trace: Trace,
  steps: number,
  at: readonly number[],
  variable: Variable,
): Matrix {
  const backward = sweep(model, gradients, trace, steps, at);
  if (variable.step !== undefined) return backward.adjoint(variable.name, variable.step);
  const { shape } = gradients.parameters.find(({ name }) => name === variable.name)!;
  let total = matrix(shape.rows.size, shape.columns.size);
  for (let k = 1; k <= steps; k += 1) total = zip(total, backward.local(variable.name, k), (x, y) => x + y);
  return total;
}

/** Every path's contribution; they add up to the gradient. A variable with a step has one path per loss step. */
export function paths(
  model: Model,
  gradients: Gradients,
  trace: Trace,
  steps: number,
  at: readonly number[],
  variable: Variable,
): Path[] {
  return at.flatMap((t): Path[] => {
    const backward = sweep(model, gradients, trace, steps, [t]);
    if (variable.step !== undefined) {
      return [{ t, k: variable.step, value: backward.adjoint(variable.name, variable.step) }];
    }
    return Array.from({ length: t }, (_, i) => ({
      t,
      k: i + 1,
      value: backward.local(variable.name, i + 1),
    }));
  });
}
