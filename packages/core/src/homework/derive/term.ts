/**
 * Matrix expressions with shapes: what parsed formulas become once sizes are known, and what derivatives are made of.
 * The constructors below keep them tidy (no double transposes, no factors 1, no terms 0), which is all the
 * simplification there is.
 */
import { InternalError } from '../../errors.js';
import { isScalar, isUnit, lettersOf, type MatrixShape, sameShapes, scalarShape, unit } from './dimension.js';
import type { Linear } from './expression.js';
import { hasLetters } from './linear.js';
import type { Place } from './place.js';

export type Term = { readonly shape: MatrixShape; readonly at?: Place } & (
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'ones' | 'zeros' | 'identity' }
  | { readonly kind: 'symbol'; readonly name: string; readonly index: Linear | undefined }
  | { readonly kind: 'add' | 'subtract'; readonly left: Term; readonly right: Term }
  /** left ⊙ right and left / right, entry by entry, equal shapes. */
  | { readonly kind: 'entrywise' | 'divide'; readonly left: Term; readonly right: Term }
  /** The matrix product. */
  | { readonly kind: 'product'; readonly left: Term; readonly right: Term }
  /** A scalar times anything. */
  | { readonly kind: 'scale'; readonly left: Term; readonly right: Term }
  /** A scalar repeated to a shape: the 1 of 1 - z. */
  | { readonly kind: 'spread'; readonly of: Term }
  | { readonly kind: 'negate' | 'transpose' | 'softmax' | 'sum' | 'diag'; readonly of: Term }
  /** Entry by entry. */
  | { readonly kind: 'power'; readonly of: Term; readonly exponent: Linear }
  | { readonly kind: 'matrixPower'; readonly of: Term; readonly exponent: Linear }
  /** The `primes`-th derivative of `fn`, entry by entry. */
  | { readonly kind: 'apply'; readonly fn: string; readonly primes: number; readonly of: Term }
  /** -sum(right ⊙ log left): left are probabilities, right the targets. */
  | { readonly kind: 'crossEntropy'; readonly left: Term; readonly right: Term }
  /** 1/2 sum((left - right)^2). */
  | { readonly kind: 'squaredError'; readonly left: Term; readonly right: Term }
  | {
      readonly kind: 'series';
      readonly op: 'sum' | 'product';
      readonly index: string;
      readonly from: Linear;
      readonly to: Linear;
      readonly of: Term;
    }
);

type Pair = Extract<Term, { readonly left: Term }>['kind'];

export function number(value: number): Term {
  return { kind: 'number', value, shape: scalarShape };
}

export function ones(shape: MatrixShape): Term {
  return isScalar(shape) ? number(1) : { kind: 'ones', shape };
}

export function zeros(shape: MatrixShape): Term {
  return isScalar(shape) ? number(0) : { kind: 'zeros', shape };
}

export function identity(shape: MatrixShape): Term {
  return isScalar(shape) ? number(1) : { kind: 'identity', shape };
}

export function symbol(name: string, index: Linear | undefined, shape: MatrixShape): Term {
  return { kind: 'symbol', name, index, shape };
}

/** The symbol at `t + offset`. */
export function atStep(name: string, offset: number, shape: MatrixShape): Term {
  return symbol(name, { factors: { t: 1 }, constant: offset }, shape);
}

export function isZero(term: Term): boolean {
  return term.kind === 'zeros' || (term.kind === 'number' && term.value === 0);
}

function isOne(term: Term): boolean {
  return term.kind === 'number' && term.value === 1;
}

function pair(kind: Pair, left: Term, right: Term, shape: MatrixShape): Term {
  return { kind, left, right, shape };
}

function expectSame(op: string, a: Term, b: Term): void {
  if (sameShapes(a.shape, b.shape)) return;
  throw new InternalError(`${op}: shapes must be equal, got ${lettersOf(a.shape)} and ${lettersOf(b.shape)}`);
}

export function add(left: Term, right: Term): Term {
  expectSame('add', left, right);
  if (isZero(left)) return right;
  if (isZero(right)) return left;
  if (right.kind === 'negate') return subtract(left, right.of);
  return pair('add', left, right, left.shape);
}

export function subtract(left: Term, right: Term): Term {
  expectSame('subtract', left, right);
  if (isZero(right)) return left;
  if (isZero(left)) return negate(right);
  if (right.kind === 'negate') return add(left, right.of);
  return pair('subtract', left, right, left.shape);
}

