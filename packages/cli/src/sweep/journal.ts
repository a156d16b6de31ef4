/**
 * The sweep's journal: one JSON object a line, only appended, in the format of Optuna's JournalFileBackend (read from
 * its source, version 5.0.0), so that its dashboard and samplers read and extend it. What is in the journal has
 * happened; everything else is found again from it. Each append is one write with an fsync behind it, under a lock
 * that Optuna respects; a last line that a crash cut short is dropped when the file is opened.
 */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileError } from '../errors.js';
import { lockJournal } from './journal-lock.js';

/** Optuna's JournalOperation. */
const OP = {
  createStudy: 0,
  studyAttribute: 2,
  createTrial: 4,
  parameter: 5,
  state: 6,
  intermediate: 7,
  trialAttribute: 8,
} as const;

/** Optuna's TrialState. */
export const STATE = { running: 0, complete: 1, pruned: 2, failed: 3, waiting: 4 } as const;

const DIRECTION = { minimize: 1, maximize: 2 } as const;

export interface JournalTrial {
  readonly number: number;
  state: number;
  /** Values as Optuna keeps them: numbers as they are, choices by their place. */
  readonly params: Map<string, number>;
  values: readonly number[] | undefined;
  readonly intermediate: Map<number, number>;
  readonly attributes: Map<string, unknown>;
}

interface Log {
  readonly op_code: number;
  readonly [field: string]: unknown;
}

export class Journal {
  readonly #path: string;
  readonly #worker = `hw5-${hostname()}-${process.pid}`;
  #offset = 0;
  #buffered: Log[] = [];
  studyName: string | undefined;
  readonly attributes: Map<string, unknown> = new Map();
  readonly trials: JournalTrial[] = [];

