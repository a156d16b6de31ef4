/** Models to export, what goes into them, and what they answer themselves. */
import type { SafeTensor } from '../src/formats/safetensors.js';
import { CharLM } from '../src/models/char-lm.js';
import { Seq2Seq, type Seq2SeqOptions } from '../src/models/seq2seq.js';
import { SequenceClassifier, type SequenceClassifierOptions } from '../src/models/sequence-classifier.js';
import { Tagger } from '../src/models/tagger.js';
import { TransformerLM } from '../src/models/transformer-lm.js';
import {
  AdditiveAttention,
  AttentionPooling,
  DotAttention,
  Dropout,
  Embedding,
  GRU,
  LayerNorm,
  Linear,
  LSTM,
  type Module,
  MultiHeadAttention,
  RNN,
  TransformerBlock,
} from '../src/nn/index.js';
import type { OnnxExportOptions } from '../src/onnx/index.js';
import { reshape } from '../src/ops/layout.js';
import { RandomStream } from '../src/random.js';
import { ids, type Tensor, tensor } from '../src/tensor.js';

type Cube = Tensor<[number, number, number]>;
export type Arrays = Record<string, SafeTensor>;

export interface ExportCase {
  readonly model: Module;
  readonly options?: OnnxExportOptions;
  readonly inputs: Arrays;
  /** What the model itself answers. */
  readonly run: () => Readonly<Record<string, Tensor | undefined>>;
}

const [T, B] = [5, 3];
const numbers = new RandomStream(7, 'onnx-export');
const real = (...shape: number[]): SafeTensor => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => numbers.uniform() * 2 - 1),
});
const cube = ({ shape, data }: SafeTensor): Cube =>
  tensor(data as Float32Array, shape as [number, number, number]);

function recurrentCase(model: RNN | GRU | LSTM): ExportCase {
  const { numLayers, bidirectional, hiddenSize, inputSize, batchFirst } = model.options;
  const sizes = [numLayers * (bidirectional ? 2 : 1), B, hiddenSize];
  const inputs: Arrays = { x: real(...(batchFirst ? [B, T] : [T, B]), inputSize), h0: real(...sizes) };
  if (model instanceof LSTM) inputs.c0 = real(...sizes);
  return {
    model,
    inputs,
    run: () => {
      const [x, h0] = [cube(inputs.x!), cube(inputs.h0!)];
      if (!(model instanceof LSTM)) {
        const { output, h } = model.forward(x, { h0 });
        return { y: output, hn: h };
      }
      const { output, h, c } = model.forward(x, { h0, c0: cube(inputs.c0!) });
      return { y: output, hn: h, cn: c };
    },
  };
}

function charCase(cell: 'rnn' | 'gru' | 'lstm', numLayers: number): ExportCase {
  const random = new RandomStream(3, cell);
  const model = new CharLM({
    ...{ vocabularySize: 7, embeddingSize: 4, cell, hiddenSize: 5, numLayers, dropout: 0.5 },
    ...{ random, dropoutRandom: random },
  });
  model.eval();
  const characters = Array.from({ length: T * B }, (_, i) => (i * i + 3) % 7);
  const inputs: Arrays = {
    ids: { shape: [T, B], data: BigInt64Array.from(characters, BigInt) },
    h0: real(numLayers, B, 5),
    ...(cell === 'lstm' ? { c0: real(numLayers, B, 5) } : {}),
  };
  return {
    model,
    inputs,
    run: () => {
      const state = { h: cube(inputs.h0!), ...(inputs.c0 === undefined ? {} : { c: cube(inputs.c0) }) };
      const { logits, h, c } = model.forward(ids(characters, [T, B]), state);
      return { logits, hn: h, cn: c };
    },
  };
}

function pointwiseCase(model: Linear | LayerNorm | Dropout): ExportCase {
  const inputs = { x: real(B, T, 6) };
  const y = (x: Cube): Tensor =>
    model instanceof Linear ? model.forward<[number, number]>(x) : (model as LayerNorm).forward(x);
  return { model, inputs, run: () => ({ y: y(cube(inputs.x)) }) };
}

const matrix = ({ shape, data }: SafeTensor): Tensor<[number, number]> =>
  tensor(data as Float32Array, shape as [number, number]);
const whole = (most: number, ...shape: number[]): SafeTensor => ({
  shape,
  data: BigInt64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) =>
    BigInt((i * i + 3) % most),
  ),
});
const idsOf = <const S extends readonly number[]>({ data }: SafeTensor, shape: S): Tensor<S> =>
  ids(Int32Array.from(data as BigInt64Array, Number), shape) as unknown as Tensor<S>;
/** The last row ends early, the second earlier. */
const steps = [T, 2, 4];
const lengths: SafeTensor = { shape: [B], data: Int32Array.from(steps) };
const random = (name: string): RandomStream => new RandomStream(11, name);

