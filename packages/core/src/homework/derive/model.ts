/**
 * A recurrence ready for calculus: definitions as terms with shapes. Arguments of activations get names of their own
 * (`z[t] = W_hh h[t-1] + ...; h[t] = tanh(z[t])`, as on paper), so that each derivative has one short rule.
 */
import type { MatrixShape } from './dimension.js';
import { elaborate } from './elaborate.js';
import { Shapes, type Size } from './shapes.js';
import { readSystem, type System } from './system.js';
import { atStep, below, rebuild, type Term } from './term.js';

/** `name[t] = term`. */
export interface Definition {
  readonly name: string;
  readonly term: Term;
}

export interface Model {
  readonly system: System;
  /** As written. */
  readonly written: readonly Definition[];
  readonly writtenLoss: Term;
  /** With named intermediate values, in the order of computation. */
  readonly definitions: readonly Definition[];
  readonly loss: Term;
  /** Of all names, the added ones included. */
  readonly shapes: ReadonlyMap<string, MatrixShape>;
  /** What the names of gradients begin with: `g_`, or something else where a name already does. */
  readonly gradientPrefix: string;
}

/** @throws ArgumentError, ShapeError that point at the place in the text */
export function readModel(
  cell: string,
  loss: string,
  sizes: Readonly<Record<string, Size>>,
  declared: ReadonlySet<string>,
): Model {
  const system = readSystem(cell, loss, { declared });
  const inferred = new Shapes(system.equations, sizes);
  inferred.addScalar(system.loss);
  const written = system.equations.map(({ name, value }) => ({ name, term: elaborate(value, inferred) }));
  const writtenLoss = elaborate(system.loss, inferred);
  const shapes = new Map(inferred.names.map((name) => [name, inferred.ofName(name)] as const));
  const namer = new Namer(shapes, written);
  for (const definition of written) namer.add(definition);
  const lossTerm = namer.addLoss(writtenLoss);
  const prefix = ['g_', 'grad_', 'adjoint_'].find(
    (start) => ![...shapes.keys()].some((name) => name.startsWith(start)),
  );
  return {
    system,
    written,
    writtenLoss,
    definitions: namer.definitions,
    loss: lossTerm,
    shapes,
    gradientPrefix: prefix ?? 'dJd_',
  };
}

class Namer {
  readonly definitions: Definition[] = [];
  readonly #shapes: Map<string, MatrixShape>;
  /** A cell with one activation calls its argument z; with several, z_f, z_i, ... */
  readonly #single: boolean;

  constructor(shapes: Map<string, MatrixShape>, written: readonly Definition[]) {
    this.#shapes = shapes;
    const compound = written.flatMap(({ term }) => [...below(term)].filter(hasCompoundArgument));
    this.#single = compound.length === 1;
  }

  add({ name, term }: Definition): void {
    const named = this.#name(term, this.#single ? 'z' : `z_${name}`);
    this.definitions.push({ name, term: named });
  }

  /** Names what the loss compares: `yhat[t] = softmax(o[t])`. */
  addLoss(loss: Term): Term {
    const named = this.#name(loss, 'o');
    if (named.kind !== 'crossEntropy' || named.left.kind !== 'softmax') return named;
    const yhat = this.#define('yhat', named.left);
    return { ...named, left: yhat };
  }

  #name(term: Term, wish: string): Term {
    const inside = rebuild(term, (part) => this.#name(part, wish));
    if (!hasCompoundArgument(inside)) return inside;
    const { of } = inside as Extract<Term, { kind: 'apply' | 'softmax' }>;
    const argument = this.#define(wish, of);
    return rebuild(inside, () => argument);
  }

  #define(wish: string, term: Term): Term {
    let name = wish;
    for (let i = 2; this.#shapes.has(name); i += 1) name = `${wish}${i}`;
    this.#shapes.set(name, term.shape);
    this.definitions.push({ name, term });
    return atStep(name, 0, term.shape);
  }
}

/** An activation of something that has no name yet. Constants need none. */
function hasCompoundArgument(term: Term): boolean {
  if (term.kind !== 'apply' && term.kind !== 'softmax') return false;
  return term.of.kind !== 'symbol' && [...below(term.of)].some((part) => part.kind === 'symbol');
}
