/** A sequence as the list of its steps, and back. */
import { ShapeError } from '../errors.js';
import { expectRank, formatShape, type Shape, sameShape, sizeOf, type Tail } from '../shape.js';
import { record } from '../tape.js';
import { allocate, type Tensor } from '../tensor.js';
import { expectReal, sameKernel } from './elementwise.js';

/** x_1 .. x_T of x [T, ...]; they share its memory. */
export function unbind<S extends readonly [number, ...number[]]>(x: Tensor<S>): Tensor<Tail<S>>[] {
  if (x.shape.length === 0) expectRank('unbind', 'x', '[T, ...]', 1, x.shape);
  const [T, ...rest] = x.shape;
  const size = sizeOf(rest);
  const steps = Array.from({ length: T }, (_, t) => x.part(t * size, rest as unknown as Tail<S>));
  record('unbind', [x], steps, (grads) =>
    grads.assign(x, (dx) => {
      const { kernel } = dx;
      for (const [t, step] of steps.entries()) {
        const to = dx.part(t * size, step.shape).offset;
        const dstep = grads.of(step);
        const status =
          dstep === undefined ? kernel.calls.fill(to, size, 0) : kernel.calls.copy(to, dstep.offset, size);
        kernel.check('unbind', status);
      }
    }),
  );
  return steps;
}

/** [T, ...] of T tensors of one shape. */
export function stack<S extends Shape>(steps: readonly Tensor<S>[]): Tensor<[number, ...S]> {
  const first = steps[0];
  if (first === undefined) throw new ShapeError('stack: at least one tensor must be given, got none');
  sameKernel('stack', ...steps);
  const { kernel, size } = first;
  const y = allocate('stack', [steps.length, ...first.shape] as [number, ...S], 'real');
  const copy = (to: Tensor, from: Tensor): void =>
    kernel.check('stack', kernel.calls.copy(to.offset, from.offset, size));
  for (const [t, step] of steps.entries()) {
    expectReal('stack', step);
    if (!sameShape(step.shape, first.shape)) {
      throw new ShapeError(
        `stack: shapes must be equal, got ${formatShape(first.shape)} and ${formatShape(step.shape)}`,
      );
    }
    copy(y.part(t * size, step.shape), step);
  }
  record('stack', steps, [y], (grads) => {
    const dy = grads.of(y)!;
    for (const [t, step] of steps.entries()) {
      if (grads.wants(step)) grads.assign(step, (dx) => copy(dx, dy.part(t * size, step.shape)));
    }
  });
  return y;
}
