/** Rows with named columns: what CSV and JSON lines have in common. Rows know their line, for errors. */
import { DataError } from '../errors.js';

export interface Row {
  /** Line of the file on which the row starts, from 1. */
  readonly line: number;
  /** One value per column, in the table's order; undefined where a JSON line lacks the key. */
  readonly values: readonly unknown[];
}

export interface Table {
  /** What errors call it. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** A cell, read as `read` says. @throws DataError naming line and column */
export function cell<T>(
  table: Table,
  row: Row,
  column: string,
  what: string,
  read: (value: unknown) => T | undefined,
): T {
  const value = row.values[columnIndex(table, column)];
  const result = read(value);
  if (result !== undefined) return result;
  throw new DataError(
    `${table.name}: column "${column}" must be ${what}, got ${shown(value)} at line ${row.line}`,
    { line: row.line, column },
  );
}

/** @throws DataError listing the columns there are */
export function columnIndex(table: Table, column: string): number {
  const index = table.columns.indexOf(column);
  if (index >= 0) return index;
  throw new DataError(
    `${table.name}: must have the column "${column}", got ${table.columns.map((c) => `"${c}"`).join(', ')}`,
    { column },
  );
}

/** A value as an error prints it, never long. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
