/** Modules and whole models as ONNX files. */
import { ArgumentError } from '../../errors.js';
import { CharLM } from '../../models/char-lm.js';
import { Seq2Seq } from '../../models/seq2seq.js';
import { SequenceClassifier } from '../../models/sequence-classifier.js';
import { Tagger } from '../../models/tagger.js';
import { TransformerLM } from '../../models/transformer-lm.js';
import { AttentionPooling } from '../../nn/attention-pooling.js';
import { AdditiveAttention, DotAttention } from '../../nn/decoder-attention.js';
import { Dropout } from '../../nn/dropout.js';
import { Embedding } from '../../nn/embedding.js';
import { LayerNorm } from '../../nn/layer-norm.js';
import { Linear } from '../../nn/linear.js';
import type { Module } from '../../nn/module.js';
import { MultiHeadAttention } from '../../nn/multi-head-attention.js';
import { Recurrent } from '../../nn/recurrent.js';
import { TransformerBlock } from '../../nn/transformer-block.js';
import {
  attentionKeys,
  attentionPooling,
  decoderAttention,
  multiHeadAttention,
  transformerBlock,
} from './attention.js';
import { GraphBuilder, parametersOf } from './graph-builder.js';
import { embedding, layerNorm, linear, recurrent } from './layers.js';
import {
  charLM,
  lastStates,
  seq2seqDecoder,
  seq2seqEncoder,
  sequenceClassifier,
  states,
  tagger,
  transformerLM,
} from './models.js';

export interface OnnxExportOptions {
  /** A `Seq2Seq` is two graphs: `'encoder'`, run once, and `'decoder'`, run for each token. */
  readonly part?: 'encoder' | 'decoder';
  /** Of `nn.MultiHeadAttention` and `nn.TransformerBlock`: query t sees keys 0 .. t + S - T. Defaults to false. */
  readonly causal?: boolean;
}

/**
 * An ONNX file (operator set 17) that computes what `model.forward` computes in evaluation, with the weights as they are.
 * Free sizes are named B (batch), T and S (time). Recurrent states are inputs and outputs, so that a caller can go on;
 * `lengths [B]` int32 says how many steps of each row exist.
 *
 * | model | inputs | outputs |
 * | --- | --- | --- |
 * | `nn.Linear`, `nn.LayerNorm`, `nn.Dropout` | `x [B, T, I]` | `y` |
 * | `nn.Embedding` | `ids [B, T]` int64 | `y [B, T, E]` |
 * | `nn.RNN`, `nn.GRU`, `nn.LSTM` | `x` as the module takes it, `h0`, `c0 [L*D, B, H]` | `y`, `hn`, `cn` |
 * | `nn.MultiHeadAttention` | `query [B, T, E]`, `key`, `value [B, S, ...]`, `lengths` | `y`, `weights [B, N, T, S]` |
 * | `nn.AdditiveAttention`, `nn.DotAttention` | `query [B, T, Q]`, `keys [B, S, K]`, `lengths` | `y`, `weights [B, T, S]` |
 * | `nn.AttentionPooling` | `x [T, B, C]`, `lengths` | `y [B, C]`, `weights [B, T]` |
 * | `nn.TransformerBlock` | `x [B, T, E]`, `lengths` | `y` |
 * | `CharLM` | `ids [T, B]` int64, `h0`, `c0 [L, B, H]` | `logits [T, B, V]`, `hn`, `cn` |
 * | `TransformerLM` | `ids [T, B]` int64, T <= C | `logits [T, B, V]` |
 * | `SequenceClassifier` | `ids [T, B]` int64 or `x [T, B, I]`, `lengths` | `logits [B, C]`, `weights [B, T]` with attention pooling |
 * | `Tagger` | `ids [T, B]` int64 or `x [T, B, I]`, `lengths` | `logits [T, B, C]` |
 * | `Seq2Seq`, encoder | `source [S, B]` int64, `lengths` | `keys [B, S, H]`, `values [B, S, D*H]`, `h0`, `c0 [B, H]` |
 * | `Seq2Seq`, decoder | `ids [B]` int64, `keys`, `values`, `lengths`, `h`, `c` | `logits [B, V]`, `hn`, `cn`, `weights [B, S]` |
 * @throws ArgumentError for a model of another class, or a `Seq2Seq` without `part`
 */
export function toOnnx(model: Module, options: OnnxExportOptions = {}): Uint8Array<ArrayBuffer> {
  const [parameter] = model.parameters();
  const g = new GraphBuilder(parameter?.kernel.precision === 'f64' ? 'float64' : 'float32');
  const exporter = exporters.find(({ of }) => Object.prototype.isPrototypeOf.call(of.prototype, model));
  if (exporter === undefined) {
    throw new ArgumentError(`toOnnx: model must be one that hw5 exports, got ${model.constructor.name}`);
  }
  exporter.write(g, model as never, options);
  return g.build(model.constructor.name);
}

type Write<M> = (g: GraphBuilder, model: M, options: OnnxExportOptions) => void;

interface Exporter {
  readonly of: { readonly prototype: Module };
  readonly write: Write<never>;
}

