/** Recurrence with a cell of one's own: any traced function, step by step, differentiated through time. */
import { ArgumentError, ShapeError } from '../errors.js';
import { expectShape, type Shape, type Tail } from '../shape.js';
import { Tensor } from '../tensor.js';
import { stack, unbind } from './steps.js';

/** A tensor, or a tuple or record of tensors. */
export type Tensors = Tensor | readonly Tensor[] | { readonly [name: string]: Tensor };

/** What a cell sees of a sequence: the first axis of every tensor gone. */
export type StepOf<X> = X extends Tensor<infer S> ? Tensor<Tail<S>> : { [K in keyof X]: StepOf<X[K]> };

/** What becomes of a cell's output: every tensor with an axis of steps in front. */
export type SequenceOf<Y> =
  Y extends Tensor<infer S extends Shape> ? Tensor<[number, ...S]> : { [K in keyof Y]: SequenceOf<Y[K]> };

/** What a cell gives for one step. */
export interface CellResult<S, Y> {
  readonly output: Y;
  readonly state: S;
}

export interface ScanOptions {
  /** From the last step to the first; outputs stay in the order of x. Defaults to false. */
  readonly reverse?: boolean;
}

/**
 * s_t, y_t = cell(x_t, s_(t-1)) for t = 1 .. T; gives y_1 .. y_T stacked and s_T. Backpropagation through time comes
 * from the tape, so the cell may be any function of tensors. A cell whose state is one tensor may return that alone;
 * it is then the output too: `scan((x, h) => tanh(add(linear(x, W), linear(h, U))), x, h0)`.
 *
 * Shapes: tensors in x [T, ...], in the state any, in the output [T, ...] for a cell's [...]. For truncated
 * backpropagation, `detach()` the state that goes in.
 * @throws ShapeError for no steps, tensors of x with different T, or a cell that changes the state's shapes
 */
export function scan<X extends Tensors, S extends Shape>(
  cell: (x: StepOf<X>, state: Tensor<S>) => Tensor<S>,
  x: X,
  state: Tensor<S>,
  options?: ScanOptions,
): CellResult<Tensor<S>, Tensor<[number, ...S]>>;
export function scan<X extends Tensors, S extends Tensors, Y extends Tensors>(
  cell: (x: StepOf<X>, state: S) => CellResult<S, Y>,
  x: X,
  state: S,
  options?: ScanOptions,
): CellResult<S, SequenceOf<Y>>;
export function scan(
  cell: (x: never, state: never) => object,
  x: Tensors,
  state: Tensors,
  options: ScanOptions = {},
): object {
  const leaves = entriesOf(x);
  const T = leaves[0]?.[1].shape[0];
  if (T === undefined || T === 0) throw new ShapeError('scan: x must have at least one step, got none');
  const sequences = leaves.map(([name, tensor]) => {
    if (tensor.shape[0] !== T) {
      throw new ShapeError(`scan: all of x must have ${T} steps, got ${tensor.shape[0]} in ${name}`);
    }
    return unbind(tensor as Tensor<[number, ...number[]]>);
  });
  const shapes = entriesOf(state);
  const outputs: Tensors[] = new Array(T);
  let current = state;
  for (let i = 0; i < T; i += 1) {
    const t = options.reverse === true ? T - 1 - i : i;
    const xt = sequences.map((steps) => steps[t]!);
    const result = cell(rebuild(x, xt) as never, current as never);
    const step =
      result instanceof Tensor ? { output: result, state: result } : (result as CellResult<Tensors, Tensors>);
    const next = entriesOf(step.state);
    if (next.length !== shapes.length) {
      throw new ArgumentError(
        `scan: the cell must return a state of ${shapes.length} tensors, got ${next.length}`,
      );
    }
    for (const [k, [name, before]] of shapes.entries()) {
      expectShape('scan', name, 'as it came in', before.shape, next[k]![1].shape);
    }
    current = step.state;
    outputs[t] = step.output;
  }
  const columns = outputs.map((output) => entriesOf(output));
  const stacked = columns[0]!.map((_, k) => stack(columns.map((column) => column[k]![1])));
  return { output: rebuild(outputs[0]!, stacked), state: current };
}

/** The tensors of a structure, with names for errors. */
function entriesOf(tensors: Tensors): [name: string, tensor: Tensor][] {
  if (tensors instanceof Tensor) return [['tensor', tensors]];
  return Object.entries(tensors);
}

/** The structure of `like` with other tensors. */
function rebuild(like: Tensors, tensors: readonly Tensor[]): Tensors {
  if (like instanceof Tensor) return tensors[0]!;
  if (Array.isArray(like)) return tensors;
  return Object.fromEntries(Object.keys(like).map((name, k) => [name, tensors[k]!]));
}
