/** What lights up for a focus: nodes, edges and symbols, the same in graph, algebra and numbers. */
import type { Unrolled } from '@hw5/core/homework';
import type { Focus } from './focus.js';

type Edge = Unrolled['edges'][number];
type Line = Unrolled['lines'][number];

export interface Lit {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
  readonly parameters: ReadonlySet<string>;
  /** The path that is followed, if one is. */
  readonly path: { readonly t: number; readonly k: number } | null;
}

export const nothing: Lit = { nodes: new Set(), edges: new Set(), parameters: new Set(), path: null };

export const edgeId = ({ from, to }: Pick<Edge, 'from' | 'to'>): string => `${from}>${to}`;

export function litBy(focus: Focus | null, unrolled: Unrolled | null): Lit {
  if (focus === null || unrolled === null) return nothing;
  switch (focus.kind) {
    case 'path':
      return litPath(unrolled, focus.t, focus.k);
    case 'node':
      return litNode(unrolled, focus.id);
    case 'parameter':
      return litParameter(unrolled, focus.name);
    case 'line': {
      const line = unrolled.lines[focus.line];
      return line === undefined ? nothing : litLine(unrolled, line);
    }
  }
}

function litPath({ paths, edges, entries, derivation }: Unrolled, t: number, k: number): Lit {
  const path = paths.find((candidate) => candidate.t === t && candidate.k === k);
  if (path === undefined) return { ...nothing, path: { t, k } };
  const nodes = new Set(path.stations.map(({ id }) => id));
  const along = edges.filter(({ from, to }) => nodes.has(from) && nodes.has(to));
  // The use of the variable at step k: what it is multiplied by comes from outside the path.
  const { wrt } = derivation;
  const uses = entries.filter((entry) => entry.k === k && nodes.has(entry.id)).map(({ id }) => id);
  const entering = edges.filter(({ to, parameters }) => uses.includes(to) && parameters.includes(wrt));
  return {
    nodes: new Set([...nodes, ...entering.map(({ from }) => from)]),
    edges: new Set([...along, ...entering].map(edgeId)),
    parameters: new Set([wrt]),
    path: { t, k },
  };
}

function litNode({ edges }: Unrolled, id: string): Lit {
  const around = edges.filter(({ from, to }) => from === id || to === id);
  return {
    nodes: new Set([id]),
    edges: new Set(around.map(edgeId)),
    parameters: new Set(around.flatMap(({ parameters }) => parameters)),
    path: null,
  };
}

function litParameter({ edges, entries, derivation }: Unrolled, name: string): Lit {
  const used = edges.filter(({ parameters }) => parameters.includes(name));
  const uses = derivation.wrt === name ? entries.map(({ id }) => id) : used.map(({ to }) => to);
  return {
    nodes: new Set(uses),
    edges: new Set(used.map(edgeId)),
    parameters: new Set([name]),
    path: null,
  };
}

/** A general line lights its symbols at every step; a written-out path is that path. */
function litLine(unrolled: Unrolled, line: Line): Lit {
  if (line.path !== undefined) return litPath(unrolled, line.path.t, line.path.k);
  const { nodes, edges, derivation } = unrolled;
  const steps = Array.from({ length: derivation.steps }, (_, i) => i + 1);
  const known = new Set(nodes.map(({ id }) => id));
  const lit = new Set<string>();
  const parameters = new Set<string>();
  for (const { name, index } of line.symbols) {
    if (index === undefined) parameters.add(name);
    else for (const t of steps) lit.add(`${name}[${stepOf(index, t)}]`);
  }
  const [read] = line.kind === 'loss' ? derivation.stepLosses : [];
  if (read !== undefined || line.kind === 'total')
    for (const { id, role } of nodes) if (role === 'loss') lit.add(id);
  for (const id of lit) if (!known.has(id)) lit.delete(id);
  return {
    nodes: lit,
    edges: new Set(edges.filter(({ from, to }) => lit.has(from) && lit.has(to)).map(edgeId)),
    parameters,
    path: null,
  };
}

/** `t-1` at t = 3 is 2; other letters run over the same steps. */
function stepOf(index: string, t: number): number {
  const [, letter, offset] = /^([a-z])?([+-]?\d+)?$/.exec(index) ?? [];
  return (letter === undefined ? 0 : t) + Number(offset ?? 0);
}
