/** Which gradients a derivation needs: those between the variable and the loss. */
import type { Model } from './model.js';
import type { Adjoint, Contribution, Gradients } from './reverse.js';
import type { Variable } from './sweep.js';
import { below } from './term.js';

export interface Relevant {
  /** In the order of the backward sweep within a step; contributions that carry nothing are gone. */
  readonly adjoints: readonly Adjoint[];
  /** Of the variable itself. Empty when the loss does not depend on it. */
  readonly variable: readonly Contribution[];
}

export function relevantTo(model: Model, gradients: Gradients, variable: Variable): Relevant {
  const effective = closure(
    gradients.adjoints.map(({ name, contributions }) => [name, contributions.map(({ via }) => via)]),
    ['loss'],
  );
  const influenced = closure(
    model.definitions.map(({ name, term }) => {
      const reads = [...below(term)].flatMap((part) => (part.kind === 'symbol' ? [part.name] : []));
      return [name, reads];
    }),
    [variable.name],
  );
  const carrying = (contributions: readonly Contribution[]): Contribution[] =>
    contributions.filter(({ via }) => effective.has(via));
  const adjoints = gradients.adjoints
    .filter(({ name }) => effective.has(name) && influenced.has(name))
    .map((adjoint) => ({ ...adjoint, contributions: carrying(adjoint.contributions) }));
  const own = [...gradients.adjoints, ...gradients.parameters].find(({ name }) => name === variable.name);
  return { adjoints, variable: carrying(own?.contributions ?? []) };
}

/** Everything that reaches one of `from` over the given edges, `from` included. */
function closure(
  edges: readonly (readonly [name: string, to: readonly string[]])[],
  from: readonly string[],
): Set<string> {
  const found = new Set(from);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [name, to] of edges) {
      if (found.has(name) || !to.some((next) => found.has(next))) continue;
      found.add(name);
      grown = true;
    }
  }
  return found;
}
