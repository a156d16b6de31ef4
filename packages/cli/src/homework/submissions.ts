/**
 * Reads what a class handed in, row by row: CSV (one answer a row, or one column a question) or JSON lines. A row that
 * cannot be read is told as one and stops nothing; also one with an open quotation mark, which would swallow the rest.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { gradable, normalizeNotation } from '@hw5/core/homework';
import Papa from 'papaparse';
import { shown } from '../args.js';
import { CliError, fileError } from '../errors.js';

export interface Submission {
  /** Where its row begins, from 1. */
  readonly line: number;
  readonly student: string;
  /** Canonical, e.g. `q2b`. */
  readonly question: string;
  readonly answer: string;
}

export interface BadRow {
  readonly line: number;
  readonly problem: string;
}

/** Most lines that one quoted answer may have. */
const MAX_LINES = 50;
/** Longest line, characters: an answer has at most 10 000. */
const MAX_LINE = 200_000;

const columnNames = {
  student:
    /^(?:student|student ?(?:id|number|name)|id|name|شماره ?(?:ی|ٔ)? ?دانشجویی|دانشجو|نام(?: دانشجو)?|شناسه)$/,
  question: /^(?:question|q|part|problem|سوال|سؤال|پرسش|شماره ?(?:سوال|پرسش)|بخش)$/,
  answer: /^(?:answer|response|reply|پاسخ|جواب)$/,
};

type Column = { readonly role: keyof typeof columnNames } | { readonly question: string } | undefined;

/** @throws CliError when the file cannot be read or its header names no student or no question */
export async function* submissions(path: string): AsyncGenerator<Submission | BadRow> {
  const records = /\.(?:jsonl|ndjson)$/i.test(path) ? jsonRecords(path) : csvRecords(path);
  for await (const record of records) {
    if ('problem' in record) yield record;
    else yield* answersIn(record);
  }
}

interface Row {
  readonly line: number;
  readonly cells: ReadonlyMap<string, string>;
}

/** One submission of a row with `question` and `answer`, or one for each column that is named like a question. */
function* answersIn({ line, cells }: Row): Generator<Submission | BadRow> {
  const columns = [...cells].map(([title, value]) => ({ column: columnOf(title), value }));
  const said = (role: keyof typeof columnNames): string | undefined =>
    columns.find(({ column }) => column !== undefined && 'role' in column && column.role === role)?.value;
  const student = normalizeNotation(said('student') ?? '').trim();
  if (student === '') {
    yield { line, problem: 'a row must name its student, got none' };
    return;
  }
  const asked = said('question');
  if (asked !== undefined) {
    const question = gradable(asked);
    const answer = said('answer');
    if (question === undefined) {
      yield { line, problem: `a question must be one that hw5 checks, got ${shown(asked)}` };
    } else if (answer === undefined) yield { line, problem: 'a row must have an answer, got none' };
    else yield { line, student, question, answer };
    return;
  }
  for (const { column, value } of columns) {
    if (column !== undefined && 'question' in column) {
      yield { line, student, question: column.question, answer: value };
    }
  }
}

function columnOf(title: string): Column {
  const plain = normalizeNotation(title)
    .replace(/[\u200c\s_-]+/g, ' ')
    .trim()
    .toLowerCase();
  for (const role of ['student', 'question', 'answer'] as const) {
    if (columnNames[role].test(plain)) return { role };
  }
  const question = gradable(plain.replace(/^(?:answer|پاسخ|جواب) /, ''));
  return question === undefined ? undefined : { question };
}

/** @throws CliError when rows under these titles could never hold a submission */
function expectColumns(path: string, titles: readonly string[]): void {
  const columns = titles.map(columnOf);
  const has = (role: string): boolean =>
    columns.some((column) => column !== undefined && 'role' in column && column.role === role);
  const wide = columns.some((column) => column !== undefined && 'question' in column);
  if (has('student') && (wide || (has('question') && has('answer')))) return;
  throw new CliError(
    'DATA',
    `batch: the first row must name a student column and either question and answer or questions such as q2b, got ${shown(titles.join(', '))} in ${path}`,
  );
}

