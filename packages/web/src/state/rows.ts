/**
 * Kinds of settings. A row says where a value lives in the URL, what it starts as, which values are allowed and how it
 * is written; the form, the URL, the CLI command, the instructor's link and the tests read rows, never their values.
 */
import { latinNumber } from '../i18n/digits.js';
import type { FrameKey } from '../i18n/en.js';

/** Why a typed value is refused: a message and the facts in it. */
export interface Problem {
  readonly key: FrameKey;
  readonly facts: Readonly<Record<string, string | number>>;
}

export type Parsed<T> = { readonly value: T } | { readonly problem: Problem };

interface Row<T> {
  /** Dotted name in the URL. */
  readonly path: string;
  /** The default. Only other values are written to the URL. */
  readonly initial: T;
  /** Flag of the CLI command that does the same, for settings that it has. */
  readonly flag?: string;
  /** A value from what was typed or stands in a URL; never throws, and bounds the size of what it accepts. */
  readonly parse: (typed: string) => Parsed<T>;
  /** The value as fields and URLs write it: Latin digits, and `parse` gives the same value back. */
  format(value: T): string;
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

export interface ToggleRow extends Row<boolean> {
  readonly kind: 'toggle';
}

export interface LineRow extends Row<string> {
  readonly kind: 'line';
  readonly maxLength: number;
}

export type Vector = readonly number[];
export type Matrix = readonly Vector[];

export interface VectorRow extends Row<Vector> {
  readonly kind: 'vector';
  readonly minLength: number;
  readonly maxLength: number;
  readonly limit: number;
}

export interface MatrixRow extends Row<Matrix> {
  readonly kind: 'matrix';
  readonly maxRows: number;
  readonly maxColumns: number;
  readonly limit: number;
}

export interface ListRow<T extends string> extends Row<readonly T[]> {
  readonly kind: 'list';
  readonly maxLength: number;
}

/** [step, value], steps ascending. */
export type Pairs = readonly (readonly [number, number])[];

export interface PairsRow extends Row<Pairs> {
  readonly kind: 'pairs';
  readonly maxLength: number;
}

export type AnyRow =
  | NumberRow
  | ChoiceRow<string>
  | ToggleRow
  | LineRow
  | VectorRow
  | MatrixRow
  | ListRow<string>
  | PairsRow;

/** How much of a refused text is repeated to the person. */
const SHOWN = 40;

const withFlag = (flag: string | undefined): { flag?: string } => (flag === undefined ? {} : { flag });

const numberOf = (typed: string): number => {
  const latin = latinNumber(typed);
  return latin === '' || /^[+-]?0[box]/i.test(latin) ? Number.NaN : Number(latin);
};

export interface NumberOptions {
  readonly min: number;
  readonly max: number;
  /** Whole numbers only. Defaults to true. */
  readonly whole?: boolean;
  readonly flag?: string;
}

export function number(
  path: string,
  initial: number,
  { min, max, whole = true, flag }: NumberOptions,
): NumberRow {
  const parse = (typed: string): Parsed<number> => {
    const value = numberOf(typed);
    const wellFormed = Number.isFinite(value) && (!whole || Number.isInteger(value));
    if (wellFormed && value >= min && value <= max) return { value };
    const got = typed.trim() === '' ? '∅' : typed.slice(0, SHOWN);
    return { problem: { key: whole ? 'problem.whole' : 'problem.number', facts: { min, max, got } } };
  };
  return { kind: 'number', path, initial, min, max, whole, parse, format: String, ...withFlag(flag) };
}

export function choice<const T extends string>(
  path: string,
  initial: NoInfer<T>,
  options: readonly T[],
  flag?: string,
): ChoiceRow<T> {
  const parse = (typed: string): Parsed<T> => {
    const value = options.find((option) => option === typed);
    if (value !== undefined) return { value };
    const facts = { options: options.join(', '), got: typed.slice(0, SHOWN) };
    return { problem: { key: 'problem.choice', facts } };
  };
  return { kind: 'choice', path, initial, options, parse, format: String, ...withFlag(flag) };
}

export function toggle(path: string, initial: boolean, flag?: string): ToggleRow {
  const parse = (typed: string): Parsed<boolean> => {
    if (typed === '1' || typed === '0') return { value: typed === '1' };
    return { problem: { key: 'problem.choice', facts: { options: '0, 1', got: typed.slice(0, SHOWN) } } };
  };
  const format = (value: boolean): string => (value ? '1' : '0');
  return { kind: 'toggle', path, initial, parse, format, ...withFlag(flag) };
}

export function line(path: string, initial: string, maxLength: number, flag?: string): LineRow {
  const parse = (typed: string): Parsed<string> => {
    if (typed.length <= maxLength) return { value: typed };
    return { problem: { key: 'problem.long', facts: { max: maxLength, got: typed.length } } };
  };
  return { kind: 'line', path, initial, maxLength, parse, format: String, ...withFlag(flag) };
}

export interface VectorOptions {
  /** Fewest and most entries. `minLength` defaults to 1. */
  readonly minLength?: number;
  readonly maxLength: number;
  /** Largest magnitude of an entry. Defaults to 1e6. */
  readonly limit?: number;
  readonly flag?: string;
}

const DEFAULT_LIMIT = 1e6;
/** Longest text of one number: sign, 17 digits, point and exponent. */
const NUMBER_LENGTH = 32;

/** Numbers from a text with spaces or commas between them (also the Persian comma); `undefined` for anything else. */
function numbersIn(typed: string, most: number, limit: number): number[] | undefined {
  if (typed.length > most * (NUMBER_LENGTH + 1)) return undefined;
  const words = typed.split(/[\s,،]+/).filter((word) => word !== '');
  const values = words.map(numberOf);
  return values.every((value) => Number.isFinite(value) && Math.abs(value) <= limit) ? values : undefined;
}

/** `1 -0.5 2`: entries with spaces or commas between them. */
export function vector(
  path: string,
  initial: Vector,
  { minLength = 1, maxLength, limit = DEFAULT_LIMIT, flag }: VectorOptions,
): VectorRow {
  const parse = (typed: string): Parsed<Vector> => {
    const value = numbersIn(typed, maxLength, limit);
    if (value !== undefined && value.length >= minLength && value.length <= maxLength) return { value };
    const facts = { min: minLength, max: maxLength, limit, got: typed.slice(0, SHOWN) };
    return { problem: { key: 'problem.vector', facts } };
  };
  const format = (value: Vector): string => value.join(' ');
  return { kind: 'vector', path, initial, minLength, maxLength, limit, parse, format, ...withFlag(flag) };
}

export interface MatrixOptions {
  readonly maxRows: number;
  readonly maxColumns: number;
  /** Largest magnitude of an entry. Defaults to 1e6. */
  readonly limit?: number;
  readonly flag?: string;
}

/** `1 0; 0 1`: rows with semicolons or line breaks between them, all of one length. */
export function matrix(
  path: string,
  initial: Matrix,
  { maxRows, maxColumns, limit = DEFAULT_LIMIT, flag }: MatrixOptions,
): MatrixRow {
  const parse = (typed: string): Parsed<Matrix> => {
    const longest = maxRows * maxColumns * (NUMBER_LENGTH + 1);
    const lines = typed.length > longest ? [] : typed.split(/[;؛\n]/).filter((part) => part.trim() !== '');
    const rows = lines.map((part) => numbersIn(part, maxColumns, limit));
    const columns = rows[0]?.length ?? 0;
    const value = rows.filter((row): row is number[] => row?.length === columns);
    const fits = columns > 0 && columns <= maxColumns && rows.length > 0 && rows.length <= maxRows;
    if (fits && value.length === rows.length) return { value };
    const facts = { rows: maxRows, columns: maxColumns, limit, got: typed.slice(0, SHOWN) };
    return { problem: { key: 'problem.matrix', facts } };
  };
  const format = (value: Matrix): string => value.map((row) => row.join(' ')).join('; ');
  return { kind: 'matrix', path, initial, maxRows, maxColumns, limit, parse, format, ...withFlag(flag) };
}

/** Comma-separated names in the order given, each at most once; what `accept` refuses is left out. */
export function list<T extends string>(
  path: string,
  maxLength: number,
  accept: (name: string) => name is T,
): ListRow<T> {
  const parse = (typed: string): Parsed<readonly T[]> => {
    const names = [...new Set(typed.split(',').filter((name) => name !== ''))];
    const value = names.filter(accept);
    if (value.length <= maxLength) return { value };
    return { problem: { key: 'problem.long', facts: { max: maxLength, got: names.length } } };
  };
  return { kind: 'list', path, initial: [], maxLength, parse, format: (value) => value.join(',') };
}

export interface PairsOptions {
  /** Most pairs. */
  readonly maxLength: number;
  /** Range of the values. */
  readonly min: number;
  readonly max: number;
  readonly flag?: string;
}

/** `120=0.001,400=0.0005`: what holds from a step on; steps are whole, from 1 on, ascending. */
export function pairs(path: string, { maxLength, min, max, flag }: PairsOptions): PairsRow {
  const parse = (typed: string): Parsed<Pairs> => {
    const tooLong = typed.length > maxLength * 2 * (NUMBER_LENGTH + 1);
    const parts = tooLong ? [] : typed.split(',').filter((part) => part !== '');
    const value = parts.map((part) => {
      const [step = '', amount = '', ...rest] = part.split('=');
      return [rest.length > 0 ? Number.NaN : numberOf(step), numberOf(amount)] as const;
    });
    const fits = value.every(
      ([step, amount], index) =>
        Number.isSafeInteger(step) && step > (value[index - 1]?.[0] ?? 0) && amount >= min && amount <= max,
    );
    if (fits && !tooLong && value.length <= maxLength) return { value };
    return {
      problem: { key: 'problem.pairs', facts: { min, max, most: maxLength, got: typed.slice(0, SHOWN) } },
    };
  };
  const format = (value: Pairs): string => value.map((pair) => pair.join('=')).join(',');
  return { kind: 'pairs', path, initial: [], maxLength, parse, format, ...withFlag(flag) };
}
