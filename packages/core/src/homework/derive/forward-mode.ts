/**
 * Forward mode with dual numbers: every value carries its derivative in one direction. Written over the formulas as
 * they were parsed, with no rule shared with reverse.ts or evaluate.ts, so that a mistake there cannot hide here.
 */
import { InternalError } from '../../errors.js';
import { linearValue } from './expression.js';
import type { Activation } from './functions.js';
import { type Matrix, matrix } from './matrix.js';
import type { Model } from './model.js';
import type { Variable } from './sweep.js';
import type { Term } from './term.js';
import { leafValue, type Values } from './values.js';

/** An array of dual numbers x + x' eps with eps^2 = 0. */
interface Dual {
  readonly rows: number;
  readonly columns: number;
  readonly x: Float64Array;
  readonly dx: Float64Array;
}

type Number2 = readonly [x: number, dx: number];

function build(rows: number, columns: number, entry: (r: number, c: number) => Number2): Dual {
  const x = new Float64Array(rows * columns);
  const dx = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r += 1) {
    for (let c = 0; c < columns; c += 1)
      [x[r * columns + c], dx[r * columns + c]] = entry(r, c) as [number, number];
  }
  return { rows, columns, x, dx };
}

function at({ columns, x, dx }: Dual, r: number, c: number): Number2 {
  return [x[r * columns + c]!, dx[r * columns + c]!];
}

const plus = ([a, da]: Number2, [b, db]: Number2): Number2 => [a + b, da + db];
const times = ([a, da]: Number2, [b, db]: Number2): Number2 => [a * b, da * b + a * db];
const over = ([a, da]: Number2, [b, db]: Number2): Number2 => [a / b, (da - (a / b) * db) / b];

function each(a: Dual, fn: (value: Number2) => Number2): Dual {
  return build(a.rows, a.columns, (r, c) => fn(at(a, r, c)));
}

function pairwise(a: Dual, b: Dual, fn: (p: Number2, q: Number2) => Number2): Dual {
  return build(a.rows, a.columns, (r, c) => fn(at(a, r, c), at(b, r, c)));
}

function total(a: Dual): Number2 {
  let sum: Number2 = [0, 0];
  for (let i = 0; i < a.x.length; i += 1) sum = plus(sum, [a.x[i]!, a.dx[i]!]);
  return sum;
}

const single = (value: Number2): Dual => build(1, 1, () => value);

function call(fn: string, [x, dx]: Number2): Number2 {
  switch (fn) {
    case 'tanh': {
      const y = Math.tanh(x);
      return [y, dx / Math.cosh(x) ** 2];
    }
    case 'sigmoid': {
      const y = 0.5 + 0.5 * Math.tanh(x / 2);
      return [y, dx / (4 * Math.cosh(x / 2) ** 2)];
    }
    case 'relu':
      return x > 0 ? [x, dx] : [0, 0];
    case 'exp':
      return [Math.exp(x), Math.exp(x) * dx];
    case 'log':
      return [Math.log(x), dx / x];
    case 'sqrt':
      return [Math.sqrt(x), dx / (2 * Math.sqrt(x))];
    case 'identity':
      return [x, dx];
    default:
      throw new InternalError(`derive: forward mode must know ${fn}`);
  }
}

function softmax(a: Dual): Dual {
  const largest = Math.max(...a.x);
  const powers = each(a, ([x, dx]) => call('exp', [x - largest, dx]));
  const sum = total(powers);
  return each(powers, (value) => over(value, sum));
}

