/** A run that learns the class of a series of measurements: many-to-one from numbers (question 1a). */
import type { LabelledSeries } from '../data/examples.js';
import { padSteps } from '../data/padding.js';
import { bitsOf, labelledSeries, seriesOf, textOf } from '../data/series.js';
import { tasks } from '../data/tasks/index.js';
import { Vocabulary } from '../data/vocabulary.js';
import { DataError } from '../errors.js';
import { SequenceClassifier } from '../models/sequence-classifier.js';
import { RandomStream } from '../random.js';
import { type Tensor, tensor } from '../tensor.js';
import type { Header } from './checkpoint.js';
import { mapParts, type Parts } from './examples-run.js';
import { type Labelled, LabelsRun, labelsOf } from './labels-run.js';
import type { RunProgress } from './run.js';
import { type Standardization, standardizationOf, standardized } from './standardization.js';
import { type ClassifySeriesConfig, resolveClassifySeries } from './task-config.js';
import { examplesFrom, type GeneratedData, type TaskData, tableOf } from './task-data.js';

/** [T, I], row by row, as the model reads them. */
interface Steps {
  readonly steps: Float64Array;
}

interface EncodedSeries extends Labelled, Steps {
  readonly series: LabelledSeries;
}

/** What a checkpoint holds beside weights and progress. */
interface Description {
  /** I */
  readonly inputSize: number;
  readonly labels: readonly string[];
  /** Of the training part's inputs, with `standardize`. */
  readonly inputs?: Standardization;
  /** How the examples are made, where they are. */
  readonly data?: GeneratedData;
}

export interface ClassifySeriesHeader extends Header, Description {
  readonly config: ClassifySeriesConfig;
}

export class ClassifySeriesRun extends LabelsRun<Steps, EncodedSeries> {
  readonly config: ClassifySeriesConfig;
  readonly labels: Vocabulary;
  readonly model: SequenceClassifier;
  readonly #description: Description;

  /** @throws DataError for data that does not fit, ArgumentError for a bad config */
  static create(data: TaskData, given: Partial<ClassifySeriesConfig> = {}): ClassifySeriesRun {
    const config = resolveClassifySeries(given);
    const parts = read(data, config);
    const all = [...parts.train, ...parts.validation];
    if (all.length === 0) throw new DataError('train: there must be at least one example, got none');
    const inputSize = all[0]!.featureSize;
    const series = parts.train.map(({ features }) => features);
    const description = {
      inputSize,
      labels: labelsOf(all),
      ...(config.standardize ? { inputs: standardizationOf(series, inputSize) } : {}),
      ...('task' in data ? { data } : {}),
    };
    return new ClassifySeriesRun(config, description, parts);
  }

  /** A run as a checkpoint describes it; weights and moments are filled in by the caller. */
  static restore(header: ClassifySeriesHeader, data: TaskData | undefined): ClassifySeriesRun {
    const config = resolveClassifySeries(header.config);
    const { inputSize, labels, inputs, data: made, progress } = header;
    const source = data ?? made;
    const parts = source === undefined ? undefined : read(source, config);
    const description = { inputSize, labels, ...(inputs && { inputs }), ...(made && { data: made }) };
    return new ClassifySeriesRun(config, description, parts, progress);
  }

  private constructor(
    config: ClassifySeriesConfig,
    description: Description,
    parts: Parts<LabelledSeries> | undefined,
    progress?: RunProgress,
  ) {
    const labels = new Vocabulary(description.labels);
    const encode = encoder(description, labels);
    super(config, mapParts(parts, encode), progress);
    this.config = config;
    this.#description = description;
    this.labels = labels;
    const { cell, hiddenSize, numLayers, bidirectional, pooling, dropout, seed } = config;
    this.model = this.learn(
      new SequenceClassifier({
        inputSize: description.inputSize,
        numClasses: labels.size,
        cell,
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

  /** Examples of another table with the columns `inputs` and `label`. @throws DataError for a label the run does not know */
  protected encoded(data: TaskData): EncodedSeries[] {
    const examples = 'task' in data ? read(data, this.config).validation : labelledSeries(tableOf(data));
    return examples.map(encoder(this.#description, this.labels));
  }

  protected inputOf({ series: { features, featureSize } }: EncodedSeries): string {
    return textOf(features, featureSize);
  }

  /** Numbers separated by spaces, steps by `;` where a step has several. */
  protected reading(input: string): Steps {
    const { inputSize, inputs } = this.#description;
    return { steps: standardized(seriesOf(input, inputSize), inputs) };
  }

  protected logits(batch: readonly Steps[]): Tensor<[number, number]> {
    const { inputSize } = this.#description;
    const rows = batch.map(({ steps }) => steps);
    const { steps, lengths, time } = padSteps(rows, inputSize);
    return this.model.forward(tensor(steps, [time, batch.length, inputSize]), lengths);
  }
}

/** True for examples that are numbers with a class: a task of measurements, or a table with the columns `inputs` and `label`. */
export function isLabelledSeries(data: TaskData): boolean {
  if ('task' in data) return Object.hasOwn(tasks, data.task) && kindOf(data.task) === 'classify-series';
  const { columns } = tableOf(data);
  return columns.includes('inputs') && !columns.includes('text');
}

function kindOf(task: string): string {
  return tasks[task as keyof typeof tasks].kind;
}

function read(data: TaskData, { validationFraction, seed }: ClassifySeriesConfig): Parts<LabelledSeries> {
  return examplesFrom(data, 'classify-series', (table) => labelledSeries(table), validationFraction, seed);
}

function encoder({ inputSize, inputs }: Description, labels: Vocabulary) {
  return (series: LabelledSeries): EncodedSeries => {
    const { features, featureSize, label } = series;
    if (featureSize !== inputSize) {
      throw new DataError(`classify: every series must have ${inputSize} numbers a step, got ${featureSize}`);
    }
    const id = labels.require(label);
    return {
      series,
      steps: standardized(features, inputs),
      label: id,
      length: features.length / featureSize,
      predictions: 1,
      numbers: [...bitsOf(features), id],
    };
  };
}