function exporter<M extends Module>(of: { readonly prototype: M }, write: Write<M>): Exporter {
  return { of, write };
}

const exporters: readonly Exporter[] = [
  exporter(CharLM, charLM),
  exporter(TransformerLM, transformerLM),
  exporter(SequenceClassifier, sequenceClassifier),
  exporter(Tagger, tagger),
  exporter(Seq2Seq, (g, model, { part }) => {
    if (part === 'encoder') seq2seqEncoder(g, model);
    else if (part === 'decoder') seq2seqDecoder(g, model);
    else {
      throw new ArgumentError(`toOnnx: part of a Seq2Seq must be encoder or decoder, got ${String(part)}`);
    }
  }),
  exporter(Recurrent, recurrentModule),
  exporter(Linear, (g, model) => {
    const [O, I] = model.weight.shape;
    pointwise(g, I, O, (x) => linear(g, 'linear', model, x));
  }),
  exporter(LayerNorm, (g, model) =>
    pointwise(g, model.size, model.size, (x) => layerNorm(g, 'norm', model, x)),
  ),
  exporter(Dropout, (g) => pointwise(g, 'I', 'I', (x) => x)),
  exporter(Embedding, (g, model) => {
    const y = embedding(g, 'embedding', model, g.input('ids', 'int64', ['B', 'T']));
    g.output('y', y, g.real, ['B', 'T', model.weight.shape[1]]);
  }),
  exporter(MultiHeadAttention, multiHead),
  exporter(AdditiveAttention, overMemory),
  exporter(DotAttention, overMemory),
  exporter(AttentionPooling, (g, model) => {
    const C = model.context.shape[0];
    const x = g.node('Transpose', [g.input('x', g.real, ['T', 'B', C])], { perm: [1, 0, 2] });
    const { output, weights } = attentionPooling(g, 'pooling', model, x, lengthsInput(g));
    g.output('y', output, g.real, ['B', C]);
    g.output('weights', weights, g.real, ['B', 'T']);
  }),
  exporter(TransformerBlock, (g, model, { causal = false }) => {
    const E = model.norm1.size;
    const x = g.input('x', g.real, ['B', 'T', E]);
    const y = transformerBlock(g, 'block', model, x, { lengths: lengthsInput(g), causal });
    g.output('y', y, g.real, ['B', 'T', E]);
  }),
];

function lengthsInput(g: GraphBuilder): string {
  return g.input('lengths', 'int32', ['B']);
}

function pointwise(
  g: GraphBuilder,
  inputs: number | string,
  outputs: number | string,
  y: (x: string) => string,
): void {
  const x = g.input('x', g.real, ['B', 'T', inputs]);
  g.output('y', y(x), g.real, ['B', 'T', outputs]);
}

function recurrentModule(g: GraphBuilder, module: Recurrent): void {
  const { inputSize, hiddenSize, bidirectional, batchFirst } = module.options;
  const lead = batchFirst ? ['B', 'T'] : ['T', 'B'];
  const timeMajor = (value: string): string =>
    batchFirst ? g.node('Transpose', [value], { perm: [1, 0, 2] }) : value;
  const x = timeMajor(g.input('x', g.real, [...lead, inputSize]));
  const { output, h, c } = recurrent(g, 'layers', module, x, states(g, module));
  g.output('y', timeMajor(output), g.real, [...lead, hiddenSize * (bidirectional ? 2 : 1)]);
  lastStates(g, module, h, c);
}

function multiHead(g: GraphBuilder, model: MultiHeadAttention, { causal = false }: OnnxExportOptions): void {
  const parameter = parametersOf(model);
  const E = parameter('out_proj.weight')!.shape[0]!;
  const width = (letter: string): number => parameter(`${letter}_proj_weight`)?.shape[1] ?? E;
  const query = g.input('query', g.real, ['B', 'T', E]);
  const key = g.input('key', g.real, ['B', 'S', width('k')]);
  const value = g.input('value', g.real, ['B', 'S', width('v')]);
  const masking = { lengths: lengthsInput(g), causal };
  const { output, weights } = multiHeadAttention(g, 'attention', model, query, key, value, masking);
  g.output('y', output, g.real, ['B', 'T', E]);
  g.output('weights', weights, g.real, ['B', model.numHeads, 'T', 'S']);
}

function overMemory(g: GraphBuilder, model: AdditiveAttention | DotAttention): void {
  const parameter = parametersOf(model);
  const [A, K] = parameter('key.weight')?.shape ?? ['K', 'K'];
  const Q = parameter('query.weight')?.shape[1] ?? A!;
  const query = g.input('query', g.real, ['B', 'T', Q]);
  const values = g.input('keys', g.real, ['B', 'S', K!]);
  const memory = { keys: attentionKeys(g, 'attention', model, values), values };
  const { output, weights } = decoderAttention(g, 'attention', model, query, memory, {
    lengths: lengthsInput(g),
  });
  g.output('y', output, g.real, ['B', 'T', K!]);
  g.output('weights', weights, g.real, ['B', 'T', 'S']);
}
