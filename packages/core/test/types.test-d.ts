import { expectTypeOf, test } from 'vitest';
import { add } from '../src/ops/elementwise.js';
import { matmul } from '../src/ops/matmul.js';
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
