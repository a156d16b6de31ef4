/**
 * A derivation as lines that can be true or false one by one: each is an equation between quantities whose true values
 * are known, so that a false line is found by computing both sides, whatever stands in the others.
 */
import { evaluate } from '../derive/evaluate.js';
import { type Matrix, matrix, zip } from '../derive/matrix.js';
import type { Model } from '../derive/model.js';
import type { Relevant } from '../derive/relevant.js';
import type { Contribution, Gradients } from '../derive/reverse.js';
import type { Trace } from '../derive/run.js';
import { sweep } from '../derive/sweep.js';

/** The gradient of everything with a time index, the immediate term of the parameter, or the sum over time. */
export type Line =
  | {
      readonly kind: 'adjoint' | 'immediate';
      readonly name: string;
      readonly contributions: readonly Contribution[];
    }
  /** dJ/dW as the sum of the immediate terms of these steps. */
  | { readonly kind: 'total'; readonly name: string; readonly from: number; readonly to: number };

/** The true lines, in the order of the backward sweep. */
export function trueLines(relevant: Relevant, parameter: string, steps: number): Line[] {
  return [
    ...relevant.adjoints.map(({ name, contributions }): Line => ({ kind: 'adjoint', name, contributions })),
    { kind: 'immediate', name: parameter, contributions: relevant.variable },
    { kind: 'total', name: parameter, from: 1, to: steps },
  ];
}

/** Where the two sides of a line are furthest apart. */
export interface Deviation {
  /** max |said - true| over max |true|, over all steps; 0 to rounding for a true line. */
  readonly relative: number;
  /** The step; undefined for the sum over time. */
  readonly t: number | undefined;
  readonly row: number;
  readonly column: number;
  readonly said: number;
  readonly truth: number;
}

/** @returns for any line of this derivation, how far its right side is from the true value of its left side */
export function judge(
  model: Model,
  gradients: Gradients,
  trace: Trace,
  steps: number,
  lossSteps: readonly number[],
): (line: Line) => Deviation {
  const backward = sweep(model, gradients, trace, steps, lossSteps);
  const prefix = model.gradientPrefix;
  const environment = (t: number): ReturnType<Trace['environment']> => ({
    ...trace.environment(t),
    read: (name, step) =>
      step !== undefined && name.startsWith(prefix)
        ? backward.adjoint(name.slice(prefix.length), step)
        : trace.read(name, step),
  });
  const shapeOf = (name: string): Matrix => {
    const { rows, columns } = model.shapes.get(name)!;
    return matrix(rows.size, columns.size);
  };
  const rightSide = (name: string, contributions: readonly Contribution[], t: number): Matrix =>
    contributions
      .filter(({ via, lag }) => t + lag <= steps && (via !== 'loss' || lossSteps.includes(t + lag)))
      .map(({ term }) => evaluate(term, environment(t)))
      .reduce((a, b) => zip(a, b, (x, y) => x + y), shapeOf(name));
  const sumOf = (name: string, from: number, to: number): Matrix => {
    let total = shapeOf(name);
    for (let t = from; t <= to; t += 1) total = zip(total, backward.local(name, t), (x, y) => x + y);
    return total;
  };
  return (line) => {
    if (line.kind === 'total') {
      return furthest([
        { t: undefined, said: sumOf(line.name, line.from, line.to), truth: sumOf(line.name, 1, steps) },
      ]);
    }
    return furthest(
      Array.from({ length: steps }, (_, at) => {
        const t = at + 1;
        const truth = line.kind === 'adjoint' ? backward.adjoint(line.name, t) : backward.local(line.name, t);
        return { t, said: rightSide(line.name, line.contributions, t), truth };
      }),
    );
  };
}

interface Sides {
  readonly t: number | undefined;
  readonly said: Matrix;
  readonly truth: Matrix;
}

function furthest(all: readonly Sides[]): Deviation {
  const largest = Math.max(...all.flatMap(({ truth }) => [...truth.data].map(Math.abs)), Number.MIN_VALUE);
  let worst: Deviation = { relative: -1, t: undefined, row: 0, column: 0, said: 0, truth: 0 };
  for (const { t, said, truth } of all) {
    for (const [at, entry] of truth.data.entries()) {
      const relative = Math.abs(said.data[at]! - entry) / largest;
      if (relative <= worst.relative) continue;
      const [row, column] = [Math.floor(at / truth.columns), at % truth.columns];
      worst = { relative, t, row, column, said: said.data[at]!, truth: entry };
    }
  }
  return worst;
}
