/** What a parsed formula is made of. Nothing here knows sizes: shapes.ts adds them. */
import type { Place } from './place.js';

/** A whole-number expression of index letters: `t - 1` is `{ factors: { t: 1 }, constant: -1 }`. */
export interface Linear {
  readonly factors: Readonly<Record<string, number>>;
  readonly constant: number;
}

interface At {
  readonly at: Place;
  /** Stood in parentheses of its own. */
  readonly grouped?: boolean;
}

/** `*` multiplies entry by entry, `@` (or nothing between two factors) is the matrix product. */
export type BinaryOp = '+' | '-' | '*' | '@' | '/';

export type Expr = At &
  (
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'symbol'; readonly name: string; readonly index: Linear | undefined }
    | { readonly kind: 'negate' | 'transpose'; readonly of: Expr }
    | { readonly kind: 'power'; readonly base: Expr; readonly exponent: Linear }
    | { readonly kind: 'binary'; readonly op: BinaryOp; readonly left: Expr; readonly right: Expr }
    /** `fn` is a canonical name of functions.ts; `primes` is the order of the derivative that is meant. */
    | { readonly kind: 'call'; readonly fn: string; readonly primes: number; readonly args: readonly Expr[] }
    /** A sum or product over a running index: `sum_{i=1}^{t} ...`. */
    | {
        readonly kind: 'series';
        readonly op: 'sum' | 'product';
        readonly index: string;
        readonly from: Linear;
        readonly to: Linear;
        readonly body: Expr;
      }
  );

/** `name[t] = value`. */
export interface Equation {
  readonly name: string;
  /** Of the left-hand side. */
  readonly at: Place;
  readonly value: Expr;
}

/** The number that an index expression stands for. */
export function linearValue(linear: Linear, indices: Readonly<Record<string, number>>): number {
  let value = linear.constant;
  for (const [letter, factor] of Object.entries(linear.factors))
    value += factor * (indices[letter] ?? Number.NaN);
  return value;
}

/** `t-1`, `t - i + 2`, `0`. */
export function linearText({ factors, constant }: Linear): string {
  let text = '';
  for (const [letter, factor] of Object.entries(factors)) {
    if (factor === 0) continue;
    const sign = factor < 0 ? '-' : text === '' ? '' : '+';
    text += `${sign}${Math.abs(factor) === 1 ? '' : Math.abs(factor)}${letter}`;
  }
  if (text === '') return String(constant);
  return constant === 0 ? text : `${text}${constant < 0 ? '-' : '+'}${Math.abs(constant)}`;
}

/** Every expression below `expr`, itself first. */
export function* descendants(expr: Expr): Generator<Expr> {
  yield expr;
  for (const child of children(expr)) yield* descendants(child);
}

function children(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'negate':
    case 'transpose':
      return [expr.of];
    case 'power':
      return [expr.base];
    case 'binary':
      return [expr.left, expr.right];
    case 'call':
      return expr.args;
    case 'series':
      return [expr.body];
    default:
      return [];
  }
}
