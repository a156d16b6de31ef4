/** A run that learns a tag for each token: aligned many-to-many. */
import { type TaggedTokens, taggedTokens } from '../data/examples.js';
import { split, type VocabularyState, VocabularyTokenizer } from '../data/tokenizer.js';
import { Vocabulary } from '../data/vocabulary.js';
import { ConfusionMatrix } from '../metrics.js';
import { Tagger } from '../models/tagger.js';
import { crossEntropy } from '../ops/loss.js';
import { softmax } from '../ops/softmax.js';
import { RandomStream } from '../random.js';
import { scope, type Tensor } from '../tensor.js';
import type { Header } from './checkpoint.js';
import {
  type Encoded,
  ExamplesRun,
  mapParts,
  type Parts,
  type Prediction,
  rowsOfMatrix,
  type Tally,
} from './examples-run.js';
import type { RunProgress } from './run.js';
import { resolveTag, type TagConfig } from './task-config.js';
import { examplesFrom, type GeneratedData, type TaskData, tableOf } from './task-data.js';
import { idMatrix } from './text-rows.js';

interface EncodedTokens extends Encoded {
  readonly tokens: readonly string[];
  readonly ids: Int32Array;
  readonly tags: Int32Array;
}

/** What a checkpoint holds beside weights and progress. */
interface Description {
  readonly tokenizer: VocabularyState;
  readonly tags: readonly string[];
  /** How the examples are made, where they are. */
  readonly data?: GeneratedData;
}

export interface TagHeader extends Header, Description {
  readonly config: TagConfig;
}

/** The target of a padded place, which the loss leaves out. */
const IGNORED = -100;

export class TagRun extends ExamplesRun<EncodedTokens> {
  readonly task = 'tag';
  readonly config: TagConfig;
  readonly tags: Vocabulary;
  readonly tokenizer: VocabularyTokenizer;
  readonly model: Tagger;
  readonly #description: Description;

  /** @throws DataError for data that does not fit, ArgumentError for a bad config */
  static create(data: TaskData, given: Partial<TagConfig> = {}): TagRun {
    const config = resolveTag(given);
    const parts = read(data, config);
    const tokenizer = VocabularyTokenizer.ofTokens(
      parts.train.map(({ tokens }) => tokens),
      { unit: 'words' },
    );
    const all = [...parts.train, ...parts.validation];
    const tags = [...new Set(all.flatMap((example) => example.tags))].sort();
    const description = { tokenizer: tokenizer.state, tags, ...('task' in data ? { data } : {}) };
    return new TagRun(config, description, parts);
  }

  /** A run as a checkpoint describes it; weights and moments are filled in by the caller. */
  static restore(header: TagHeader, data: TaskData | undefined): TagRun {
    const config = resolveTag(header.config);
    const { tokenizer, tags, progress } = header;
    const source = data ?? header.data;
    const parts = source === undefined ? undefined : read(source, config);
    const description = { tokenizer, tags, ...(header.data === undefined ? {} : { data: header.data }) };
    return new TagRun(config, description, parts, progress);
  }

  private constructor(
    config: TagConfig,
    description: Description,
    parts: Parts<TaggedTokens> | undefined,
    progress?: RunProgress,
  ) {
    const tokenizer = new VocabularyTokenizer(description.tokenizer);
    const tags = new Vocabulary(description.tags);
    const encode = encoder(tokenizer, tags);
    super(config, mapParts(parts, encode), progress);
    this.config = config;
    this.#description = description;
    this.tokenizer = tokenizer;
    this.tags = tags;
    const { cell, embeddingSize, hiddenSize, numLayers, bidirectional, dropout, seed } = config;
    this.model = this.learn(
      new Tagger({
        vocabularySize: tokenizer.size,
        numClasses: tags.size,
        cell,
        embeddingSize,
        hiddenSize,
        numLayers,
        bidirectional,
        dropout,
        random: new RandomStream(seed, 'init'),
        dropoutRandom: this.random.dropout,
      }),
      config,
    );
  }

  describe(): Description {
    return this.#description;
  }

  /** Examples of another table with the columns `tokens` and `tags`. @throws DataError for a tag the run does not know */
  protected encoded(data: TaskData): EncodedTokens[] {
    const examples = 'task' in data ? read(data, this.config).validation : taggedTokens(tableOf(data));
    return examples.map(encoder(this.tokenizer, this.tags));
  }

