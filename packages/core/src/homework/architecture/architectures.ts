/** The architectures that are weighed, as graphs. Nothing here says what they are good for: that follows from the graph. */
import type { Bilingual } from '../bank/types.js';
import { after, before, type Layer, type ModelGraph, type Read } from './graph.js';

export interface Architecture {
  readonly id: string;
  readonly name: Bilingual;
  /** One output; one for each input; fewer than inputs, in their order, by a CTC loss; as many as it likes. */
  readonly outputs: 'one' | 'each' | 'monotone' | 'free';
  readonly graph: ModelGraph;
}

const x: Layer = { name: 'x', over: 'input', reads: [] };
const same = (from: string): Read => ({ from, at: 'same' });

/** `depth` recurrent layers over the input, each reading the one below. */
function forwards(depth: number, below = 'x'): Layer[] {
  return Array.from({ length: depth }, (_, at) => ({
    name: `h${at + 1}`,
    over: 'input' as const,
    reads: [same(at === 0 ? below : `h${at}`), { from: `h${at + 1}`, at: before }],
  }));
}

/** `depth` layers in both directions; each reads both of the one below. */
function bothWays(depth: number): Layer[] {
  return Array.from({ length: depth }, (_, at) => {
    const below = at === 0 ? [same('x')] : [same(`f${at}`), same(`b${at}`)];
    const [f, b] = [`f${at + 1}`, `b${at + 1}`];
    return [
      { name: f, over: 'input' as const, reads: [...below, { from: f, at: before }] },
      { name: b, over: 'input' as const, reads: [...below, { from: b, at: after }] },
    ];
  }).flat();
}

/** `depth` self-attention layers. */
function attending(depth: number, at: 'up-to' | 'every'): Layer[] {
  return Array.from({ length: depth }, (_, n) => ({
    name: `a${n + 1}`,
    over: 'input' as const,
    reads: [{ from: n === 0 ? 'x' : `a${n}`, at }],
  }));
}

const eachStep = (...from: readonly string[]): Layer => ({ name: 'y', over: 'input', reads: from.map(same) });

export function unidirectional(depth = 1): ModelGraph {
  return { layers: [x, ...forwards(depth), eachStep(`h${depth}`)] };
}

export function bidirectional(depth = 1): ModelGraph {
  return { layers: [x, ...bothWays(depth), eachStep(`f${depth}`, `b${depth}`)] };
}

/** y_t is read `steps` later, when the state has seen x_{t + steps}. */
export function delayed(steps: number): ModelGraph {
  const y: Layer = { name: 'y', over: 'input', reads: [{ from: 'h1', at: { later: steps, clamped: true } }] };
  return { layers: [x, ...forwards(1), y] };
}

export function selfAttention(depth: number, causal: boolean): ModelGraph {
  return { layers: [x, ...attending(depth, causal ? 'up-to' : 'every'), eachStep(`a${depth}`)] };
}

/** How one vector is read out of the states: the last of each direction, or all of them (mean, maximum, attention). */
export type Readout = 'last' | 'every';

function readStates(both: boolean, readout: Readout): Read[] {
  if (!both) return [{ from: 'h1', at: readout }];
  return [
    { from: 'f1', at: readout },
    { from: 'b1', at: readout === 'last' ? 'first' : 'every' },
  ];
}

const encoder = (both: boolean): Layer[] => (both ? bothWays(1) : forwards(1));

export function manyToOne(both: boolean, readout: Readout = 'last'): ModelGraph {
  return { layers: [x, ...encoder(both), { name: 'y', over: 'once', reads: readStates(both, readout) }] };
}

/**
 * One answer from the states of the last step alone: what an aligned network is whose loss stands there. Its backward
 * state has read x_T and nothing else.
 */
export function lastStep(both: boolean): ModelGraph {
  const reads = (both ? ['f1', 'b1'] : ['h1']).map((from): Read => ({ from, at: 'last' }));
  return { layers: [x, ...encoder(both), { name: 'y', over: 'once', reads }] };
}

/** A decoder that reads its own outputs; `context` is what else its state reads. */
function decoder(...context: readonly Read[]): Layer[] {
  return [
    {
      name: 'd',
      over: 'output',
      reads: [{ from: 'd', at: before }, { from: 'y', at: before }, ...context],
    },
    { name: 'y', over: 'output', reads: [same('d')] },
  ];
}