  /** Open or make the file, and replay it. @throws CliError FILE when it cannot be read or written */
  constructor(path: string) {
    this.#path = path;
    lockJournal(path, () => this.#dropTornLine());
    this.refresh();
  }

  /** Take in what was appended since, by whomever. */
  refresh(): void {
    const { text, end } = this.#readWhole();
    this.#offset = end;
    for (const line of text.split('\n')) {
      const log = parse(line);
      if (log !== undefined) this.#apply(log);
    }
  }

  createStudy(name: string, direction: 'minimize' | 'maximize'): this {
    return this.#add(OP.createStudy, { study_name: name, directions: [DIRECTION[direction]] });
  }

  setStudyAttribute(key: string, value: unknown): this {
    return this.#add(OP.studyAttribute, { study_id: 0, user_attr: { [key]: value } });
  }

  /** @returns the number that the trial will have */
  createTrial(
    params: Readonly<Record<string, number>>,
    distributions: Readonly<Record<string, string>>,
    attributes: Readonly<Record<string, unknown>>,
  ): number {
    const created = this.#buffered.filter(({ op_code }) => op_code === OP.createTrial).length;
    this.#add(OP.createTrial, {
      study_id: 0,
      datetime_start: now(),
      state: STATE.running,
      distributions,
      params,
      user_attrs: attributes,
      system_attrs: {},
      intermediate_values: {},
      value: null,
      values: null,
    });
    return this.trials.length + created;
  }

  setAttribute(trial: number, key: string, value: unknown): this {
    return this.#add(OP.trialAttribute, { trial_id: trial, user_attr: { [key]: value } });
  }

  /** Values that are no finite number are left out: JSON has none. */
  setIntermediate(trial: number, step: number, value: number): this {
    if (!Number.isFinite(value)) return this;
    return this.#add(OP.intermediate, { trial_id: trial, step, intermediate_value: value });
  }

  finish(trial: number, state: number, value: number | undefined): this {
    return this.#add(OP.state, {
      trial_id: trial,
      state,
      values: value === undefined ? null : [value],
      datetime_complete: now(),
    });
  }

  /** Write all that was said since the last commit, durably, in one piece. */
  commit(): void {
    if (this.#buffered.length === 0) return;
    const lines = Buffer.from(this.#buffered.map((log) => `${JSON.stringify(log)}\n`).join(''));
    lockJournal(this.#path, () => this.#append(lines));
    this.#buffered = [];
    this.refresh();
  }

  #add(op: number, fields: Readonly<Record<string, unknown>>): this {
    this.#buffered.push({ op_code: op, worker_id: this.#worker, ...fields });
    return this;
  }

  #append(lines: Uint8Array): void {
    this.#withFile('a', (file) => {
      for (let offset = 0; offset < lines.length; ) offset += writeSync(file, lines, offset);
      fsyncSync(file);
    });
  }

  #dropTornLine(): void {
    this.#withFile('a+', (file) => {
      const { size } = fstatSync(file);
      const bytes = Buffer.alloc(size);
      readAt(file, bytes, 0);
      const end = bytes.lastIndexOf(10) + 1;
      if (end === size) return;
      ftruncateSync(file, end);
      fsyncSync(file);
    });
  }

  #readWhole(): { readonly text: string; readonly end: number } {
    return this.#withFile('r', (file) => {
      const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - this.#offset));
      readAt(file, bytes, this.#offset);
      const length = bytes.lastIndexOf(10) + 1;
      return { text: bytes.toString('utf8', 0, length), end: this.#offset + length };
    });
  }

  #withFile<T>(flags: string, use: (file: number) => T): T {
    let file: number | undefined;
    try {
      file = openSync(this.#path, flags);
      return use(file);
    } catch (error) {
      throw fileError('journal', this.#path, error);
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  /** Only the first study counts: a sweep has one. Finished trials do not change, as in Optuna. */
  #apply(log: Log): void {
    const { op_code: op } = log;
    if (op === OP.createStudy) this.studyName ??= String(log.study_name);
    if (op === OP.studyAttribute && log.study_id === 0) assign(this.attributes, log.user_attr);
    if (op === OP.createTrial && log.study_id === 0) this.#applyTrial(log);
    const trial = this.trials[Number(log.trial_id)];
    if (trial === undefined || (trial.state !== STATE.running && trial.state !== STATE.waiting)) return;
    if (op === OP.parameter) trial.params.set(String(log.param_name), Number(log.param_value_internal));
    if (op === OP.intermediate) trial.intermediate.set(Number(log.step), Number(log.intermediate_value));
    if (op === OP.trialAttribute) assign(trial.attributes, log.user_attr);
    if (op !== OP.state) return;
    trial.state = Number(log.state);
    if (Array.isArray(log.values)) trial.values = log.values.map(Number);
  }

  #applyTrial(log: Log): void {
    const trial: JournalTrial = {
      number: this.trials.length,
      state: Number(log.state ?? STATE.running),
      params: new Map(),
      values: undefined,
      intermediate: new Map(),
      attributes: new Map(),
    };
    assign(trial.params, log.params);
    assign(trial.attributes, log.user_attrs);
    this.trials.push(trial);
  }
}

function assign<T>(map: Map<string, T>, fields: unknown): void {
  if (typeof fields !== 'object' || fields === null) return;
  for (const [key, value] of Object.entries(fields)) map.set(key, value as T);
}

/** Python writes numbers that JSON does not know. */
function parse(line: string): Log | undefined {
  for (const text of [line, line.replace(/-?\b(NaN|Infinity)\b/g, 'null')]) {
    try {
      const log: unknown = JSON.parse(text);
      return typeof log === 'object' && log !== null && 'op_code' in log ? (log as Log) : undefined;
    } catch {
      // the other spelling, or no line of a journal
    }
  }
  return undefined;
}

function readAt(file: number, bytes: Uint8Array, position: number): void {
  for (let offset = 0; offset < bytes.length; ) {
    const count = readSync(file, bytes, offset, bytes.length - offset, position + offset);
    if (count === 0) break;
    offset += count;
  }
}

/** As Optuna writes times. */
function now(): string {
  return new Date().toISOString().replace('Z', '000+00:00');
}
