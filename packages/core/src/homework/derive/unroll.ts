/**
 * A derivation laid open: every value of the unrolled network with its gradient, and every path (t, k) with the
 * gradients that travel along it. What a page draws, from the graph that the engine itself computes.
 */
import type { Derivation, DerivationRequest, DerivationStep, Numbers } from './derivation.js';
import { comparesDirectly, derivationOf } from './derive.js';
import { evaluate } from './evaluate.js';
import {
  between,
  entries,
  type Graph,
  type GraphEdge,
  type GraphNode,
  graphOf,
  jacobianValue,
  lossName,
  nodeId,
} from './graph.js';
import { type SymbolMark, symbolMarker } from './marked-latex.js';
import { fromRows, type Matrix, matrix, nested, norm, zip } from './matrix.js';
import type { Model } from './model.js';
import { type Problem, readProblem } from './problem.js';
import { differentiate } from './reverse.js';
import { run, type Trace } from './run.js';
import { type Sweep, sweep } from './sweep.js';

/** Up to here every path is spelled out node by node; beyond, it has its contribution and its norm. */
const MAX_SPELLED_STEPS = 8;

export interface UnrolledNode extends GraphNode {
  readonly value: Numbers;
  /** dJ/dnode; null where none is computed, as for given targets. */
  readonly gradient: Numbers | null;
  /** Euclidean norm of the gradient; 0 where there is none. */
  readonly gradientNorm: number;
}

export interface UnrolledEdge extends GraphEdge {
  /** d(to)/d(from), a row per output; null beyond 8 steps and where it is no matrix. */
  readonly jacobian: Numbers | null;
}

/** What the loss of step t sends back to one node. */
export interface PathStation {
  readonly id: string;
  /** dJ_t/dnode, the loss of step t alone. */
  readonly gradient: Numbers;
  readonly norm: number;
}

export interface UnrolledPath {
  readonly t: number;
  readonly k: number;
  /** From the loss of step t back to where the variable enters at step k. */
  readonly stations: readonly PathStation[];
}

/** One path's part of the gradient. */
export interface PathShare {
  readonly t: number;
  readonly k: number;
  readonly norm: number;
  /** <contribution, gradient> / ||gradient||^2: negative where the path pulls against the sum. All shares add up to 1. */
  readonly share: number;
}

/** Truncated backpropagation: only paths with t - k < window. */
export interface Truncation {
  readonly window: number;
  readonly gradient: Numbers;
  /** ||truncated - whole|| / ||whole||; 0 where the whole is 0. */
  readonly bias: number;
}

/** A line of the derivation whose symbols can be pointed at. */
export interface MarkedStep extends DerivationStep {
  /** The line with each symbol in `\htmlData{symbol=..., index=..., gradient=...}`. */
  readonly marked: string;
  readonly symbols: readonly SymbolMark[];
}

export interface Unrolled {
  readonly derivation: Derivation;
  readonly lines: readonly MarkedStep[];
  readonly nodes: readonly UnrolledNode[];
  readonly edges: readonly UnrolledEdge[];
  /** Where the variable enters: the uses that are summed over. */
  readonly entries: readonly { readonly k: number; readonly id: string }[];
  /** Empty beyond 8 steps. */
  readonly paths: readonly UnrolledPath[];
  /** Empty where contributions are left out or the gradient is 0. */
  readonly shares: readonly PathShare[];
  /** By window 1 ... T; empty where contributions are left out or the variable belongs to one step. */
  readonly truncations: readonly Truncation[];
}

/** @throws what {@link derive} throws */
export async function unroll(request: DerivationRequest = {}): Promise<Unrolled> {
  const problem = await readProblem(request);
  const derivation = derivationOf(problem);
  const { model, steps, lossSteps, variable } = problem;
  const spelled = steps <= MAX_SPELLED_STEPS;
  const trace = run(model.definitions, problem.values, steps, { activation: problem.activation });
  const graph = graphOf(model, steps, lossSteps);
  const enter = entries(model, variable, graph);
  const mark = symbolMarker(model);
  return {
    derivation,
    lines: derivation.derivation.map((line) => {
      const { latex, symbols } = mark(line.latex);
      return { ...line, marked: latex, symbols };
    }),
    nodes: nodesOf(problem, graph, trace),
    edges: graph.edges.map((edge) => ({
      ...edge,
      jacobian: spelled ? jacobianOf(model, trace, graph, edge) : null,
    })),
    entries: enter,
    paths: spelled ? pathsOf(problem, graph, trace, enter) : [],
    shares: sharesOf(derivation),
    truncations: truncationsOf(derivation),
  };
}

