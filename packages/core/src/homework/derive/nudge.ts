/**
 * A value that is computed, such as h[2], cannot be moved to see what the loss does: its equation would put it back. So a
 * zero is added to it, h[t] = ... + h_nudge[t], and the loss is differentiated by that zero. The checks and the programs do
 * so; the derivation itself needs no such thing.
 */
import { matrix } from './matrix.js';
import type { Definition, Model } from './model.js';
import type { Variable } from './sweep.js';
import { add, atStep } from './term.js';
import type { Values } from './values.js';

export interface Nudged {
  readonly model: Model;
  readonly values: Values;
  readonly variable: Variable;
}

/** The same derivative by a variable that is given, not computed; the problem itself where the variable already is. */
export function nudged(problem: Nudged, steps: number): Nudged {
  const { model, values, variable } = problem;
  const computed = model.definitions.some(({ name }) => name === variable.name);
  if (!computed || variable.step === undefined || variable.step < 1) return problem;
  const shape = model.shapes.get(variable.name)!;
  let nudge = `${variable.name}_nudge`;
  while (model.shapes.has(nudge)) nudge += '_';
  const moved = (definitions: readonly Definition[]): Definition[] =>
    definitions.map(({ name, term }) => ({
      name,
      term: name === variable.name ? add(term, atStep(nudge, 0, shape)) : term,
    }));
  const written = model.written.some(({ name }) => name === variable.name);
  const zeros = Array.from({ length: steps }, () => matrix(shape.rows.size, shape.columns.size));
  return {
    model: {
      ...model,
      system: { ...model.system, inputs: [...model.system.inputs, nudge] },
      // A value that the engine named itself, such as z, stands in the named definitions alone.
      written: moved(written ? model.written : model.definitions),
      writtenLoss: written ? model.writtenLoss : model.loss,
      definitions: moved(model.definitions),
      shapes: new Map([...model.shapes, [nudge, shape]]),
    },
    values: { ...values, sequences: new Map([...values.sequences, [nudge, zeros]]) },
    variable: { name: nudge, step: variable.step },
  };
}
