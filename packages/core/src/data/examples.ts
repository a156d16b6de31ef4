/** What models learn from, one kind per shape of task, and how they are read from a table. */
import { DataError } from '../errors.js';
import { cell, type Table } from './table.js';

/** Many-to-one: a text and its class. */
export interface LabelledText {
  readonly text: string;
  readonly label: string;
}

/** Aligned many-to-many: a tag for each token. */
export interface TaggedTokens {
  readonly tokens: readonly string[];
  readonly tags: readonly string[];
}

/** Unaligned many-to-many: a text and the one to write for it. */
export interface TextPair {
  readonly source: string;
  readonly target: string;
}

/** Many-to-one from measurements: features [T, I], row by row, and a class. */
export interface LabelledSeries {
  readonly features: Float64Array;
  readonly featureSize: number;
  readonly label: string;
}

/** Regression: inputs [T, I] and targets [T, O], or [O] when only the end has one. */
export interface SeriesPair {
  readonly inputs: Float64Array;
  readonly inputSize: number;
  readonly targets: Float64Array;
  readonly targetSize: number;
}

/** Columns `text` and `label`. @throws DataError naming line and column of an empty or foreign cell */
export function labelledTexts(table: Table, columns = { text: 'text', label: 'label' }): LabelledText[] {
  return some(
    table,
    table.rows.map((row) => ({
      text: cell(table, row, columns.text, 'a text', filled),
      label: cell(table, row, columns.label, 'a label', labelOf),
    })),
  );
}

/** Columns `tokens` and `tags`: arrays of strings, or strings split at spaces. @throws DataError when lengths differ */
export function taggedTokens(table: Table, columns = { tokens: 'tokens', tags: 'tags' }): TaggedTokens[] {
  return some(
    table,
    table.rows.map((row) => {
      const tokens = cell(table, row, columns.tokens, 'tokens', list);
      const tags = cell(table, row, columns.tags, 'tags', list);
      if (tokens.length === tags.length) return { tokens, tags };
      throw new DataError(
        `${table.name}: every token must have a tag, got ${tokens.length} tokens and ${tags.length} tags at line ${row.line}`,
        { line: row.line, column: columns.tags },
      );
    }),
  );
}

/** Columns `source` and `target`. @throws DataError naming line and column of an empty or foreign cell */
export function textPairs(table: Table, columns = { source: 'source', target: 'target' }): TextPair[] {
  return some(
    table,
    table.rows.map((row) => ({
      source: cell(table, row, columns.source, 'a text', filled),
      target: cell(table, row, columns.target, 'a text', filled),
    })),
  );
}

function some<T>(table: Table, examples: T[]): T[] {
  if (examples.length > 0) return examples;
  throw new DataError(`${table.name}: must have at least one row, got only a header`);
}

function filled(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Labels of 0 and 1 or true and false are usual in JSON lines. */
export function labelOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function list(value: unknown): readonly string[] | undefined {
  const items = typeof value === 'string' ? value.split(/\s+/).filter((item) => item !== '') : value;
  if (!Array.isArray(items) || items.length === 0) return undefined;
  return items.every((item) => typeof item === 'string' && item !== '') ? items : undefined;
}
