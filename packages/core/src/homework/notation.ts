/**
 * Numbers, vectors and matrices as people type them: Latin, Persian and Arabic digits, commas of both scripts,
 * brackets, a column written with `;` or as a LaTeX matrix. Errors say where the text stops making sense.
 */
import { ArgumentError, ShapeError } from '../errors.js';

/** Longest text that is read, characters. */
const MAX_CHARACTERS = 1_000_000;

/** Persian and Arabic digits, signs and letters in the form the rest of hw5 reads. Keeps every character's place. */
export function normalizeNotation(text: string): string {
  return text
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/٫/g, '.')
    .replace(/[−–]/g, '-')
    .replace(/،/g, ',')
    .replace(/؛/g, ';')
    .replace(/ي/g, 'ی')
    .replace(/ك/g, 'ک')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, ' ');
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * Rows of numbers: `1,2,3; 2,2,1`, `[[1,2,3],[2,2,1]]`, one row per line. Rows may differ in length.
 * @param op - who asks, for the error, e.g. `--keys`
 * @throws ArgumentError that names row, entry and character
 */
export function parseMatrix(text: string, op: string): number[][] {
  if (text.length > MAX_CHARACTERS) {
    throw new ArgumentError(`${op}: text must have at most ${MAX_CHARACTERS} characters, got ${text.length}`);
  }
  const source = normalizeNotation(text);
  const rows: number[][] = [[]];
  // A number, a row's end, or anything else that is not a separator.
  for (const match of source.matchAll(/[;\n]|\]\s*(?:,\s*)?(?=\[)|[^\s,;[\]()]+/g)) {
    const token = match[0];
    const row = rows.at(-1)!;
    if (/^[;\n\]]/.test(token)) {
      if (row.length > 0) rows.push([]);
      continue;
    }
    const value = NUMBER.test(token) ? Number(token) : Number.NaN;
    if (!Number.isFinite(value)) {
      throw new ArgumentError(
        `${op}: entries must be finite numbers, got ${quoted(token)} in row ${rows.length}, entry ${row.length + 1}` +
          ` (character ${match.index + 1})`,
        { row: rows.length, entry: row.length + 1, character: match.index + 1 },
      );
    }
    row.push(value);
  }
  if (rows.length > 1 && rows.at(-1)!.length === 0) rows.pop();
  if (rows[0]!.length === 0) throw new ArgumentError(`${op}: must hold numbers, got ${quoted(text)}`);
  return rows;
}

/**
 * One vector, as a row or a column: `6,1,2`, `[6 1 2]`, `[6; 1; 2]`, `(6,1,2)^T`, a LaTeX matrix.
 * @throws ArgumentError that names entry and character, ShapeError when the text is a matrix
 */
export function parseVector(text: string, op: string): number[] {
  // LaTeX's and the transposition's characters become blanks, so that places in errors stay right.
  const blank = (part: string): string => ' '.repeat(part.length);
  const plain = normalizeNotation(text)
    .replace(/\\(?:begin|end)\{[bpv]?matrix\}|\\(?:left|right)|\^\{?(?:T|\\top)\}?|ᵀ|[\])]'/g, blank)
    .replace(/\\\\/g, '; ')
    .replace(/[&$]/g, ' ');
  const rows = parseMatrix(plain, op);
  if (rows.length === 1) return rows[0]!;
  if (rows.every((row) => row.length === 1)) return rows.flat();
  throw new ShapeError(
    `${op}: must be one row or one column, got ${rows.length} rows of ${rows.map((row) => row.length).join(', ')} numbers`,
  );
}

/** A piece of input as an error shows it: quoted and never long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text);
}
