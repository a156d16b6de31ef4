/** Fixed inputs for a model and what it answers to them: two programs that hold the same weights give the same answers. */
import { ArgumentError } from '../errors.js';
import { CharLM } from '../models/char-lm.js';
import { Seq2Seq } from '../models/seq2seq.js';
import { SequenceClassifier } from '../models/sequence-classifier.js';
import { Tagger } from '../models/tagger.js';
import { TransformerLM } from '../models/transformer-lm.js';
import type { Module, Weight } from '../nn/module.js';
import { noGrad } from '../tape.js';
import { ids, scope, type Tensor } from '../tensor.js';

/** Whole numbers in a shape. */
export interface Ids {
  readonly shape: readonly number[];
  readonly data: Int32Array;
}

export interface Probe {
  /** By name: `ids [T, B]` with `lengths [B]`, or `source [S, B]` with `lengths` and `input [T, B]`. */
  readonly inputs: Readonly<Record<string, Ids>>;
  readonly logits: Weight;
}

const [T, B] = [9, 3];
/** Rows end at different places. */
const LENGTHS = [T, 4, 7];

/** @throws ArgumentError for a model over real-valued steps, or of another class */
export function probe(model: Module): Probe {
  if (model instanceof TransformerLM) {
    const tokens = spread(model.embedding.weight.shape[0], [Math.min(T, model.contextSize), B]);
    return { inputs: { ids: tokens }, logits: answer(model, () => model.forward(matrix(tokens)).logits) };
  }
  if (model instanceof CharLM) {
    const tokens = spread(model.embedding.weight.shape[0], [T, B]);
    return { inputs: { ids: tokens }, logits: answer(model, () => model.forward(matrix(tokens)).logits) };
  }
  if (model instanceof SequenceClassifier || model instanceof Tagger) {
    if (model.embedding === undefined) {
      throw new ArgumentError('export: the model must read ids, got one of real-valued steps');
    }
    const tokens = spread(model.embedding.weight.shape[0], [T, B]);
    const inputs = { ids: tokens, lengths: { shape: [B], data: Int32Array.from(LENGTHS) } };
    return { inputs, logits: answer(model, () => model.forward(matrix(tokens), LENGTHS)) };
  }
  if (model instanceof Seq2Seq) {
    const source = spread(model.sourceEmbedding.weight.shape[0], [T, B]);
    const input = spread(model.targetEmbedding.weight.shape[0], [T - 3, B]);
    const inputs = { source, lengths: { shape: [B], data: Int32Array.from(LENGTHS) }, input };
    const forward = (): Tensor => model.forward(matrix(source), matrix(input), { lengths: LENGTHS }).logits;
    return { inputs, logits: answer(model, forward) };
  }
  throw new ArgumentError(
    `export: model must be a CharLM, TransformerLM, SequenceClassifier, Tagger or Seq2Seq, got ${model.constructor.name}`,
  );
}

/** Ids over the whole vocabulary, in no simple order. */
function spread(V: number, shape: readonly number[]): Ids {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Int32Array.from({ length: size }, (_, i) => (i * i * 7 + i * 3 + 1) % V) };
}

function matrix({ shape, data }: Ids): Tensor<[number, number]> {
  return ids(data, shape as [number, number]);
}

function answer(model: Module, forward: () => Tensor): Weight {
  const { training } = model;
  model.eval();
  try {
    return noGrad(() =>
      scope(() => {
        const { shape, data } = forward();
        return { shape, data };
      }),
    );
  } finally {
    model.train(training);
  }
}