function sequenceOptions(options: Partial<SequenceClassifierOptions>): SequenceClassifierOptions {
  const streams = { random: random('sequence'), dropoutRandom: random('dropout') };
  const input = options.inputSize === undefined ? { vocabularySize: 7, embeddingSize: 4 } : {};
  return { ...input, numClasses: 3, hiddenSize: 5, ...streams, ...options } as SequenceClassifierOptions;
}

function sequenceInput(options: Partial<SequenceClassifierOptions>): { inputs: Arrays; x: () => never } {
  if (options.inputSize !== undefined) {
    const x = real(T, B, options.inputSize);
    return { inputs: { x, lengths }, x: () => cube(x) as never };
  }
  const tokens = whole(7, T, B);
  return { inputs: { ids: tokens, lengths }, x: () => idsOf(tokens, [T, B]) as never };
}

function classifierCase(options: Partial<SequenceClassifierOptions>): ExportCase {
  const model = new SequenceClassifier(sequenceOptions(options)).eval();
  const { inputs, x } = sequenceInput(options);
  return {
    model,
    inputs,
    run: () => ({
      logits: model.forward(x(), steps),
      ...(options.pooling === 'attention' ? { weights: model.attentionWeights(x(), steps) } : {}),
    }),
  };
}

function taggerCase(options: Partial<SequenceClassifierOptions>): ExportCase {
  const model = new Tagger(sequenceOptions(options)).eval();
  const { inputs, x } = sequenceInput(options);
  return { model, inputs, run: () => ({ logits: model.forward(x(), steps) }) };
}

function seq2seq(options: Partial<Seq2SeqOptions>): Seq2Seq {
  const sizes = { sourceVocabularySize: 7, targetVocabularySize: 6, embeddingSize: 4, hiddenSize: 5 };
  return new Seq2Seq({ ...sizes, random: random('seq2seq'), ...options });
}

function encoderCase(options: Partial<Seq2SeqOptions>): ExportCase {
  const model = seq2seq(options);
  const source = whole(7, T, B);
  return {
    model,
    options: { part: 'encoder' },
    inputs: { source, lengths },
    run: () => {
      const { memory, state } = model.encode(idsOf(source, [T, B]), steps);
      return { keys: memory.keys, values: memory.values, h0: state.h, c0: state.c };
    },
  };
}

function decoderCase(options: Partial<Seq2SeqOptions>): ExportCase {
  const model = seq2seq(options);
  const chosen = whole(6, B);
  const inputs: Arrays = {
    ids: chosen,
    keys: real(B, T, 5),
    values: real(B, T, options.bidirectional === true ? 10 : 5),
    lengths,
    h: real(B, 5),
    ...(options.cell === 'lstm' ? { c: real(B, 5) } : {}),
  };
  return {
    model,
    options: { part: 'decoder' },
    inputs,
    run: () => {
      const memory = { keys: cube(inputs.keys!), values: cube(inputs.values!) };
      const state = { h: matrix(inputs.h!), c: inputs.c && matrix(inputs.c) };
      const x = model.targetEmbedding.forward(idsOf(chosen, [B]));
      const after = model.step(x, state, { memory, lengths: ids(steps, [B]) }, { returnWeights: true });
      const { h, c } = after.state;
      const weights = reshape(after.weights!, [B, T]);
      return { logits: model.head.forward<[number]>(h), hn: h, cn: c, weights };
    },
  };
}

function multiHeadCase(
  model: MultiHeadAttention,
  [S, K, V]: readonly [number, number, number],
  causal = false,
): ExportCase {
  const inputs = { query: real(B, T, 6), key: real(B, S, K), value: real(B, S, V), lengths };
  return {
    model,
    options: { causal },
    inputs,
    run: () => {
      const options = { keyLengths: steps, causal, returnWeights: true } as const;
      const { output, weights } = model.forward(
        cube(inputs.query),
        cube(inputs.key),
        cube(inputs.value),
        options,
      );
      return { y: output, weights };
    },
  };
}

function blockCase(norm: 'pre' | 'post', causal: boolean, kvHeads: number): ExportCase {
  const model = new TransformerBlock(6, 2, { norm, kvHeads, dropout: 0.5, random: random(norm) }).eval();
  const x = real(B, T, 6);
  return {
    model,
    options: { causal },
    inputs: { x, lengths },
    run: () => ({ y: model.forward(cube(x), { keyLengths: steps, causal }).output }),
  };
}

function memoryCase(model: AdditiveAttention | DotAttention, Q: number, K: number): ExportCase {
  const inputs = { query: real(B, 2, Q), keys: real(B, T, K), lengths };
  return {
    model,
    inputs,
    run: () => {
      const options = { keyLengths: steps, returnWeights: true } as const;
      const { output, weights } = model.forward(cube(inputs.query), model.memory(cube(inputs.keys)), options);
      return { y: output, weights: reshape(weights!, [B, 2, T]) };
    },
  };
}

function poolingCase(): ExportCase {
  const model = new AttentionPooling(4, { random: random('pooling') });
  const x = real(T, B, 4);
  return {
    model,
    inputs: { x, lengths },
    run: () => {
      const { output, weights } = model.forward(cube(x), steps);
      return { y: output, weights };
    },
  };
}