  /** Texts are split into words and signs. */
  predict(texts: readonly string[]): Prediction[] {
    return texts.map((text) => {
      const tokens = split(text, 'words');
      if (tokens.length === 0) return { input: text, output: '', tokens, tags: [] };
      const { characters: names } = this.tags;
      const { predicted, rows } = this.inference(() =>
        scope(() => {
          const logits = this.#logits([{ ids: this.tokenizer.encodeTokens(tokens) }]);
          const said = this.#said(logits, 1, 0, tokens.length);
          return { predicted: said, rows: softmax(logits).toArray() as number[][][] };
        }),
      );
      const tags = predicted.map((id) => names[id]!);
      const tagProbabilities = rows.map(([row]) => names.map((name, i) => [name, row![i]!] as const));
      return { input: text, output: tags.join(' '), tokens, tags, tagProbabilities };
    });
  }

  protected lossOf(batch: readonly EncodedTokens[]): Tensor {
    const { labelSmoothing } = this.config;
    return crossEntropy(this.#logits(batch), targetsOf(batch), { ignoreIndex: IGNORED, labelSmoothing });
  }

  protected inputOf({ tokens }: EncodedTokens): string {
    return tokens.join(' ');
  }

  protected tally(): Tally<EncodedTokens> {
    const { characters: tags } = this.tags;
    const matrix = new ConfusionMatrix(tags.length);
    let whole = 0;
    let examples = 0;
    return {
      add: (batch, mistake) => {
        const logits = this.#logits(batch);
        let predictions = 0;
        for (const [b, example] of batch.entries()) {
          const said = this.#said(logits, batch.length, b, example.length);
          for (const [t, tag] of said.entries()) matrix.add(example.tags[t]!, tag);
          predictions += example.length;
          examples += 1;
          if (said.every((tag, t) => tag === example.tags[t])) whole += 1;
          else mistake(difference(example, said, tags));
        }
        return crossEntropy(logits, targetsOf(batch), { ignoreIndex: IGNORED }).item() * predictions;
      },
      result: () => ({
        metrics: { accuracy: matrix.accuracy, macroF1: matrix.macroF1, sentences: whole / examples },
        labels: tags,
        confusion: rowsOfMatrix(matrix.counts, tags.length),
      }),
    };
  }

  /** [T, B, C] */
  #logits(batch: readonly Pick<EncodedTokens, 'ids'>[]): Tensor<[number, number, number]> {
    const rows = batch.map((example) => example.ids);
    const { matrix, lengths } = idMatrix(rows, this.tokenizer.special.pad);
    return this.model.forward(matrix, lengths);
  }

  /** The likeliest tags of row `b`. */
  #said({ data }: Tensor, batch: number, b: number, length: number): number[] {
    const classes = this.tags.size;
    return Array.from({ length }, (_, t) => {
      const row = data.subarray((t * batch + b) * classes, (t * batch + b + 1) * classes);
      return row.indexOf(Math.max(...row));
    });
  }
}

function read(data: TaskData, config: TagConfig): Parts<TaggedTokens> {
  return examplesFrom(data, 'tag', (table) => taggedTokens(table), config.validationFraction, config.seed);
}

function encoder(tokenizer: VocabularyTokenizer, tags: Vocabulary) {
  return (example: TaggedTokens): EncodedTokens => {
    const encoded = tokenizer.encodeTokens(example.tokens);
    const tagIds = Int32Array.from(example.tags, (tag) => tags.require(tag));
    return {
      tokens: example.tokens,
      ids: encoded,
      tags: tagIds,
      length: encoded.length,
      predictions: encoded.length,
      numbers: [...encoded, ...tagIds],
    };
  };
}

function targetsOf(batch: readonly EncodedTokens[]): Tensor {
  const rows = batch.map(({ tags }) => tags);
  return idMatrix(rows, IGNORED).matrix;
}

/** Only the tokens that were tagged wrongly, with what they should be and what was said. */
function difference({ tokens, tags }: EncodedTokens, said: readonly number[], names: readonly string[]) {
  const wrong = tokens.flatMap((token, t) => (said[t] === tags[t] ? [] : [{ token, t }]));
  const say = (of: ArrayLike<number>): string =>
    wrong.map(({ token, t }) => `${token}/${names[of[t]!]}`).join(' ');
  return { input: tokens.join(' '), expected: say(tags), got: say(said) };
}
