/**
 * Wires whose end can be carried to another node, and what choice that makes: where y_t is read from (later by `wait`), how
 * one vector is read out of the states, whether a decoder reads them anew at each step.
 */
import type { GraphNode } from '@hw5/core/homework';
import type { Values } from './table.js';

type Choice = Pick<Values, 'shape' | 'bidirectional' | 'readout' | 'wait'>;
type Change = Partial<Pick<Values, 'readout' | 'wait'>>;

export interface Wire {
  readonly from: GraphNode;
  readonly to: GraphNode;
}

const MOST_WAIT = 5;
const isState = ({ layer }: GraphNode): boolean => layer === 'h1' || layer === 'f1' || layer === 'b1';

/** Can the end of this wire that reads a state be carried elsewhere? */
export function isMovable({ shape, bidirectional }: Choice, { from, to }: Wire): boolean {
  if (!isState(from)) return false;
  if (shape === 'aligned') return !bidirectional && to.layer === 'y';
  if (shape === 'many-to-one') return to.layer === 'y';
  return shape === 'encoder-decoder' && (to.layer === 'd' || to.layer === 'c');
}

/**
 * The settings that follow when the wire's end is put down on a node; null where it cannot go.
 * @param inputs - steps of the layer that the wire reads
 */
export function putDown(choice: Choice, wire: Wire, onto: GraphNode, inputs: number): Change | null {
  if (!isMovable(choice, wire)) return null;
  if (choice.shape === 'aligned') {
    if (onto.layer !== wire.from.layer) return null;
    // The state of the last step serves every output that would wait longer: that is no wish to wait less.
    const later = onto.step - wire.to.step;
    if (onto.step === inputs && choice.wait >= later) return { wait: choice.wait };
    return { wait: Math.min(MOST_WAIT, Math.max(0, later)) };
  }
  // A decoder that reads at its later steps attends.
  if (choice.shape === 'encoder-decoder' && (onto.layer === 'd' || onto.layer === 'c'))
    return { readout: onto.step > 1 ? 'attention' : 'last' };
  if (!isState(onto) || onto.layer !== wire.from.layer) return null;
  // The backward layer has read everything at its first step.
  const end = onto.layer === 'b1' ? 1 : inputs;
  if (onto.step === end) return { readout: 'last' };
  return { readout: choice.readout === 'last' ? 'mean' : choice.readout };
}

/**
 * The node that an arrow key carries the wire's end to; undefined for other keys. An aligned wire reads where the choice
 * says, which may be newer than the graph that is drawn.
 */
export function carriedBy(
  key: string,
  { shape, wait }: Choice,
  { from, to }: Wire,
  nodes: readonly GraphNode[],
): GraphNode | undefined {
  const along = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (along !== undefined) {
    const layer = nodes.filter((node) => node.layer === from.layer);
    const now = shape === 'aligned' ? to.step + wait : from.step;
    // At the edge it stays where it is, which may be a choice, too: the last state alone.
    const step = Math.min(layer.length, Math.max(1, Math.min(now, layer.length) + along));
    return layer.find((node) => node.step === step);
  }
  // Up: to the decoder's second step; down: back to its first.
  const step = { ArrowUp: 2, ArrowDown: 1 }[key];
  return step === undefined ? undefined : nodes.find((node) => node.layer === 'd' && node.step === step);
}
