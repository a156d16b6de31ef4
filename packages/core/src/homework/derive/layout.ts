/** The same derivative in another layout convention: transposed, with gradients as rows where the layout has rows. */
import type { Layout } from './derivation.js';
import type { Model } from './model.js';
import type { Term } from './term.js';
import * as make from './term.js';

/** A gradient's formula, found with gradients as columns, in the given layout. */
export function gradientIn(layout: Layout, model: Model, term: Term): Term {
  return layout === 'numerator' ? make.transpose(withRows(model, term)) : term;
}

/** A Jacobian's formula, found with one row per output. */
export function jacobianIn(layout: Layout, term: Term): Term {
  return layout === 'denominator' ? make.transpose(term) : term;
}

/** Gradients of vectors become transposes of rows, and `v ⊙ g` becomes `diag(v) g`, which can be transposed. */
function withRows(model: Model, term: Term): Term {
  const { gradientPrefix: prefix, shapes } = model;
  const isGradient = (part: Term): boolean =>
    part.kind === 'symbol' && part.name.startsWith(prefix) && shapes.has(part.name.slice(prefix.length));
  const hasGradient = (part: Term): boolean => [...make.below(part)].some(isGradient);
  const turn = (part: Term): Term => {
    if (isGradient(part) && part.kind === 'symbol') {
      const shape = { rows: part.shape.columns, columns: part.shape.rows };
      return make.transpose(make.symbol(part.name, part.index, shape));
    }
    const column = part.shape.columns.letter === '1' && part.shape.rows.letter !== '1';
    if (part.kind === 'entrywise' && column && hasGradient(part)) {
      const [plain, gradient] = hasGradient(part.left) ? [part.right, part.left] : [part.left, part.right];
      if (!hasGradient(plain)) return make.product(make.diag(plain), turn(gradient));
    }
    return make.rebuild(part, turn);
  };
  return turn(term);
}
