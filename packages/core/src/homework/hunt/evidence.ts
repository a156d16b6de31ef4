/**
 * What a derivation with a mistake in it leads to: every quantity computed as its line says, from what the lines before
 * it gave. The first one that is off, in the order of the backward sweep, is where the mistake is; all that follow
 * inherit it.
 */
import type { Numbers } from '../derive/derivation.js';
import { fivePoint, lossFunction } from '../derive/differences.js';
import { type Matrix, matrix, nested, zip } from '../derive/matrix.js';
import type { Model } from '../derive/model.js';
import type { Adjoint, Gradients } from '../derive/reverse.js';
import type { Trace } from '../derive/run.js';
import { sweep } from '../derive/sweep.js';
import { leafValue, type Values } from '../derive/values.js';
import type { Line } from './lines.js';

/** A quantity of one line at one step, as the line says and as it is. */
export interface Measured {
  /** The line that gives it, from 1. */
  readonly line: number;
  /** Undefined for the sum over time. */
  readonly t: number | undefined;
  readonly said: Numbers;
  readonly truth: Numbers;
  /** |said - true| of each entry over the largest true entry of the line. */
  readonly errors: Numbers;
  readonly worst: number;
}

export interface Evidence {
  /** Last step first within a line, as the sweep goes. */
  readonly measured: readonly Measured[];
  /** dJ/dW by finite differences of the loss, which know nothing of the lines. */
  readonly differences: Numbers;
}

/** Lines as somebody wrote them, and what they are about. */
export interface WrittenLines {
  readonly model: Model;
  readonly trace: Trace;
  /** The true ones. */
  readonly gradients: Gradients;
  readonly lossSteps: readonly number[];
  readonly lines: readonly Line[];
}

export function evidenceOf(written: WrittenLines, values: Values): Evidence {
  const { model, lossSteps, lines } = written;
  const { name: parameter } = totalOf(lines);
  const variable = { name: parameter, step: undefined };
  const at = leafValue(values, parameter, undefined);
  const steps = Math.max(...lossSteps);
  const loss = lossFunction(model, values, steps, lossSteps, variable, { activation: 'tanh' });
  const differences = fivePoint(loss, at, Array.from(at.data.keys()));
  return { measured: measure(written), differences: nested(differences, model.shapes.get(parameter)!) };
}

function totalOf(lines: readonly Line[]): Line {
  return lines.find((line) => line.kind === 'total')!;
}

/** Every quantity as its line says, worked out from what the lines before it gave, and as it is. */
export function measure({ model, trace, gradients, lossSteps, lines }: WrittenLines): Measured[] {
  const steps = Math.max(...lossSteps);
  const { name: parameter } = totalOf(lines);
  const true_ = sweep(model, gradients, trace, steps, lossSteps);
  const said = sweep(model, asWritten(gradients, lines), trace, steps, lossSteps);
  const sum = (of: typeof said, from: number, to: number): Matrix => {
    const { rows, columns } = model.shapes.get(parameter)!;
    let all = matrix(rows.size, columns.size);
    for (let t = from; t <= to; t += 1) all = zip(all, of.local(parameter, t), (x, y) => x + y);
    return all;
  };
  const backwards = Array.from({ length: steps }, (_, i) => steps - i);
  return lines.flatMap((line, index) => {
    const sides =
      line.kind === 'total'
        ? [{ t: undefined, a: sum(said, line.from, line.to), b: sum(true_, 1, steps) }]
        : backwards.map((t) =>
            line.kind === 'adjoint'
              ? { t, a: said.adjoint(line.name, t), b: true_.adjoint(line.name, t) }
              : { t, a: said.local(line.name, t), b: true_.local(line.name, t) },
          );
    const largest = Math.max(...sides.flatMap(({ b }) => [...b.data].map(Math.abs)), Number.MIN_VALUE);
    return sides.map(({ t, a, b }): Measured => {
      const errors = zip(a, b, (x, y) => Math.abs(x - y) / largest);
      const as = (value: Matrix): Numbers => nested(value, model.shapes.get(line.name)!);
      return {
        line: index + 1,
        t,
        said: as(a),
        truth: as(b),
        errors: as(errors),
        worst: Math.max(...errors.data),
      };
    });
  });
}

/** The gradients with the lines' right sides in place of the true ones. */
function asWritten(gradients: Gradients, lines: readonly Line[]): Gradients {
  const replaced = (kind: 'adjoint' | 'immediate', list: readonly Adjoint[]): Adjoint[] =>
    list.map((each) => {
      const line = lines.find((candidate) => candidate.kind === kind && candidate.name === each.name);
      return line === undefined || line.kind === 'total'
        ? each
        : { ...each, contributions: line.contributions };
    });
  return {
    adjoints: replaced('adjoint', gradients.adjoints),
    parameters: replaced('immediate', gradients.parameters),
  };
}
