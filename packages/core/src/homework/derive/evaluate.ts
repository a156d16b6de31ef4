/** The number behind a term. Used for the forward pass, for symbolic gradients, and for answers with free indices. */
import { InternalError } from '../../errors.js';
import { linearValue } from './expression.js';
import { type Activation, elementwise } from './functions.js';
import { type Matrix, map, matrix, multiplied, type Rounding, totalOf, transposed, zip } from './matrix.js';
import type { Term } from './term.js';

export interface Environment {
  /** Values of the index letters: `{ t: 3 }`. */
  readonly indices: Readonly<Record<string, number>>;
  /** A symbol's value; `step` is undefined for symbols without an index. */
  read(name: string, step: number | undefined): Matrix;
  /** What psi and phi stand for. Defaults to tanh. */
  readonly activation?: Activation;
  /** Rounding of every operation's result. Defaults to none (f64). */
  readonly round?: Rounding;
}

const exact: Rounding = (x) => x;

export function evaluate(term: Term, environment: Environment): Matrix {
  const { round = exact } = environment;
  const of = (part: Term): Matrix => evaluate(part, environment);
  const rows = term.shape.rows.size;
  const columns = term.shape.columns.size;
  switch (term.kind) {
    case 'number':
      return matrix(1, 1, round(term.value));
    case 'ones':
      return matrix(rows, columns, 1);
    case 'zeros':
      return matrix(rows, columns);
    case 'identity':
      return diagonal(matrix(rows, 1, 1));
    case 'symbol':
      return environment.read(term.name, term.index && linearValue(term.index, environment.indices));
    case 'add':
      return zip(of(term.left), of(term.right), (x, y) => round(x + y));
    case 'subtract':
      return zip(of(term.left), of(term.right), (x, y) => round(x - y));
    case 'entrywise':
      return zip(of(term.left), of(term.right), (x, y) => round(x * y));
    case 'divide':
      return zip(of(term.left), of(term.right), (x, y) => round(x / y));
    case 'product':
      return multiplied(of(term.left), of(term.right), environment.round);
    case 'scale': {
      const factor = of(term.left).data[0]!;
      return map(of(term.right), (x) => round(factor * x));
    }
    case 'spread':
      return matrix(rows, columns, of(term.of).data[0]!);
    case 'negate':
      return map(of(term.of), (x) => -x);
    case 'transpose':
      return transposed(of(term.of));
    case 'sum':
      return matrix(1, 1, totalOf(of(term.of), round));
    case 'diag':
      return diagonal(of(term.of));
    case 'softmax':
      return softmax(of(term.of), round);
    case 'power': {
      const exponent = linearValue(term.exponent, environment.indices);
      return map(of(term.of), (x) => round(x ** exponent));
    }
    case 'matrixPower':
      return repeated(of(term.of), linearValue(term.exponent, environment.indices), round);
    case 'apply':
      return applied(term, of(term.of), environment);
    case 'crossEntropy': {
      const logs = map(of(term.left), (x) => round(Math.log(x)));
      // A target of 0 takes no part, also where the logarithm is minus infinity.
      const products = zip(of(term.right), logs, (y, log) => (y === 0 ? 0 : round(y * log)));
      return matrix(1, 1, -totalOf(products, round));
    }
    case 'squaredError': {
      const squares = zip(of(term.left), of(term.right), (x, y) => round(round(x - y) ** 2));
      return matrix(1, 1, round(0.5 * totalOf(squares, round)));
    }
    case 'series':
      return series(term, environment);
  }
}

function diagonal(v: Matrix): Matrix {
  const result = matrix(v.rows, v.rows);
  for (let i = 0; i < v.rows; i += 1) result.data[i * v.rows + i] = v.data[i]!;
  return result;
}

function softmax(x: Matrix, round: Rounding): Matrix {
  const largest = x.data.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const powers = map(x, (value) => round(Math.exp(round(value - largest))));
  const total = totalOf(powers, round);
  return map(powers, (value) => round(value / total));
}

function repeated(base: Matrix, exponent: number, round: Rounding): Matrix {
  let result = diagonal(matrix(base.rows, 1, 1));
  for (let i = 0; i < exponent; i += 1) result = multiplied(result, base, round);
  return result;
}

function applied(term: Extract<Term, { kind: 'apply' }>, x: Matrix, environment: Environment): Matrix {
  const { round = exact, activation = 'tanh' } = environment;
  const fn = elementwise[term.fn] ?? elementwise[activation]!;
  if (term.primes > 1)
    throw new InternalError(`derive: ${term.fn} must have at most one prime, got ${term.primes}`);
  const value = term.primes === 0 ? fn.value : fn.slope;
  return map(x, (entry) => round(value(entry)));
}

function series(term: Extract<Term, { kind: 'series' }>, environment: Environment): Matrix {
  const { round = exact, indices } = environment;
  const empty = matrix(term.shape.rows.size, term.shape.columns.size);
  let result = term.op === 'sum' ? empty : diagonal(matrix(empty.rows, 1, 1));
  const last = linearValue(term.to, indices);
  for (let i = linearValue(term.from, indices); i <= last; i += 1) {
    const value = evaluate(term.of, { ...environment, indices: { ...indices, [term.index]: i } });
    result =
      term.op === 'sum' ? zip(result, value, (x, y) => round(x + y)) : multiplied(result, value, round);
  }
  return result;
}
