/** The layers of nn as ONNX nodes. Values are named by strings; x is what goes in. */
import { ArgumentError } from '../../errors.js';
import type { Embedding } from '../../nn/embedding.js';
import { GRU } from '../../nn/gru.js';
import type { LayerNorm } from '../../nn/layer-norm.js';
import type { Linear } from '../../nn/linear.js';
import { LSTM } from '../../nn/lstm.js';
import type { Recurrent } from '../../nn/recurrent.js';
import { RNN } from '../../nn/rnn.js';
import type { Tensor } from '../../tensor.js';
import { type GraphBuilder, parametersOf } from './graph-builder.js';

/** y = x W^T + b for x [..., I]. */
export function linear(g: GraphBuilder, prefix: string, { weight, bias }: Linear, x: string): string {
  const [O, I] = weight.shape;
  const { data } = weight;
  const columns = Float64Array.from(data, (_, at) => data[(at % O) * I + Math.floor(at / O)]!);
  const product = g.node('MatMul', [x, g.weight(`${prefix}.weight^T`, [I, O], columns)]);
  return bias === undefined ? product : g.node('Add', [product, g.parameter(prefix, 'bias', bias)]);
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
const kinds = [
  { of: LSTM, op: 'LSTM', blocks: [0, 3, 1, 2], attributes: {} },
  { of: GRU, op: 'GRU', blocks: [1, 0, 2], attributes: { linear_before_reset: 1 } },
  { of: RNN, op: 'RNN', blocks: [0], attributes: {} },
] as const;

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
  const kind = kinds.find(({ of }) => module instanceof of);
  if (kind === undefined) throw new ArgumentError(`toOnnx: ${prefix} must be an RNN, GRU or LSTM`);
  const { numLayers: L, hiddenSize: H, bidirectional, bias } = module.options;
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
  const last: { h: string[]; c: string[] } = { h: [], c: [] };
  let sequence = x;
  for (let layer = 0; layer < L; layer += 1) {
    const of = `${prefix}.l${layer}`;
    const stacked = (name: string): { shape: number[]; data: Float64Array } =>
      stack(module, name, layer, D, kind.blocks);
    const [w, r] = [stacked('weight_ih'), stacked('weight_hh')];
    const inputs = [
      sequence,
      g.weight(`${of}.W`, w.shape, w.data),
      g.weight(`${of}.R`, r.shape, r.data),
      bias
        ? g.weight(`${of}.B`, [D, 2 * kind.blocks.length * H], stackBias(module, layer, D, kind.blocks))
        : '',
      lengths ?? '',
      h[layer] ?? '',
      c[layer] ?? '',
    ];
    const states = kind.op === 'LSTM' ? 2 : 1;
    const [y, lastH, lastC] = g.nodes(kind.op, inputs.slice(0, 5 + states), 1 + states, {
      hidden_size: H,
      direction: bidirectional ? 'bidirectional' : 'forward',
      ...kind.attributes,
      ...activations,
    });
    // Y is [T, D, B, H].
    sequence = bidirectional
      ? g.node('Reshape', [g.node('Transpose', [y!], { perm: [0, 2, 1, 3] }), g.integers(0, 0, D * H)])
      : g.node('Squeeze', [y!, g.integers(1)]);
    last.h.push(lastH!);
    if (lastC !== undefined) last.c.push(lastC);
  }
  const joined = (parts: readonly string[]): string =>
    L === 1 ? parts[0]! : g.node('Concat', parts, { axis: 0 });
  return { output: sequence, h: joined(last.h), c: last.c.length === 0 ? undefined : joined(last.c) };
}

const suffixes = ['', '_reverse'];

/** [D, G*H, ...]: a layer's weight for all directions, its gate blocks in ONNX's order. */
function stack(
  module: Recurrent,
  name: string,
  layer: number,
  D: number,
  blocks: readonly number[],
): { shape: number[]; data: Float64Array } {
  const parameter = parametersOf(module);
  const parts = suffixes.slice(0, D).map((suffix) => parameter(`${name}_l${layer}${suffix}`)!);
  return { shape: [D, ...parts[0]!.shape], data: joinBlocks(parts.map((part) => reordered(part, blocks))) };
}

/** [D, 2 * G*H]: W's bias before R's. */
function stackBias(module: Recurrent, layer: number, D: number, blocks: readonly number[]): Float64Array {
  const parameter = parametersOf(module);
  return joinBlocks(
    suffixes
      .slice(0, D)
      .flatMap((suffix) =>
        ['bias_ih', 'bias_hh'].map((name) => reordered(parameter(`${name}_l${layer}${suffix}`)!, blocks)),
      ),
  );
}

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
