/** A run that learns numbers from numbers: a value at the end (many-to-one) or at every step (many-to-many). */
import type { SeriesPair } from '../data/examples.js';
import { seriesPairs, seriesWindows } from '../data/series.js';
import type { Table } from '../data/table.js';
import { DataError } from '../errors.js';
import { SequenceClassifier } from '../models/sequence-classifier.js';
import { Tagger } from '../models/tagger.js';
import { mseLoss } from '../ops/loss.js';
import { RandomStream } from '../random.js';
import { scope, type Tensor, tensor } from '../tensor.js';
import type { Header } from './checkpoint.js';
import { type Encoded, ExamplesRun, type Parts, type Prediction, type Tally } from './examples-run.js';
import type { RunProgress } from './run.js';
import { type ForecastConfig, resolveForecast } from './task-config.js';
import { examplesFrom, type GeneratedData, type TaskData, tableOf } from './task-data.js';

interface EncodedSeries extends Encoded {
  readonly pair: SeriesPair;
}

/** What a checkpoint holds beside weights and progress. */
interface Description {
  /** I */
  readonly inputSize: number;
  /** O */
  readonly targetSize: number;
  /** True when every step has a target, false when only the end has. */
  readonly everyStep: boolean;
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
    const description = { ...sizesOf(first), ...('task' in data ? { data } : {}) };
    return new ForecastRun(config, description, parts);
  }

  /** A run as a checkpoint describes it; weights and moments are filled in by the caller. */
  static restore(header: ForecastHeader, data: TaskData | undefined): ForecastRun {
    const config = resolveForecast(header.config);
    const { inputSize, targetSize, everyStep, progress } = header;
    const source = data ?? header.data;
    const parts = source === undefined ? undefined : read(source, config);
    const made = header.data === undefined ? {} : { data: header.data };
    return new ForecastRun(config, { inputSize, targetSize, everyStep, ...made }, parts, progress);
  }

  private constructor(
    config: ForecastConfig,
    description: Description,
    parts: Parts<SeriesPair> | undefined,
    progress?: RunProgress,
  ) {
    const encode = encoder(description);
    super(
      config,
      parts && { train: parts.train.map(encode), validation: parts.validation.map(encode) },
      progress,
    );
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
    const { inputSize } = this.#description;
    return texts.map((text) => {
      const inputs = numbersOf(text);
      if (inputs.length === 0 || inputs.length % inputSize !== 0) {
        throw new DataError(
          `predict: a series must have a multiple of ${inputSize} numbers, got ${inputs.length}`,
        );
      }
      const numbers = this.inference(() =>
        scope(() => Array.from(this.#outputs([{ inputs, length: inputs.length / inputSize }]).data)),
      );
      return { input: text, output: numbers.map((value) => value.toPrecision(5)).join(' '), numbers };
    });
  }

  protected lossOf(batch: readonly EncodedSeries[]): Tensor {
    const outputs = this.#outputs(batch.map(({ pair, length }) => ({ inputs: pair.inputs, length })));
    const { values, mask } = this.#targets(batch, outputs.shape);
    return mseLoss(outputs, values, mask === undefined ? {} : { mask });
  }

  protected inputOf({ pair }: EncodedSeries): string {
    return Array.from(pair.inputs, (value) => value.toPrecision(5)).join(' ');
  }

  protected tally(): Tally<EncodedSeries> {
    let squares = 0;
    let absolute = 0;
    let count = 0;
    let sum = 0;
    let sumOfSquares = 0;
    return {
      add: (batch) => {
        const outputs = this.#outputs(batch.map(({ pair, length }) => ({ inputs: pair.inputs, length })));
        const { data } = outputs;
        const { targetSize: O, everyStep } = this.#description;
        let total = 0;
        for (const [b, { pair }] of batch.entries()) {
          for (let e = 0; e < pair.targets.length; e += 1) {
            const step = Math.floor(e / O);
            const at = everyStep ? (step * batch.length + b) * O + (e % O) : b * O + e;
            const difference = data[at]! - pair.targets[e]!;
            total += difference * difference;
            absolute += Math.abs(difference);
            sum += pair.targets[e]!;
            sumOfSquares += pair.targets[e]! ** 2;
          }
          count += pair.targets.length;
        }
        squares += total;
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
  #outputs(batch: readonly { readonly inputs: Float64Array; readonly length: number }[]): Tensor {
    const { inputSize: I } = this.#description;
    const B = batch.length;
    const time = batch.reduce((most, { length }) => Math.max(most, length), 1);
    const steps = new Float64Array(time * B * I);
    for (const [b, { inputs, length }] of batch.entries()) {
      for (let t = 0; t < length; t += 1) {
        steps.set(inputs.subarray(t * I, (t + 1) * I), (t * B + b) * I);
      }
    }
    return this.model.forward(
      tensor(steps, [time, B, I]),
      batch.map(({ length }) => length),
    );
  }

  /** Targets in the shape of the outputs; a mask where rows differ in length. */
  #targets(batch: readonly EncodedSeries[], shape: readonly number[]) {
    const { targetSize: O, everyStep } = this.#description;
    const B = batch.length;
    const values = new Float64Array(shape.reduce((product, n) => product * n, 1));
    const mask = new Float64Array(values.length);
    for (const [b, { pair }] of batch.entries()) {
      for (let e = 0; e < pair.targets.length; e += 1) {
        const at = everyStep ? (Math.floor(e / O) * B + b) * O + (e % O) : b * O + e;
        values[at] = pair.targets[e]!;
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

function sizesOf({ inputs, inputSize, targets, targetSize }: SeriesPair): Omit<Description, 'data'> {
  const steps = inputs.length / inputSize;
  return { inputSize, targetSize, everyStep: steps > 1 && targets.length === steps * targetSize };
}

function encoder({ inputSize, targetSize, everyStep }: Description): (pair: SeriesPair) => EncodedSeries {
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
    return { pair, length, predictions: told, numbers: bitsOf(pair) };
  };
}

/** The numbers' bits as whole numbers, so that equal series have equal hashes. */
function bitsOf({ inputs, targets }: SeriesPair): number[] {
  const all = Float64Array.of(...inputs, ...targets);
  return [...new Int32Array(all.buffer)];
}

function numbersOf(text: string): Float64Array {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  const numbers = words.map(Number);
  const bad = numbers.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new DataError(`predict: a series must be numbers, got ${JSON.stringify(words[bad])} at ${bad}`);
  }
  return Float64Array.from(numbers);
}
