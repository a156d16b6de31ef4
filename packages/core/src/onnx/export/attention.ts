/** Attention as ONNX nodes of any operator set: products, a mask, a softmax. */
import type { AttentionPooling } from '../../nn/attention-pooling.js';
import type { AdditiveAttention, DotAttention } from '../../nn/decoder-attention.js';
import type { Weight } from '../../nn/module.js';
import type { MultiHeadAttention } from '../../nn/multi-head-attention.js';
import type { TransformerBlock } from '../../nn/transformer-block.js';
import type { Shape } from '../../shape.js';
import type { Tensor } from '../../tensor.js';
import { type GraphBuilder, parametersOf } from './graph-builder.js';
import { affine, layerNorm } from './layers.js';

/** Below every score, so that a hidden key gets weight 0 exactly; finite, so that a query without keys gives no NaN. */
const HIDDEN = -1e30;

/** Values of attention; lengths int32 [B]. */
export interface Masking {
  readonly lengths?: string;
  readonly causal?: boolean;
}

/** A number in the type of the kernel. */
function scalar(g: GraphBuilder, value: number): string {
  return g.weight(`(${value})`, [], [value]);
}

/** The size of an axis, int64 []. */
function sizeOfAxis(g: GraphBuilder, x: string, axis: number): string {
  return g.node('Gather', [g.node('Shape', [x]), g.weight(`axis_${axis}`, [], [axis], 'int64')]);
}

/** 0, 1, ... up to the size of an axis of x, int64. */
export function positions(g: GraphBuilder, x: string, axis: number): string {
  const [zero, one] = [g.weight('zero', [], [0], 'int64'), g.weight('one', [], [1], 'int64')];
  return g.node('Range', [zero, sizeOfAxis(g, x, axis), one]);
}

/** Which steps belong to their row, bool: lengths [B] against positions [S] to [B, S], or transposed [S, B]. */
export function within(g: GraphBuilder, steps: string, lengths: string, timeMajor = false): string {
  const ends = g.node('Cast', [lengths], { to: 7 });
  const [row, column] = timeMajor ? [1, 0] : [0, 1];
  return g.node('Less', [
    g.node('Unsqueeze', [steps, g.integers(row)]),
    g.node('Unsqueeze', [ends, g.integers(column)]),
  ]);
}

/** What a query may see of scores [B, ..., T, S]: a mask that broadcasts to them, or none. */
function visible(
  g: GraphBuilder,
  scores: string,
  rank: number,
  { lengths, causal = false }: Masking,
): string | undefined {
  const keys = positions(g, scores, rank - 1);
  const middle = Array.from({ length: rank - 2 }, (_, i) => i + 1);
  const existing =
    lengths === undefined
      ? undefined
      : g.node('Unsqueeze', [within(g, keys, lengths), g.integers(...middle)]);
  if (!causal) return existing;
  // Query t sees keys 0 .. t + S - T.
  const ahead = g.node('Sub', [sizeOfAxis(g, scores, rank - 1), sizeOfAxis(g, scores, rank - 2)]);
  const last = g.node('Add', [positions(g, scores, rank - 2), ahead]);
  const earlier = g.node('LessOrEqual', [keys, g.node('Unsqueeze', [last, g.integers(1)])]);
  return existing === undefined ? earlier : g.node('And', [existing, earlier]);
}

/** Weights of scores [..., T, S]; those of hidden keys are 0, and so are all of a query that sees none. */
function weightsOf(g: GraphBuilder, scores: string, mask: string | undefined): string {
  if (mask === undefined) return g.node('Softmax', [scores], { axis: -1 });
  const shown = g.node('Where', [mask, scores, scalar(g, HIDDEN)]);
  const weights = g.node('Softmax', [shown], { axis: -1 });
  return g.node('Mul', [weights, g.node('Cast', [mask], { to: g.real === 'float64' ? 11 : 1 })]);
}

/** Memory and query of a decoder's attention, [B, S, D], [B, S, V], [B, T, Q]: context [B, T, V], weights [B, T, S]. */
export function decoderAttention(
  g: GraphBuilder,
  prefix: string,
  module: AdditiveAttention | DotAttention,
  query: string,
  memory: { readonly keys: string; readonly values: string },
  masking: Masking,
): { readonly output: string; readonly weights: string } {
  const parameter = parametersOf(module);
  let scores: string;
  const score = parameter('score.weight');
  if (score !== undefined) {
    const q = affine(g, `${prefix}.query`, parameter('query.weight')!, undefined, query);
    const sum = g.node('Add', [
      g.node('Unsqueeze', [q, g.integers(2)]),
      g.node('Unsqueeze', [memory.keys, g.integers(1)]),
    ]);
    const products = affine(g, `${prefix}.score`, score, undefined, g.node('Tanh', [sum]));
    scores = g.node('Squeeze', [products, g.integers(-1)]);
  } else {
    const product = g.node('MatMul', [query, g.node('Transpose', [memory.keys], { perm: [0, 2, 1] })]);
    scores = 'score' in module && module.score === 'scaled' ? scaledBySize(g, product, query) : product;
  }
  const weights = weightsOf(g, scores, visible(g, scores, 3, masking));
  return { output: g.node('MatMul', [weights, memory.values]), weights };
}

/** scores / sqrt(D), D being the last size of q. */
function scaledBySize(g: GraphBuilder, scores: string, q: string): string {
  const D = g.node('Cast', [sizeOfAxis(g, q, -1)], { to: g.real === 'float64' ? 11 : 1 });
  return g.node('Div', [scores, g.node('Sqrt', [D])]);
}

