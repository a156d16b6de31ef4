/** Reverse mode by the tape: the formulas as operations of the library, on the kernel in f64. */
import { InternalError } from '../../errors.js';
import type { Kernel } from '../../kernel/kernel.js';
import { withKernel } from '../../kernel/load.js';
import {
  add,
  div,
  exp,
  log,
  mul,
  neg,
  relu,
  scale,
  sigmoid,
  sqrt,
  sub,
  tanh,
} from '../../ops/elementwise.js';
import { reshape, swapAxes } from '../../ops/layout.js';
import { matmul } from '../../ops/matmul.js';
import { sum } from '../../ops/reduce.js';
import { logSoftmax, softmax } from '../../ops/softmax.js';
import { grad } from '../../tape.js';
import { full, scope, type Tensor, tensor } from '../../tensor.js';
import { isScalar, type MatrixShape } from './dimension.js';
import { linearValue } from './expression.js';
import type { Activation } from './functions.js';
import type { Matrix } from './matrix.js';
import type { Model } from './model.js';
import type { Variable } from './sweep.js';
import type { Term } from './term.js';
import { leafValue, type Values } from './values.js';

type Read = (name: string, step: number | undefined) => Tensor;
type Rectangle = Tensor<[number, number]>;

const functions = { tanh, sigmoid, relu, exp, log, sqrt, identity: (x: Tensor): Tensor => x };

/** dJ/dvariable. The kernel must be an f64 one for the result to be exact to 1e-12. */
export function gradientByTape(
  kernel: Kernel,
  model: Model,
  values: Values,
  steps: number,
  lossAt: readonly number[],
  variable: Variable,
  psi: Activation,
): Matrix {
  return withKernel(kernel, () =>
    scope(() => {
      const tensors = new Map<string, Tensor>();
      const read: Read = (name, step) => {
        const key = `${name}@${step}`;
        const known = tensors.get(key);
        if (known !== undefined) return known;
        const given = leafValue(values, name, step);
        const leaf = tensor(given.data, axes(model.shapes.get(name)!), {
          requiresGrad: name === variable.name && step === variable.step,
        });
        tensors.set(key, leaf);
        return leaf;
      };
      const leaf = read(variable.name, variable.step);
      let loss: Tensor | undefined;
      for (let t = 1; t <= steps; t += 1) {
        for (const { name, term } of model.written) tensors.set(`${name}@${t}`, value(term, t, read, psi));
        if (!lossAt.includes(t)) continue;
        const part = value(model.writtenLoss, t, read, psi);
        loss = loss === undefined ? part : add(loss, part);
      }
      const { rows, columns } = model.shapes.get(variable.name)!;
      // A loss that nothing of the variable reaches has no history, and no gradient to ask for.
      const data = loss?.node === undefined ? new Float64Array(leaf.size) : grad(loss, [leaf])[0]!.data;
      return { rows: rows.size, columns: columns.size, data: Float64Array.from(data) };
    }),
  );
}

/** Scalars have no axes, everything else two. */
function axes(shape: MatrixShape): number[] {
  return isScalar(shape) ? [] : [shape.rows.size, shape.columns.size];
}

function value(term: Term, t: number, read: Read, psi: Activation): Tensor {
  const of = (part: Term): Tensor => value(part, t, read, psi);
  switch (term.kind) {
    case 'number':
      return full([], term.value);
    case 'ones':
      return full(axes(term.shape), 1);
    case 'zeros':
      return full(axes(term.shape), 0);
    case 'identity':
      return unitMatrix(term.shape.rows.size);
    case 'symbol':
      return read(term.name, term.index && linearValue(term.index, { t }));
    case 'add':
      return add(of(term.left), of(term.right));
    case 'subtract':
      return sub(of(term.left), of(term.right));
    case 'entrywise':
      return mul(of(term.left), of(term.right));
    case 'divide':
      return div(of(term.left), of(term.right));
    case 'product': {
      const result = matmul(of(term.left) as Rectangle, of(term.right) as Rectangle);
      return isScalar(term.shape) ? reshape(result, []) : result;
    }
    case 'scale':
      return mul(of(term.right), of(term.left));
    case 'spread':
      return mul(full(axes(term.shape), 1), of(term.of));
    case 'negate':
      return neg(of(term.of));
    case 'transpose':
      return swapAxes(of(term.of) as Rectangle);
    case 'sum':
      return sum(of(term.of));
    case 'diag': {
      const n = term.shape.rows.size;
      return mul(matmul(of(term.of) as Rectangle, full([1, n], 1)), unitMatrix(n));
    }
    case 'softmax':
      return asVector(of(term.of), softmax);
    case 'power':
      return power(of(term.of), term.exponent.constant);
    case 'apply':
      return functions[(term.fn === 'psi' || term.fn === 'phi' ? psi : term.fn) as keyof typeof functions](
        of(term.of),
      );
    case 'crossEntropy': {
      const { left, right } = term;
      const logs = left.kind === 'softmax' ? asVector(of(left.of), logSoftmax) : log(of(left));
      return neg(sum(mul(of(right), logs)));
    }
    case 'squaredError': {
      const difference = sub(of(term.left), of(term.right));
      return scale(sum(mul(difference, difference)), 0.5);
    }
    default:
      throw new InternalError(`derive: the tape must know ${term.kind}`);
  }
}

/** Softmax runs over the last axis; a column's entries lie on the first. */
function asVector(x: Tensor, fn: (x: Tensor) => Tensor): Tensor {
  return reshape(fn(reshape(x, [x.size])), [...x.shape]);
}

function unitMatrix(n: number): Tensor {
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) data[i * n + i] = 1;
  return tensor(data, [n, n] as number[]);
}

function power(x: Tensor, exponent: number): Tensor {
  let result = x;
  for (let i = 1; i < Math.abs(exponent); i += 1) result = mul(result, x);
  return exponent < 0 ? div(full([...x.shape], 1), result) : result;
}
