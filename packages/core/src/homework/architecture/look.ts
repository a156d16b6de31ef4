/**
 * One architecture, put together from the choices that a designer has, and what its graph says about it: what each output
 * sees, how many edges a gradient passes, when an output may be emitted at the earliest, and what stands against it for a
 * task.
 */
import { ArgumentError } from '../../errors.js';
import type { Bilingual } from '../bank/types.js';
import {
  type Architecture,
  bidirectional,
  delayed,
  encoderDecoder,
  encoderDecoderWithAttention,
  manyToOne,
  oneToMany,
  unidirectional,
} from './architectures.js';
import { ancestors, distances, type GraphNode, unrolledGraph } from './graph.js';
import { weigh } from './route.js';
import { type Task, taskOf } from './task.js';

export const shapes = ['many-to-one', 'one-to-many', 'aligned', 'encoder-decoder'] as const;
export type Shape = (typeof shapes)[number];

export interface ArchitectureChoice {
  readonly shape: Shape;
  /** A second direction that reads from the end. Without meaning for one-to-many. */
  readonly bidirectional: boolean;
  /**
   * How one vector is read out of the states: for many-to-one the answer, for the encoder-decoder the decoder's start; with
   * `attention` the decoder reads all states anew at each of its steps.
   */
  readonly readout: 'last' | 'mean' | 'max' | 'attention';
  /** Aligned: `each` = a loss at every step; `ctc` = fewer outputs than inputs, in their order. */
  readonly loss: 'each' | 'ctc';
  /** Aligned and in one direction: y_t is read so many steps later. */
  readonly wait: number;
  /** Steps of the input, and of the output where it is free, 1 to 12. */
  readonly inputs: number;
  readonly outputs: number;
}

export interface ArchitectureLook {
  readonly nodes: readonly GraphNode[];
  /** From what is read to its reader. */
  readonly edges: readonly (readonly [string, string])[];
  /** Edges on the shortest path from x_s to y_t; null where there is none. paths[t - 1][s - 1] */
  readonly paths: readonly (readonly (number | null)[])[];
  /** For each output: the nodes that it depends on, itself among them. */
  readonly cones: readonly (readonly string[])[];
  /** For each output: the last input that must have been read before it may be emitted. */
  readonly earliest: readonly number[];
  /** Outputs that see what they are to predict, x_{t+1}; none for tasks that do not predict the next input. */
  readonly leaks: readonly number[];
  /** What stands against the architecture for the task. */
  readonly obstacle: Bilingual | null;
  /** Where nothing does: why another one is better. */
  readonly handicap: Bilingual | null;
}

const MOST_STEPS = 12;

export function buildArchitecture(choice: ArchitectureChoice): Pick<Architecture, 'graph' | 'outputs'> {
  const { shape, bidirectional: both, readout, loss, wait } = choice;
  const states = readout === 'last' ? 'last' : 'every';
  switch (shape) {
    case 'many-to-one':
      return { outputs: 'one', graph: manyToOne(both, states) };
    case 'one-to-many':
      return { outputs: 'free', graph: oneToMany() };
    case 'aligned':
      return {
        outputs: loss === 'ctc' ? 'monotone' : 'each',
        graph: both ? bidirectional() : wait > 0 ? delayed(wait) : unidirectional(),
      };
    case 'encoder-decoder':
      return {
        outputs: 'free',
        graph: readout === 'attention' ? encoderDecoderWithAttention(both) : encoderDecoder(both, states),
      };
    default:
      throw new ArgumentError(
        `lookAtArchitecture: shape must be one of ${shapes.join(', ')}, got ${String(shape satisfies never)}`,
      );
  }
}

/** @throws ArgumentError for steps or a wait outside their range, and for a task that is unknown or contradicts itself */
export function lookAtArchitecture(given: Task | string, choice: ArchitectureChoice): ArchitectureLook {
  const task = taskOf(given);
  for (const name of ['inputs', 'outputs'] as const) expectWhole(name, choice[name], 1, MOST_STEPS);
  expectWhole('wait', choice.wait, 0, 5);
  const architecture = buildArchitecture(choice);
  const { graph, outputs: kind } = architecture;
  const inputs = choice.shape === 'one-to-many' ? 1 : choice.inputs;
  const outputs = choice.shape === 'aligned' ? inputs : choice.outputs;
  const { nodes, edges } = unrolledGraph(graph, inputs, outputs);
  const paths = distances(graph, inputs, outputs);
  const earliest = paths.map((row) => row.findLastIndex(Number.isFinite) + 1);
  // Any number of outputs may also be fewer than the inputs: a decoder can transcribe speech.
  const asked = task.outputs === 'monotone' && kind === 'free' ? { ...task, outputs: kind } : task;
  const { obstacle, handicap } = weigh(asked, architecture);
  return {
    nodes,
    edges,
    paths: paths.map((row) =>
      row.map((edgesBetween) => (Number.isFinite(edgesBetween) ? edgesBetween : null)),
    ),
    cones: nodes.filter(({ layer }) => layer === 'y').map(({ id }) => ancestors(edges, id)),
    earliest,
    leaks: task.predictsNext === true ? earliest.flatMap((last, at) => (last > at + 1 ? [at + 1] : [])) : [],
    obstacle: obstacle ?? null,
    handicap: handicap ?? null,
  };
}

function expectWhole(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new ArgumentError(
    `lookAtArchitecture: ${name} must be a whole number from ${min} to ${max}, got ${value}`,
  );
}
