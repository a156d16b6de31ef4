/** JSON lines: one object per line (jsonlines.org). */
import { DataError } from '../errors.js';
import type { Row, Table } from './table.js';

/**
 * Read JSON lines; empty lines are skipped, columns are all keys in order of appearance.
 * @throws DataError naming line and column of what is not JSON, and lines that are not objects
 */
export function parseJsonLines(text: string, name = 'json lines'): Table {
  const columns = new Map<string, number>();
  const rows: Row[] = [];
  for (const [index, source] of text.split(/\r\n|\r|\n/).entries()) {
    if (source.trim() === '') continue;
    const line = index + 1;
    const record = parseLine(source, line, name);
    const values: unknown[] = [];
    for (const [key, value] of Object.entries(record)) {
      if (!columns.has(key)) columns.set(key, columns.size);
      values[columns.get(key)!] = value;
    }
    rows.push({ line, values });
  }
  if (rows.length === 0) throw new DataError(`${name}: must have at least one line, got an empty text`);
  return { name, columns: [...columns.keys()], rows };
}

function parseLine(source: string, line: number, name: string): object {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    const column = badColumn(source);
    throw new DataError(
      `${name}: every line must be JSON, got ${JSON.stringify(source.slice(column - 1, column + 19))} at line ${line}, column ${column}`,
      { line, column },
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DataError(
      `${name}: every line must be an object, got ${JSON.stringify(value)?.slice(0, 40)} at line ${line}, column 1`,
      { line, column: 1 },
    );
  }
  return value;
}

/**
 * Column of the first token that JSON does not allow there, in UTF-16 units from 1. Engines word their messages
 * differently and some leave the place out, so it is found by following the grammar.
 */
function badColumn(source: string): number {
  const tokens =
    /\s+|"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/uy;
  const open: string[] = [];
  let expected = 'value';
  for (let at = 0; at < source.length; ) {
    tokens.lastIndex = at;
    const token = tokens.exec(source)?.[0];
    if (token === undefined) return at + 1;
    if (token.trim() !== '') {
      const next = step(token, expected, open);
      if (next === undefined) return at + 1;
      expected = next;
    }
    at += token.length;
  }
  return source.length + 1;
}

/** JSON's grammar, a token at a time: what may follow `token` where `expected` was; undefined when it does not fit. */
function step(token: string, expected: string, open: string[]): string | undefined {
  const after = (): string => (open.length === 0 ? 'end' : 'comma');
  const opens = expected === 'value' || expected === 'value or ]';
  if (opens && token === '{') {
    open.push('}');
    return 'key or }';
  }
  if (opens && token === '[') {
    open.push(']');
    return 'value or ]';
  }
  const closes = expected === 'comma' || expected.endsWith(` or ${token}`);
  if (closes && (token === '}' || token === ']')) return open.pop() === token ? after() : undefined;
  if (expected === 'comma' && token === ',') return open.at(-1) === '}' ? 'key' : 'value';
  if (expected.startsWith('key') && token.startsWith('"')) return 'colon';
  if (expected === 'colon' && token === ':') return 'value';
  return opens && !/^[{}[\],:]$/.test(token) ? after() : undefined;
}
