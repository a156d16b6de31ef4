/** What `hw5 train` was asked to do, after its options were parsed. */
import type { CharLMConfig } from '@hw5/core';

export interface TrainPlan {
  /** Where the text is; undefined = the sample, or what the resumed run trained on. */
  readonly data: string | undefined;
  readonly out: string | undefined;
  /** A run folder to continue; undefined = a new run. */
  readonly resume: string | undefined;
  /** Steps in all; undefined = the default, or what the resumed run was meant to reach. */
  readonly steps: number | undefined;
  /** Only what was given by the user; the core knows the defaults. */
  readonly model: Partial<CharLMConfig>;
  readonly precision: 'f32' | 'f64' | undefined;
  readonly fast: boolean | undefined;
  /** How often training goes on from the last checkpoint after its worker was lost. */
  readonly restarts: number;
  readonly checkpointEvery: number | undefined;
  readonly sampleEvery: number | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Defaults of what the core does not decide. */
export const planDefaults = {
  steps: 400,
  precision: 'f32',
  fast: false,
  restarts: 3,
  checkpointEvery: 100,
  sampleEvery: 0,
} as const;

/** The flag of each hyper-parameter, for messages that name it. */
export const modelFlags: Readonly<Record<keyof CharLMConfig, string>> = {
  cell: '--cell',
  hiddenSize: '--hidden',
  embeddingSize: '--embed',
  numLayers: '--layers',
  dropout: '--dropout',
  batchSize: '--batch',
  sequenceLength: '--seq',
  learningRate: '--lr',
  clipNorm: '--clip',
  seed: '--seed',
  validationFraction: '--val-fraction',
  evaluateEvery: '--eval-every',
  batching: '--batching',
  workers: '--workers',
};
