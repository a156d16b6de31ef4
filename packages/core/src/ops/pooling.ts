/** One vector out of each sequence: the mean or the largest over its own steps. */
import { ArgumentError, ShapeError } from '../errors.js';
import { expectRank } from '../shape.js';
import { record } from '../tape.js';
import { allocate, ids, type Tensor } from '../tensor.js';
import { expectReal } from './elementwise.js';

type Sequence = Tensor<[time: number, batch: number, size: number]>;
type Matrix = Tensor<[batch: number, size: number]>;

/**
 * y_b = mean of x_tb over t < lengths_b. Shapes: x [T, B, C], lengths [B] in [0, T] (T for all when left out), y [B, C].
 * Steps behind a row's end are not read and get gradient 0; a row without steps gives 0.
 */
export function meanOverTime(x: Sequence, lengths?: ArrayLike<number>): Matrix {
  const { kernel } = x;
  const ends = expectSequence('meanOverTime', x, lengths);
  const [T, B, C] = x.shape;
  const y = allocate('meanOverTime', [B, C] as [number, number], 'real');
  kernel.check('meanOverTime', kernel.calls.mean_over_time_forward(y.offset, x.offset, ends.offset, T, B, C));
  record('meanOverTime', [x], [y], (grads) => {
    const dy = grads.of(y)!;
    grads.assign(x, (dx) =>
      kernel.check(
        'meanOverTime',
        kernel.calls.mean_over_time_backward(dx.offset, dy.offset, ends.offset, T, B, C),
      ),
    );
  });
  return y;
}

/**
 * y_bc = the largest x_tbc over t < lengths_b; the first of equal ones gets the gradient. Shapes, lengths and padding as
 * in {@link meanOverTime}.
 */
export function maxOverTime(x: Sequence, lengths?: ArrayLike<number>): Matrix {
  const { kernel } = x;
  const ends = expectSequence('maxOverTime', x, lengths);
  const [T, B, C] = x.shape;
  const y = allocate('maxOverTime', [B, C] as [number, number], 'real');
  const largest = allocate('maxOverTime', [B, C], 'int32');
  kernel.check(
    'maxOverTime',
    kernel.calls.max_over_time_forward(y.offset, largest.offset, x.offset, ends.offset, T, B, C),
  );
  record('maxOverTime', [x], [y], (grads) => {
    const dy = grads.of(y)!;
    grads.assign(x, (dx) =>
      kernel.check(
        'maxOverTime',
        kernel.calls.max_over_time_backward(dx.offset, dy.offset, largest.offset, T, B, C),
      ),
    );
  });
  return y;
}

/** The checked lengths as ids. */
function expectSequence(op: string, x: Sequence, lengths: ArrayLike<number> | undefined): Tensor<[number]> {
  expectReal(op, x);
  expectRank(op, 'x', '[T, B, C]', 3, x.shape);
  const [T, B] = x.shape;
  if (lengths === undefined) return ids(new Int32Array(B).fill(T), [B]);
  if (lengths.length !== B)
    throw new ShapeError(`${op}: lengths must be B = ${B} numbers, got ${lengths.length}`);
  for (let b = 0; b < B; b += 1) {
    if (!(Number.isInteger(lengths[b]) && lengths[b]! >= 0 && lengths[b]! <= T)) {
      throw new ArgumentError(`${op}: lengths must be in [0, T] = [0, ${T}], got ${lengths[b]} at ${b}`);
    }
  }
  return ids(lengths, [B]);
}
