/** What the two ways of summing the paths cost, in multiplications and in letters. */

import type { Complexity } from './derivation.js';
import { type Dim, isUnit } from './dimension.js';
import type { Relevant } from './relevant.js';
import { below, type Term } from './term.js';

export function complexityOf(relevant: Relevant, steps: number, lossSteps: readonly number[]): Complexity {
  const terms = [
    ...relevant.adjoints.flatMap(({ contributions }) => contributions),
    ...relevant.variable,
  ].map(({ term }) => term);
  const perStep = terms.reduce((sum, term) => sum + multiplications(term), 0);
  const order = highestOrders(terms);
  const inner = order.length === 0 ? '1' : order.join(' + ');
  const factor = order.length > 1 ? `(${inner})` : inner;
  return {
    sweep: perStep * steps,
    perPath: perStep * lossSteps.reduce((sum, t) => sum + t, 0),
    sweepOrder: `O(T ${factor})`,
    perPathOrder: lossSteps.length > 1 ? `O(T^2 ${factor})` : `O(T ${factor})`,
  };
}

/** Sizes that one operation multiplies. */
function sizes(term: Term): readonly Dim[] | undefined {
  const { rows, columns } = term.shape;
  switch (term.kind) {
    case 'product':
      return [rows, term.left.shape.columns, columns];
    case 'entrywise':
    case 'scale':
    case 'divide':
    case 'power':
      return [rows, columns];
    default:
      return undefined;
  }
}

/** Multiplications of one evaluation. */
export function multiplications(term: Term): number {
  let count = 0;
  for (const part of below(term)) count += sizes(part)?.reduce((n, dim) => n * dim.size, 1) ?? 0;
  return count;
}

/** `H^2`, `H O`: the products of letters that no other one contains. */
function highestOrders(terms: readonly Term[]): string[] {
  const monomials = new Map<string, string[]>();
  for (const term of terms) {
    for (const part of below(term)) {
      const letters = (sizes(part) ?? []).filter((dim) => !isUnit(dim)).map(({ letter }) => letter);
      if (letters.length > 0) monomials.set(letters.sort().join(' '), letters);
    }
  }
  const all = [...monomials.values()];
  return all.filter((one) => !all.some((other) => other !== one && contains(other, one))).map(power);
}

function contains(larger: readonly string[], smaller: readonly string[]): boolean {
  const rest = [...larger];
  return smaller.every((letter) => {
    const at = rest.indexOf(letter);
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
}

function power(letters: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const letter of letters) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return [...counts].map(([letter, n]) => (n === 1 ? letter : `${letter}^${n}`)).join(' ');
}
