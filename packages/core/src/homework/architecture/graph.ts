/**
 * What an architecture can see, computed from its graph. Layers are repeated over steps, a layer reads others at the same
 * step, the one before, all steps, ...; unrolled, y_t can see x_s when a path leads from x_s to y_t. The path's length is
 * how many layers a gradient passes on its way back.
 */

/** How often a layer is repeated: for each input, for each output, or once. */
export type Over = 'input' | 'output' | 'once';

/**
 * Where a layer reads another one: at its own step, at a step so many later (-1: the one before), everywhere, everywhere
 * up to its own step, or at the first or last step. A layer that stands once is read wherever it is named.
 */
export type At =
  | 'same'
  | 'every'
  | 'up-to'
  | 'first'
  | 'last'
  | { readonly later: number; readonly clamped?: true };

export interface Read {
  readonly from: string;
  readonly at: At;
  /** Only the reader's first step does it: an initial state. */
  readonly initial?: true;
}

export interface Layer {
  readonly name: string;
  readonly over: Over;
  readonly reads: readonly Read[];
}

/** Layers `x` (the input, which reads nothing) and `y` (the output) have these names. */
export interface ModelGraph {
  readonly layers: readonly Layer[];
}

export const before: At = { later: -1 };
export const after: At = { later: 1 };

/**
 * Edges on the shortest path from x_s to y_t; Infinity where there is none.
 * @param inputs - steps of layers over the input; outputs the same for the output
 * @returns distances[t - 1][s - 1]
 */
export function distances(graph: ModelGraph, inputs: number, outputs: number): number[][] {
  const { nodes, readers } = unrolled(graph, inputs, outputs);
  const xs = nodes.get('x') ?? [];
  const ys = nodes.get('y') ?? [];
  const table = ys.map(() => xs.map(() => Number.POSITIVE_INFINITY));
  for (const [s, x] of xs.entries()) {
    const far = new Map([[x, 0]]);
    const queue = [x];
    for (const node of queue) {
      for (const reader of readers.get(node) ?? []) {
        if (far.has(reader)) continue;
        far.set(reader, far.get(node)! + 1);
        queue.push(reader);
      }
    }
    for (const [t, y] of ys.entries()) table[t]![s] = far.get(y) ?? Number.POSITIVE_INFINITY;
  }
  return table;
}

/** Can y_t see x_s? reach[t - 1][s - 1]. */
export function reach(graph: ModelGraph, inputs: number, outputs: number): boolean[][] {
  return distances(graph, inputs, outputs).map((row) => row.map(Number.isFinite));
}

/** Connections of the unrolled graph: what one pass costs. */
export function connections(graph: ModelGraph, inputs: number, outputs: number): number {
  return [...unrolled(graph, inputs, outputs).readers.values()].flat().length;
}

/** Does an output see the outputs before it? */
export function hasFeedback({ layers }: ModelGraph): boolean {
  return layers.some(({ reads }) => reads.some(({ from }) => from === 'y'));
}

/** A layer at one step, e.g. `h1 3`. */
export interface GraphNode {
  readonly id: string;
  readonly layer: string;
  readonly over: Over;
  /** Counting from 1. */
  readonly step: number;
}

/** The graph with its layers repeated over the steps. An edge leads from what is read to its reader. */
export function unrolledGraph(
  graph: ModelGraph,
  inputs: number,
  outputs: number,
): { readonly nodes: readonly GraphNode[]; readonly edges: readonly (readonly [string, string])[] } {
  const { nodes, readers } = unrolled(graph, inputs, outputs);
  return {
    nodes: graph.layers.flatMap(({ name: layer, over }) =>
      nodes.get(layer)!.map((id, at) => ({ id, layer, over, step: at + 1 })),
    ),
    edges: [...readers].flatMap(([from, list]) => list.map((to) => [from, to] as const)),
  };
}

/** All nodes that a node depends on, itself among them. */
export function ancestors(edges: readonly (readonly [string, string])[], of: string): string[] {
  const found = new Set([of]);
  for (const node of found) for (const [from, to] of edges) if (to === node) found.add(from);
  return [...found];
}

interface Unrolled {
  readonly nodes: ReadonlyMap<string, readonly string[]>;
  /** The nodes that read a node. */
  readonly readers: ReadonlyMap<string, readonly string[]>;
}

function unrolled({ layers }: ModelGraph, inputs: number, outputs: number): Unrolled {
  const lengths: Readonly<Record<Over, number>> = { input: inputs, output: outputs, once: 1 };
  const nodes = new Map(
    layers.map(({ name, over }) => [
      name,
      Array.from({ length: lengths[over] }, (_, at) => `${name} ${at + 1}`),
    ]),
  );
  const readers = new Map<string, string[]>();
  for (const { name, reads } of layers) {
    const own = nodes.get(name)!;
    for (const [at, node] of own.entries()) {
      for (const { from, at: where, initial } of reads) {
        if (initial && at > 0) continue;
        for (const read of chosen(nodes.get(from)!, where, at)) {
          const list = readers.get(read);
          if (list === undefined) readers.set(read, [node]);
          else list.push(node);
        }
      }
    }
  }
  return { nodes, readers };
}

function chosen(nodes: readonly string[], where: At, at: number): readonly string[] {
  switch (where) {
    case 'same':
      return nodes.slice(at, at + 1);
    case 'every':
      return nodes;
    case 'up-to':
      return nodes.slice(0, at + 1);
    case 'first':
      return nodes.slice(0, 1);
    case 'last':
      return nodes.slice(-1);
    default: {
      const to = where.clamped ? Math.min(at + where.later, nodes.length - 1) : at + where.later;
      return to < 0 ? [] : nodes.slice(to, to + 1);
    }
  }
}