/** The sum of several terms of one shape. */
export function addAll(terms: readonly Term[], shape: MatrixShape): Term {
  return terms.reduce(add, zeros(shape));
}

export function negate(of: Term): Term {
  if (of.kind === 'negate') return of.of;
  if (of.kind === 'number') return number(-of.value);
  if (of.kind === 'zeros') return of;
  return { kind: 'negate', of, shape: of.shape };
}

export function scale(factor: Term, of: Term): Term {
  if (isOne(factor)) return of;
  if (isOne(of)) return factor;
  if (isZero(factor) || isZero(of)) return zeros(of.shape);
  if (factor.kind === 'number' && factor.value === -1) return negate(of);
  if (factor.kind === 'number' && of.kind === 'number') return number(factor.value * of.value);
  // Numbers stand in front, and there is one of them.
  if (of.kind === 'scale' && of.left.kind === 'number') {
    if (factor.kind === 'number') return scale(number(factor.value * of.left.value), of.right);
    return scale(of.left, scale(factor, of.right));
  }
  return pair('scale', factor, of, of.shape);
}

export function spread(of: Term, shape: MatrixShape): Term {
  if (isScalar(shape)) return of;
  if (isZero(of)) return zeros(shape);
  return isOne(of) ? ones(shape) : { kind: 'spread', of, shape };
}

export function entrywise(left: Term, right: Term): Term {
  expectSame('entrywise', left, right);
  if (isScalar(left.shape)) return scale(left, right);
  if (isZero(left) || isZero(right)) return zeros(left.shape);
  if (left.kind === 'ones') return right;
  if (right.kind === 'ones') return left;
  if (left.kind === 'negate') return negate(entrywise(left.of, right));
  if (right.kind === 'negate') return negate(entrywise(left, right.of));
  if (left.kind === 'spread') return scale(left.of, right);
  if (right.kind === 'spread') return scale(right.of, left);
  return pair('entrywise', left, right, left.shape);
}

export function divide(left: Term, right: Term): Term {
  expectSame('divide', left, right);
  if (isZero(left) || isOne(right) || right.kind === 'ones') return left;
  return pair('divide', left, right, left.shape);
}

export function product(left: Term, right: Term): Term {
  if (left.shape.columns.letter !== right.shape.rows.letter) {
    throw new InternalError(
      `product: shapes must fit, got ${lettersOf(left.shape)} and ${lettersOf(right.shape)}`,
    );
  }
  const shape = { rows: left.shape.rows, columns: right.shape.columns };
  if (isScalar(left.shape) || isScalar(right.shape)) {
    return isScalar(left.shape) ? scale(left, right) : scale(right, left);
  }
  if (isZero(left) || isZero(right)) return zeros(shape);
  if (left.kind === 'identity') return right;
  if (right.kind === 'identity') return left;
  if (left.kind === 'ones' && right.kind === 'diag' && isUnit(left.shape.rows)) return transpose(right.of);
  if (left.kind === 'diag' && right.kind === 'ones' && isUnit(right.shape.columns)) return left.of;
  if (left.kind === 'diag' && right.kind === 'diag') return diag(entrywise(left.of, right.of));
  if (left.kind === 'diag' && right.kind === 'product' && right.left.kind === 'diag') {
    return product(product(left, right.left), right.right);
  }
  if (left.kind === 'negate') return negate(product(left.of, right));
  if (right.kind === 'negate') return negate(product(left, right.of));
  if (left.kind === 'scale') return scale(left.left, product(left.right, right));
  if (right.kind === 'scale') return scale(right.left, product(left, right.right));
  return pair('product', left, right, shape);
}

export function diag(of: Term): Term {
  const shape = { rows: of.shape.rows, columns: of.shape.rows };
  if (of.kind === 'ones') return identity(shape);
  if (of.kind === 'zeros') return zeros(shape);
  if (of.kind === 'negate') return negate(diag(of.of));
  return { kind: 'diag', of, shape };
}

