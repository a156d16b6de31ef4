/** The layers of nn as ONNX nodes. Values are named by strings; x is what goes in. */
import { ArgumentError } from '../../errors.js';
import type { Embedding } from '../../nn/embedding.js';
import { GRU } from '../../nn/gru.js';
import type { LayerNorm } from '../../nn/layer-norm.js';
import type { Linear } from '../../nn/linear.js';
import { LSTM } from '../../nn/lstm.js';
import type { Weight } from '../../nn/module.js';
import type { Recurrent } from '../../nn/recurrent.js';
import { RNN } from '../../nn/rnn.js';
import type { Tensor } from '../../tensor.js';
import { type AttributeValue, type GraphBuilder, parametersOf } from './graph-builder.js';

/** y = x W^T + b for x [..., I]. */
export function linear(g: GraphBuilder, prefix: string, { weight, bias }: Linear, x: string): string {
  return affine(g, prefix, weight, bias, x);
}

/** The same with weights of any module, W [O, I] and b [O]. */
export function affine(
  g: GraphBuilder,
  prefix: string,
  weight: Weight,
  bias: Weight | undefined,
  x: string,
): string {
  const [O, I] = weight.shape as readonly [number, number];
  const { data } = weight;
  const columns = Float64Array.from(data, (_, at) => data[(at % O) * I + Math.floor(at / O)]!);
  const product = g.node('MatMul', [x, g.weight(`${prefix}.weight^T`, [I, O], columns)]);
  return bias === undefined
    ? product
    : g.node('Add', [product, g.weight(`${prefix}.bias`, bias.shape, bias.data)]);
}

/** y = weight[ids]. */
export function embedding(g: GraphBuilder, prefix: string, { weight }: Embedding, ids: string): string {
  return g.node('Gather', [g.parameter(prefix, 'weight', weight), ids]);
}

export function layerNorm(g: GraphBuilder, prefix: string, module: LayerNorm, x: string): string {
  const { weight, bias, size, epsilon } = module;
  const scale =
    weight === undefined
      ? g.weight(`ones_${size}`, [size], new Float32Array(size).fill(1))
      : g.parameter(prefix, 'weight', weight);
  const shift = bias === undefined ? '' : g.parameter(prefix, 'bias', bias);
  return g.node('LayerNormalization', [x, scale, shift], { axis: -1, epsilon: { float: epsilon } });
}

