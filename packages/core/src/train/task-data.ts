/** Where the examples of a run come from: a generated task, or a table that is split by the seed. */

import { shuffle } from '../data/buckets.js';
import { parseCsv } from '../data/csv.js';
import { parseJsonLines } from '../data/json-lines.js';
import type { Table } from '../data/table.js';
import { tasks } from '../data/tasks/index.js';
import { type Task, take } from '../data/tasks/task.js';
import { ArgumentError } from '../errors.js';
import { RandomStream } from '../random.js';
import type { Parts } from './examples-run.js';

/** Examples made by a task of `@hw5/core/data`. Kept in checkpoints: such a run needs nothing else to go on. */
export interface GeneratedData {
  readonly task: string;
  /** Training examples. Defaults to 4000. */
  readonly train?: number;
  /** Validation examples, none of which is among the others. Defaults to 500. */
  readonly validation?: number;
  /** Defaults to 0. */
  readonly seed?: number;
  /** The task's own. */
  readonly options?: object;
}

/** The text of a table. */
export interface TableData {
  readonly table: string;
  readonly format: 'csv' | 'jsonl';
  /** What errors call it. */
  readonly name?: string;
}

export type TaskData = GeneratedData | TableData;

/**
 * @param read - examples of a table's rows
 * @param fraction - of a table's rows, for validation
 * @throws ArgumentError for an unknown task or one of another kind, DataError for a bad table
 */
export function examplesFrom<T>(
  data: TaskData,
  kind: Task<T, object>['kind'],
  read: (table: Table) => readonly T[],
  fraction: number,
  seed: number,
): Parts<T> {
  if ('task' in data) return generated(data, kind);
  const examples = shuffle([...read(tableOf(data))], new RandomStream(seed, 'split'));
  const cut = examples.length - Math.floor(examples.length * fraction);
  return { train: examples.slice(0, cut), validation: examples.slice(cut) };
}

export function tableOf({ table, format, name = format }: TableData): Table {
  return format === 'csv' ? parseCsv(table, { name }) : parseJsonLines(table, name);
}

function generated<T>(data: GeneratedData, kind: Task<T, object>['kind']): Parts<T> {
  const { train = 4000, validation = 500, seed = 0, options = {} } = data;
  const of = Object.entries(tasks).filter(([, task]) => (task as Task<T, object>).kind === kind);
  const task = of.find(([name]) => name === data.task)?.[1] as Task<T, object> | undefined;
  if (task === undefined) {
    // Texts and numbers are classified by the same name.
    const learner = kind.replace(/-series$/, '');
    const names = Object.entries(tasks)
      .filter(([, { kind: other }]) => other.replace(/-series$/, '') === learner)
      .map(([name]) => name);
    throw new ArgumentError(`task: must be one of ${names.join(', ')} for ${learner}, got ${data.task}`);
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(task.defaults, name)) continue;
    const known = Object.keys(task.defaults).join(', ');
    throw new ArgumentError(`${data.task}: options must be among ${known}, got ${name}`);
  }
  const part = (split: 'train' | 'validation', count: number): T[] =>
    take(task, { count, seed, split, options });
  return { train: part('train', train), validation: part('validation', validation) };
}
