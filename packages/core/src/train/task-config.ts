/** Defaults and domains of runs that learn from examples. */
import type { Unit } from '../data/tokenizer.js';
import {
  boolean,
  type Domains,
  half,
  layers,
  learningDefaults,
  oneOf,
  probability,
  real,
  resolve,
  size,
  trainingDomains,
  whole,
} from './domains.js';
import type { TrainingConfig } from './run.js';

/** What every model of sequences here is made of. */
export interface RecurrentConfig extends TrainingConfig {
  /** Defaults to `'lstm'`. */
  readonly cell: 'rnn' | 'gru' | 'lstm';
  /** E, size of a token's vector. Defaults to 32. */
  readonly embeddingSize: number;
  /** H, units per layer and direction. Defaults to 64. */
  readonly hiddenSize: number;
  /** Stacked layers. Defaults to 1. */
  readonly numLayers: number;
  /** Dropout between layers and before the output, in [0, 1). Defaults to 0. */
  readonly dropout: number;
  /** Share of a table's rows kept for validation, in [0, 0.5]; generated tasks have a part of their own. Defaults to 0.1. */
  readonly validationFraction: number;
}

export interface ClassifyConfig extends RecurrentConfig {
  /** A second direction that reads from the end. Defaults to false. */
  readonly bidirectional: boolean;
  /** How the states become one: the last, their mean or maximum, or weighted by attention. Defaults to `'last'`. */
  readonly pooling: 'last' | 'mean' | 'max' | 'attention';
  /** What a token is. Defaults to `'words'`. */
  readonly unit: Unit;
}

/** Classes of series of numbers; there is no embedding. */
export interface ClassifySeriesConfig extends RecurrentConfig {
  /** A second direction that reads from the end. Defaults to false. */
  readonly bidirectional: boolean;
  /** How the states become one: the last, their mean or maximum, or weighted by attention. Defaults to `'last'`. */
  readonly pooling: 'last' | 'mean' | 'max' | 'attention';
  /** Inputs are read with mean 0 and deviation 1, of the training part. Defaults to true. */
  readonly standardize: boolean;
}

export interface TagConfig extends RecurrentConfig {
  /** A second direction that reads from the end. Defaults to true. */
  readonly bidirectional: boolean;
}

export interface Seq2SeqConfig extends RecurrentConfig {
  /** The encoder reads in both directions. Defaults to true. */
  readonly bidirectional: boolean;
  /** How the decoder looks at the source (Bahdanau's or Luong's score). Defaults to `'additive'`. */
  readonly attention: 'additive' | 'dot';
  /** What a token is. Defaults to `'characters'`. */
  readonly unit: Unit;
  /** Hypotheses kept when it is asked; 1 = greedy. Defaults to 1. */
  readonly beam: number;
  /**
   * Scheduled sampling: the probability, in [0, 1], that the decoder reads its own likeliest token in training instead
   * of the right one. Defaults to 0: teacher forcing.
   */
  readonly scheduledSampling: number;
  /** Steps over which that probability grows from 0, in a straight line; 0 = at once. Defaults to 0. */
  readonly samplingSteps: number;
}

export interface ForecastConfig extends RecurrentConfig {
  /** A second direction that reads from the end. Defaults to false. */
  readonly bidirectional: boolean;
  /** How the states become one where only the end is told. Defaults to `'last'`. */
  readonly pooling: 'last' | 'mean' | 'max' | 'attention';
  /** Steps of an example cut from a long series. Defaults to 50. */
  readonly window: number;
  /**
   * Inputs and targets are learned with mean 0 and deviation 1, of the training part, and told in their own units. The loss
   * is of what is learned. Defaults to true.
   */
  readonly standardize: boolean;
}

const recurrentDefaults = {
  ...learningDefaults,
  cell: 'lstm',
  embeddingSize: 32,
  hiddenSize: 64,
  numLayers: 1,
  dropout: 0,
  validationFraction: 0.1,
  batchSize: 32,
  learningRate: 0.005,
  clipNorm: 1,
  evaluateEvery: 100,
  workers: 1,
  seed: 0,
} as const;

const recurrentDomains: Domains<RecurrentConfig> = {
  cell: oneOf('rnn', 'gru', 'lstm'),
  embeddingSize: size,
  hiddenSize: size,
  numLayers: layers,
  dropout: probability,
  validationFraction: half,
  ...trainingDomains,
};

export const classifyDefaults: ClassifyConfig = {
  ...recurrentDefaults,
  bidirectional: false,
  pooling: 'last',
  unit: 'words',
};

export const tagDefaults: TagConfig = { ...recurrentDefaults, bidirectional: true };

/** @throws ArgumentError naming the first setting outside its domain, or unknown */
export function resolveClassify(given: Partial<ClassifyConfig>): ClassifyConfig {
  return resolve(
    {
      ...recurrentDomains,
      bidirectional: boolean,
      pooling: oneOf('last', 'mean', 'max', 'attention'),
      unit: oneOf('characters', 'words'),
    },
    classifyDefaults,
    given,
  );
}

export const classifySeriesDefaults: ClassifySeriesConfig = {
  ...recurrentDefaults,
  bidirectional: false,
  pooling: 'last',
  standardize: true,
};

/** @throws ArgumentError naming the first setting outside its domain, or unknown */
export function resolveClassifySeries(given: Partial<ClassifySeriesConfig>): ClassifySeriesConfig {
  return resolve(
    {
      ...recurrentDomains,
      bidirectional: boolean,
      pooling: oneOf('last', 'mean', 'max', 'attention'),
      standardize: boolean,
    },
    classifySeriesDefaults,
    given,
  );
}

export const seq2seqDefaults: Seq2SeqConfig = {
  ...recurrentDefaults,
  cell: 'gru',
  bidirectional: true,
  attention: 'additive',
  unit: 'characters',
  beam: 1,
  scheduledSampling: 0,
  samplingSteps: 0,
};

/** @throws ArgumentError naming the first setting outside its domain, or unknown */
export function resolveSeq2Seq(given: Partial<Seq2SeqConfig>): Seq2SeqConfig {
  return resolve(
    {
      ...recurrentDomains,
      bidirectional: boolean,
      attention: oneOf('additive', 'dot'),
      unit: oneOf('characters', 'words'),
      beam: whole(1, 64),
      scheduledSampling: real('in [0, 1]', (v) => v >= 0 && v <= 1),
      samplingSteps: whole(0, Number.MAX_SAFE_INTEGER),
      // The model has one layer, and no dropout between layers that it does not have.
      numLayers: whole(1, 1),
      dropout: real('0', (v) => v === 0),
    },
    seq2seqDefaults,
    given,
  );
}

/** @throws ArgumentError naming the first setting outside its domain, or unknown */
export function resolveTag(given: Partial<TagConfig>): TagConfig {
  return resolve({ ...recurrentDomains, bidirectional: boolean }, tagDefaults, given);
}

export const forecastDefaults: ForecastConfig = {
  ...recurrentDefaults,
  bidirectional: false,
  pooling: 'last',
  window: 50,
  standardize: true,
};

/** @throws ArgumentError naming the first setting outside its domain, or unknown */
export function resolveForecast(given: Partial<ForecastConfig>): ForecastConfig {
  return resolve(
    {
      ...recurrentDomains,
      bidirectional: boolean,
      pooling: oneOf('last', 'mean', 'max', 'attention'),
      window: size,
      standardize: boolean,
      // Errors are squares of numbers: there are no classes to smooth over.
      labelSmoothing: real('0', (v) => v === 0),
    },
    forecastDefaults,
    given,
  );
}
