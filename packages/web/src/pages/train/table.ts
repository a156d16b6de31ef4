/** The page's settings, and the part of them that defines a run. */
import { type CharLMConfig, charLMDefaults } from '@hw5/core';
import { choice, line, number, pairs, toggle } from '../../state/rows.js';
import type { Values as ValuesOf } from '../../state/table.js';
import { quantities } from './gate-rows.js';

/** Longest pinned sentence, characters: one can still be told from the next. */
export const LONGEST_SENTENCE = 80;

/** Ranges are wide enough for experiments that hurt; the page says what a size costs. */
export const table = {
  cell: choice('model.cell', 'lstm', ['rnn', 'gru', 'lstm'], '--cell'),
  hidden: number('model.hidden', 128, { min: 1, max: 4096, flag: '--hidden' }),
  embed: number('model.embed', 64, { min: 1, max: 4096, flag: '--embed' }),
  layers: number('model.layers', 1, { min: 1, max: 8, flag: '--layers' }),
  dropout: number('model.dropout', 0, { min: 0, max: 0.95, whole: false, flag: '--dropout' }),
  batch: number('train.batch', 32, { min: 1, max: 1024, flag: '--batch' }),
  sequence: number('train.seq', 64, { min: 1, max: 4096, flag: '--seq' }),
  learningRate: number('train.lr', 0.002, { min: 1e-7, max: 10, whole: false, flag: '--lr' }),
  /** Rates that took over while the run trained, so that a link and the command train the same. */
  rates: pairs('train.lr-at', { maxLength: 100, min: 1e-7, max: 10, flag: '--lr-at' }),
  clip: number('train.clip', 1, { min: 0, max: 1e6, whole: false, flag: '--clip' }),
  steps: number('train.steps', 1000, { min: 1, max: 1_000_000, flag: '--steps' }),
  batching: choice('train.batching', 'stream', ['stream', 'random'], '--batching'),
  validation: number('data.val', 0.1, { min: 0, max: 0.5, whole: false, flag: '--val-fraction' }),
  evaluateEvery: number('data.eval', 100, { min: 0, max: 1_000_000, flag: '--eval-every' }),
  workers: number('train.workers', 1, { min: 1, max: 64, flag: '--workers' }),
  seed: number('seed', 0, { min: 0, max: Number.MAX_SAFE_INTEGER, flag: '--seed' }),
  sampleEvery: number('sample.every', 50, { min: 0, max: 1_000_000 }),
  prompt: line('sample.prompt', '', 500),
  length: number('sample.length', 240, { min: 1, max: 10_000 }),
  temperature: number('sample.temperature', 0.8, { min: 0, max: 10, whole: false }),
  topK: number('sample.topk', 0, { min: 0, max: 100_000 }),
  topP: number('sample.topp', 1, { min: 0.001, max: 1, whole: false }),
  sampleSeed: number('sample.seed', 0, { min: 0, max: Number.MAX_SAFE_INTEGER }),
  pauseHidden: toggle('pause-hidden', true),
  lookOpen: toggle('look', false),
  lookText: line('look.text', '', LONGEST_SENTENCE),
  lookAt: number('look.at', 5, { min: 0, max: LONGEST_SENTENCE }),
  lookQuantity: choice('look.quantity', 'h', quantities),
  lookLayer: number('look.layer', 0, { min: 0, max: 7 }),
  searchFrom: number('search.from', 0, { min: 0, max: 10_000 }),
  searchTo: number('search.to', 2, { min: 1, max: 10_000 }),
  searchThreshold: number('search.threshold', 0.3, { min: -1, max: 1, whole: false }),
  /** A run kept on this device that is to be gone on with. */
  run: line('run', '', 40),
} as const;

export type Values = ValuesOf<typeof table>;
export type SettingName = keyof typeof table;

/** The part of the settings that defines a run. */
export function modelConfig(values: Values): CharLMConfig {
  const rateChanges = values.rates.map(([step, learningRate]) => ({ step, learningRate }));
  return {
    ...charLMDefaults,
    cell: values.cell,
    embeddingSize: values.embed,
    hiddenSize: values.hidden,
    numLayers: values.layers,
    dropout: values.dropout,
    batchSize: values.batch,
    sequenceLength: values.sequence,
    batching: values.batching,
    learningRate: values.learningRate,
    clipNorm: values.clip,
    validationFraction: values.validation,
    evaluateEvery: values.evaluateEvery,
    workers: values.workers,
    seed: values.seed,
    ...(rateChanges.length === 0 ? {} : { rateChanges }),
  };
}

/** The settings of a loaded run, so that the form shows what is training. */
export function settingsOf(config: CharLMConfig): Partial<Values> {
  return {
    ...(config.cell === 'transformer' ? {} : { cell: config.cell }),
    embed: config.embeddingSize,
    hidden: config.hiddenSize,
    layers: config.numLayers,
    dropout: config.dropout,
    batch: config.batchSize,
    sequence: config.sequenceLength,
    batching: config.batching,
    learningRate: config.learningRate,
    rates: ratesOf(config),
    clip: config.clipNorm,
    validation: config.validationFraction,
    evaluateEvery: config.evaluateEvery,
    workers: config.workers,
    seed: config.seed,
  };
}

export function ratesOf({ rateChanges = [] }: CharLMConfig): Values['rates'] {
  return rateChanges.map(({ step, learningRate }) => [step, learningRate]);
}

/** The rate that a run was last given, for the update that follows `step` done ones. */
export function rateAt({ learningRate, rateChanges = [] }: CharLMConfig, step: number): number {
  return rateChanges.findLast((change) => change.step <= step)?.learningRate ?? learningRate;
}
