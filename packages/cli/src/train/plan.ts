/** What `hw5 train` was asked to do, after its options were parsed. */
import type { GeneratedData, RunTask } from '@hw5/core';

export interface TrainPlan {
  readonly task: RunTask;
  /** Where the text or table is; undefined = the sample or a generated task, or what the resumed run learned from. */
  readonly data: string | undefined;
  /** A generated task to learn from. */
  readonly generated: GeneratedData | undefined;
  /** A tokenizer.json. */
  readonly tokenizer: string | undefined;
  readonly out: string | undefined;
  /** A run folder to continue; undefined = a new run. */
  readonly resume: string | undefined;
  /** Steps in all; undefined = the default, or what the resumed run was meant to reach. */
  readonly steps: number | undefined;
  /** Passes over the examples, in place of steps. */
  readonly epochs: number | undefined;
  /** Only what was given by the user, by the core's names; the core knows the defaults. */
  readonly model: Settings;
  readonly precision: 'f32' | 'f64' | undefined;
  readonly fast: boolean | undefined;
  /** How often training goes on from the last checkpoint after its worker was lost. */
  readonly restarts: number;
  readonly checkpointEvery: number | undefined;
  readonly sampleEvery: number | undefined;
  /** Validations without a better one after which training stops; 0 = never. */
  readonly patience: number | undefined;
  /** Keep the checkpoint of the best validation beside the last. */
  readonly keepBest: boolean | undefined;
  /** Write TensorBoard events beside the metrics. */
  readonly tensorboard: boolean | undefined;
  /** Address of an MLflow server to report to; undefined = where the resumed run reports already, or nowhere. */
  readonly mlflow: string | undefined;
  readonly mlflowExperiment: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Hyper-parameters by the core's names. */
export type Settings = Readonly<Record<string, unknown>>;

/** Defaults of what the core does not decide. */
export const planDefaults = {
  steps: 400,
  precision: 'f32',
  fast: false,
  restarts: 3,
  checkpointEvery: 100,
  sampleEvery: 0,
  patience: 0,
} as const;

/** What a task learns when nothing is given, and for how long: results that are good after about a minute on two cores. */
export const taskDefaults: Readonly<
  Record<RunTask, { readonly generated?: GeneratedData; readonly epochs?: number }>
> = {
  'char-lm': {},
  classify: { generated: { task: 'sentiment' }, epochs: 4 },
  tag: { generated: { task: 'part-of-speech' }, epochs: 4 },
  seq2seq: { generated: { task: 'dates', train: 8000 }, epochs: 3 },
  forecast: { generated: { task: 'mackey-glass', train: 1000, validation: 200 }, epochs: 10 },
};

/** The flag of each hyper-parameter, for messages that name it. */
export const modelFlags: Readonly<Record<string, string>> = {
  cell: '--cell',
  hiddenSize: '--hidden',
  embeddingSize: '--embed',
  numLayers: '--layers',
  numHeads: '--heads',
  positions: '--positions',
  maxWords: '--max-words',
  window: '--window',
  standardize: '--standardize',
  bidirectional: '--bidirectional',
  pooling: '--pooling',
  unit: '--unit',
  attention: '--attention',
  beam: '--beam',
  dropout: '--dropout',
  batchSize: '--batch',
  sequenceLength: '--seq',
  learningRate: '--lr',
  rateChanges: '--lr-at',
  optimizer: '--optimizer',
  momentum: '--momentum',
  weightDecay: '--weight-decay',
  labelSmoothing: '--label-smoothing',
  scheduledSampling: '--scheduled-sampling',
  samplingSteps: '--scheduled-sampling',
  schedule: '--schedule',
  clipNorm: '--clip',
  seed: '--seed',
  validationFraction: '--val-fraction',
  evaluateEvery: '--eval-every',
  batching: '--batching',
  workers: '--workers',
};
