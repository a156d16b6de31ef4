/** A run that learns to write a text for a text, by an encoder-decoder with attention: unaligned many-to-many. */
import { type TextPair, textPairs } from '../data/examples.js';
import { type VocabularyState, VocabularyTokenizer } from '../data/tokenizer.js';
import { editDistance } from '../metrics.js';
import { Seq2Seq, type Seq2SeqForwardOptions } from '../models/seq2seq.js';
import { type Answer, answer } from '../models/seq2seq-decoder.js';
import { crossEntropy } from '../ops/loss.js';
import { RandomStream } from '../random.js';
import { ids, scope, type Tensor } from '../tensor.js';
import type { Header } from './checkpoint.js';
import {
  type Encoded,
  ExamplesRun,
  mapParts,
  type Parts,
  type Prediction,
  type Tally,
} from './examples-run.js';
import type { RunProgress } from './run.js';
import { resolveSeq2Seq, type Seq2SeqConfig } from './task-config.js';
import { examplesFrom, type GeneratedData, type TaskData, tableOf } from './task-data.js';
import { encodeText, idMatrix } from './text-rows.js';

interface EncodedPair extends Encoded {
  readonly pair: TextPair;
  readonly source: Int32Array;
  /** The target with its end. */
  readonly target: Int32Array;
}

/** What a checkpoint holds beside weights and progress. */
interface Description {
  /** Of the sources. */
  readonly tokenizer: VocabularyState;
  readonly targetTokenizer: VocabularyState;
  /** Tokens that an answer has at most: a few more than the longest target seen. */
  readonly maxLength: number;
  /** How the examples are made, where they are. */
  readonly data?: GeneratedData;
}

export interface Seq2SeqHeader extends Header, Description {
  readonly config: Seq2SeqConfig;
}

/** The target of a padded place, which the loss leaves out. */
const IGNORED = -100;
/** Tokens that an answer may have beyond the longest target seen. */
const SPARE = 8;

export class Seq2SeqRun extends ExamplesRun<EncodedPair> {
  readonly task = 'seq2seq';
  readonly config: Seq2SeqConfig;
  readonly source: VocabularyTokenizer;
  readonly target: VocabularyTokenizer;
  readonly model: Seq2Seq;
  readonly #description: Description;

  /** @throws DataError for data that does not fit, ArgumentError for a bad config */
  static create(data: TaskData, given: Partial<Seq2SeqConfig> = {}): Seq2SeqRun {
    const config = resolveSeq2Seq(given);
    const parts = read(data, config);
    const of = (side: keyof TextPair): VocabularyTokenizer =>
      VocabularyTokenizer.of(
        parts.train.map((pair) => pair[side]),
        { unit: config.unit },
      );
    const [source, target] = [of('source'), of('target')];
    const longest = parts.train.reduce((most, pair) => Math.max(most, target.encode(pair.target).length), 0);
    const description = {
      tokenizer: source.state,
      targetTokenizer: target.state,
      maxLength: longest + SPARE,
      ...('task' in data ? { data } : {}),
    };
    return new Seq2SeqRun(config, description, parts);
  }

  /** A run as a checkpoint describes it; weights and moments are filled in by the caller. */
  static restore(header: Seq2SeqHeader, data: TaskData | undefined): Seq2SeqRun {
    const config = resolveSeq2Seq(header.config);
    const { tokenizer, targetTokenizer, maxLength, progress } = header;
    const own = data ?? header.data;
    const parts = own === undefined ? undefined : read(own, config);
    const made = header.data === undefined ? {} : { data: header.data };
    return new Seq2SeqRun(config, { tokenizer, targetTokenizer, maxLength, ...made }, parts, progress);
  }

  private constructor(
    config: Seq2SeqConfig,
    description: Description,
    parts: Parts<TextPair> | undefined,
    progress?: RunProgress,
  ) {
    const source = new VocabularyTokenizer(description.tokenizer);
    const target = new VocabularyTokenizer(description.targetTokenizer);
    const encode = encoder(source, target);
    super(config, mapParts(parts, encode), progress);
    this.config = config;
    this.#description = description;
    this.source = source;
    this.target = target;
    const { cell, embeddingSize, hiddenSize, bidirectional, attention, seed } = config;
    this.model = this.learn(
      new Seq2Seq({
        sourceVocabularySize: source.size,
        targetVocabularySize: target.size,
        cell,
        embeddingSize,
        hiddenSize,
        bidirectional,
        attention,
        random: new RandomStream(seed, 'init'),
      }),
      config,
    );
  }

  describe(): Description {
    return this.#description;
  }

  /** Answers with what each written token attended to; greedy, or the best of a beam. */
  predict(texts: readonly string[]): Prediction[] {
    return texts.map((text) =>
      this.inference(() => {
        const source = encodeText(this.source, text);
        const { ids: written, alignment } =
          this.config.beam === 1 ? this.#greedyAnswer(source) : this.#beamAnswer(source);
        return {
          input: text,
          output: this.target.decode(written),
          alignment: {
            source: Array.from(source, (id) => this.source.token(id)),
            target: written.map((id) => this.target.token(id)),
            weights: alignment,
          },
        };
      }),
    );
  }

