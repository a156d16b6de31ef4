/** Matrix products. */
import { ShapeError } from '../../errors.js';
import { matmul as kernelMatmul, linear } from '../../ops/matmul.js';
import { formatShape, sizeOf } from '../../shape.js';
import type { Numerics } from '../numerics.js';
import { asValue, broadcastShape, expand, make, reshaped, transposed, type Value } from '../value.js';
import { type Call, type Operator, required, requiredFloat } from './operator.js';

/** C = A B of matrices: A [m, k], B [k, n]. */
export function product(numerics: Numerics, a: Value, b: Value): Value {
  const [m, k] = a.shape as [number, number];
  const n = b.shape[1]!;
  if (numerics.fits(a.type)) {
    return numerics.run(() => {
      const c = kernelMatmul(numerics.tensor(a, [m, k]), numerics.tensor(b, [k, n]));
      return asValue(a.type, [m, n], c.data);
    });
  }
  const c = make(a.type, [m, n]);
  for (let i = 0; i < m; i += 1) {
    for (let j = 0; j < n; j += 1) {
      let sum = 0;
      for (let p = 0; p < k; p += 1) sum += a.data[i * k + p]! * b.data[p * n + j]!;
      c.data[i * n + j] = sum;
    }
  }
  return c;
}

/** Numpy's matmul: a vector counts as a row or a column, leading axes broadcast. */
const matmul: Operator = (call, inputs) => {
  const [a, b] = [required(call, inputs, 0), required(call, inputs, 1)];
  const left = a.shape.length === 1 ? [1, ...a.shape] : a.shape;
  const right = b.shape.length === 1 ? [...b.shape, 1] : b.shape;
  const [m, k] = left.slice(-2) as [number, number];
  const [inner, n] = right.slice(-2) as [number, number];
  if (a.type !== b.type || k !== inner || a.shape.length === 0 || b.shape.length === 0) {
    throw new ShapeError(
      `MatMul: columns of A must match rows of B in one type, got ${a.type} ${formatShape(a.shape)} and ${b.type} ${formatShape(b.shape)}`,
    );
  }
  const batch = broadcastShape('MatMul', left.slice(0, -2), right.slice(0, -2));
  const shape = [...batch, ...(a.shape.length === 1 ? [] : [m]), ...(b.shape.length === 1 ? [] : [n])];
  if (right.length === 2) {
    const rows = reshaped(a, [sizeOf(left.slice(0, -1)), k]);
    return [reshaped(product(call.numerics, rows, reshaped(b, [k, n])), shape)];
  }
  const stackA = expand(reshaped(a, left), [...batch, m, k]);
  const stackB = expand(reshaped(b, right), [...batch, k, n]);
  const result = make(a.type, shape);
  for (let i = 0; i < sizeOf(batch); i += 1) {
    const part = ({ type, data }: Value, rows: number, columns: number): Value => ({
      type,
      shape: [rows, columns],
      data: data.subarray(i * rows * columns, (i + 1) * rows * columns),
    });
    result.data.set(product(call.numerics, part(stackA, m, k), part(stackB, k, n)).data, i * m * n);
  }
  return [result];
};

/** Y = alpha A' B' + beta C. */
const gemm: Operator = (call, inputs) => fullyConnected(call, inputs) ?? general(call, inputs);

/** The common form Y = A B^T + C with a bias C: one kernel call on the weight as it lies. */
const fullyConnected: (...args: Parameters<Operator>) => Value[] | undefined = (call, inputs) => {
  const { attributes, numerics } = call;
  const [a, b, c] = inputs;
  if (a?.shape.length !== 2 || b?.shape.length !== 2 || !numerics.fits(a.type)) return undefined;
  const [rows, columns] = a.shape as [number, number];
  const outputs = b.shape[0]!;
  const plain = attributes.float('alpha', 1) === 1 && attributes.float('beta', 1) === 1;
  if (!plain || attributes.int('transA', 0) !== 0 || attributes.int('transB', 0) === 0) return undefined;
  if (b.shape[1] !== columns || (c !== undefined && c.data.length !== outputs)) return undefined;
  return numerics.run(() => {
    const bias = c === undefined ? undefined : numerics.tensor(c, [outputs]);
    const y = linear(numerics.tensor(a, [rows, columns]), numerics.tensor(b, [outputs, columns]), bias);
    return [asValue(a.type, [rows, outputs], y.data)];
  });
};

const general = (call: Call, inputs: Parameters<Operator>[1]): Value[] => {
  const { attributes } = call;
  const matrix = (index: number, flag: string): Value => {
    const value = requiredFloat(call, inputs, index);
    if (value.shape.length !== 2)
      throw new ShapeError(`Gemm: inputs must be matrices, got ${formatShape(value.shape)}`);
    return attributes.int(flag, 0) === 0 ? value : transposed(value, [1, 0]);
  };
  const [a, b] = [matrix(0, 'transA'), matrix(1, 'transB')];
  if (a.shape[1] !== b.shape[0]) {
    throw new ShapeError(
      `Gemm: columns of A must match rows of B, got ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
    );
  }
  const alpha = attributes.float('alpha', 1);
  const beta = attributes.float('beta', 1);
  const y = product(call.numerics, a, b);
  const c = inputs[2] === undefined ? undefined : expand(inputs[2], y.shape);
  for (let i = 0; i < y.data.length; i += 1)
    y.data[i] = alpha * y.data[i]! + (c === undefined ? 0 : beta * c.data[i]!);
  return [y];
};

export const products: Readonly<Record<string, Operator>> = { MatMul: matmul, Gemm: gemm };
