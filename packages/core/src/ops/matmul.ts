/** Matrix products. */
import { ShapeError } from '../errors.js';
import { expectRank, expectShape, formatShape } from '../shape.js';
import { record } from '../tape.js';
import { allocate, type Tensor } from '../tensor.js';
import { expectReal, sameKernel } from './elementwise.js';

type Matrix = Tensor<[rows: number, columns: number]>;

/**
 * C = A B. Shapes: A [m, k], B [k, n], C [m, n].
 * @throws ShapeError when the inner sizes differ
 */
export function matmul(a: Matrix, b: Matrix): Matrix {
  expectReal('matmul', a);
  expectReal('matmul', b);
  sameKernel('matmul', a, b);
  expectRank('matmul', 'a', '[m, k]', 2, a.shape);
  expectRank('matmul', 'b', '[k, n]', 2, b.shape);
  const [m, k] = a.shape;
  const [inner, n] = b.shape;
  if (inner !== k) {
    throw new ShapeError(
      `matmul: columns of a must match rows of b, got ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
    );
  }
  const { kernel } = a;
  const c: Matrix = allocate('matmul', [m, n], 'real');
  kernel.check('matmul', kernel.calls.gemm(c.offset, a.offset, b.offset, m, n, k, false, false, 1, 0));
  record('matmul', [a, b], [c], (grads) => {
    const dc = grads.of(c)!;
    if (grads.wants(a)) {
      grads.assign(a, (da) =>
        kernel.check('matmul', kernel.calls.gemm(da.offset, dc.offset, b.offset, m, k, n, false, true, 1, 0)),
      );
    }
    if (grads.wants(b)) {
      grads.assign(b, (db) =>
        kernel.check('matmul', kernel.calls.gemm(db.offset, a.offset, dc.offset, k, n, m, true, false, 1, 0)),
      );
    }
  });
  return c;
}

/**
 * y = x W^T + b, PyTorch's linear layer. Shapes: x [..., I], weight [O, I], bias [O], y [..., O].
 */
export function linear<L extends readonly number[]>(
  x: Tensor<[...L, number]>,
  weight: Matrix,
  bias?: Tensor<[number]>,
): Tensor<[...L, number]> {
  expectReal('linear', x);
  sameKernel('linear', x, weight, bias);
  expectRank('linear', 'weight', '[O, I]', 2, weight.shape);
  const [outputs, inputs] = weight.shape;
  if (x.shape.at(-1) !== inputs) {
    throw new ShapeError(
      `linear: x must be [..., I] with I = ${inputs} of weight ${formatShape(weight.shape)}, got ${formatShape(x.shape)}`,
    );
  }
  if (bias !== undefined) expectShape('linear', 'bias', '[O]', [outputs], bias.shape);
  const { kernel } = x;
  const rows = inputs === 0 ? 0 : x.size / inputs;
  const shape = [...x.shape.slice(0, -1), outputs] as unknown as [...L, number];
  const y = allocate('linear', shape, 'real');
  kernel.check(
    'linear',
    kernel.calls.linear_forward(y.offset, x.offset, weight.offset, bias?.offset ?? 0, rows, inputs, outputs),
  );
  record('linear', [x, weight, bias], [y], (grads) => {
    const dy = grads.of(y)!;
    const dweight = grads.wants(weight) ? grads.accumulator(weight).offset : 0;
    const dbias = grads.wants(bias) ? grads.accumulator(bias).offset : 0;
    const into = (dx: number): void =>
      kernel.check(
        'linear',
        kernel.calls.linear_backward(
          dx,
          dweight,
          dbias,
          dy.offset,
          x.offset,
          weight.offset,
          rows,
          inputs,
          outputs,
        ),
      );
    if (grads.wants(x)) grads.assign(x, (dx) => into(dx.offset));
    else into(0);
  });
  return y;
}
