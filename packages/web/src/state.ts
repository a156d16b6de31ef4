/**
 * All settings of the page in one table. A row says where the value lives in the URL, what it starts as, which values
 * are allowed and how the command line calls it; the form, the URL, the CLI command and the tests read this table.
 */
import type { CharLMConfig } from '@hw5/core';
import { latinNumber } from './i18n/digits.js';
import type { MessageKey } from './i18n/en.js';

/** Why a typed value is refused: a message and the facts in it. */
export interface Problem {
  readonly key: MessageKey;
  readonly facts: Readonly<Record<string, string | number>>;
}

export type Parsed<T> = { readonly value: T } | { readonly problem: Problem };

interface Row<T> {
  /** Dotted name in the URL. */
  readonly path: string;
  /** The page's default. Only other values are written to the URL. */
  readonly initial: T;
  /** Flag of `hw5 train char-lm`, for settings that define a run. */
  readonly flag?: string;
  readonly parse: (typed: string) => Parsed<T>;
}

export interface NumberRow extends Row<number> {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

export interface ChoiceRow<T extends string> extends Row<T> {
  readonly kind: 'choice';
  readonly options: readonly T[];
}

export interface SwitchRow extends Row<boolean> {
  readonly kind: 'switch';
}

export interface TextRow extends Row<string> {
  readonly kind: 'text';
  readonly maxLength: number;
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
  readonly flag?: string;
}

function number(path: string, initial: number, { min, max, whole = true, flag }: Range): NumberRow {
  const parse = (typed: string): Parsed<number> => {
    const latin = latinNumber(typed);
    const value = Number(latin);
    const wellFormed = latin !== '' && Number.isFinite(value) && (!whole || Number.isInteger(value));
    if (wellFormed && value >= min && value <= max) return { value };
    const key = whole ? 'problem.whole' : 'problem.number';
    return { problem: { key, facts: { min, max, got: latin === '' ? '∅' : typed.slice(0, 40) } } };
  };
  return { kind: 'number', path, initial, min, max, whole, parse, ...(flag === undefined ? {} : { flag }) };
}

function choice<T extends string>(
  path: string,
  initial: T,
  options: readonly T[],
  flag?: string,
): ChoiceRow<T> {
  const parse = (typed: string): Parsed<T> => {
    const value = options.find((option) => option === typed);
    if (value !== undefined) return { value };
    const facts = { options: options.join(', '), got: typed.slice(0, 40) };
    return { problem: { key: 'problem.choice', facts } };
  };
  return { kind: 'choice', path, initial, options, parse, ...(flag === undefined ? {} : { flag }) };
}

function toggle(path: string, initial: boolean): SwitchRow {
  const parse = (typed: string): Parsed<boolean> => {
    if (typed === '1' || typed === '0') return { value: typed === '1' };
    return { problem: { key: 'problem.choice', facts: { options: '0, 1', got: typed.slice(0, 40) } } };
  };
  return { kind: 'switch', path, initial, parse };
}

function line(path: string, initial: string, maxLength: number): TextRow {
  const parse = (typed: string): Parsed<string> => {
    if (typed.length <= maxLength) return { value: typed };
    return { problem: { key: 'problem.long', facts: { max: maxLength, got: typed.length } } };
  };
  return { kind: 'text', path, initial, maxLength, parse };
}

/** The settings. Ranges are wide enough for experiments that hurt; the page says what a size costs. */
export const table = {
  cell: choice('model.cell', 'lstm', ['rnn', 'gru', 'lstm'], '--cell'),
  hidden: number('model.hidden', 128, { min: 1, max: 4096, flag: '--hidden' }),
  embed: number('model.embed', 64, { min: 1, max: 4096, flag: '--embed' }),
  layers: number('model.layers', 1, { min: 1, max: 8, flag: '--layers' }),
  dropout: number('model.dropout', 0, { min: 0, max: 0.95, whole: false, flag: '--dropout' }),
  batch: number('train.batch', 32, { min: 1, max: 1024, flag: '--batch' }),
  sequence: number('train.seq', 64, { min: 1, max: 4096, flag: '--seq' }),
  learningRate: number('train.lr', 0.002, { min: 1e-7, max: 10, whole: false, flag: '--lr' }),
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
  pauseHidden: toggle('pause-hidden', false),
  language: choice('lang', 'en', ['en', 'fa']),
  theme: choice('theme', 'auto', ['auto', 'light', 'dark']),
} as const;

export type SettingName = keyof typeof table;
type Initial<R> = R extends Row<infer T> ? T : never;
export type Values = { readonly [K in SettingName]: Initial<(typeof table)[K]> };

export const settingNames = Object.keys(table) as SettingName[];

/** The page's defaults. */
export const initialValues = Object.fromEntries(
  settingNames.map((name) => [name, table[name].initial]),
) as unknown as Values;

/** `table[name].parse` with the name's own type. */
export function parseSetting<K extends SettingName>(name: K, typed: string): Parsed<Values[K]> {
  return table[name].parse(typed) as Parsed<Values[K]>;
}

/** A value as the URL and the form's fields write it: Latin digits, shortest form that reads back the same. */
export function formatSetting(value: Values[SettingName]): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}

