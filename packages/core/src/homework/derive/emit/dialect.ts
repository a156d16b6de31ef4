/** Terms as expressions of a programming language. A dialect says how each operation is written. */
import { InternalError } from '../../../errors.js';
import { isScalar } from '../dimension.js';
import type { Linear } from '../expression.js';
import type { Activation } from '../functions.js';
import type { Term } from '../term.js';

export interface Dialect {
  number(value: number): string;
  ones(rows: number, columns: number): string;
  zeros(rows: number, columns: number): string;
  identity(size: number): string;
  add(a: string, b: string): string;
  subtract(a: string, b: string): string;
  negate(a: string): string;
  /** Entry by entry. */
  entrywise(a: string, b: string): string;
  divide(a: string, b: string): string;
  /** A scalar times anything. */
  scale(factor: string, a: string): string;
  /** The matrix product; a 1 x 1 result becomes a scalar. */
  product(a: string, b: string, toScalar: boolean): string;
  /** A scalar as a matrix of equal entries. */
  spread(a: string, rows: number, columns: number): string;
  transpose(a: string): string;
  sum(a: string): string;
  diag(a: string, size: number): string;
  softmax(a: string): string;
  power(a: string, exponent: number): string;
  apply(fn: string, a: string): string;
  /** The derivative of relu. */
  step(a: string): string;
  crossEntropy(p: string, y: string): string;
  squaredError(a: string, b: string): string;
}

const reserved = new Set(
  (
    'and as assert async await break case class const continue def default del delete do elif else enum except export ' +
    'extends False finally for from function global if import in is instanceof lambda let new None nonlocal not null or ' +
    'package pass private protected public raise return static super switch this throw True try typeof var void while ' +
    'with yield np json torch math T J t grad init add sub mul div neg exp log sqrt tanh sigmoid relu softmax sum matmul ' +
    'reshape full tensor swapAxes scale gradient column matrix square loss_steps lossSteps print len range list dict eval ' +
    'arguments console cross_entropy squared_error step expected'
  ).split(' '),
);

/** The name as an identifier that no language here uses for itself. */
export function identifier(name: string): string {
  return reserved.has(name) ? `${name}_` : name;
}

/** `h[t - 1]`, `W_hh`. Sequences are tables by step, so that code reads as the formula does. */
export function reference(name: string, index: Linear | undefined): string {
  if (index === undefined) return identifier(name);
  const { constant } = index;
  if ((index.factors.t ?? 0) === 0) return `${identifier(name)}[${constant}]`;
  const offset = constant === 0 ? '' : constant < 0 ? ` - ${-constant}` : ` + ${constant}`;
  return `${identifier(name)}[t${offset}]`;
}

/** The expression of a term. psi and phi become `activation`. */
export function codeOf(term: Term, dialect: Dialect, activation: Activation): string {
  const of = (part: Term): string => codeOf(part, dialect, activation);
  const { rows, columns } = term.shape;
  switch (term.kind) {
    case 'number':
      return dialect.number(term.value);
    case 'ones':
    case 'zeros':
      return dialect[term.kind](rows.size, columns.size);
    case 'identity':
      return dialect.identity(rows.size);
    case 'symbol':
      return reference(term.name, term.index);
    case 'add':
    case 'subtract':
    case 'entrywise':
    case 'divide':
    case 'scale':
    case 'crossEntropy':
    case 'squaredError':
      return dialect[term.kind](of(term.left), of(term.right));
    case 'product':
      return dialect.product(of(term.left), of(term.right), isScalar(term.shape));
    case 'negate':
    case 'transpose':
    case 'sum':
    case 'softmax':
      return dialect[term.kind](of(term.of));
    case 'spread':
      return dialect.spread(of(term.of), rows.size, columns.size);
    case 'diag':
      return dialect.diag(of(term.of), rows.size);
    case 'power':
      return dialect.power(of(term.of), term.exponent.constant);
    case 'apply':
      return applied(term, of(term.of), dialect, activation);
    default:
      throw new InternalError(`derive: a program must have no ${term.kind}`);
  }
}

function applied(
  term: Extract<Term, { kind: 'apply' }>,
  x: string,
  dialect: Dialect,
  activation: Activation,
): string {
  const fn = term.fn === 'psi' || term.fn === 'phi' ? activation : term.fn;
  if (term.primes === 0) return fn === 'identity' ? x : dialect.apply(fn, x);
  const one = dialect.ones(term.shape.rows.size, term.shape.columns.size);
  switch (fn) {
    case 'identity':
      return one;
    case 'relu':
      return dialect.step(x);
    case 'tanh':
      return dialect.subtract(one, dialect.power(dialect.apply('tanh', x), 2));
    default: {
      const y = dialect.apply('sigmoid', x);
      return dialect.entrywise(y, dialect.subtract(one, y));
    }
  }
}