export function transpose(of: Term): Term {
  const shape = { rows: of.shape.columns, columns: of.shape.rows };
  if (isScalar(of.shape)) return of;
  switch (of.kind) {
    case 'transpose':
      return of.of;
    case 'identity':
    case 'diag':
      return of;
    case 'zeros':
      return zeros(shape);
    case 'ones':
      return ones(shape);
    case 'negate':
      return negate(transpose(of.of));
    case 'add':
      return add(transpose(of.left), transpose(of.right));
    case 'subtract':
      return subtract(transpose(of.left), transpose(of.right));
    case 'product':
      return product(transpose(of.right), transpose(of.left));
    case 'scale':
      return scale(of.left, transpose(of.right));
    default:
      return { kind: 'transpose', of, shape };
  }
}

export function sum(of: Term): Term {
  if (isScalar(of.shape)) return of;
  return isZero(of) ? number(0) : { kind: 'sum', of, shape: scalarShape };
}

export function softmax(of: Term): Term {
  return { kind: 'softmax', of, shape: of.shape };
}

export function apply(fn: string, of: Term, primes = 0): Term {
  if (fn === 'identity') return primes === 0 ? of : primes === 1 ? ones(of.shape) : zeros(of.shape);
  return { kind: 'apply', fn, primes, of, shape: of.shape };
}

export function power(of: Term, exponent: number | Linear): Term {
  const linear = typeof exponent === 'number' ? { factors: {}, constant: exponent } : exponent;
  if (!hasLetters(linear)) {
    if (linear.constant === 0) return ones(of.shape);
    if (linear.constant === 1) return of;
  }
  return { kind: 'power', of, exponent: linear, shape: of.shape };
}

export function matrixPower(of: Term, exponent: Linear): Term {
  if (hasLetters(exponent)) return { kind: 'matrixPower', of, exponent, shape: of.shape };
  let result = identity(of.shape);
  for (let i = 0; i < exponent.constant; i += 1) result = product(result, of);
  return result;
}

export function crossEntropy(probabilities: Term, targets: Term): Term {
  return pair('crossEntropy', probabilities, targets, scalarShape);
}

export function squaredError(left: Term, right: Term): Term {
  return pair('squaredError', left, right, scalarShape);
}

/** sum(a ⊙ b): the derivative of a scalar factor. For vectors the inner product a^T b. */
export function inner(a: Term, b: Term): Term {
  expectSame('inner', a, b);
  if (isScalar(a.shape)) return scale(a, b);
  return a.shape.columns === unit ? product(transpose(a), b) : sum(entrywise(a, b));
}

/** The terms directly below. */
export function parts(term: Term): readonly Term[] {
  if ('left' in term) return [term.left, term.right];
  return 'of' in term ? [term.of] : [];
}

/** The term with every direct part replaced; tidied again by the constructors. */
export function rebuild(term: Term, change: (part: Term) => Term): Term {
  switch (term.kind) {
    case 'add':
      return add(change(term.left), change(term.right));
    case 'subtract':
      return subtract(change(term.left), change(term.right));
    case 'entrywise':
      return entrywise(change(term.left), change(term.right));
    case 'divide':
      return divide(change(term.left), change(term.right));
    case 'product':
      return product(change(term.left), change(term.right));
    case 'scale':
      return scale(change(term.left), change(term.right));
    case 'crossEntropy':
      return crossEntropy(change(term.left), change(term.right));
    case 'squaredError':
      return squaredError(change(term.left), change(term.right));
    case 'negate':
      return negate(change(term.of));
    case 'transpose':
      return transpose(change(term.of));
    case 'softmax':
      return softmax(change(term.of));
    case 'sum':
      return sum(change(term.of));
    case 'diag':
      return diag(change(term.of));
    case 'spread':
      return spread(change(term.of), term.shape);
    case 'power':
      return power(change(term.of), term.exponent);
    case 'matrixPower':
      return matrixPower(change(term.of), term.exponent);
    case 'apply':
      return apply(term.fn, change(term.of), term.primes);
    case 'series':
      return { ...term, of: change(term.of) };
    default:
      return term;
  }
}

/** Every term below `term`, itself first. */
export function* below(term: Term): Generator<Term> {
  yield term;
  for (const part of parts(term)) yield* below(part);
}

/** The same term `offset` steps later. */
export function shift(term: Term, offset: number): Term {
  if (offset === 0) return term;
  if (term.kind !== 'symbol' || term.index === undefined) return rebuild(term, (part) => shift(part, offset));
  return { ...term, index: { ...term.index, constant: term.index.constant + offset } };
}
