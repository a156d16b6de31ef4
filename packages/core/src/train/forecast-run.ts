/** A run that learns numbers from numbers: a value at the end (many-to-one) or at every step (many-to-many). */
import type { SeriesPair } from '../data/examples.js';
import { padSteps } from '../data/padding.js';
import { bitsOf, seriesOf, seriesPairs, seriesWindows, textOf } from '../data/series.js';
import type { Table } from '../data/table.js';
import { DataError } from '../errors.js';
import { SequenceClassifier } from '../models/sequence-classifier.js';
import { Tagger } from '../models/tagger.js';
import { mseLoss } from '../ops/loss.js';
import { RandomStream } from '../random.js';
import { scope, type Tensor, tensor } from '../tensor.js';
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
import { restored, type Standardization, standardizationOf, standardized } from './standardization.js';
import { type ForecastConfig, resolveForecast } from './task-config.js';
import { examplesFrom, type GeneratedData, type TaskData, tableOf } from './task-data.js';

interface EncodedSeries extends Encoded {
  readonly pair: SeriesPair;
  /** As the model reads and learns them. */
  readonly inputs: Float64Array;
  readonly targets: Float64Array;
}

/** What a checkpoint holds beside weights and progress. */
interface Description {
  /** I */
  readonly inputSize: number;
  /** O */
  readonly targetSize: number;
  /** True when every step has a target, false when only the end has. */
  readonly everyStep: boolean;
  /** Of the training part, with `standardize`. */
  readonly scaling?: { readonly inputs: Standardization; readonly targets: Standardization };
  /** How the examples are made, where they are. */
  readonly data?: GeneratedData;
}

export interface ForecastHeader extends Header, Description {
  readonly config: ForecastConfig;
}

export class ForecastRun extends ExamplesRun<EncodedSeries> {
  readonly task = 'forecast';
  readonly config: ForecastConfig;
  readonly model: SequenceClassifier | Tagger;
  readonly #description: Description;

  /** @throws DataError for data that does not fit, ArgumentError for a bad config */
  static create(data: TaskData, given: Partial<ForecastConfig> = {}): ForecastRun {
    const config = resolveForecast(given);
    const parts = read(data, config);
    const first = parts.train[0] ?? parts.validation[0];
    if (first === undefined) throw new DataError('train: there must be at least one example, got none');
    const sizes = sizesOf(first);
    const description = {
      ...sizes,
      ...(config.standardize ? { scaling: scalingOf(parts.train, sizes) } : {}),
      ...('task' in data ? { data } : {}),
    };
    return new ForecastRun(config, description, parts);
  }

  /** A run as a checkpoint describes it; weights and moments are filled in by the caller. */
  static restore(header: ForecastHeader, data: TaskData | undefined): ForecastRun {
    // Runs of before there was a choice learn the numbers as they are.
    const { standardize = false } = header.config as Partial<ForecastConfig>;
    const config = resolveForecast({ ...header.config, standardize });
    const { inputSize, targetSize, everyStep, scaling, progress } = header;
    const source = data ?? header.data;
    const parts = source === undefined ? undefined : read(source, config);
    const made = { ...(scaling && { scaling }), ...(header.data && { data: header.data }) };
    return new ForecastRun(config, { inputSize, targetSize, everyStep, ...made }, parts, progress);
  }

  private constructor(
    config: ForecastConfig,
    description: Description,
    parts: Parts<SeriesPair> | undefined,
    progress?: RunProgress,
  ) {
    const encode = encoder(description);
    super(config, mapParts(parts, encode), progress);
    this.config = config;
    this.#description = description;
    const { cell, hiddenSize, numLayers, bidirectional, pooling, dropout, seed } = config;
    const { inputSize, targetSize: numClasses, everyStep } = description;
    const random = new RandomStream(seed, 'init');
    const options = {
      ...{ inputSize, numClasses, cell, hiddenSize, numLayers, bidirectional, dropout },
      ...{ random, dropoutRandom: this.random.dropout },
    };
    this.model = this.learn(
      everyStep ? new Tagger(options) : new SequenceClassifier({ ...options, pooling }),
      config,
    );
  }

  describe(): Description {
    return this.#description;
  }

