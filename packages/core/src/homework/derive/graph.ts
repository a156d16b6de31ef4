/** The network over T steps as the engine computes it: a node per value, an edge wherever one is read. */

import { isScalar, isVector } from './dimension.js';
import { evaluate } from './evaluate.js';
import { type By, jacobian } from './jacobian.js';
import { symbolLatex, termLatex } from './latex.js';
import type { Matrix } from './matrix.js';
import type { Definition, Model } from './model.js';
import type { Trace } from './run.js';
import type { Variable } from './sweep.js';
import { parts, type Term } from './term.js';

export type NodeRole = 'start' | 'input' | 'target' | 'state' | 'value' | 'loss';

export interface GraphNode {
  /** `h[2]`; `J[3]` for losses. */
  readonly id: string;
  readonly name: string;
  readonly step: number;
  readonly role: NodeRole;
  readonly latex: string;
  /** 0 for what is given; else one more than the deepest value of the same step that it reads. */
  readonly layer: number;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** What `from` is multiplied by on its way: `W_hh`. */
  readonly parameters: readonly string[];
  /** The local Jacobian d(to)/d(from), a row per output; empty where it is no matrix. */
  readonly latex: string;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** What nodes of the loss are called: `J`, or something else where a value has that name. */
export function lossName({ shapes }: Model): string {
  let name = 'J';
  while (shapes.has(name)) name += '_';
  return name;
}

/** The loss as the last definition of a step. */
function withLoss(model: Model): readonly Definition[] {
  return [...model.definitions, { name: lossName(model), term: model.loss }];
}

export function nodeId(name: string, step: number): string {
  return `${name}[${step}]`;
}

export function graphOf(model: Model, steps: number, lossSteps: readonly number[]): Graph {
  const { states, inputs, targets, lags } = model.system;
  const definitions = withLoss(model);
  const loss = lossName(model);
  const layers = new Map<string, number>([...inputs, ...targets].map((name) => [name, 0] as const));
  for (const { name, term } of definitions) {
    const below = reads(term).flatMap((read) => (read.lag === 0 ? [layers.get(read.name) ?? 0] : []));
    layers.set(name, Math.max(0, ...below) + 1);
  }
  const role = (name: string): NodeRole => {
    if (name === loss) return 'loss';
    if (inputs.includes(name)) return 'input';
    if (targets.includes(name)) return 'target';
    return states.includes(name) ? 'state' : 'value';
  };
  const node = (name: string, step: number): GraphNode => ({
    id: nodeId(name, step),
    name,
    step,
    role: step < 1 ? 'start' : role(name),
    latex: symbolLatex(name, String(step)),
    layer: layers.get(name)!,
  });
  const nodes: GraphNode[] = states.flatMap((name) =>
    Array.from({ length: lags[name]! }, (_, k) => node(name, -k)),
  );
  const edges: GraphEdge[] = [];
  for (let t = 1; t <= steps; t += 1) {
    for (const name of [...inputs, ...targets]) nodes.push(node(name, t));
    for (const definition of definitions) {
      const { name, term } = definition;
      if (name === loss && !lossSteps.includes(t)) continue;
      nodes.push(node(name, t));
      for (const { name: from, lag, parameters, shape } of reads(term)) {
        const local = localJacobian(definition, { name: from, lag, shape });
        edges.push({
          from: nodeId(from, t - lag),
          to: nodeId(name, t),
          parameters,
          latex: local === undefined ? '' : termLatex(local),
        });
      }
    }
  }
  return { nodes, edges };
}

/** d(definition)/d(by) in symbols; undefined where it would need more than two indices. */
function localJacobian(definition: Definition, by: By): Term | undefined {
  const vectors = [definition.term.shape, by.shape].every((shape) => isVector(shape) || isScalar(shape));
  return vectors ? jacobian(definition, by) : undefined;
}

/** The same in numbers, at the step of the reader. */
export function jacobianValue(
  model: Model,
  trace: Trace,
  { to, from }: { readonly to: GraphNode; readonly from: GraphNode },
): Matrix | undefined {
  const { term } = withLoss(model).find(({ name }) => name === to.name)!;
  const shape = model.shapes.get(from.name)!;
  const local = localJacobian({ name: to.name, term }, { name: from.name, lag: to.step - from.step, shape });
  return local && evaluate(local, trace.environment(to.step));
}

/** Nodes at which the variable enters, by step: where its equation reads a parameter, or the node itself. */
export function entries(
  model: Model,
  { name, step }: Variable,
  graph: Graph,
): readonly { readonly k: number; readonly id: string }[] {
  if (step !== undefined) return [{ k: step, id: nodeId(name, step) }];
  const readers = withLoss(model)
    .filter(({ term }) => symbols(term).some((symbol) => symbol.name === name))
    .map((definition) => definition.name);
  return graph.nodes.flatMap(({ id, name: of, step: k }) =>
    k >= 1 && readers.includes(of) ? [{ k, id }] : [],
  );
}

/** Nodes on some way from the given ones to `to`, in the order in which a gradient passes them. */
export function between({ nodes, edges }: Graph, from: readonly string[], to: string): readonly string[] {
  const spread = (
    start: readonly string[],
    next: (edge: GraphEdge) => readonly [string, string],
  ): Set<string> => {
    const found = new Set(start);
    const waiting = [...start];
    const onward = new Map<string, string[]>();
    for (const edge of edges) {
      const [here, there] = next(edge);
      onward.set(here, [...(onward.get(here) ?? []), there]);
    }
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      for (const there of onward.get(id) ?? []) {
        if (found.has(there)) continue;
        found.add(there);
        waiting.push(there);
      }
    }
    return found;
  };
  const ahead = spread(from, (edge) => [edge.from, edge.to]);
  const behind = spread([to], (edge) => [edge.to, edge.from]);
  return nodes
    .map(({ id }) => id)
    .filter((id) => ahead.has(id) && behind.has(id))
    .reverse();
}

interface Read {
  readonly name: string;
  readonly lag: number;
  readonly parameters: readonly string[];
  readonly shape: Term['shape'];
}

/** Each value that a term reads, once, with the parameters that multiply it. */
function reads(term: Term): Read[] {
  const found = new Map<string, Read>();
  const visit = (part: Term, factors: readonly string[]): void => {
    if (part.kind === 'symbol') {
      if (part.index === undefined) return;
      const key = nodeId(part.name, part.index.constant);
      const before = found.get(key)?.parameters ?? [];
      const parameters = [...new Set([...before, ...factors])];
      found.set(key, { name: part.name, lag: -part.index.constant, parameters, shape: part.shape });
      return;
    }
    const multiplies = part.kind === 'product' || part.kind === 'entrywise' || part.kind === 'scale';
    for (const below of parts(part)) {
      const beside = multiplies ? parts(part).filter((other) => other !== below) : [];
      const names = beside.flatMap(symbols).filter(({ index }) => index === undefined);
      visit(below, [...factors, ...names.map(({ name }) => name)]);
    }
  };
  visit(term, []);
  return [...found.values()];
}

function symbols(term: Term): Extract<Term, { kind: 'symbol' }>[] {
  return term.kind === 'symbol' ? [term] : parts(term).flatMap(symbols);
}