function nodesOf(problem: Problem, graph: Graph, trace: Trace): UnrolledNode[] {
  const { model, steps, lossSteps } = problem;
  const loss = lossName(model);
  const whole = gradientsAt(problem, trace, lossSteps);
  return graph.nodes.map((node) => {
    const { name, step } = node;
    if (name === loss) {
      const value = evaluate(model.loss, trace.environment(step)).data[0]!;
      return { ...node, value, gradient: 1, gradientNorm: 1 };
    }
    const given = node.role === 'target' || step > steps;
    const gradient = given ? undefined : whole(name, step);
    return {
      ...node,
      value: shown(model, name, trace.read(name, step)),
      gradient: gradient === undefined ? null : shown(model, name, gradient),
      gradientNorm: gradient === undefined ? 0 : norm(gradient),
    };
  });
}

/**
 * dJ/dname[step] for the losses in `at`. The probabilities of a cross-entropy get a gradient of their own, although the
 * derivation takes softmax and loss at once.
 */
function gradientsAt(
  { model, steps, variable }: Problem,
  trace: Trace,
  at: readonly number[],
): (name: string, step: number) => Matrix {
  const of = (separateSoftmax: boolean): Sweep =>
    sweep(model, differentiate(model, { separateSoftmax }), trace, steps, at);
  const fused = of(comparesDirectly(model, variable));
  const compared =
    model.loss.kind === 'crossEntropy' && model.loss.left.kind === 'symbol' ? model.loss.left.name : '';
  const separate = compared === '' ? fused : of(true);
  return (name, step) => (name === compared ? separate : fused).adjoint(name, step);
}

function jacobianOf(model: Model, trace: Trace, { nodes }: Graph, edge: GraphEdge): Numbers | null {
  const find = (id: string): GraphNode => nodes.find((node) => node.id === id)!;
  const value = jacobianValue(model, trace, { to: find(edge.to), from: find(edge.from) });
  if (value === undefined) return null;
  return Array.from({ length: value.rows }, (_, r) => [
    ...value.data.subarray(r * value.columns, (r + 1) * value.columns),
  ]);
}

function pathsOf(problem: Problem, graph: Graph, trace: Trace, enter: Unrolled['entries']): UnrolledPath[] {
  const { model, lossSteps } = problem;
  const loss = lossName(model);
  const places = new Map(graph.nodes.map((node) => [node.id, node] as const));
  return lossSteps.flatMap((t) => {
    const gradient = gradientsAt(problem, trace, [t]);
    const steps = [...new Set(enter.map(({ k }) => k))].filter((k) => k <= t);
    return steps.map((k) => {
      const from = enter.filter((entry) => entry.k === k).map(({ id }) => id);
      const stations = between(graph, from, nodeId(loss, t)).map((id): PathStation => {
        const { name, step } = places.get(id)!;
        if (name === loss) return { id, gradient: 1, norm: 1 };
        const value = gradient(name, step);
        return { id, gradient: shown(model, name, value), norm: norm(value) };
      });
      return { t, k, stations };
    });
  });
}

function sharesOf({ paths, gradient }: Derivation): PathShare[] {
  const whole = asMatrix(gradient);
  const squares = norm(whole) ** 2;
  if (squares === 0) return [];
  return paths.flatMap(({ t, k, norm: size, contribution }) => {
    if (contribution === null) return [];
    const along = zip(asMatrix(contribution), whole, (x, y) => x * y).data.reduce((sum, x) => sum + x, 0);
    return [{ t, k, norm: size, share: along / squares }];
  });
}

function truncationsOf({ paths, gradient, steps }: Derivation): Truncation[] {
  if (paths.some(({ contribution }) => contribution === null)) return [];
  const like = asMatrix(gradient);
  const byDistance = Array.from({ length: steps }, () => matrix(like.rows, like.columns));
  for (const { t, k, contribution } of paths) {
    if (k < 1) return [];
    byDistance[t - k] = zip(byDistance[t - k]!, asMatrix(contribution!), (x, y) => x + y);
  }
  const whole = byDistance.reduce((a, b) => zip(a, b, (x, y) => x + y));
  let partial = matrix(like.rows, like.columns);
  return byDistance.map((more, distance) => {
    partial = zip(partial, more, (x, y) => x + y);
    const apart = norm(zip(partial, whole, (x, y) => x - y));
    return {
      window: distance + 1,
      gradient: likeNumbers(gradient, partial),
      bias: apart === 0 ? 0 : apart / norm(whole),
    };
  });
}

function asMatrix(value: Numbers): Matrix {
  if (typeof value === 'number') return matrix(1, 1, value);
  const rows = value as readonly (number | readonly number[])[];
  return fromRows(rows.map((row) => (typeof row === 'number' ? [row] : row)));
}

function likeNumbers(like: Numbers, { columns, data }: Matrix): Numbers {
  if (typeof like === 'number') return data[0]!;
  const rows = like as readonly (number | readonly number[])[];
  if (typeof rows[0] === 'number') return [...data];
  return rows.map((_, r) => [...data.subarray(r * columns, (r + 1) * columns)]);
}

function shown(model: Model, name: string, value: Matrix): Numbers {
  return nested(value, model.shapes.get(name)!);
}
