/** Places the nodes of an unrolled graph: time to the right, layers upwards; a decoder stands right of its encoder. */
import type { GraphNode } from '@hw5/core/homework';

export interface Placed extends GraphNode {
  /** Column and row, counting from 0; the input's row is 0. */
  readonly column: number;
  readonly row: number;
}

export interface Layout {
  readonly nodes: readonly Placed[];
  readonly columns: number;
  readonly rows: number;
}

export function place(nodes: readonly GraphNode[]): Layout {
  const layers = [...new Map(nodes.map((node) => [node.layer, node.over])).keys()];
  const inputs = Math.max(0, ...nodes.filter(({ over }) => over === 'input').map(({ step }) => step));
  const outputs = Math.max(0, ...nodes.filter(({ over }) => over === 'output').map(({ step }) => step));
  const columns = Math.max(1, inputs + outputs);
  const placed = nodes.map((node): Placed => {
    const row = layers.indexOf(node.layer);
    if (node.over === 'input') return { ...node, row, column: node.step - 1 };
    if (node.over === 'output') return { ...node, row, column: inputs + node.step - 1 };
    // What stands once: an input before its outputs, an output above the last input.
    return { ...node, row, column: node.layer === 'x' ? 0 : columns - 1 };
  });
  return { nodes: placed, columns, rows: layers.length };
}

/** `y` with its step as mathematics writes it, e.g. `y₃`. */
export function named(letter: string, step: number): string {
  return letter + String(step).replace(/\d/g, (digit) => String.fromCodePoint(0x2080 + Number(digit)));
}
