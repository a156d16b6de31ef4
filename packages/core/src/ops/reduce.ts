/** Sums and means. */
import { ArgumentError, ShapeError } from '../errors.js';
import { aroundAxis, expectAxis, formatShape, type Tail } from '../shape.js';
import { record } from '../tape.js';
import { allocate, type Tensor } from '../tensor.js';
import { expectReal, scale } from './elementwise.js';

/** Sum of all entries, a scalar; or along one axis, which then is gone (-1 is the last). */
export function sum(x: Tensor): Tensor<[]>;
export function sum<S extends readonly [number, ...number[]]>(x: Tensor<S>, axis: number): Tensor<Tail<S>>;
export function sum(x: Tensor, axis?: number): object {
  expectReal('sum', x);
  const { kernel } = x;
  const at = axis === undefined ? undefined : expectAxis('sum', axis, x.shape);
  const [outer, n, inner] = at === undefined ? [1, x.size, 1] : aroundAxis(x.shape, at);
  const y = allocate('sum', at === undefined ? [] : x.shape.toSpliced(at, 1), 'real');
  kernel.check('sum', kernel.calls.reduce_sum(y.offset, x.offset, outer, n, inner));
  record('sum', [x], [y], (grads) => {
    const dy = grads.of(y)!;
    grads.assign(x, (dx) =>
      kernel.check('sum', kernel.calls.broadcast(dx.offset, dy.offset, outer, n, inner)),
    );
  });
  return y;
}

/** Mean of all entries, a scalar; or along one axis. @throws ArgumentError for a mean over nothing */
export function mean(x: Tensor): Tensor<[]>;
export function mean<S extends readonly [number, ...number[]]>(x: Tensor<S>, axis: number): Tensor<Tail<S>>;
export function mean(x: Tensor, axis?: number): object {
  const n = axis === undefined ? x.size : x.shape[expectAxis('mean', axis, x.shape)]!;
  if (n === 0) throw new ArgumentError('mean: tensor must have entries, got none');
  return scale(axis === undefined ? sum(x) : sum(x as Tensor<[number, ...number[]]>, axis), 1 / n);
}

/** Repeat an axis of size 1 `count` times: [B, 1, H] -> [B, T, H]; the gradient adds up over the repeats. */
export function expand<S extends readonly [number, ...number[]]>(
  x: Tensor<S>,
  axis: number,
  count: number,
): Tensor<S> {
  expectReal('expand', x);
  const at = expectAxis('expand', axis, x.shape);
  const [outer, n, inner] = aroundAxis(x.shape, at);
  if (n !== 1) throw new ShapeError(`expand: axis ${at} must be of size 1, got ${formatShape(x.shape)}`);
  const { kernel } = x;
  const y = allocate('expand', x.shape.with(at, count) as unknown as S, 'real');
  kernel.check('expand', kernel.calls.broadcast(y.offset, x.offset, outer, count, inner));
  record('expand', [x], [y], (grads) => {
    const dy = grads.of(y)!;
    grads.assign(x, (dx) =>
      kernel.check('expand', kernel.calls.reduce_sum(dx.offset, dy.offset, outer, count, inner)),
    );
  });
  return y;
}
