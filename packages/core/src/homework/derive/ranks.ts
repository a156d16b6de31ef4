/**
 * Scalars, vectors and matrices told apart before any size is known: by how a name is written (W is a matrix, h a
 * vector, alpha a scalar), and for defined names by what defines them (`s[t] = w^T h[t]` is a scalar).
 */
import type { Equation, Expr } from './expression.js';

/** Which axes are 1 by structure. */
export interface Rank {
  readonly unitRows: boolean;
  readonly unitColumns: boolean;
}

const scalar: Rank = { unitRows: true, unitColumns: true };
const vector: Rank = { unitRows: false, unitColumns: true };
const matrix: Rank = { unitRows: false, unitColumns: false };

const scalarNames = /^(alpha|beta|gamma|lambda|eta|mu|rho|kappa|tau|epsilon|theta|[αβγλημρκτεθ])\d?$/;

export function isScalarRank({ unitRows, unitColumns }: Rank): boolean {
  return unitRows && unitColumns;
}

/** By the way the name is written: capital letters are matrices, the Greek names of constants are scalars. */
export function rankByName(name: string): Rank {
  if (scalarNames.test(name)) return scalar;
  return /^\p{Lu}/u.test(name) ? matrix : vector;
}

/** The rank of an expression, with names looked up by `of`. */
export function rankOf(expr: Expr, of: (name: string) => Rank): Rank {
  const rank = (part: Expr): Rank => rankOf(part, of);
  switch (expr.kind) {
    case 'number':
      return scalar;
    case 'symbol':
      return of(expr.name);
    case 'negate':
      return rank(expr.of);
    case 'transpose': {
      const { unitRows, unitColumns } = rank(expr.of);
      return { unitRows: unitColumns, unitColumns: unitRows };
    }
    case 'power':
      return rank(expr.base);
    case 'series':
      return rank(expr.body);
    case 'binary': {
      const left = rank(expr.left);
      const right = rank(expr.right);
      if (isScalarRank(left)) return right;
      if (isScalarRank(right) || expr.op !== '@') return left;
      return { unitRows: left.unitRows, unitColumns: right.unitColumns };
    }
    case 'call':
      switch (expr.fn) {
        case 'sum':
        case 'inner':
        case 'cross_entropy':
        case 'squared_error':
          return scalar;
        case 'diag':
        case 'outer':
          return matrix;
        case 'hadamard': {
          const first = rank(expr.args[0]!);
          return isScalarRank(first) && expr.args[1] !== undefined ? rank(expr.args[1]) : first;
        }
        default:
          return rank(expr.args[0]!);
      }
  }
}

/** Ranks of all names of a set of equations; `given` wins over everything. */
export function ranksOf(
  equations: readonly Equation[],
  given: ReadonlyMap<string, Rank>,
): (name: string) => Rank {
  const found = new Map(given);
  const of = (name: string): Rank => found.get(name) ?? rankByName(name);
  // Scalars make more scalars, never fewer: at most one new one per round.
  for (let round = 0; round <= equations.length; round += 1) {
    for (const { name, value } of equations) {
      if (!given.has(name) && isScalarRank(rankOf(value, of))) found.set(name, scalar);
    }
  }
  return of;
}
