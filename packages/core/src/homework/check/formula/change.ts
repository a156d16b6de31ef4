/** The expression with every part replaced, innermost first. */
import type { Expr } from '../../derive/expression.js';

export function changed(expr: Expr, change: (part: Expr) => Expr): Expr {
  const of = (part: Expr): Expr => changed(part, change);
  switch (expr.kind) {
    case 'negate':
    case 'transpose':
      return change({ ...expr, of: of(expr.of) });
    case 'power':
      return change({ ...expr, base: of(expr.base) });
    case 'binary':
      return change({ ...expr, left: of(expr.left), right: of(expr.right) });
    case 'call':
      return change({ ...expr, args: expr.args.map(of) });
    case 'series':
      return change({ ...expr, body: of(expr.body) });
    default:
      return change(expr);
  }
}

/** Every copy of the expression with one part changed; `change` returns the variants of a part. */
export function* variants(expr: Expr, change: (part: Expr) => readonly Expr[]): Generator<Expr> {
  yield* change(expr);
  switch (expr.kind) {
    case 'negate':
    case 'transpose':
      for (const of of variants(expr.of, change)) yield { ...expr, of };
      return;
    case 'power':
      for (const base of variants(expr.base, change)) yield { ...expr, base };
      return;
    case 'binary':
      for (const left of variants(expr.left, change)) yield { ...expr, left };
      for (const right of variants(expr.right, change)) yield { ...expr, right };
      return;
    case 'call':
      for (const [at, arg] of expr.args.entries()) {
        for (const other of variants(arg, change)) yield { ...expr, args: expr.args.with(at, other) };
      }
      return;
    case 'series':
      for (const body of variants(expr.body, change)) yield { ...expr, body };
      return;
    default:
  }
}
