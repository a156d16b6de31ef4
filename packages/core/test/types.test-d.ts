import { expectTypeOf, test } from 'vitest';
import { attention } from '../src/ops/attention.js';
import type { Weights } from '../src/ops/attention-options.js';
import { add, tanh } from '../src/ops/elementwise.js';
import { chunk } from '../src/ops/layout.js';
import { linear, matmul } from '../src/ops/matmul.js';
import { sum } from '../src/ops/reduce.js';
import { scan } from '../src/ops/scan.js';
import { stack, unbind } from '../src/ops/steps.js';
import { grad } from '../src/tape.js';
import { type Tensor, tensor, zeros } from '../src/tensor.js';

test('ranks are known to the compiler', () => {
  expectTypeOf(tensor([1, 2], [2])).toEqualTypeOf<Tensor<[number]>>();
  expectTypeOf(zeros([2, 3])).toEqualTypeOf<Tensor<[number, number]>>();
  expectTypeOf(matmul(zeros([2, 3]), zeros([3, 1]))).toEqualTypeOf<Tensor<[rows: number, columns: number]>>();
  expectTypeOf(add(zeros([2, 3]), zeros([3]))).toEqualTypeOf<Tensor<[number, number]>>();
});

test('a wrong rank does not compile', () => {
  // @ts-expect-error a vector is no matrix
  matmul(zeros([3]), zeros([3, 1]));
  // @ts-expect-error a batch of matrices is no matrix
  matmul(zeros([2, 2, 2]), zeros([2, 2]));
});

test('sequences lose and gain their first axis', () => {
  expectTypeOf(unbind(zeros([5, 2, 3]))).toEqualTypeOf<Tensor<[number, number]>[]>();
  expectTypeOf(stack([zeros([2])])).toEqualTypeOf<Tensor<[number, number]>>();
  expectTypeOf(sum(zeros([2, 3]), 0)).toEqualTypeOf<Tensor<[number]>>();
  expectTypeOf(chunk(zeros([2, 4]), 2)).toEqualTypeOf<[Tensor<[number, number]>, Tensor<[number, number]>]>();
  const { output, state } = scan((x, h) => tanh(add(x, h)), zeros([5, 2]), zeros([2]));
  expectTypeOf(output).toEqualTypeOf<Tensor<[number, number]>>();
  expectTypeOf(state).toEqualTypeOf<Tensor<[number]>>();
});

test('a cell that does not fit its sequence or its state does not compile', () => {
  // @ts-expect-error x_t is a vector, not a matrix
  scan((x: Tensor<[number, number]>, h) => add(x, h), zeros([5, 2]), zeros([2]));
  // @ts-expect-error the state that comes out has another rank
  scan((x, _h) => linear<[number]>(x, zeros([2, 2])), zeros([5, 3, 2]), zeros([2]));
  // @ts-expect-error the state has no c
  scan((x, { h, c }) => ({ output: x, state: { h, c } }), zeros([5, 2]), { h: zeros([2]) });
});

test('grad of a function has its inputs', () => {
  const [da, db] = grad((a: Tensor<[number]>, b: Tensor<[]>) => sum(add(a, b)))(zeros([2]), zeros([]));
  expectTypeOf(da).toEqualTypeOf<Tensor<[number]>>();
  expectTypeOf(db).toEqualTypeOf<Tensor<[]>>();
});

test('attention keeps the rank of its queries; weights are there where they were asked for', () => {
  const q = zeros([1, 2, 3]);
  expectTypeOf(attention(q, q, q).output).toEqualTypeOf<Tensor<[number, number, number]>>();
  expectTypeOf(attention(q, q, q, { returnWeights: true }).weights).toEqualTypeOf<Tensor<Weights>>();
  expectTypeOf(attention(q, q, q).weights).toEqualTypeOf<Tensor<Weights> | undefined>();
  // @ts-expect-error keys without heads for queries with heads
  attention(zeros([1, 2, 2, 3]), q, q);
  // @ts-expect-error no such mode
  attention(q, q, q, { mode: 'hardmax' });
});
