/**
 * One path written out: the immediate term of step k with every gradient replaced by what it stands for, back to the
 * gradients that come from the loss of step t alone.
 */
import type { Model } from './model.js';
import type { Relevant } from './relevant.js';
import type { Adjoint, Contribution } from './reverse.js';
import type { Term } from './term.js';
import * as make from './term.js';

/** Larger formulas are not shown: nobody reads them. */
const MAX_TERMS = 90;

/** @returns undefined when the formula would be too long to read */
export function expandPath(
  model: Model,
  relevant: Relevant,
  shape: Term['shape'],
  t: number,
  k: number,
): Term | undefined {
  const adjoints = new Map(relevant.adjoints.map((adjoint) => [adjoint.name, adjoint] as const));
  let left = MAX_TERMS;
  const concrete = (term: Term, step: number): Term | undefined => {
    left -= 1;
    if (left < 0) return undefined;
    if (term.kind !== 'symbol' || term.index === undefined) {
      let complete = true;
      const result = make.rebuild(term, (part) => {
        const changed = concrete(part, step);
        complete &&= changed !== undefined;
        return changed ?? part;
      });
      return complete ? result : undefined;
    }
    const at = step + term.index.constant;
    const name = term.name.startsWith(model.gradientPrefix)
      ? term.name.slice(model.gradientPrefix.length)
      : '';
    const adjoint = adjoints.get(name);
    if (adjoint !== undefined && !fromLossAlone(adjoint))
      return total(adjoint.contributions, adjoint.shape, at);
    return make.symbol(term.name, { factors: {}, constant: at }, term.shape);
  };
  const total = (list: readonly Contribution[], of: Term['shape'], step: number): Term | undefined => {
    let sum = make.zeros(of);
    for (const { via, lag, term } of list) {
      const reader = step + lag;
      if (reader > t || reader < 1 || (via === 'loss' && reader !== t)) continue;
      if (via !== 'loss' && !reaches(adjoints, via, reader, t)) continue;
      const part = concrete(term, step);
      if (part === undefined) return undefined;
      sum = make.add(sum, part);
    }
    return sum;
  };
  return total(relevant.variable, shape, k);
}

/** g_o: nothing but the loss reads it. */
export function fromLossAlone({ contributions }: Adjoint): boolean {
  return contributions.length > 0 && contributions.every(({ via, lag }) => via === 'loss' && lag === 0);
}

/** Does the value `name[step]` reach the loss of step t? */
function reaches(adjoints: ReadonlyMap<string, Adjoint>, name: string, step: number, t: number): boolean {
  const seen = new Set<string>();
  const visit = (at: string, when: number): boolean => {
    const key = `${at}@${when}`;
    if (seen.has(key) || when > t) return false;
    seen.add(key);
    return (adjoints.get(at)?.contributions ?? []).some(({ via, lag }) =>
      via === 'loss' ? when + lag === t : visit(via, when + lag),
    );
  };
  return visit(name, step);
}