  /** Examples of another table with the columns `inputs` and `targets`. @throws DataError for other sizes */
  protected encoded(data: TaskData): EncodedSeries[] {
    const examples =
      'task' in data ? read(data, this.config).validation : pairsOf(tableOf(data), this.config);
    return examples.map(encoder(this.#description));
  }

  /** Series as text: numbers separated by spaces, steps by `;` where a step has several. */
  predict(texts: readonly string[]): Prediction[] {
    const { inputSize, scaling } = this.#description;
    return texts.map((text) => {
      const inputs = standardized(seriesOf(text, inputSize), scaling?.inputs);
      const numbers = this.inference(() =>
        scope(() => restored(this.#outputs([{ inputs }]).data, scaling?.targets)),
      );
      return { input: text, output: numbers.map((value) => value.toPrecision(5)).join(' '), numbers };
    });
  }

  protected lossOf(batch: readonly EncodedSeries[]): Tensor {
    const outputs = this.#outputs(batch);
    const { values, mask } = this.#targets(batch, outputs.shape);
    return mseLoss(outputs, values, mask === undefined ? {} : { mask });
  }

  protected inputOf({ pair }: EncodedSeries): string {
    return textOf(pair.inputs, pair.inputSize);
  }

  protected tally(): Tally<EncodedSeries> {
    let squares = 0;
    let absolute = 0;
    let count = 0;
    let sum = 0;
    let sumOfSquares = 0;
    return {
      add: (batch) => {
        const outputs = this.#outputs(batch);
        const { data } = outputs;
        const { targetSize: O, everyStep, scaling } = this.#description;
        let total = 0;
        for (const [b, { pair, targets }] of batch.entries()) {
          for (let e = 0; e < pair.targets.length; e += 1) {
            const step = Math.floor(e / O);
            const at = everyStep ? (step * batch.length + b) * O + (e % O) : b * O + e;
            const learned = data[at]! - targets[e]!;
            const difference = learned * (scaling?.targets.deviation[e % O] ?? 1);
            total += learned * learned;
            squares += difference * difference;
            absolute += Math.abs(difference);
            sum += pair.targets[e]!;
            sumOfSquares += pair.targets[e]! ** 2;
          }
          count += pair.targets.length;
        }
        return total / O;
      },
      result: () => {
        const spread = sumOfSquares - (sum * sum) / count;
        return {
          metrics: {
            rmse: Math.sqrt(squares / count),
            meanAbsoluteError: absolute / count,
            // The share of the targets' variance that is explained; always answering their mean gives 0.
            r2: spread > 0 ? 1 - squares / spread : 0,
          },
        };
      },
    };
  }

  /** [T, B, O] or [B, O] */
  #outputs(batch: readonly Pick<EncodedSeries, 'inputs'>[]): Tensor {
    const { inputSize } = this.#description;
    const rows = batch.map(({ inputs }) => inputs);
    const { steps, lengths, time } = padSteps(rows, inputSize);
    return this.model.forward(tensor(steps, [time, batch.length, inputSize]), lengths);
  }

  /** Targets in the shape of the outputs; a mask where rows differ in length. */
  #targets(batch: readonly EncodedSeries[], shape: readonly number[]) {
    const { targetSize: O, everyStep } = this.#description;
    const B = batch.length;
    const values = new Float64Array(shape.reduce((product, n) => product * n, 1));
    const mask = new Float64Array(values.length);
    for (const [b, { targets }] of batch.entries()) {
      for (let e = 0; e < targets.length; e += 1) {
        const at = everyStep ? (Math.floor(e / O) * B + b) * O + (e % O) : b * O + e;
        values[at] = targets[e]!;
        mask[at] = 1;
      }
    }
    const whole = mask.every((entry) => entry === 1);
    return { values: tensor(values, shape), mask: whole ? undefined : tensor(mask, shape) };
  }
}

function read(data: TaskData, config: ForecastConfig): Parts<SeriesPair> {
  const { validationFraction, seed } = config;
  return examplesFrom(data, 'regress', (table) => pairsOf(table, config), validationFraction, seed);
}

/** Rows that are examples, or a table of measurements whose rows are steps. */
function pairsOf(table: Table, { window }: ForecastConfig): SeriesPair[] {
  const { columns } = table;
  return columns.includes('inputs') && columns.includes('targets')
    ? seriesPairs(table)
    : seriesWindows(table, window);
}

function sizesOf({
  inputs,
  inputSize,
  targets,
  targetSize,
}: SeriesPair): Omit<Description, 'data' | 'scaling'> {
  const steps = inputs.length / inputSize;
  return { inputSize, targetSize, everyStep: steps > 1 && targets.length === steps * targetSize };
}

function scalingOf(
  pairs: readonly SeriesPair[],
  { inputSize, targetSize }: Pick<Description, 'inputSize' | 'targetSize'>,
): NonNullable<Description['scaling']> {
  const of = (side: 'inputs' | 'targets', size: number): Standardization =>
    standardizationOf(
      pairs.map((pair) => pair[side]),
      size,
    );
  return { inputs: of('inputs', inputSize), targets: of('targets', targetSize) };
}

function encoder({
  inputSize,
  targetSize,
  everyStep,
  scaling,
}: Description): (pair: SeriesPair) => EncodedSeries {
  return (pair) => {
    const length = pair.inputs.length / pair.inputSize;
    const told = everyStep ? length : 1;
    if (
      pair.inputSize !== inputSize ||
      pair.targetSize !== targetSize ||
      pair.targets.length !== told * targetSize
    ) {
      throw new DataError(
        `forecast: every series must have ${inputSize} numbers a step and ${targetSize} ${everyStep ? 'a step' : 'at the end'} to predict, got ${pair.inputs.length} and ${pair.targets.length}`,
      );
    }
    return {
      pair,
      inputs: standardized(pair.inputs, scaling?.inputs),
      targets: standardized(pair.targets, scaling?.targets),
      length,
      predictions: told,
      numbers: [...bitsOf(pair.inputs), ...bitsOf(pair.targets)],
    };
  };
}