/** The keys as a decoder's scores want them: projected once, [B, S, K] to [B, S, D]. */
export function attentionKeys(
  g: GraphBuilder,
  prefix: string,
  module: AdditiveAttention | DotAttention,
  keys: string,
): string {
  const parameter = parametersOf(module);
  const weight = parameter('key.weight');
  return weight === undefined ? keys : affine(g, `${prefix}.key`, weight, parameter('key.bias'), keys);
}

/** Steps [B, T, C] by learned weights: output [B, C], weights [B, T]. */
export function attentionPooling(
  g: GraphBuilder,
  prefix: string,
  { projection, context }: AttentionPooling,
  x: string,
  lengths: string | undefined,
): { readonly output: string; readonly weights: string } {
  const keys = g.node('Tanh', [affine(g, `${prefix}.projection`, projection.weight, projection.bias, x)]);
  const [C] = context.shape;
  const column = g.weight(`${prefix}.context`, [C, 1], context.data);
  const scores = g.node('Transpose', [g.node('MatMul', [keys, column])], { perm: [0, 2, 1] });
  const mask = visible(g, scores, 3, lengths === undefined ? {} : { lengths });
  const weights = weightsOf(g, scores, mask);
  const output = g.node('MatMul', [weights, x]);
  const one = g.integers(1);
  return { output: g.node('Squeeze', [output, one]), weights: g.node('Squeeze', [weights, one]) };
}

/** query [B, T, E], key and value [B, S, ...]: output [B, T, E], weights of every head [B, N, T, S]. */
export function multiHeadAttention(
  g: GraphBuilder,
  prefix: string,
  module: MultiHeadAttention,
  query: string,
  key: string,
  value: string,
  masking: Masking,
): { readonly output: string; readonly weights: string } {
  const parameter = parametersOf(module);
  const { numHeads: N, kvHeads: M } = module;
  const E = parameter('out_proj.weight')!.shape[0]!;
  const D = E / N;
  const rows = [E, M * D, M * D];
  const packed = parameter('in_proj_weight');
  const part = (all: Tensor, at: number): Weight => {
    const start = rows.slice(0, at).reduce((sum, n) => sum + n, 0);
    const width = all.size / all.shape[0]!;
    const shape: Shape = [rows[at]!, ...all.shape.slice(1)];
    return { shape, data: all.data.slice(start * width, (start + rows[at]!) * width) };
  };
  const bias = parameter('in_proj_bias');
  // Heads of queries that share keys and values stand beside each other: [B, M, N/M, T, D].
  const project = (x: string, at: number): string => {
    const letter = 'qkv'[at]!;
    const weight = packed === undefined ? parameter(`${letter}_proj_weight`)! : part(packed, at);
    const y = affine(g, `${prefix}.${letter}`, weight, bias && part(bias, at), x);
    const heads = g.node('Reshape', [y, g.integers(0, 0, M, at === 0 ? N / M : 1, D)]);
    return g.node('Transpose', [heads], { perm: at === 1 ? [0, 2, 3, 4, 1] : [0, 2, 3, 1, 4] });
  };
  const product = g.node('MatMul', [project(query, 0), project(key, 1)]);
  const scores = g.node('Mul', [product, scalar(g, 1 / Math.sqrt(D))]);
  const weights = weightsOf(g, scores, visible(g, scores, 5, masking));
  const heads = g.node('Transpose', [g.node('MatMul', [weights, project(value, 2)])], {
    perm: [0, 3, 1, 2, 4],
  });
  const joined = g.node('Reshape', [heads, g.integers(0, 0, E)]);
  const output = affine(
    g,
    `${prefix}.out_proj`,
    parameter('out_proj.weight')!,
    parameter('out_proj.bias'),
    joined,
  );
  // [B, M, N/M, T, S] to [B, N, T, S].
  const shape = g.node(
    'Concat',
    [
      g.node('Slice', [g.node('Shape', [weights]), g.integers(0), g.integers(1)]),
      g.integers(N),
      g.node('Slice', [g.node('Shape', [weights]), g.integers(3), g.integers(5)]),
    ],
    { axis: 0 },
  );
  return { output, weights: g.node('Reshape', [weights, shape]) };
}

/** x [B, T, E] to [B, T, E]. */
export function transformerBlock(
  g: GraphBuilder,
  prefix: string,
  module: TransformerBlock,
  x: string,
  masking: Masking,
): string {
  const { attention, linear1, linear2, norm1, norm2, norm } = module;
  const of = (name: string): string => `${prefix}.${name}`;
  const attend = (input: string): string =>
    multiHeadAttention(g, of('self_attn'), attention, input, input, input, masking).output;
  const feedForward = (input: string): string => {
    const inner = g.node('Relu', [affine(g, of('linear1'), linear1.weight, linear1.bias, input)]);
    return affine(g, of('linear2'), linear2.weight, linear2.bias, inner);
  };
  const residual = (input: string, name: 'norm1' | 'norm2', part: (input: string) => string): string => {
    const normalise = (value: string): string =>
      layerNorm(g, of(name), name === 'norm1' ? norm1 : norm2, value);
    return norm === 'pre'
      ? g.node('Add', [input, part(normalise(input))])
      : normalise(g.node('Add', [input, part(input)]));
  };
  return residual(residual(x, 'norm1', attend), 'norm2', feedForward);
}
