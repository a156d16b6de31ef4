/** Which earlier inputs an output depends on, by its gradient. */
import { DataError, ShapeError } from '../errors.js';
import type { CharLM } from '../models/char-lm.js';
import { narrow, reshape } from '../ops/layout.js';
import { grad, noGrad } from '../tape.js';
import { ids as idsTensor, scope, type Tensor, tensor } from '../tensor.js';

type Cube = Tensor<[time: number, batch: number, size: number]>;

export interface Connectivity {
  /** ||d output / d x_s|| for each step s of the sequence. */
  readonly norms: readonly number[];
  /** (d output / d x_s) . x_s: how much the output grows with the input as it is (gradient times input). */
  readonly contributions: readonly number[];
}

/**
 * The gradient of a scalar with respect to each step of x [T, 1, I].
 * @param output - any traced function, e.g. one logit of a model; called once
 * @throws ShapeError unless B = 1 and the output is a scalar
 */
export function connectivity(output: (x: Cube) => Tensor, x: Cube): Connectivity {
  const [T, B, I] = x.shape;
  if (B !== 1) throw new ShapeError(`connectivity: x must be [T, 1, I], got batch ${B}`);
  return scope(() => {
    // A copy inside the scope, so that its gradient ends with the scope, too.
    const [dx] = grad(output)(tensor(x.data, x.shape)) as readonly Cube[];
    const [gradient, input] = [dx!.data, x.data];
    const perStep = (f: (g: number, v: number) => number): number[] =>
      Array.from({ length: T }, (_, t) => {
        let total = 0;
        for (let i = t * I; i < (t + 1) * I; i += 1) total += f(gradient[i]!, input[i]!);
        return total;
      });
    return { norms: perStep((g) => g * g).map(Math.sqrt), contributions: perStep((g, v) => g * v) };
  });
}

/**
 * What a character model's prediction after step `at` rests on: the gradient of one logit with respect to the
 * embedding of every character.
 * @param options - `at`, counted from 0, defaults to the last character; `target`, the logit, to the likeliest next one
 */
export function characterConnectivity(
  model: CharLM,
  characters: readonly number[],
  { at = characters.length - 1, target }: { readonly at?: number; readonly target?: number } = {},
): Connectivity & { readonly target: number } {
  const T = characters.length;
  if (!(Number.isInteger(at) && at >= 0 && at < T)) {
    throw new DataError(`connectivity: at must be a step in [0, ${T}), got ${at}`);
  }
  const training = model.training;
  model.eval();
  try {
    return scope(() => {
      const x = noGrad(() => model.embedding.forward(idsTensor(characters, [T, 1])));
      const logits = (from: Cube): Tensor<[number]> => {
        const { output } = model.recurrent.forward(from);
        const [, , H] = output.shape;
        const row = model.head.forward<[number]>(reshape(narrow(output, at, 1), [1, H]));
        return reshape(row, [row.size]);
      };
      const chosen = target ?? largest(noGrad(() => logits(x).data));
      return { target: chosen, ...connectivity((from) => narrow(logits(from), chosen, 1), x) };
    });
  } finally {
    model.train(training);
  }
}

function largest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i += 1) if (values[i]! > values[best]!) best = i;
  return best;
}