export function oneToMany(): ModelGraph {
  return { layers: [{ ...x, over: 'once' }, ...decoder({ from: 'x', at: 'first', initial: true })] };
}

export function encoderDecoder(both = false, readout: Readout = 'last'): ModelGraph {
  const context = readStates(both, readout).map((read): Read => ({ ...read, initial: true }));
  return { layers: [x, ...encoder(both), ...decoder(...context)] };
}

export function encoderDecoderWithAttention(both = true): ModelGraph {
  const context: Layer = {
    name: 'c',
    over: 'output',
    reads: [...readStates(both, 'every'), { from: 'd', at: before }],
  };
  return { layers: [x, ...encoder(both), context, ...decoder(same('c'))] };
}

const dense: ModelGraph = { layers: [x, eachStep('x')] };
const denseOnce: ModelGraph = {
  layers: [
    { ...x, over: 'once' },
    { name: 'y', over: 'once', reads: [same('x')] },
  ],
};

/** @param delay - how many later inputs may be waited for, for the architecture that waits */
export function architectures(delay: number): Architecture[] {
  const listed: Architecture[] = [
    {
      id: 'dense',
      name: { fa: 'شبکهٔ پیش‌خور', en: 'a feed-forward network' },
      outputs: 'one',
      graph: denseOnce,
    },
    {
      id: 'dense-each',
      name: { fa: 'شبکهٔ پیش‌خور روی هر گام', en: 'a feed-forward network at each step' },
      outputs: 'each',
      graph: dense,
    },
    {
      id: 'many-to-one',
      name: { fa: 'RNN چند به یک', en: 'a many-to-one RNN' },
      outputs: 'one',
      graph: manyToOne(false),
    },
    {
      id: 'many-to-one-bidirectional',
      name: { fa: 'RNN دوطرفهٔ چند به یک', en: 'a bidirectional many-to-one RNN' },
      outputs: 'one',
      graph: manyToOne(true),
    },
    {
      id: 'unidirectional',
      name: { fa: 'RNN یک‌طرفه با خروجی در هر گام', en: 'a unidirectional RNN with an output at each step' },
      outputs: 'each',
      graph: unidirectional(),
    },
    {
      id: 'bidirectional',
      name: { fa: 'RNN دوطرفه با خروجی در هر گام', en: 'a bidirectional RNN with an output at each step' },
      outputs: 'each',
      graph: bidirectional(),
    },
    {
      id: 'causal-transformer',
      name: { fa: 'ترنسفورمر علّی', en: 'a causal transformer' },
      outputs: 'each',
      graph: selfAttention(2, true),
    },
    {
      id: 'full-transformer',
      name: { fa: 'ترنسفورمر بی‌نقاب', en: 'a transformer without a mask' },
      outputs: 'each',
      graph: selfAttention(2, false),
    },
    {
      id: 'unidirectional-ctc',
      name: { fa: 'RNN یک‌طرفه با هزینهٔ CTC', en: 'a unidirectional RNN with a CTC loss' },
      outputs: 'monotone',
      graph: unidirectional(),
    },
    {
      id: 'bidirectional-ctc',
      name: { fa: 'RNN دوطرفه با هزینهٔ CTC', en: 'a bidirectional RNN with a CTC loss' },
      outputs: 'monotone',
      graph: bidirectional(),
    },
    {
      id: 'one-to-many',
      name: { fa: 'RNN یک به چند', en: 'a one-to-many RNN' },
      outputs: 'free',
      graph: oneToMany(),
    },
    {
      id: 'encoder-decoder',
      name: { fa: 'رمزگذار-رمزگشا', en: 'an encoder-decoder' },
      outputs: 'free',
      graph: encoderDecoder(),
    },
    {
      id: 'encoder-decoder-attention',
      name: { fa: 'رمزگذار-رمزگشا با توجه', en: 'an encoder-decoder with attention' },
      outputs: 'free',
      graph: encoderDecoderWithAttention(),
    },
  ];
  if (delay > 0) {
    listed.push({
      id: 'delayed',
      name: {
        fa: `RNN یک‌طرفه که خروجی‌اش ${delay} گام دیرتر خوانده می‌شود`,
        en: `a unidirectional RNN whose output is read ${delay} step(s) later`,
      },
      outputs: 'each',
      graph: delayed(delay),
    });
  }
  return listed;
}