  #beamAnswer(source: Int32Array): Pick<Answer, 'ids' | 'alignment'> {
    const { begin, end } = this.target.special;
    const { maxLength } = this.#description;
    return answer(this.model, source, begin, { width: this.config.beam, maxLength, endId: end })[0]!;
  }

  #greedyAnswer(source: Int32Array): Pick<Answer, 'ids' | 'alignment'> {
    return scope(() => {
      const alignment: number[][] = [];
      const [written] = this.#greedy(ids(source, [source.length, 1]), [source.length], (weights) =>
        alignment.push([...weights.data]),
      );
      return { ids: written!, alignment };
    });
  }

  protected encoded(data: TaskData): EncodedPair[] {
    const pairs = 'task' in data ? read(data, this.config).validation : textPairs(tableOf(data));
    return pairs.map(encoder(this.source, this.target));
  }

  protected lossOf(batch: readonly EncodedPair[]): Tensor {
    const { scheduledSampling, samplingSteps, labelSmoothing } = this.config;
    const grown = samplingSteps === 0 ? 1 : Math.min(1, this.step / samplingSteps);
    // The stream of dropout: each rank has numbers of its own, and a checkpoint its place. The model has no dropout.
    const sampling = { probability: scheduledSampling * grown, random: this.random.dropout };
    return this.#loss(batch, labelSmoothing, scheduledSampling === 0 ? {} : { sampling });
  }

  #loss(batch: readonly EncodedPair[], labelSmoothing = 0, options: Seq2SeqForwardOptions = {}): Tensor {
    const { source, lengths, input, target } = this.#batch(batch);
    const { logits } = this.model.forward(source, input, { ...options, lengths });
    return crossEntropy(logits, target, { ignoreIndex: IGNORED, labelSmoothing });
  }

  protected inputOf({ pair }: EncodedPair): string {
    return pair.source;
  }

  protected tally(): Tally<EncodedPair> {
    let exact = 0;
    let distance = 0;
    let characters = 0;
    let examples = 0;
    return {
      add: (batch, mistake) => {
        const loss = this.#loss(batch).item();
        const { source, lengths } = this.#batch(batch);
        const answers = this.#greedy(source, lengths);
        let predictions = 0;
        for (const [b, { pair, target, predictions: count }] of batch.entries()) {
          predictions += count;
          examples += 1;
          const expected = target.subarray(0, -1);
          const said = answers[b]!.filter((id) => id !== this.target.special.end);
          distance += editDistance(said, expected);
          characters += expected.length;
          const got = this.target.decode(said);
          if (got === this.target.decode(expected)) exact += 1;
          else mistake({ input: pair.source, expected: pair.target, got });
        }
        return loss * predictions;
      },
      result: () => ({ metrics: { exactMatch: exact / examples, editDistance: distance / characters } }),
    };
  }

  /** The likeliest next token at every step, all rows side by side, each to its end, which is included. */
  #greedy(
    source: Tensor<[number, number]>,
    lengths: ArrayLike<number>,
    onWeights?: (weights: Tensor) => void,
  ): number[][] {
    const { begin, end } = this.target.special;
    const encoded = this.model.encode(source, lengths);
    let { state } = encoded;
    let last = Array.from(lengths, () => begin);
    const answers = last.map((): number[] => []);
    const open = new Set(answers.keys());
    const V = this.target.size;
    for (let t = 0; t < this.#description.maxLength && open.size > 0; t += 1) {
      const x = this.model.targetEmbedding.forward(ids(last, [last.length]));
      const after = this.model.step(x, state, encoded, { returnWeights: onWeights !== undefined });
      state = after.state;
      if (after.weights !== undefined) onWeights?.(after.weights);
      const { data } = this.model.head.forward<[number]>(state.h);
      last = answers.map((_, b) => {
        const row = data.subarray(b * V, (b + 1) * V);
        return row.indexOf(Math.max(...row));
      });
      for (const b of [...open]) {
        answers[b]!.push(last[b]!);
        if (last[b] === end) open.delete(b);
      }
    }
    return answers;
  }

  /** source [S, B], input and target [T, B]: what is read before each token, and the token. */
  #batch(batch: readonly EncodedPair[]) {
    const { pad: filling, begin } = this.target.special;
    const targets = batch.map((example) => example.target);
    const { matrix: source, lengths } = idMatrix(
      batch.map((example) => example.source),
      this.source.special.pad,
    );
    const { matrix: input } = idMatrix(
      targets.map((target) => [begin, ...target.subarray(0, -1)]),
      filling,
    );
    const { matrix: target } = idMatrix(targets, IGNORED);
    return { source, lengths, input, target };
  }
}

function read(data: TaskData, { validationFraction, seed }: Seq2SeqConfig): Parts<TextPair> {
  return examplesFrom(data, 'seq2seq', (table) => textPairs(table), validationFraction, seed);
}

function encoder(source: VocabularyTokenizer, target: VocabularyTokenizer): (pair: TextPair) => EncodedPair {
  return (pair) => {
    const from = encodeText(source, pair.source);
    const to = Int32Array.of(...target.encode(pair.target), target.special.end);
    return {
      pair,
      source: from,
      target: to,
      length: Math.max(from.length, to.length),
      predictions: to.length,
      numbers: [...from, -2, ...to],
    };
  };
}
