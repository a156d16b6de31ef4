/** Whole models as ONNX graphs: what goes in, what comes out, and the layers between. */
import type { CharLM } from '../../models/char-lm.js';
import type { Seq2Seq } from '../../models/seq2seq.js';
import type { SequenceClassifier } from '../../models/sequence-classifier.js';
import type { SequenceModel } from '../../models/sequence-model.js';
import type { Tagger } from '../../models/tagger.js';
import type { TransformerLM } from '../../models/transformer-lm.js';
import { LSTM } from '../../nn/lstm.js';
import type { Recurrent } from '../../nn/recurrent.js';
import { noGrad } from '../../tape.js';
import { scope } from '../../tensor.js';
import {
  attentionKeys,
  attentionPooling,
  decoderAttention,
  positions,
  transformerBlock,
  within,
} from './attention.js';
import { type GraphBuilder, parametersOf } from './graph-builder.js';
import { affine, embedding, kindOf, layerNorm, linear, recurrent, recurrentNode } from './layers.js';

/** The states of a recurrent module as inputs of the graph. */
export function states(g: GraphBuilder, module: Recurrent): { readonly h0: string; readonly c0?: string } {
  const sizes = stateSizes(module);
  const h0 = g.input('h0', g.real, sizes);
  return module instanceof LSTM ? { h0, c0: g.input('c0', g.real, sizes) } : { h0 };
}

export function lastStates(g: GraphBuilder, module: Recurrent, h: string, c: string | undefined): void {
  g.output('hn', h, g.real, stateSizes(module));
  if (c !== undefined) g.output('cn', c, g.real, stateSizes(module));
}

function stateSizes({ options: { numLayers, bidirectional, hiddenSize } }: Recurrent) {
  return [numLayers * (bidirectional ? 2 : 1), 'B', hiddenSize];
}

/** What recurrent layers are called in a model: `lstm`, as in its weights' names. */
function nameOf(module: Recurrent): string {
  return kindOf('recurrent', module).op.toLowerCase();
}

export function charLM(g: GraphBuilder, model: CharLM): void {
  const ids = g.input('ids', 'int64', ['T', 'B']);
  const x = embedding(g, 'embedding', model.embedding, ids);
  const { output, h, c } = recurrent(
    g,
    nameOf(model.recurrent),
    model.recurrent,
    x,
    states(g, model.recurrent),
  );
  g.output('logits', linear(g, 'head', model.head, output), g.real, ['T', 'B', model.head.weight.shape[0]]);
  lastStates(g, model.recurrent, h, c);
}

/** ids [T, B] with T <= C; every token sees itself and those before it. */
export function transformerLM(g: GraphBuilder, model: TransformerLM): void {
  const { embedding: table, positions: places, blocks, norm, head, contextSize: C } = model;
  const ids = g.input('ids', 'int64', ['T', 'B']);
  const all = noGrad(() => scope(() => places.forward(0, C).data));
  const P = g.weight('position.weight', [C, table.weight.shape[1]], all);
  const x = g.node('Transpose', [embedding(g, 'embedding', table, ids)], { perm: [1, 0, 2] });
  let y = g.node('Add', [x, g.node('Gather', [P, positions(g, ids, 0)])]);
  for (const [layer, block] of blocks.entries()) {
    y = transformerBlock(g, `transformer.layers.${layer}`, block, y, { causal: true });
  }
  const logits = linear(g, 'head', head, layerNorm(g, 'transformer.norm', norm, y));
  const timeMajor = g.node('Transpose', [logits], { perm: [1, 0, 2] });
  g.output('logits', timeMajor, g.real, ['T', 'B', head.weight.shape[0]]);
}

/** The recurrent layers over ids or real-valued steps with lengths: output [T, B, D*H], last h [L*D, B, H]. */
function encoded(g: GraphBuilder, model: SequenceModel) {
  const { embedding: table, recurrent: layers } = model;
  const x =
    table === undefined
      ? g.input('x', g.real, ['T', 'B', layers.options.inputSize])
      : embedding(g, 'embedding', table, g.input('ids', 'int64', ['T', 'B']));
  const lengths = g.input('lengths', 'int32', ['B']);
  return { lengths, ...recurrent(g, nameOf(layers), layers, x, { lengths }) };
}

export function tagger(g: GraphBuilder, model: Tagger): void {
  const { output } = encoded(g, model);
  g.output('logits', linear(g, 'head', model.head, output), g.real, ['T', 'B', model.head.weight.shape[0]]);
}

export function sequenceClassifier(g: GraphBuilder, model: SequenceClassifier): void {
  const { lengths, output, h } = encoded(g, model);
  let features: string;
  if (model.attention !== undefined) {
    const steps = g.node('Transpose', [output], { perm: [1, 0, 2] });
    const pooled = attentionPooling(g, 'attention', model.attention, steps, lengths);
    features = pooled.output;
    g.output('weights', pooled.weights, g.real, ['B', 'T']);
  } else if (model.pooling === 'last') features = lastOf(g, model.recurrent, h);
  else features = pooledOver(g, model.pooling as 'mean' | 'max', output, lengths);
  g.output('logits', linear(g, 'head', model.head, features), g.real, ['B', model.head.weight.shape[0]]);
}

