/** Choice between tensors by a mask. */
import { ArgumentError, ShapeError } from '../errors.js';
import { expectShape, formatShape, type Shape, sameShape } from '../shape.js';
import { record } from '../tape.js';
import { allocate, type Tensor } from '../tensor.js';
import { expectReal, sameKernel } from './elementwise.js';

/**
 * y = a where the mask is not 0, else b. What is not chosen gets a gradient of exactly 0, and may be NaN.
 * Shapes: a, b, y of one shape; mask of ids, of that shape or of its first axes (`[B]` chooses whole rows).
 */
export function where<S extends Shape>(mask: Tensor, a: Tensor<S>, b: Tensor<S>): Tensor<S> {
  if (mask.dtype !== 'int32') throw new ArgumentError(`where: mask must be ids, got ${mask.dtype}`);
  expectReal('where', a);
  expectReal('where', b);
  sameKernel('where', mask, a, b);
  expectShape('where', 'b', 'as a', a.shape, b.shape);
  if (!sameShape(mask.shape, a.shape.slice(0, mask.shape.length))) {
    throw new ShapeError(
      `where: mask must have the first axes of a, got ${formatShape(mask.shape)} and ${formatShape(a.shape)}`,
    );
  }
  const { kernel } = a;
  const rows = mask.size;
  const width = rows === 0 ? 0 : a.size / rows;
  const select = (y: Tensor, whenSet: number, otherwise: number): void =>
    kernel.check('where', kernel.calls.select_rows(y.offset, mask.offset, whenSet, otherwise, rows, width));
  const y = allocate('where', a.shape, 'real');
  select(y, a.offset, b.offset);
  record('where', [a, b], [y], (grads) => {
    const dy = grads.of(y)!.offset;
    if (grads.wants(a)) grads.assign(a, (da) => select(da, dy, 0));
    if (grads.wants(b)) grads.assign(b, (db) => select(db, 0, dy));
  });
  return y;
}
