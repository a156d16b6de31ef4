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
  lastStep,
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
  /**
   * Aligned: `each` = a loss at every step; `last` = at the last alone; `masked` = at the steps of `mask`; `ctc` = fewer
   * outputs than inputs, in their order.
   */
  readonly loss: 'each' | 'last' | 'masked' | 'ctc';
  /** For `loss: 'masked'`: the steps that have a loss, counting from 1; steps beyond the inputs count for nothing. */
  readonly mask?: readonly number[];
  /** Aligned and in one direction: y_t is read so many steps later. */
  readonly wait: number;
  /** Steps of the input, and of the output where it is free, 1 to 12. */
  readonly inputs: number;
  readonly outputs: number;
}

export interface ArchitectureLook {
  /** Layers by steps, and the losses `J` above the outputs that have one. */
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
  if (isLastAlone(choice)) return { outputs: 'one', graph: lastStep(both) };
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

/** Steps of an aligned architecture that have a loss. */
function lossSteps({ loss, mask = [], inputs }: ArchitectureChoice): readonly number[] {
  const steps = Array.from({ length: inputs }, (_, at) => at + 1);
  if (loss === 'last') return [inputs];
  return loss === 'masked' ? steps.filter((step) => mask.includes(step)) : steps;
}

function isLastAlone(choice: ArchitectureChoice): boolean {
  const steps = choice.shape === 'aligned' && choice.loss !== 'ctc' ? lossSteps(choice) : [];
  return steps.length === 1 && steps[0] === choice.inputs && choice.inputs > 1;
}

/** The graph with a loss above each output that has one; a CTC loss reads all outputs. */
function withLosses(choice: ArchitectureChoice, { nodes, edges }: ReturnType<typeof unrolledGraph>) {
  const outputs = nodes.filter(({ layer }) => layer === 'y');
  if (choice.shape === 'aligned' && choice.loss === 'ctc') {
    const all: GraphNode = { id: 'J 1', layer: 'J', over: 'once', step: 1 };
    return { nodes: [...nodes, all], edges: [...edges, ...outputs.map(({ id }) => [id, all.id] as const)] };
  }
  const steps = choice.shape === 'aligned' ? lossSteps(choice) : outputs.map(({ step }) => step);
  const read = outputs.filter(({ step }) => steps.includes(step));
  return {
    nodes: [...nodes, ...read.map((output) => ({ ...output, id: `J ${output.step}`, layer: 'J' }))],
    edges: [...edges, ...read.map(({ id, step }) => [id, `J ${step}`] as const)],
  };
}

/** @throws ArgumentError for steps or a wait outside their range, and for a task that is unknown or contradicts itself */
export function lookAtArchitecture(given: Task | string, choice: ArchitectureChoice): ArchitectureLook {
  const task = taskOf(given);
  for (const name of ['inputs', 'outputs'] as const) expectWhole(name, choice[name], 1, MOST_STEPS);
  expectWhole('wait', choice.wait, 0, 5);
  if (choice.loss === 'masked' && lossSteps(choice).length === 0) {
    const got = (choice.mask ?? []).join(', ') || 'none';
    throw new ArgumentError(
      `lookAtArchitecture: mask must name a step from 1 to ${choice.inputs}, got ${got.slice(0, 40)}`,
    );
  }
  const architecture = buildArchitecture(choice);
  const { outputs: kind } = architecture;
  // All outputs of an aligned network are drawn, also those without a loss.
  const { graph } = isLastAlone(choice) ? buildArchitecture({ ...choice, loss: 'each' }) : architecture;
  const inputs = choice.shape === 'one-to-many' ? 1 : choice.inputs;
  const outputs = choice.shape === 'aligned' ? inputs : choice.outputs;
  const { nodes, edges } = withLosses(choice, unrolledGraph(graph, inputs, outputs));
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
    handicap: handicap ?? (obstacle === undefined ? untaught(choice, kind) : null),
  };
}

/** Outputs without a loss: the weights are shared, so they are answered all the same, from less to learn from. */
function untaught(choice: ArchitectureChoice, kind: Architecture['outputs']): Bilingual | null {
  if (choice.shape !== 'aligned' || kind !== 'each') return null;
  const { inputs } = choice;
  const taught = lossSteps(choice).length;
  if (taught === inputs) return null;
  return {
    fa: `تنها ${taught} پاسخ از ${inputs} پاسخ هزینه دارد. وزن‌ها مشترک‌اند، پس بقیه هم پاسخ می‌گیرند، اما چیزی از آن‌ها یاد گرفته نمی‌شود.`,
    en: `Only ${taught} of ${inputs} answers have a loss. The weights are shared, so the others are answered too, but nothing is learnt from them.`,
  };
}

function expectWhole(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new ArgumentError(
    `lookAtArchitecture: ${name} must be a whole number from ${min} to ${max}, got ${value}`,
  );
}