function value(
  term: Term,
  t: number,
  read: (name: string, step: number | undefined) => Dual,
  psi: Activation,
): Dual {
  const of = (part: Term): Dual => value(part, t, read, psi);
  const rows = term.shape.rows.size;
  const columns = term.shape.columns.size;
  switch (term.kind) {
    case 'number':
      return single([term.value, 0]);
    case 'ones':
      return build(rows, columns, () => [1, 0]);
    case 'zeros':
      return build(rows, columns, () => [0, 0]);
    case 'identity':
      return build(rows, columns, (r, c) => [r === c ? 1 : 0, 0]);
    case 'symbol':
      return read(term.name, term.index && linearValue(term.index, { t }));
    case 'add':
      return pairwise(of(term.left), of(term.right), plus);
    case 'subtract':
      return pairwise(of(term.left), of(term.right), ([a, da], [b, db]) => [a - b, da - db]);
    case 'entrywise':
      return pairwise(of(term.left), of(term.right), times);
    case 'divide':
      return pairwise(of(term.left), of(term.right), over);
    case 'product': {
      const [a, b] = [of(term.left), of(term.right)];
      return build(rows, columns, (r, c) => {
        let x = 0;
        let dx = 0;
        for (let k = 0; k < a.columns; k += 1) {
          const [i, j] = [r * a.columns + k, k * b.columns + c];
          x += a.x[i]! * b.x[j]!;
          dx += a.dx[i]! * b.x[j]! + a.x[i]! * b.dx[j]!;
        }
        return [x, dx];
      });
    }
    case 'scale': {
      const factor = at(of(term.left), 0, 0);
      return each(of(term.right), (entry) => times(factor, entry));
    }
    case 'spread': {
      const entry = at(of(term.of), 0, 0);
      return build(rows, columns, () => entry);
    }
    case 'negate':
      return each(of(term.of), ([x, dx]) => [-x, -dx]);
    case 'transpose': {
      const a = of(term.of);
      return build(rows, columns, (r, c) => at(a, c, r));
    }
    case 'sum':
      return single(total(of(term.of)));
    case 'diag': {
      const a = of(term.of);
      return build(rows, rows, (r, c) => (r === c ? at(a, r, 0) : [0, 0]));
    }
    case 'softmax':
      return softmax(of(term.of));
    case 'power': {
      const n = term.exponent.constant;
      return each(of(term.of), ([x, dx]) => [x ** n, n * x ** (n - 1) * dx]);
    }
    case 'apply': {
      const fn = term.fn === 'psi' || term.fn === 'phi' ? psi : term.fn;
      return each(of(term.of), (entry) => call(fn, entry));
    }
    case 'crossEntropy': {
      const terms = pairwise(of(term.left), of(term.right), (p, y) =>
        y[0] === 0 && y[1] === 0 ? [0, 0] : times(y, call('log', p)),
      );
      const [x, dx] = total(terms);
      return single([-x, -dx]);
    }
    case 'squaredError': {
      const squares = pairwise(of(term.left), of(term.right), ([a, da], [b, db]) => [
        (a - b) ** 2 / 2,
        (a - b) * (da - db),
      ]);
      return single(total(squares));
    }
    default:
      throw new InternalError(`derive: forward mode must know ${term.kind}`);
  }
}

/** dJ/dvariable, one pass for each of the given entries; the others stay 0. */
export function gradientByForwardMode(
  model: Model,
  values: Values,
  steps: number,
  lossAt: readonly number[],
  variable: Variable,
  psi: Activation,
  entries: readonly number[],
): Matrix {
  const shape = model.shapes.get(variable.name)!;
  const gradient = matrix(shape.rows.size, shape.columns.size);
  for (const i of entries) {
    const computed = new Map<string, Dual>();
    const read = (name: string, step: number | undefined): Dual => {
      const known = computed.get(`${name}@${step}`);
      if (known !== undefined) return known;
      const given = leafValue(values, name, step);
      const dx = new Float64Array(given.data.length);
      if (name === variable.name && step === variable.step) dx[i] = 1;
      return { rows: given.rows, columns: given.columns, x: given.data, dx };
    };
    let derivative = 0;
    for (let t = 1; t <= steps; t += 1) {
      for (const { name, term } of model.written) computed.set(`${name}@${t}`, value(term, t, read, psi));
      if (lossAt.includes(t)) derivative += value(model.writtenLoss, t, read, psi).dx[0]!;
    }
    gradient.data[i] = derivative;
  }
  return gradient;
}
