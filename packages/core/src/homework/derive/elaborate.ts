/** Parsed formulas to terms: every node gets its shape, scalars are spread, `identity` and matrix powers unfold. */
import { isScalar, type MatrixShape, unit } from './dimension.js';
import type { Expr } from './expression.js';
import { isElementwise } from './functions.js';
import { hasLetters } from './linear.js';
import { refuse } from './place.js';
import type { Shapes } from './shapes.js';
import type { Term } from './term.js';
import * as make from './term.js';

/**
 * The term of a formula that was added to `shapes`.
 * @throws ArgumentError that points at a division by the number zero
 */
export function elaborate(expr: Expr, shapes: Shapes): Term {
  return { ...build(expr, shapes), at: expr.at };
}

function build(expr: Expr, shapes: Shapes): Term {
  const term = (part: Expr): Term => elaborate(part, shapes);
  const shape = shapes.ofExpr(expr);
  switch (expr.kind) {
    case 'number':
      return make.number(expr.value);
    case 'symbol':
      return make.symbol(expr.name, expr.index, shape);
    case 'negate':
      return make.negate(term(expr.of));
    case 'transpose':
      return make.transpose(term(expr.of));
    case 'series':
      return {
        kind: 'series',
        op: expr.op,
        index: expr.index,
        from: expr.from,
        to: expr.to,
        of: term(expr.body),
        shape,
      };
    case 'power': {
      const base = term(expr.base);
      if (!isScalar(shape) && shape.rows !== unit && shape.columns !== unit)
        return make.matrixPower(base, expr.exponent);
      const { exponent } = expr;
      if (!hasLetters(exponent) && exponent.constant < 0) refuseZero(expr.base);
      return make.power(base, exponent);
    }
    case 'binary':
      return binary(expr, term(expr.left), term(expr.right), shape);
    case 'call':
      return call(expr, expr.args.map(term));
  }
}

function binary(expr: Extract<Expr, { kind: 'binary' }>, left: Term, right: Term, shape: MatrixShape): Term {
  const grown = (side: Term): Term => (isScalar(side.shape) ? make.spread(side, shape) : side);
  switch (expr.op) {
    case '+':
      return make.add(grown(left), grown(right));
    case '-':
      return make.subtract(grown(left), grown(right));
    case '*':
      return times(left, right);
    case '@':
      return isScalar(left.shape) || isScalar(right.shape) ? times(left, right) : make.product(left, right);
    case '/':
      refuseZero(expr.right);
      if (isScalar(right.shape) && !isScalar(left.shape)) return make.scale(make.power(right, -1), left);
      return make.divide(grown(left), right);
  }
}

function times(left: Term, right: Term): Term {
  if (isScalar(left.shape)) return make.scale(left, right);
  return isScalar(right.shape) ? make.scale(right, left) : make.entrywise(left, right);
}

function call(expr: Extract<Expr, { kind: 'call' }>, args: readonly Term[]): Term {
  const [first, second] = args as [Term, Term];
  if (isElementwise(expr.fn)) return make.apply(expr.fn, first, expr.primes);
  if (expr.primes > 0) refuse(expr.at, `${expr.fn} must stand without primes here, got ${expr.primes}`);
  switch (expr.fn) {
    case 'softmax':
      return make.softmax(first);
    case 'sum':
      return make.sum(first);
    case 'diag':
      return make.diag(first);
    case 'outer':
      return make.product(first, make.transpose(second));
    case 'inner':
      return make.inner(first, second);
    case 'hadamard':
      return times(first, second);
    case 'cross_entropy':
      return make.crossEntropy(first, second);
    default:
      return make.squaredError(first, second);
  }
}

function refuseZero(divisor: Expr): void {
  if (divisor.kind === 'number' && divisor.value === 0)
    refuse(divisor.at, 'a divisor must not be zero, got 0');
}