async function* csvRecords(path: string): AsyncGenerator<Row | BadRow> {
  let titles: string[] | undefined;
  let delimiter = '';
  const parsed = (text: string): { cells: string[]; clean: boolean } => {
    const { data, errors } = Papa.parse<string[]>(text, { delimiter });
    return { cells: data[0] ?? [], clean: data.length === 1 && errors.length === 0 };
  };
  // Lines that may belong to a quoted answer of several lines; their first one is a row in any case.
  const waiting: { readonly text: string; readonly line: number }[] = [];
  function* take(ended: boolean): Generator<Row | BadRow> {
    while (waiting.length > 0) {
      const { line } = waiting[0]!;
      let count = 1;
      let text = waiting[0]!.text;
      while (isOpen(text) && count < Math.min(waiting.length, MAX_LINES)) {
        text += `\n${waiting[count]!.text}`;
        count += 1;
      }
      if (isOpen(text) && !ended && count < MAX_LINES) return;
      const whole = parsed(text);
      const fits = !isOpen(text) && whole.clean && whole.cells.length <= titles!.length;
      const { cells, clean } = fits ? whole : parsed(waiting[0]!.text);
      waiting.splice(0, fits ? count : 1);
      if (cells.every((cell) => cell.trim() === '')) continue;
      if (!clean) yield { line, problem: 'a quotation mark must be closed, and doubled inside quotes' };
      else if (cells.length > titles!.length) {
        yield { line, problem: `a row must have at most ${titles!.length} cells, got ${cells.length}` };
      } else yield { line, cells: new Map(cells.map((cell, at) => [titles![at]!, cell])) };
    }
  }
  for await (const { text, line } of linesOf(path)) {
    if (titles === undefined) {
      if (text.trim() === '') continue;
      const header = Papa.parse<string[]>(text, { preview: 1 });
      delimiter = header.meta.delimiter;
      titles = (header.data[0] ?? []).map((title) => title.trim());
      expectColumns(path, titles);
    } else if (text.length > MAX_LINE) {
      yield* take(true);
      yield { line, problem: `a line must have at most ${MAX_LINE} characters, got ${text.length}` };
    } else {
      waiting.push({ text, line });
      yield* take(false);
    }
  }
  yield* take(true);
  if (titles === undefined)
    throw new CliError('DATA', `batch: file must have a first row, got nothing in ${path}`);
}

const isOpen = (text: string): boolean => (text.match(/"/g)?.length ?? 0) % 2 === 1;

async function* jsonRecords(path: string): AsyncGenerator<Row | BadRow> {
  for await (const { text, line } of linesOf(path)) {
    if (text.trim() === '') continue;
    let value: unknown;
    try {
      value = text.length > MAX_LINE ? undefined : JSON.parse(text);
    } catch {
      value = undefined;
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      yield { line, problem: `a line must be a JSON object, got ${shown(text)}` };
      continue;
    }
    const told = (cell: unknown): string => (typeof cell === 'string' ? cell : JSON.stringify(cell));
    yield { line, cells: new Map(Object.entries(value).map(([title, cell]) => [title, told(cell)])) };
  }
}

async function* linesOf(path: string): AsyncGenerator<{ text: string; line: number }> {
  const input = createReadStream(path);
  const failed = new Promise<never>((_, reject) => input.on('error', reject));
  failed.catch(() => {});
  try {
    // An unreadable path is told before the first line is waited for.
    await Promise.race([new Promise((resolve) => input.once('open', resolve)), failed]);
    let line = 0;
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      line += 1;
      yield { text: line === 1 ? text.replace(/^\ufeff/, '') : text, line };
    }
  } catch (error) {
    throw error instanceof CliError ? error : fileError('batch', path, error);
  } finally {
    input.destroy();
  }
}