/** How ONNX orders the gate blocks that PyTorch (and hw5) orders i, f, g, o and r, z, n. */
export interface RecurrentKind {
  readonly of: typeof LSTM | typeof GRU | typeof RNN;
  readonly op: 'LSTM' | 'GRU' | 'RNN';
  readonly blocks: readonly number[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

const kinds: readonly RecurrentKind[] = [
  { of: LSTM, op: 'LSTM', blocks: [0, 3, 1, 2], attributes: {} },
  { of: GRU, op: 'GRU', blocks: [1, 0, 2], attributes: { linear_before_reset: 1 } },
  { of: RNN, op: 'RNN', blocks: [0], attributes: {} },
];

/** The kind of node that a recurrent module becomes. @throws ArgumentError for another class */
export function kindOf(prefix: string, module: Recurrent): RecurrentKind {
  const kind = kinds.find(({ of }) => module instanceof of);
  if (kind === undefined) throw new ArgumentError(`toOnnx: ${prefix} must be an RNN, GRU or LSTM`);
  return kind;
}

/** Weights under one name of all directions. */
type Directions = (name: 'weight_ih' | 'weight_hh' | 'bias_ih' | 'bias_hh') => readonly Tensor[];

/** One layer over time-major x [T, B, I]: Y [T, D, B, H], and the last states [D, B, H]. */
export function recurrentNode(
  g: GraphBuilder,
  of: string,
  { op, blocks, attributes }: RecurrentKind,
  weights: Directions,
  x: string,
  { h0 = '', c0 = '', lengths = '' }: RecurrentValues,
  more: Readonly<Record<string, AttributeValue>> = {},
): [y: string, h: string, c: string | undefined] {
  const [D, H] = [weights('weight_hh').length, weights('weight_hh')[0]!.shape[1]!];
  const stacked = (name: 'weight_ih' | 'weight_hh', as: string): string => {
    const parts = weights(name);
    const data = joinBlocks(parts.map((part) => reordered(part, blocks)));
    return g.weight(`${of}.${as}`, [D, ...parts[0]!.shape], data);
  };
  // [D, 2 * G*H]: W's bias before R's.
  const biases = weights('bias_ih').flatMap((bias, d) => [bias, weights('bias_hh')[d]!]);
  const bias = (): string =>
    g.weight(
      `${of}.B`,
      [D, 2 * blocks.length * H],
      joinBlocks(biases.map((part) => reordered(part, blocks))),
    );
  const states = op === 'LSTM' ? 2 : 1;
  const inputs = [
    x,
    stacked('weight_ih', 'W'),
    stacked('weight_hh', 'R'),
    biases.length === 0 ? '' : bias(),
    lengths,
    h0,
    c0,
  ];
  const outputs = g.nodes(op, inputs.slice(0, 5 + states), 1 + states, {
    hidden_size: H,
    direction: D === 2 ? 'bidirectional' : 'forward',
    ...attributes,
    ...more,
  });
  return outputs as [string, string, string | undefined];
}

/** Values of a recurrent layer; states [L*D, B, H], lengths int32 [B]. */
export interface RecurrentValues {
  readonly h0?: string;
  readonly c0?: string;
  readonly lengths?: string;
}

/** All layers over time-major x [T, B, I]: output [T, B, D*H], last h and c [L*D, B, H]. */
export function recurrent(
  g: GraphBuilder,
  prefix: string,
  module: Recurrent,
  x: string,
  { h0, c0, lengths }: RecurrentValues,
): { readonly output: string; readonly h: string; readonly c: string | undefined } {
  const kind = kindOf(prefix, module);
  const { numLayers: L, hiddenSize: H, bidirectional } = module.options;
  const D = bidirectional ? 2 : 1;
  const split = (states: string | undefined): string[] =>
    states === undefined
      ? []
      : L === 1
        ? [states]
        : g.nodes('Split', [states, g.integers(...new Array<number>(L).fill(D))], L, { axis: 0 });
  const [h, c] = [split(h0), split(c0)];
  const activations =
    module instanceof RNN && module.nonlinearity === 'relu'
      ? { activations: new Array<string>(D).fill('Relu') }
      : {};
  const parameter = parametersOf(module);
  const last: { h: string[]; c: string[] } = { h: [], c: [] };
  let sequence = x;
  for (let layer = 0; layer < L; layer += 1) {
    const weights: Directions = (name) =>
      suffixes.slice(0, D).flatMap((suffix) => parameter(`${name}_l${layer}${suffix}`) ?? ([] as Tensor[]));
    const values = { h0: h[layer] ?? '', c0: c[layer] ?? '', lengths: lengths ?? '' };
    const of = `${prefix}.l${layer}`;
    const [y, lastH, lastC] = recurrentNode(g, of, kind, weights, sequence, values, activations);
    // Y is [T, D, B, H].
    sequence = bidirectional
      ? g.node('Reshape', [g.node('Transpose', [y], { perm: [0, 2, 1, 3] }), g.integers(0, 0, D * H)])
      : g.node('Squeeze', [y, g.integers(1)]);
    last.h.push(lastH);
    if (lastC !== undefined) last.c.push(lastC);
  }
  const joined = (parts: readonly string[]): string =>
    L === 1 ? parts[0]! : g.node('Concat', parts, { axis: 0 });
  return { output: sequence, h: joined(last.h), c: last.c.length === 0 ? undefined : joined(last.c) };
}

const suffixes = ['', '_reverse'];

/** A weight with its gate blocks in ONNX's order. */
function reordered(weight: Tensor, blocks: readonly number[]): Float64Array {
  const { data } = weight;
  const size = data.length / blocks.length;
  return joinBlocks(
    blocks.map((block) => Float64Array.from(data.subarray(block * size, (block + 1) * size))),
  );
}

function joinBlocks(blocks: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    all.set(block, at);
    at += block.length;
  }
  return all;
}
