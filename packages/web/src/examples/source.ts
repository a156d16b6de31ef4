/** What a run on examples learns from: a generated task, or somebody's own table. */
import type { RecurrentConfig, TableData, TaskData } from '@hw5/core';
import type { TrainingValues } from './rows.js';

export type ExamplesSource =
  | { readonly kind: 'generated' }
  | { readonly kind: 'table'; readonly name: string; readonly table: TableData };

export const generated: ExamplesSource = { kind: 'generated' };

/** Validation examples of a generated task: what the command line takes. */
const VALIDATION = 500;

/** The data of a new run. The command line seeds its examples with the run's seed, too. */
export function dataOf(source: ExamplesSource, { task, examples, seed }: TrainingValues): TaskData {
  if (source.kind === 'table') return source.table;
  return { task, train: examples, validation: VALIDATION, seed };
}

export function tableSource(name: string, text: string): ExamplesSource {
  const format = /\.(jsonl|ndjson)$/i.test(name) ? 'jsonl' : 'csv';
  return { kind: 'table', name, table: { table: text, format, name } };
}

/** The part of a config that all runs on examples share. */
export function configOf(values: TrainingValues): Partial<RecurrentConfig> {
  return {
    cell: values.cell,
    hiddenSize: values.hidden,
    embeddingSize: values.embed,
    batchSize: values.batch,
    learningRate: values.learningRate,
    clipNorm: values.clip,
    evaluateEvery: values.evaluateEvery,
    seed: values.seed,
  };
}

/** The settings of a loaded run, so that the form shows what is training. */
export function valuesOf(config: RecurrentConfig, description: object): Partial<TrainingValues> {
  const { data } = description as { readonly data?: { readonly task: string; readonly train?: number } };
  return {
    cell: config.cell,
    hidden: config.hiddenSize,
    embed: config.embeddingSize,
    batch: config.batchSize,
    learningRate: config.learningRate,
    clip: config.clipNorm,
    evaluateEvery: config.evaluateEvery,
    seed: config.seed,
    ...(data === undefined
      ? {}
      : { task: data.task, ...(data.train === undefined ? {} : { examples: data.train }) }),
  };
}
