/** Sums and means. */
import { ArgumentError } from '../errors.js';
import { record } from '../tape.js';
import { allocate, type Tensor } from '../tensor.js';
import { expectReal, scale } from './elementwise.js';

/** Sum of all entries, a scalar. */
export function sum(x: Tensor): Tensor<[]> {
  expectReal('sum', x);
  const { kernel } = x;
  const y = allocate('sum', [] as [], 'real');
  kernel.check('sum', kernel.calls.reduce_sum(y.offset, x.offset, 1, x.size, 1));
  record('sum', [x], [y], (grads) => {
    const dy = grads.of(y)!;
    grads.assign(x, (dx) => kernel.check('sum', kernel.calls.broadcast(dx.offset, dy.offset, 1, x.size, 1)));
  });
  return y;
}

/** Mean of all entries, a scalar. @throws ArgumentError for an empty tensor */
export function mean(x: Tensor): Tensor<[]> {
  if (x.size === 0) throw new ArgumentError('mean: tensor must have entries, got none');
  return scale(sum(x), 1 / x.size);
}