function transformerCase(positions: 'learned' | 'sinusoidal'): ExportCase {
  const model = new TransformerLM({
    ...{
      vocabularySize: 7,
      embeddingSize: 6,
      numHeads: 2,
      numLayers: 2,
      contextSize: 8,
      positions,
      dropout: 0.5,
    },
    ...{ random: random('transformer'), dropoutRandom: random('dropout') },
  }).eval();
  const tokens = whole(7, T, B);
  return {
    model,
    inputs: { ids: tokens },
    run: () => ({ logits: model.forward(idsOf(tokens, [T, B])).logits }),
  };
}

function embeddingCase(): ExportCase {
  const model = new Embedding(7, 3);
  const tokens = whole(7, B, T);
  return { model, inputs: { ids: tokens }, run: () => ({ y: model.forward(idsOf(tokens, [B, T])) }) };
}

const sizes = { inputSize: 3, hiddenSize: 4 };
export const exportCases: Readonly<Record<string, () => ExportCase>> = {
  linear: () => pointwiseCase(new Linear(6, 4)),
  'linear-nobias': () => pointwiseCase(new Linear(6, 1, { bias: false })),
  'layer-norm': () => pointwiseCase(new LayerNorm(6)),
  'layer-norm-plain': () => pointwiseCase(new LayerNorm(6, { affine: false, epsilon: 0.25 })),
  rnn: () => recurrentCase(new RNN(sizes)),
  'rnn-relu-bidirectional': () =>
    recurrentCase(new RNN({ ...sizes, nonlinearity: 'relu', bidirectional: true })),
  gru: () => recurrentCase(new GRU({ ...sizes, numLayers: 3 })),
  'gru-time-major': () => recurrentCase(new GRU({ ...sizes, batchFirst: false, bidirectional: true })),
  lstm: () => recurrentCase(new LSTM({ ...sizes, bias: false })),
  'lstm-two-bidirectional': () => recurrentCase(new LSTM({ ...sizes, numLayers: 2, bidirectional: true })),
  'char-lm-rnn': () => charCase('rnn', 2),
  'char-lm-gru': () => charCase('gru', 1),
  'char-lm-lstm': () => charCase('lstm', 2),
  dropout: () => pointwiseCase(new Dropout(0.5).eval()),
  embedding: embeddingCase,
  'transformer-lm': () => transformerCase('learned'),
  'transformer-lm-sinusoidal': () => transformerCase('sinusoidal'),
  'attention-pooling': poolingCase,
  'multi-head': () => multiHeadCase(new MultiHeadAttention(6, 3), [T, 6, 6]),
  'multi-head-causal-grouped': () =>
    multiHeadCase(new MultiHeadAttention(6, 6, { kvHeads: 2, bias: false }), [T, 6, 6], true),
  'multi-head-sizes': () =>
    multiHeadCase(new MultiHeadAttention(6, 2, { keySize: 4, valueSize: 3 }), [T + 2, 4, 3], true),
  'additive-attention': () => memoryCase(new AdditiveAttention(3, 4, 5), 3, 4),
  'dot-attention': () => memoryCase(new DotAttention(), 4, 4),
  'scaled-attention': () => memoryCase(new DotAttention({ score: 'scaled' }), 4, 4),
  'general-attention': () =>
    memoryCase(new DotAttention({ score: 'general', querySize: 3, keySize: 4 }), 3, 4),
  'transformer-block-pre-causal': () => blockCase('pre', true, 1),
  'transformer-block-post': () => blockCase('post', false, 2),
  ...Object.fromEntries(
    (['rnn', 'gru', 'lstm'] as const).flatMap((cell) => [
      ...(['last', 'mean', 'max', 'attention'] as const).flatMap((pooling) =>
        [false, true].map((bidirectional) => [
          `classifier-${cell}-${pooling}${bidirectional ? '-both' : ''}`,
          () => classifierCase({ cell, pooling, bidirectional, numLayers: bidirectional ? 2 : 1 }),
        ]),
      ),
      [`tagger-${cell}`, () => taggerCase({ cell })],
      [`tagger-${cell}-both`, () => taggerCase({ cell, bidirectional: true, numLayers: 2 })],
      ...(['additive', 'dot'] as const).flatMap((attention) =>
        [false, true].flatMap((bidirectional) => {
          const name = `${cell}-${attention}${bidirectional ? '-both' : ''}`;
          return [
            [`seq2seq-encoder-${name}`, () => encoderCase({ cell, attention, bidirectional })],
            [`seq2seq-decoder-${name}`, () => decoderCase({ cell, attention, bidirectional })],
          ];
        }),
      ),
    ]),
  ),
  'classifier-real-valued': () => classifierCase({ inputSize: 2, pooling: 'max' }),
  'tagger-real-valued': () => taggerCase({ inputSize: 2, bidirectional: true }),
};
