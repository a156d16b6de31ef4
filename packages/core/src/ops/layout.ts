/** Operations that move entries without changing them. */
import { ShapeError } from '../errors.js';
import { aroundAxis, expectAxis, formatShape, type Shape, sameShape, sizeOf } from '../shape.js';
import { record } from '../tape.js';
import { allocate, type Tensor } from '../tensor.js';
import { expectReal, sameKernel } from './elementwise.js';

/** The same entries under another shape of the same size; shares memory. */
export function reshape<const P extends Shape>(
  x: Tensor,
  shape: P,
): Tensor<{ -readonly [K in keyof P]: number }> {
  type Out = { -readonly [K in keyof P]: number };
  if (sizeOf(shape) !== x.size) {
    throw new ShapeError(
      `reshape: sizes must multiply to the same number, got ${formatShape(x.shape)} and ${formatShape(shape)}`,
    );
  }
  const y = x.part(0, shape as unknown as Out & Shape);
  record('reshape', [x], [y], (grads) => {
    const dy = grads.of(y)!;
    grads.assign(x, (dx) => copy(dx, dy));
  });
  return y as Tensor<Out>;
}

/**
 * Entries `start .. start + count - 1` along an axis (default: the first); shares memory where they lie together,
 * which those of the first axis do.
 */
export function narrow<S extends readonly [number, ...number[]]>(
  x: Tensor<S>,
  start: number,
  count: number,
  axis = 0,
): Tensor<S> {
  const at = expectAxis('narrow', axis, x.shape);
  const [outer, n, inner] = aroundAxis(x.shape, at);
  if (!(start >= 0 && count >= 0 && start + count <= n)) {
    throw new ShapeError(
      `narrow: entries ${start}..${start + count} of axis ${at} must lie inside ${formatShape(x.shape)}`,
    );
  }
  const shape = x.shape.with(at, count) as unknown as S;
  const y = outer === 1 ? x.part(start * inner, shape) : columns(x, start * inner, shape, at);
  record('narrow', [x], [y], (grads) => {
    const dy = grads.of(y)!;
    const from = grads.accumulator(x).part(start * inner, [x.size - start * inner]);
    const { kernel } = from;
    kernel.check(
      'narrow',
      kernel.calls.copy_rows(from.offset, dy.offset, outer, count * inner, n * inner, count * inner, true),
    );
  });
  return y;
}

/** A copy of the columns of x [outer, n * inner] that start at entry `start` and fill `shape`. */
function columns<S extends Shape>(x: Tensor, start: number, shape: S, axis: number): Tensor<S> {
  expectReal('narrow', x);
  const { kernel } = x;
  const [outer, count, inner] = aroundAxis(shape, axis);
  const y = allocate('narrow', shape, 'real');
  if (y.size === 0) return y;
  const from = x.part(start, [x.size - start]);
  const stride = x.size / outer;
  kernel.check(
    'narrow',
    kernel.calls.copy_rows(y.offset, from.offset, outer, count * inner, count * inner, stride, false),
  );
  return y;
}

/** `count` parts of equal size along an axis (default: the last), as the gates of a cell: `const [r, z] = chunk(a, 2)`. */
export function chunk<S extends readonly [number, ...number[]], const N extends number>(
  x: Tensor<S>,
  count: N,
  axis = -1,
): Repeated<Tensor<S>, N> {
  const at = expectAxis('chunk', axis, x.shape);
  const size = x.shape[at]! / count;
  if (!Number.isInteger(size)) {
    throw new ShapeError(`chunk: axis ${at} of ${formatShape(x.shape)} must divide by ${count}, got ${size}`);
  }
  return Array.from({ length: count }, (_, k) => narrow(x, k * size, size, at)) as Repeated<Tensor<S>, N>;
}

/** N times T as a tuple; an array where N is not known to the compiler. */
export type Repeated<T, N extends number, Tuple extends readonly T[] = []> = number extends N
  ? T[]
  : Tuple['length'] extends N
    ? Tuple
    : Repeated<T, N, [...Tuple, T]>;

/** Join along an axis (default: the first); all other sizes must agree. */
export function concat<S extends readonly [number, ...number[]]>(
  parts: readonly Tensor<S>[],
  axis = 0,
): Tensor<S> {
  const first = parts[0];
  if (first === undefined) throw new ShapeError('concat: at least one tensor must be given, got none');
  sameKernel('concat', ...parts);
  const at = expectAxis('concat', axis, first.shape);
  let n = 0;
  for (const part of parts) {
    expectReal('concat', part);
    const others = part.shape.length === first.shape.length ? part.shape.with(at, first.shape[at]!) : [];
    if (!sameShape(others, first.shape)) {
      throw new ShapeError(
        `concat: shapes must agree outside axis ${at}, got ${formatShape(first.shape)} and ${formatShape(part.shape)}`,
      );
    }
    n += part.shape[at]!;
  }
  const { kernel } = first;
  const y = allocate('concat', first.shape.with(at, n) as unknown as S, 'real');
  const [outer, , inner] = aroundAxis(y.shape, at);
  const row = n * inner;
  /** Each part with the place of its columns in a tensor of y's shape. */
  const places = (whole: Tensor, visit: (part: Tensor, columns: number, width: number) => void): void => {
    let start = 0;
    for (const part of parts) {
      const width = part.shape[at]! * inner;
      if (part.size > 0) visit(part, whole.part(start, [whole.size - start]).offset, width);
      start += width;
    }
  };
  places(y, (part, into, width) =>
    kernel.check('concat', kernel.calls.copy_rows(into, part.offset, outer, width, row, width, false)),
  );
  record('concat', parts, [y], (grads) => {
    places(grads.of(y)!, (part, from, width) => {
      if (!grads.wants(part)) return;
      grads.assign(part, (dx) =>
        kernel.check('concat', kernel.calls.copy_rows(dx.offset, from, outer, width, width, row, false)),
      );
    });
  });
  return y;
}

/** Swap the first two axes: [B, T, ...] <-> [T, B, ...]. */
export function swapAxes<S extends readonly [number, number, ...number[]]>(x: Tensor<S>): Tensor<S> {
  expectReal('swapAxes', x);
  const [rows, columns, ...rest] = x.shape;
  const inner = sizeOf(rest);
  const { kernel } = x;
  const y = allocate('swapAxes', [columns, rows, ...rest] as unknown as S, 'real');
  kernel.check('swapAxes', kernel.calls.transpose(y.offset, x.offset, 1, rows, columns, inner));
  record('swapAxes', [x], [y], (grads) => {
    const dy = grads.of(y)!;
    grads.assign(x, (dx) =>
      kernel.check('swapAxes', kernel.calls.transpose(dx.offset, dy.offset, 1, columns, rows, inner)),
    );
  });
  return y;
}

function copy(target: Tensor, source: Tensor): void {
  target.kernel.check('copy', target.kernel.calls.copy(target.offset, source.offset, target.size));
}
