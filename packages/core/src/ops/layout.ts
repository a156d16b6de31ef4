/** Operations that move entries without changing them. */
import { ShapeError } from '../errors.js';
import { formatShape, type Shape, sizeOf } from '../shape.js';
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

/** Rows `start .. start + count - 1` of the first axis; shares memory. */
export function narrow<S extends readonly [number, ...number[]]>(
  x: Tensor<S>,
  start: number,
  count: number,
): Tensor<S> {
  const [rows, ...rest] = x.shape;
  if (start < 0 || count < 0 || start + count > rows) {
    throw new ShapeError(`narrow: rows ${start}..${start + count} must lie inside ${formatShape(x.shape)}`);
  }
  const inner = sizeOf(rest);
  const y = x.part(start * inner, [count, ...rest] as unknown as S);
  record('narrow', [x], [y], (grads) => {
    const dy = grads.of(y)!;
    const part = grads.accumulator(x).part(start * inner, y.shape);
    part.kernel.check('narrow', part.kernel.calls.add_scaled(part.offset, dy.offset, y.size, 1));
  });
  return y;
}

/** Join along the first axis; all other sizes must agree. */
export function concat<S extends readonly [number, ...number[]]>(parts: readonly Tensor<S>[]): Tensor<S> {
  const first = parts[0];
  if (first === undefined) throw new ShapeError('concat: at least one tensor must be given, got none');
  sameKernel('concat', ...parts);
  let rows = 0;
  for (const part of parts) {
    if (
      part.shape.length !== first.shape.length ||
      part.shape.slice(1).some((n, i) => n !== first.shape[i + 1])
    ) {
      throw new ShapeError(
        `concat: shapes must agree behind the first axis, got ${formatShape(first.shape)} and ${formatShape(part.shape)}`,
      );
    }
    rows += part.shape[0];
  }
  const y = allocate('concat', [rows, ...first.shape.slice(1)] as unknown as S, 'real');
  const starts: number[] = [];
  let start = 0;
  for (const part of parts) {
    expectReal('concat', part);
    starts.push(start);
    copy(y.part(start, part.shape), part);
    start += part.size;
  }
  record('concat', parts, [y], (grads) => {
    const dy = grads.of(y)!;
    for (const [i, part] of parts.entries()) {
      if (grads.wants(part)) grads.assign(part, (dx) => copy(dx, dy.part(starts[i]!, part.shape)));
    }
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
