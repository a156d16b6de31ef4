/** Where the values of the unrolled network stand: steps are columns, left to right in every language; inputs are below. */
import type { Unrolled } from '@hw5/core/homework';

type Node = Unrolled['nodes'][number];
type Edge = Unrolled['edges'][number];

export interface Placed {
  readonly id: string;
  readonly node: Node;
  /** Centre, in units of the drawing. */
  readonly x: number;
  readonly y: number;
}

export interface Drawn {
  readonly edge: Edge;
  /** A cubic Bezier curve from the reader's input to the reader: its end points and handles. */
  readonly path: string;
  /** Where its label stands. */
  readonly labelX: number;
  readonly labelY: number;
}

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly Placed[];
  readonly edges: readonly Drawn[];
  /** Centre of each step's column: entry t is step t, 0 is before the first. */
  readonly columns: readonly number[];
}

export const NODE = { width: 60, height: 48 } as const;
const GAP = { x: 14, y: 25, column: 36 } as const;
const MARGIN = { x: 10, top: 10, bottom: 28 } as const;

export function layOut({ nodes, edges }: Pick<Unrolled, 'nodes' | 'edges'>): GraphLayout {
  const steps = Math.max(1, ...nodes.map(({ step }) => step));
  const layers = Math.max(0, ...nodes.map(({ layer }) => layer)) + 1;
  const rowOf = (node: Node): number => (node.role === 'target' ? layers - 1 : node.layer);
  const cell = (step: number, row: number): readonly Node[] =>
    nodes.filter((node) => Math.max(0, node.step) === step && rowOf(node) === row);
  const rows = Array.from({ length: layers }, (_, row) => row);
  // One width for all steps, so that the same values stand in line.
  const most = Math.max(1, ...rows.map((row) => cell(1, row).length));
  const before = Math.max(0, ...rows.map((row) => cell(0, row).length));
  const widthOf = (count: number): number => count * NODE.width + (count - 1) * GAP.x;
  const firstWidth = before === 0 ? 0 : widthOf(before);
  const columnWidth = widthOf(most);
  const columns = [MARGIN.x + firstWidth / 2];
  let x = MARGIN.x + (before === 0 ? 0 : firstWidth + GAP.column);
  for (let t = 1; t <= steps; t += 1) {
    columns.push(x + columnWidth / 2);
    x += columnWidth + GAP.column;
  }
  const height = MARGIN.top + layers * NODE.height + (layers - 1) * GAP.y + MARGIN.bottom;
  const yOf = (row: number): number =>
    MARGIN.top + (layers - 1 - row) * (NODE.height + GAP.y) + NODE.height / 2;
  const placed: Placed[] = [];
  for (let t = 0; t <= steps; t += 1) {
    for (const row of rows) {
      const here = cell(t, row);
      const left = columns[t]! - widthOf(here.length) / 2 + NODE.width / 2;
      for (const [i, node] of here.entries())
        placed.push({ id: node.id, node, x: left + i * (NODE.width + GAP.x), y: yOf(row) });
    }
  }
  const places = new Map(placed.map((place) => [place.id, place] as const));
  return {
    width: x - GAP.column + MARGIN.x,
    height,
    nodes: placed,
    edges: edges.flatMap((edge) => {
      const [from, to] = [places.get(edge.from), places.get(edge.to)];
      return from === undefined || to === undefined ? [] : [drawn(edge, from, to)];
    }),
    columns,
  };
}

/** Within a step from top to bottom edge, between steps from side to side. */
function drawn(edge: Edge, from: Placed, to: Placed): Drawn {
  const sameStep = Math.max(0, from.node.step) === Math.max(0, to.node.step);
  const level = Math.abs(from.y - to.y) < 1;
  if (sameStep && !level) {
    const [y0, y1] = [from.y - NODE.height / 2, to.y + NODE.height / 2];
    const bend = Math.min(30, Math.abs(y0 - y1) / 2);
    // A long way up passes beside what stands between.
    const apart = Math.abs(from.y - to.y) > NODE.height + GAP.y + 1 && Math.abs(from.x - to.x) < 1;
    const out = apart ? NODE.width * 0.62 : 0;
    return {
      edge,
      path: `M${from.x} ${y0}C${from.x + out} ${y0 - bend} ${to.x + out} ${y1 + bend} ${to.x} ${y1}`,
      labelX: (from.x + to.x) / 2 + out * 0.75,
      labelY: (y0 + y1) / 2,
    };
  }
  if (sameStep) {
    const side = from.x < to.x ? 1 : -1;
    const [x0, x1] = [from.x + (side * NODE.width) / 2, to.x - (side * NODE.width) / 2];
    return {
      edge,
      path: `M${x0} ${from.y}L${x1} ${to.y}`,
      labelX: (x0 + x1) / 2,
      labelY: from.y - 6,
    };
  }
  const [x0, x1] = [from.x + NODE.width / 2, to.x - NODE.width / 2];
  const bend = Math.max(18, (x1 - x0) / 2);
  return {
    edge,
    path: `M${x0} ${from.y}C${x0 + bend} ${from.y} ${x1 - bend} ${to.y} ${x1} ${to.y}`,
    labelX: (x0 + x1) / 2,
    labelY: (from.y + to.y) / 2,
  };
}

/** The node next to `id` along an arrow key: the nearest centre in that direction. */
export function neighbour(
  { nodes }: GraphLayout,
  id: string,
  key: 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown',
): string {
  const here = nodes.find((node) => node.id === id);
  if (here === undefined) return nodes[0]?.id ?? id;
  const horizontal = key === 'ArrowLeft' || key === 'ArrowRight';
  const sign = key === 'ArrowRight' || key === 'ArrowDown' ? 1 : -1;
  let best = { id, cost: Number.POSITIVE_INFINITY };
  for (const other of nodes) {
    const [dx, dy] = [other.x - here.x, other.y - here.y];
    const ahead = sign * (horizontal ? dx : dy);
    if (ahead < 1) continue;
    // What stands in line comes before what is near but aside.
    const cost = ahead + 3 * Math.abs(horizontal ? dy : dx);
    if (cost < best.cost) best = { id: other.id, cost };
  }
  return best.id;
}