/** Version of the URL's meaning. */
const URL_VERSION = '1';

export interface UrlState {
  readonly values: Values;
  /** Parameters whose value is not allowed, by their path; the default is used. */
  readonly problems: readonly { readonly path: string; readonly problem: Problem }[];
  /** Parameters that this version does not know: kept in the URL, never used. */
  readonly unknown: readonly (readonly [string, string])[];
}

/** Settings from a URL's query. Never throws: bad values fall back to the default and are reported. */
export function readUrl(search: string): UrlState {
  const values: Record<string, unknown> = { ...initialValues };
  const problems: { path: string; problem: Problem }[] = [];
  const unknown: [string, string][] = [];
  const byPath = new Map(settingNames.map((name) => [table[name].path as string, name]));
  for (const [path, raw] of new URLSearchParams(search)) {
    if (path === 'v') {
      if (raw === URL_VERSION) continue;
      const facts = { options: URL_VERSION, got: raw.slice(0, 40) };
      problems.push({ path, problem: { key: 'problem.choice', facts } });
      continue;
    }
    const name = byPath.get(path);
    if (name === undefined) {
      unknown.push([path, raw]);
      continue;
    }
    const parsed = parseSetting(name, raw);
    if ('value' in parsed) values[name] = parsed.value;
    else problems.push({ path, problem: parsed.problem });
  }
  return { values: values as unknown as Values, problems, unknown };
}

/** The query for `values`: empty when all are defaults, else `?v=1&...` with the others in table order. */
export function writeUrl(values: Values, unknown: UrlState['unknown'] = []): string {
  const query = new URLSearchParams();
  for (const name of settingNames) {
    if (values[name] !== table[name].initial) query.append(table[name].path, formatSetting(values[name]));
  }
  for (const [path, raw] of unknown) query.append(path, raw);
  const text = query.toString();
  return text === '' ? '' : `?v=${URL_VERSION}&${text}`;
}

/** The part of the settings that defines a run. */
export function modelConfig(values: Values): CharLMConfig {
  return {
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
  };
}

/** The settings of a loaded run, so that the form shows what is training. */
export function settingsOf(config: CharLMConfig): Partial<Values> {
  return {
    cell: config.cell,
    embed: config.embeddingSize,
    hidden: config.hiddenSize,
    layers: config.numLayers,
    dropout: config.dropout,
    batch: config.batchSize,
    sequence: config.sequenceLength,
    batching: config.batching,
    learningRate: config.learningRate,
    clip: config.clipNorm,
    validation: config.validationFraction,
    evaluateEvery: config.evaluateEvery,
    workers: config.workers,
    seed: config.seed,
  };
}