/** h of the last layer, both directions side by side: [L*D, B, H] to [B, D*H]. */
function lastOf(g: GraphBuilder, { options }: Recurrent, h: string): string {
  const { numLayers: L, bidirectional, hiddenSize: H } = options;
  const D = bidirectional ? 2 : 1;
  const top = g.node('Slice', [h, g.integers((L - 1) * D), g.integers(L * D)]);
  return g.node('Reshape', [g.node('Transpose', [top], { perm: [1, 0, 2] }), g.integers(0, D * H)]);
}

/** Mean or largest over each row's own steps [T, B, C]; a row without steps gives 0. */
function pooledOver(g: GraphBuilder, pooling: 'mean' | 'max', output: string, lengths: string): string {
  const column = g.node('Unsqueeze', [lengths, g.integers(1)]);
  if (pooling === 'mean') {
    const count = g.node('Max', [
      g.node('Cast', [column], { to: g.real === 'float64' ? 11 : 1 }),
      g.weight('(1)', [], [1]),
    ]);
    // Outputs behind a row's end are 0.
    return g.node('Div', [g.node('ReduceSum', [output, g.integers(0)], { keepdims: 0 }), count]);
  }
  const own = g.node('Unsqueeze', [within(g, positions(g, output, 0), lengths, true), g.integers(2)]);
  const least = g.weight('lowest', [], [-3e38]);
  const largest = g.node('ReduceMax', [g.node('Where', [own, output, least])], { axes: [0], keepdims: 0 });
  const filled = g.node('Greater', [column, g.weight('none', [], [0], 'int32')]);
  return g.node('Where', [filled, largest, g.weight('(0)', [], [0])]);
}

/** Reads sources: `keys`, `values`, `h0`, `c0`, which the decoder's step takes. */
export function seq2seqEncoder(g: GraphBuilder, model: Seq2Seq): void {
  const { encoder, sourceEmbedding, attention } = model;
  const { hiddenSize: H, bidirectional } = encoder.options;
  const parameter = parametersOf(model);
  const ids = g.input('source', 'int64', ['S', 'B']);
  const lengths = g.input('lengths', 'int32', ['B']);
  const x = embedding(g, 'source_embedding', sourceEmbedding, ids);
  const { output, h, c } = recurrent(g, 'encoder', encoder, x, { lengths });
  const values = g.node('Transpose', [output], { perm: [1, 0, 2] });
  const keys = attentionKeys(g, 'attention', attention, values);
  const M = bidirectional ? 2 * H : H;
  // Additive and dot scores both compare H entries.
  g.output('keys', keys, g.real, ['B', 'S', H]);
  g.output('values', values, g.real, ['B', 'S', M]);
  const first = (state: string, bridge: string): string => {
    const joined = lastOf(g, encoder, state);
    const weight = parameter(`${bridge}.weight`);
    return weight === undefined
      ? joined
      : g.node('Tanh', [affine(g, bridge, weight, parameter(`${bridge}.bias`), joined)]);
  };
  g.output('h0', first(h, 'bridge'), g.real, ['B', H]);
  if (c !== undefined) g.output('c0', first(c, 'bridge_c'), g.real, ['B', H]);
}

/** One step of the decoder: `ids [B]` and the state before give `logits` and the state after. */
export function seq2seqDecoder(g: GraphBuilder, model: Seq2Seq): void {
  const { encoder, targetEmbedding, attention, head } = model;
  const { hiddenSize: H, bidirectional } = encoder.options;
  const parameter = parametersOf(model);
  const ids = g.input('ids', 'int64', ['B']);
  const memory = {
    keys: g.input('keys', g.real, ['B', 'S', H]),
    values: g.input('values', g.real, ['B', 'S', bidirectional ? 2 * H : H]),
  };
  const lengths = g.input('lengths', 'int32', ['B']);
  const h = g.input('h', g.real, ['B', H]);
  const c = encoder instanceof LSTM ? g.input('c', g.real, ['B', H]) : undefined;
  const one = g.integers(1);
  const zero = g.integers(0);
  const attended = decoderAttention(g, 'attention', attention, g.node('Unsqueeze', [h, one]), memory, {
    lengths,
  });
  const x = embedding(g, 'target_embedding', targetEmbedding, ids);
  const input = g.node('Concat', [x, g.node('Squeeze', [attended.output, one])], { axis: 1 });
  const lead = (state: string): string => g.node('Unsqueeze', [state, zero]);
  const weights = (name: string) => [parameter(`decoder.${name}`)!];
  const [, lastH, lastC] = recurrentNode(g, 'decoder', kindOf('encoder', encoder), weights, lead(input), {
    h0: lead(h),
    ...(c === undefined ? {} : { c0: lead(c) }),
  });
  const state = g.node('Squeeze', [lastH, zero]);
  g.output('logits', linear(g, 'head', head, state), g.real, ['B', head.weight.shape[0]]);
  g.output('hn', state, g.real, ['B', H]);
  if (lastC !== undefined) g.output('cn', g.node('Squeeze', [lastC, zero]), g.real, ['B', H]);
  g.output('weights', g.node('Squeeze', [attended.weights, one]), g.real, ['B', 'S']);
}
