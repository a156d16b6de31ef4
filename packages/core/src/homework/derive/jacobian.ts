/**
 * Local Jacobians, symbolically: d(term)/d(symbol) with one row per entry of the term and one column per entry of the
 * symbol. Matrices by vectors would need three or four indices; there is no such term, and callers say so instead.
 */
import { isScalar, isUnit } from './dimension.js';
import type { Definition, Model } from './model.js';
import { powerSlope, slope, softmaxJacobian } from './reverse.js';
import type { Term } from './term.js';
import * as make from './term.js';

type Symbol = Extract<Term, { kind: 'symbol' }>;

/** A vector or scalar symbol that something is differentiated by. */
export interface By {
  readonly name: string;
  /** Steps back from t. */
  readonly lag: number;
  readonly shape: Term['shape'];
}

/** @returns undefined where the derivative is no matrix */
export function jacobian(definition: Definition, by: By): Term | undefined {
  const output = make.atStep(definition.name, 0, definition.term.shape);
  return derivative(definition.term, by, output);
}

function isBy(symbol: Symbol, by: By): boolean {
  return symbol.name === by.name && symbol.index !== undefined && -symbol.index.constant === by.lag;
}

function dependsOn(term: Term, by: By): boolean {
  for (const part of make.below(term)) if (part.kind === 'symbol' && isBy(part, by)) return true;
  return false;
}

function derivative(term: Term, by: By, output?: Term): Term | undefined {
  const shape = { rows: term.shape.rows, columns: by.shape.rows };
  if (!dependsOn(term, by)) return make.zeros(shape);
  if (!isUnit(term.shape.columns) || !isUnit(by.shape.columns)) return undefined;
  const of = (part: Term): Term | undefined => derivative(part, by);
  const both = (left: Term, right: Term, join: (dl: Term, dr: Term) => Term): Term | undefined => {
    const [dl, dr] = [of(left), of(right)];
    return dl === undefined || dr === undefined ? undefined : join(dl, dr);
  };
  const through = (outer: Term, part: Term): Term | undefined => {
    const inside = of(part);
    return inside === undefined ? undefined : make.product(outer, inside);
  };
  switch (term.kind) {
    case 'symbol':
      return make.identity(shape);
    case 'add':
      return both(term.left, term.right, make.add);
    case 'subtract':
      return both(term.left, term.right, make.subtract);
    case 'negate': {
      const inside = of(term.of);
      return inside && make.negate(inside);
    }
    case 'spread':
      return through(make.ones(term.shape), term.of);
    case 'sum':
      return through(make.transpose(make.ones(term.of.shape)), term.of);
    case 'entrywise':
      return both(term.left, term.right, (dl, dr) =>
        make.add(scaledRows(term.left, dr), scaledRows(term.right, dl)),
      );
    case 'divide':
      return both(term.left, term.right, (dl, dr) =>
        make.subtract(
          scaledRows(make.power(term.right, -1), dl),
          scaledRows(make.divide(term.left, make.power(term.right, 2)), dr),
        ),
      );
    case 'scale':
      return both(term.left, term.right, (dl, dr) =>
        make.add(make.product(term.right, dl), make.scale(term.left, dr)),
      );
    case 'product':
      return ofProduct(term, by);
    case 'power':
      return through(rowsBy(powerSlope(term)), term.of);
    case 'apply':
      return through(rowsBy(slope(term, output ?? term)), term.of);
    case 'softmax':
      return through(softmaxJacobian(output ?? term), term.of);
    case 'crossEntropy':
      return through(make.negate(make.transpose(make.divide(term.right, term.left))), term.left);
    case 'squaredError':
      return both(term.left, term.right, (dl, dr) =>
        make.product(make.transpose(make.subtract(term.left, term.right)), make.subtract(dl, dr)),
      );
    default:
      return undefined;
  }
}

/** A v with A fixed, or u^T v. */
function ofProduct(term: Extract<Term, { kind: 'product' }>, by: By): Term | undefined {
  const { left, right } = term;
  const dright = derivative(right, by);
  if (dright === undefined) return undefined;
  const fixed = make.product(left, dright);
  if (!dependsOn(left, by)) return fixed;
  if (!isScalar(term.shape)) return undefined;
  const dleft = derivative(make.transpose(left), by);
  return dleft && make.add(fixed, make.product(make.transpose(right), dleft));
}

/** diag(v), or the scalar itself. */
function rowsBy(v: Term): Term {
  return isScalar(v.shape) ? v : make.diag(v);
}

function scaledRows(v: Term, matrix: Term): Term {
  return make.product(rowsBy(v), matrix);
}

/**
 * d(name[t])/d(state[t - lag]) through everything that is computed in step t.
 * @returns undefined where a factor is no matrix
 */
export function transition(model: Model, name: string, by: By): Term | undefined {
  const definition = model.definitions.find((candidate) => candidate.name === name)!;
  const direct = jacobian(definition, by);
  if (direct === undefined) return undefined;
  let total: Term = direct;
  for (const through of model.definitions) {
    const inner: By = { name: through.name, lag: 0, shape: through.term.shape };
    if (!dependsOn(definition.term, inner)) continue;
    const outer = jacobian(definition, inner);
    const inside = transition(model, through.name, by);
    if (inside !== undefined && make.isZero(inside)) continue;
    if (outer === undefined || inside === undefined) return undefined;
    total = make.add(total, make.product(outer, inside));
  }
  return total;
}
