/** What looking into a run needs of it, whatever it learned: a text as vectors, and what comes out as a function of them. */
import { ArgumentError, DataError } from '../errors.js';
import { CharLM } from '../models/char-lm.js';
import { answer } from '../models/seq2seq-decoder.js';
import type { GRU } from '../nn/gru.js';
import type { LSTM } from '../nn/lstm.js';
import type { RNN } from '../nn/rnn.js';
import { narrow, reshape } from '../ops/layout.js';
import { noGrad } from '../tape.js';
import { ids as idsOf, type Tensor } from '../tensor.js';
import type { CharLMRun } from './char-lm-run.js';
import type { ClassifyRun } from './classify-run.js';
import type { Run } from './run.js';
import type { Seq2SeqRun } from './seq2seq-run.js';
import type { TagRun } from './tag-run.js';

type Vectors = Tensor<[time: number, batch: number, size: number]>;
type Logits = Tensor<[number]>;

/** What one head or step attended to; rows of `weights` are of `target`. */
export interface AttentionMap {
  readonly name: string;
  readonly source: readonly string[];
  readonly target: readonly string[];
  /** [target][source] */
  readonly weights: readonly (readonly number[])[];
}

/** One text under a run. Everything is called inside `run.looking`. */
export interface Lens {
  readonly tokens: readonly string[];
  /** The layers that read the text; a Transformer has none. */
  readonly recurrent: RNN | GRU | LSTM | undefined;
  /** What is said, in the order of places `at`: next tokens, tags, one class, or the written tokens. */
  readonly places: number;
  /** The embedded text, [T, 1, E]. */
  vectors(): Vectors;
  /** What is said at a place, as a function of the text. */
  logits(x: Vectors, at: number): Logits;
  /** What a logit stands for. */
  label(id: number): string;
  /** @throws ArgumentError when the model attends to nothing */
  attention(): readonly AttentionMap[];
}

/** @throws ArgumentError for a run that reads no text, DataError for a text without tokens or with unknown ones */
export function lensOf(run: Run, text: string): Lens {
  switch (run.task) {
    case 'char-lm':
      return languageLens(run as CharLMRun, text);
    case 'classify':
      if (!('tokenizer' in run)) throw readsNumbers();
      return classifyLens(run as unknown as ClassifyRun, text);
    case 'tag':
      return tagLens(run as unknown as TagRun, text);
    case 'seq2seq':
      return seq2seqLens(run as unknown as Seq2SeqRun, text);
    case 'forecast':
      throw readsNumbers();
  }
}

function readsNumbers(): ArgumentError {
  return new ArgumentError('inspect: the run must read texts, got one that reads numbers');
}

function languageLens({ model, vocabulary }: CharLMRun, text: string): Lens {
  const ids = some(vocabulary.encode(text));
  const T = ids.length;
  const tokens = Array.from(ids, (id) => vocabulary.tokens[id]!);
  const shared = {
    tokens,
    places: T,
    vectors: () => model.embedding.forward(idsOf(ids, [T, 1])),
    label: (id: number) => vocabulary.tokens[id]!,
  };
  if (model instanceof CharLM) {
    return {
      ...shared,
      recurrent: model.recurrent,
      logits: (x, at) => row(model.head.forward<[number, number]>(outputOf(model.recurrent, x)), at),
      attention: () => attendsToNothing('a recurrent language model'),
    };
  }
  return {
    ...shared,
    recurrent: undefined,
    logits: (x, at) => row(model.ofVectors(x).logits, at),
    attention: () => {
      const { weights } = noGrad(() => model.forward(idsOf(ids, [T, 1]), { returnWeights: true }));
      return weights.flatMap((block, b) =>
        (block.toArray() as number[][][][])[0]!.map((map, n) => ({
          name: `block ${b + 1}, head ${n + 1}`,
          source: tokens,
          target: tokens,
          weights: map,
        })),
      );
    },
  };
}

function classifyLens({ model, tokenizer, labels }: ClassifyRun, text: string): Lens {
  const ids = some(tokenizer.encode(text));
  const tokens = Array.from(ids, (id) => tokenizer.token(id));
  const steps = (): Tensor<[number, number]> => idsOf(ids, [ids.length, 1]);
  return {
    tokens,
    recurrent: model.recurrent,
    places: 1,
    vectors: () => model.vectors(steps()),
    logits: (x) => reshape(model.ofVectors(x), [labels.size]),
    label: (id) => labels.characters[id]!,
    attention: () => {
      if (model.attention === undefined) return attendsToNothing(`pooling ${model.pooling}`);
      const weights = noGrad(() => model.attentionWeights(steps()).toArray()) as number[][];
      return [{ name: 'pooling', source: tokens, target: ['class'], weights }];
    },
  };
}

function tagLens({ model, tokenizer, tags }: TagRun, text: string): Lens {
  const ids = some(tokenizer.encode(text));
  return {
    tokens: Array.from(ids, (id) => tokenizer.token(id)),
    recurrent: model.recurrent,
    places: ids.length,
    vectors: () => model.vectors(idsOf(ids, [ids.length, 1])),
    logits: (x, at) => row(model.ofVectors(x), at),
    label: (id) => tags.characters[id]!,
    attention: () => attendsToNothing('a tagger'),
  };
}

/** Places are the tokens of the greedy answer, each said after the right ones before it. */
function seq2seqLens(run: Seq2SeqRun, text: string): Lens {
  const { model, source, target } = run;
  const ids = some(source.encode(text));
  const { begin, end } = target.special;
  const { maxLength } = run.describe();
  const { ids: written, alignment } = answer(model, ids, begin, { width: 1, maxLength, endId: end })[0]!;
  const tokens = Array.from(ids, (id) => source.token(id));
  return {
    tokens,
    recurrent: model.encoder,
    places: written.length,
    vectors: () => model.sourceEmbedding.forward(idsOf(ids, [ids.length, 1])),
    logits: (x, at) => {
      const encoded = model.encodeVectors(x);
      let { state } = encoded;
      for (const id of [begin, ...written.slice(0, at)]) {
        state = model.step(model.targetEmbedding.forward(idsOf([id], [1])), state, encoded).state;
      }
      return reshape(model.head.forward<[number]>(state.h), [target.size]);
    },
    label: (id) => target.token(id),
    attention: () => [
      { name: 'decoder', source: tokens, target: written.map((id) => target.token(id)), weights: alignment },
    ],
  };
}

function outputOf(recurrent: RNN | GRU | LSTM, x: Vectors): Vectors {
  const { output }: { output: Vectors } = recurrent.forward(x);
  return output;
}

/** Entry `at` of logits [T, 1, C]. */
function row(logits: Vectors, at: number): Logits {
  return reshape(narrow(logits, at, 1), [logits.shape[2]]);
}

function some(ids: Int32Array): Int32Array {
  if (ids.length > 0) return ids;
  throw new DataError('inspect: the text must have tokens, got none');
}

function attendsToNothing(what: string): never {
  throw new ArgumentError(
    `inspect: attention must be part of the model (a transformer, an encoder-decoder, attention pooling), got ${what}`,
  );
}
