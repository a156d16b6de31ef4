/** Dropout with a mask that is never stored: backward draws it again from the same counter. */
import { ArgumentError } from '../errors.js';
import type { RandomStream } from '../random.js';
import type { Shape } from '../shape.js';
import { record } from '../tape.js';
import { allocate, type Tensor } from '../tensor.js';
import { expectReal } from './elementwise.js';

/**
 * y = x / (1 - p) where kept, 0 with probability p (inverted dropout, Srivastava et al. 2014).
 * Draws ceil(size / 4) blocks from `random`.
 */
export function dropout<S extends Shape>(x: Tensor<S>, p: number, random: RandomStream): Tensor<S> {
  expectReal('dropout', x);
  if (!(p >= 0 && p < 1)) throw new ArgumentError(`dropout: p must be in [0, 1), got ${p}`);
  if (p === 0) return x;
  const { kernel } = x;
  const [keyHigh, keyLow, counterHigh, counterLow] = random.reserve(x.size);
  const y = allocate('dropout', x.shape, 'real');
  kernel.check(
    'dropout',
    kernel.calls.dropout_forward(y.offset, x.offset, x.size, p, keyHigh, keyLow, counterHigh, counterLow),
  );
  record('dropout', [x], [y], (grads) => {
    const dy = grads.of(y)!;
    grads.assign(x, (dx) =>
      kernel.check(
        'dropout',
        kernel.calls.dropout_backward(
          dx.offset,
          dy.offset,
          x.size,
          p,
          keyHigh,
          keyLow,
          counterHigh,
          counterLow,
        ),
      ),
    );
  });
  return y;
}
