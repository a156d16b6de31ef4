/** Softmax over the last axis. */
import { ArgumentError } from '../errors.js';
import type { Shape } from '../shape.js';
import { record } from '../tape.js';
import { allocate, type Tensor } from '../tensor.js';
import { expectReal } from './elementwise.js';

function rowsAndColumns(op: string, x: Tensor): [rows: number, columns: number] {
  expectReal(op, x);
  const columns = x.shape.at(-1);
  if (columns === undefined)
    throw new ArgumentError(`${op}: tensor must have at least one axis, got a scalar`);
  return [columns === 0 ? 0 : x.size / columns, columns];
}

/** p_j = e^(x_j) / sum_k e^(x_k), computed with the maximum taken out. Shapes: x, p [..., V]. */
export function softmax<S extends Shape>(x: Tensor<S>): Tensor<S> {
  const [rows, columns] = rowsAndColumns('softmax', x);
  const { kernel } = x;
  const p = allocate('softmax', x.shape, 'real');
  kernel.check('softmax', kernel.calls.softmax_forward(p.offset, x.offset, rows, columns));
  record('softmax', [x], [p], (grads) => {
    const dp = grads.of(p)!;
    grads.assign(x, (dx) =>
      kernel.check('softmax', kernel.calls.softmax_backward(dx.offset, dp.offset, p.offset, rows, columns)),
    );
  });
  return p;
}

/** l_j = x_j - ln sum_k e^(x_k). Shapes: x, l [..., V]. */
export function logSoftmax<S extends Shape>(x: Tensor<S>): Tensor<S> {
  const [rows, columns] = rowsAndColumns('logSoftmax', x);
  const { kernel } = x;
  const l = allocate('logSoftmax', x.shape, 'real');
  kernel.check('logSoftmax', kernel.calls.log_softmax_forward(l.offset, x.offset, rows, columns));
  record('logSoftmax', [x], [l], (grads) => {
    const dl = grads.of(l)!;
    grads.assign(x, (dx) =>
      kernel.check(
        'logSoftmax',
        kernel.calls.log_softmax_backward(dx.offset, dl.offset, l.offset, rows, columns),
      ),
    );
  });
  return l;
}
