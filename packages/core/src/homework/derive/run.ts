/** The forward pass: every name at every step, in f64 or rounded to f32. */
import { InternalError } from '../../errors.js';
import { type Environment, evaluate } from './evaluate.js';
import type { Activation } from './functions.js';
import type { Matrix, Rounding } from './matrix.js';
import type { Definition, Model } from './model.js';
import { quoted, refuse } from './place.js';
import type { Term } from './term.js';
import type { Values } from './values.js';

export interface RunOptions {
  readonly activation: Activation;
  readonly round?: Rounding;
}

/** Which steps have a loss: all of them, or the last. */
export type LossAt = 'each' | 'last';

export function lossSteps(at: LossAt, steps: number): number[] {
  return at === 'last' ? [steps] : Array.from({ length: steps }, (_, i) => i + 1);
}

export interface Trace {
  /** The value of a symbol: parameters without a step, states also at steps <= 0. */
  read(name: string, step: number | undefined): Matrix;
  environment(t: number): Environment;
}

/** Compute `definitions` for t = 1 ... steps. */
export function run(
  definitions: readonly Definition[],
  values: Values,
  steps: number,
  options: RunOptions,
): Trace {
  const computed = new Map<string, Matrix[]>(definitions.map(({ name }) => [name, []]));
  const read = (name: string, step: number | undefined): Matrix => {
    const value =
      step === undefined
        ? values.parameters.get(name)
        : step <= 0
          ? values.initial.get(name)?.[-step]
          : (computed.get(name) ?? values.sequences.get(name))?.[step - 1];
    if (value === undefined) throw new InternalError(`derive: ${name} must have a value at step ${step}`);
    return value;
  };
  const environment = (t: number): Environment => ({ indices: { t }, read, ...options });
  for (let t = 1; t <= steps; t += 1) {
    for (const { name, term } of definitions) computed.get(name)!.push(evaluate(term, environment(t)));
  }
  return { read, environment };
}

/** J: the sum of the loss over its steps. */
export function totalLoss(
  loss: Term,
  trace: Trace,
  at: readonly number[],
  round: Rounding = (x) => x,
): number {
  return at.reduce((total, t) => round(total + evaluate(loss, trace.environment(t)).data[0]!), 0);
}

/** Refuse values that are not finite, at the equation where the first one comes from. */
export function expectFinite(model: Model, trace: Trace, steps: number, at: readonly number[]): void {
  const reason = 'is there a division by zero, a logarithm of a number <= 0, or an overflow?';
  for (let t = 1; t <= steps; t += 1) {
    for (const { name, term } of model.written) {
      const bad = trace.read(name, t).data.find((x) => !Number.isFinite(x));
      if (bad !== undefined && term.at)
        refuse(term.at, `${name}[${t}] must be finite, got ${quoted(String(bad))}: ${reason}`);
    }
  }
  for (const t of at) {
    const value = evaluate(model.writtenLoss, trace.environment(t)).data[0]!;
    if (!Number.isFinite(value) && model.writtenLoss.at) {
      refuse(
        model.writtenLoss.at,
        `the loss of step ${t} must be finite, got ${quoted(String(value))}: ${reason}`,
      );
    }
  }
}
