/** CSV (RFC 4180, and its relatives with `;` or tab) by papaparse, with a header line and errors that name the place. */
import Papa from 'papaparse';
import { DataError } from '../errors.js';
import type { Row, Table } from './table.js';
import { placeIn } from './text.js';

export interface CsvOptions {
  /** Defaults to the likeliest of comma, semicolon and tab. */
  readonly delimiter?: string;
  /** Names for a file without a header line; its first line is then a row. */
  readonly columns?: readonly string[];
  /** What errors call the text. Defaults to `csv`. */
  readonly name?: string;
}

/**
 * Read CSV; empty lines are skipped, fields are kept as they are written.
 * @throws DataError naming line and column: quotes that do not close, a row of another length, a repeated column
 */
export function parseCsv(text: string, options: CsvOptions = {}): Table {
  const { name = 'csv' } = options;
  const { data, errors } = Papa.parse<string[]>(text, {
    delimiter: options.delimiter ?? '',
    delimitersToGuess: [',', ';', '\t'],
  });
  const wrong = errors.find(({ type }) => type === 'Quotes');
  if (wrong !== undefined) {
    // papaparse counts to the character after the quote.
    const { line, column } = placeIn(text.slice(0, Math.max(0, (wrong.index ?? 0) - 1)));
    throw new DataError(
      `${name}: a quoted field must end with its quote, got one that does not at line ${line}, column ${column}`,
      {
        line,
        column,
      },
    );
  }
  const rows = lines(data);
  const header = options.columns ?? (rows.shift()?.values as string[] | undefined);
  if (header === undefined) throw new DataError(`${name}: must have a header line, got an empty text`);
  const repeated = header.find((column, index) => header.indexOf(column) !== index);
  if (repeated !== undefined) {
    throw new DataError(`${name}: columns must differ, got "${repeated}" twice`, { column: repeated });
  }
  for (const { line, values } of rows) {
    if (values.length === header.length) continue;
    throw new DataError(
      `${name}: every row must have ${header.length} fields, got ${values.length} at line ${line}`,
      { line, column: Math.min(values.length, header.length) + 1 },
    );
  }
  return { name, columns: header, rows };
}

/** Parsed rows with the line each starts on: a quoted field may hold line breaks of its own. */
function lines(parsed: readonly string[][]): Row[] {
  const rows: Row[] = [];
  let line = 1;
  for (const values of parsed) {
    if (values.length > 1 || values[0] !== '') rows.push({ line, values });
    for (const value of values) line += value.match(/\r\n|\r|\n/g)?.length ?? 0;
    line += 1;
  }
  return rows;
}
