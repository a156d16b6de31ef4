/** A run that learns the class of a text: many-to-one. */
import { type LabelledText, labelledTexts } from '../data/examples.js';
import { type VocabularyState, VocabularyTokenizer } from '../data/tokenizer.js';
import { Vocabulary } from '../data/vocabulary.js';
import { SequenceClassifier } from '../models/sequence-classifier.js';
import { RandomStream } from '../random.js';
import type { Tensor } from '../tensor.js';
import type { Header } from './checkpoint.js';
import { mapParts, type Parts, type Prediction } from './examples-run.js';
import { type Labelled, LabelsRun, labelsOf } from './labels-run.js';
import type { RunProgress } from './run.js';
import { type ClassifyConfig, resolveClassify } from './task-config.js';
import { examplesFrom, type GeneratedData, type TaskData, tableOf } from './task-data.js';
import { encodeText, idMatrix } from './text-rows.js';

interface Tokens {
  readonly ids: Int32Array;
}

interface EncodedText extends Labelled, Tokens {
  readonly text: string;
}

/** What a checkpoint holds beside weights and progress. */
interface Description {
  readonly tokenizer: VocabularyState;
  readonly labels: readonly string[];
  /** How the examples are made, where they are. */
  readonly data?: GeneratedData;
}

export interface ClassifyHeader extends Header, Description {
  readonly config: ClassifyConfig;
}

export class ClassifyRun extends LabelsRun<Tokens, EncodedText> {
  readonly config: ClassifyConfig;
  readonly labels: Vocabulary;
  readonly tokenizer: VocabularyTokenizer;
  readonly model: SequenceClassifier;
  readonly #description: Description;

  /** @throws DataError for data that does not fit, ArgumentError for a bad config */
  static create(data: TaskData, given: Partial<ClassifyConfig> = {}): ClassifyRun {
    const config = resolveClassify(given);
    const parts = read(data, config);
    const tokenizer = VocabularyTokenizer.of(
      parts.train.map(({ text }) => text),
      { unit: config.unit },
    );
    const description = {
      tokenizer: tokenizer.state,
      labels: labelsOf([...parts.train, ...parts.validation]),
      ...('task' in data ? { data } : {}),
    };
    return new ClassifyRun(config, description, parts);
  }

  /** A run as a checkpoint describes it; weights and moments are filled in by the caller. */
  static restore(header: ClassifyHeader, data: TaskData | undefined): ClassifyRun {
    const config = resolveClassify(header.config);
    const { tokenizer, labels, progress } = header;
    const source = data ?? header.data;
    const parts = source === undefined ? undefined : read(source, config);
    const description = { tokenizer, labels, ...(header.data === undefined ? {} : { data: header.data }) };
    return new ClassifyRun(config, description, parts, progress);
  }

  private constructor(
    config: ClassifyConfig,
    description: Description,
    parts: Parts<LabelledText> | undefined,
    progress?: RunProgress,
  ) {
    const tokenizer = new VocabularyTokenizer(description.tokenizer);
    const labels = new Vocabulary(description.labels);
    const encode = encoder(tokenizer, labels);
    super(config, mapParts(parts, encode), progress);
    this.config = config;
    this.#description = description;
    this.tokenizer = tokenizer;
    this.labels = labels;
    const { cell, embeddingSize, hiddenSize, numLayers, bidirectional, pooling, dropout, seed } = config;
    this.model = this.learn(
      new SequenceClassifier({
        vocabularySize: tokenizer.size,
        numClasses: labels.size,
        cell,
        embeddingSize,
        hiddenSize,
        numLayers,
        bidirectional,
        pooling,
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

  /** Examples of another table with the columns `text` and `label`. @throws DataError for a label the run does not know */
  protected encoded(data: TaskData): EncodedText[] {
    const encode = encoder(this.tokenizer, this.labels);
    const examples = 'task' in data ? read(data, this.config).validation : labelledTexts(tableOf(data));
    return examples.map(encode);
  }

  override predict(texts: readonly string[]): Prediction[] {
    return super.predict(texts).map((said) => ({ ...said, tokens: this.tokenizer.split(said.input) }));
  }

  protected inputOf({ text }: EncodedText): string {
    return text;
  }

  protected reading(text: string): Tokens {
    return { ids: encodeText(this.tokenizer, text) };
  }

  protected logits(batch: readonly Tokens[]): Tensor<[number, number]> {
    const rows = batch.map((example) => example.ids);
    const { matrix, lengths } = idMatrix(rows, this.tokenizer.special.pad);
    return this.model.forward(matrix, lengths);
  }
}

function read(data: TaskData, config: ClassifyConfig): Parts<LabelledText> {
  return examplesFrom(
    data,
    'classify',
    (table) => labelledTexts(table),
    config.validationFraction,
    config.seed,
  );
}

function encoder(tokenizer: VocabularyTokenizer, labels: Vocabulary) {
  return ({ text, label }: LabelledText): EncodedText => {
    const encoded = encodeText(tokenizer, text);
    const id = labels.require(label);
    return {
      text,
      ids: encoded,
      label: id,
      length: encoded.length,
      predictions: 1,
      numbers: [...encoded, id],
    };
  };
}
