/** config.json: what defines a run, written once and checked when the run goes on. */
import { readFileSync } from 'node:fs';
import type { GeneratedData, RunFacts, RunTask } from '@hw5/core';
import { CliError, fileError } from '../errors.js';
import { replaceFile } from './durable.js';

/** Changes only when an older hw5 could misread the file. */
const format = 'hw5-run/1';

export interface RunConfig {
  readonly format: typeof format;
  readonly task: RunTask;
  /** Train until this many steps are done in all. */
  readonly steps: number;
  readonly model: RunFacts['config'];
  readonly precision: 'f32' | 'f64';
  readonly fast: boolean;
  readonly data:
    | {
        /** An absolute path, a path inside the run folder, or the name of the shipped sample. */
        readonly source: string;
        readonly sha256: string;
      }
    | { readonly generated: GeneratedData }
    /** Learned elsewhere: the file that the weights came from. */
    | { readonly imported: string };
  readonly checkpointEvery: number;
  readonly sampleEvery: number;
  readonly patience: number;
  readonly keepBest: boolean;
  readonly tensorboard: boolean;
}

export function runConfig(fields: Omit<RunConfig, 'format'>): RunConfig {
  return { format, ...fields };
}

export async function writeConfig(path: string, config: RunConfig): Promise<void> {
  await replaceFile('config', path, `${JSON.stringify(config, null, 2)}\n`);
}

/** Every setting by its path, such as `model.hiddenSize`. */
export function settingsOf(config: RunConfig): [string, unknown][] {
  return flatten(config, '');
}

function flatten(value: object, path: string): [string, unknown][] {
  return Object.entries(value).flatMap(([key, inner]): [string, unknown][] =>
    typeof inner === 'object' && inner !== null
      ? flatten(inner, `${path}${key}.`)
      : [[`${path}${key}`, inner]],
  );
}

/** @throws CliError RUN when the file is not the config of a run of this program. */
export function readConfig(path: string): RunConfig {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw fileError('run', path, error, 'name a folder that hw5 train made');
  }
  const config = parse(text);
  if (config === undefined) {
    throw new CliError(
      'RUN',
      `run: config.json must be one that hw5 train wrote (${format}), got another in ${path}`,
    );
  }
  return config;
}

function parse(text: string): RunConfig | undefined {
  try {
    const value = JSON.parse(text) as Partial<RunConfig> | null;
    const known =
      value?.format === format &&
      typeof value.model === 'object' &&
      isData(value.data) &&
      Number.isSafeInteger(value.steps);
    // Runs of before there was a choice.
    const model = { cell: 'lstm', ...(value?.model as Partial<RunFacts['config']>) };
    const before = { task: 'char-lm', patience: 0, keepBest: false, tensorboard: false };
    return known ? ({ ...before, ...value, model } as RunConfig) : undefined;
  } catch {
    return undefined;
  }
}

function isData(data: Partial<Record<string, unknown>> | undefined): boolean {
  if (typeof data?.source === 'string') return typeof data.sha256 === 'string';
  if (typeof data?.imported === 'string') return true;
  return typeof data?.generated === 'object' && data.generated !== null;
}

/** What a run learns from, in a word or a path. */
export function dataName(data: RunConfig['data']): string {
  if ('generated' in data) return data.generated.task;
  return 'imported' in data ? `weights of ${data.imported}` : data.source;
}
