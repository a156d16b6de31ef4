/** What a run learns from, as the command line names it: a text, a table or a generated task. */
import { extname, isAbsolute, join } from 'node:path';
import type { GeneratedData, RunData, RunTask } from '@hw5/core';
import { CliError } from '../errors.js';
import type { RunConfig } from '../run/config.js';
import type { RunFiles } from '../run/folder.js';
import { readText, sampleName, type Text } from '../text.js';
import type { TrainPlan } from './plan.js';

export interface DataSource {
  readonly data: RunData;
  /** For the run's name. */
  readonly name: string;
  /** How to find it again. */
  readonly record: RunConfig['data'];
  /** What came through a pipe and must be kept. */
  readonly copy: Uint8Array | undefined;
}

/** @throws CliError when it cannot be read */
export async function newSource({ task, data, generated }: TrainPlan): Promise<DataSource> {
  const made = data === undefined ? generated : undefined;
  if (made !== undefined) return generatedSource(made);
  const text = await readText(data ?? sampleName);
  return {
    data: dataOf(task, text),
    name: text.name,
    record: { source: text.source ?? 'text.txt', sha256: text.sha256 },
    copy: text.source === undefined ? text.bytes : undefined,
  };
}

/** The data of a run, again. @throws CliError when it is no longer what it was */
export async function sameSource(
  data: string | undefined,
  { task, data: record }: RunConfig,
  files: RunFiles,
): Promise<RunData | undefined> {
  if ('generated' in record) {
    if (data === undefined) return undefined;
    throw new CliError('RUN', `resume: data must stay the task ${record.generated.task}, got ${data}`);
  }
  if ('imported' in record) {
    throw new CliError(
      'RUN',
      `data: the run must have a text of its own, got weights of ${record.imported} alone`,
      `evaluate it with --data, or import it again with --data to train it`,
    );
  }
  const { source, sha256 } = record;
  const path = source === sampleName || isAbsolute(source) ? source : join(files.folder, source);
  const text = await readText(data ?? path);
  if (text.sha256 === sha256) return dataOf(task, text);
  throw new CliError(
    'RUN',
    `resume: text must be the one the run began with (SHA-256 ${sha256.slice(0, 12)}...), got ${text.sha256.slice(0, 12)}... in ${data ?? path}`,
    'restore it, name a copy with --data, or start a new run',
  );
}

/** A text as its task reads it. A table is JSON lines when its name or its first sign says so, else CSV. */
export function dataOf(task: RunTask, { text, name, source }: Text): RunData {
  if (task === 'char-lm') return text;
  const ending = source === undefined ? '' : extname(source).toLowerCase();
  const lines = /^\.(jsonl|ndjson|json)$/.test(ending) || (!/^\.[ct]sv$/.test(ending) && /^\s*\{/.test(text));
  return { table: text, format: lines ? 'jsonl' : 'csv', name: `${name}${ending}` };
}

function generatedSource(generated: GeneratedData): DataSource {
  return { data: generated, name: generated.task, record: { generated }, copy: undefined };
}
