/** Where something stands in a formula's text, and errors that point there. */
import { ArgumentError, type ErrorDetails, ShapeError } from '../../errors.js';

/** A text that a user wrote, and what it is called in messages: `cell`, `loss`, `answer`. */
export interface Source {
  readonly label: string;
  readonly text: string;
}

/** The half-open range `[start, end)` of a source's UTF-16 units. */
export interface Place {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** The place from the first one's start to the second one's end. */
export function span(first: Place, last: Place): Place {
  return { source: first.source, start: first.start, end: last.end };
}

/** Longest piece of a line that an excerpt shows, characters. */
const EXCERPT = 72;

/**
 * Line and column (both from 1, columns in characters), the line itself (cut around the place when long), and a
 * line of spaces and carets that stands below it.
 */
export function pointer({ source, start, end }: Place): ErrorDetails {
  const { text, label } = source;
  const at = Math.min(start, text.length);
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const newline = text.indexOf('\n', at);
  const lineEnd = newline < 0 ? text.length : newline;
  const line = text.slice(0, lineStart).split('\n').length;
  const before = [...text.slice(lineStart, at)];
  const cut = Math.max(0, before.length - EXCERPT / 2);
  const head = `${cut > 0 ? '...' : ''}${before.slice(cut).join('')}`;
  const rest = [...text.slice(at, lineEnd)];
  const tail = rest.slice(0, EXCERPT / 2);
  const excerpt = `${head}${tail.join('')}${tail.length < rest.length ? '...' : ''}`.replaceAll('\t', ' ');
  const marked = [...text.slice(at, Math.min(end, lineEnd))].length;
  const width = Math.max(1, Math.min(marked, tail.length));
  const caret = `${' '.repeat([...head].length)}${'^'.repeat(width)}`;
  return { source: label, line, column: before.length + 1, excerpt, caret };
}

/** Throw an ArgumentError `<label>: <rule> (line l, column c)` whose details point at the place. */
export function refuse(place: Place, rule: string): never {
  throw new ArgumentError(located(place, rule), pointer(place));
}

/** The same for sizes that do not fit. */
export function refuseShape(place: Place, rule: string): never {
  throw new ShapeError(located(place, rule), pointer(place));
}

function located(place: Place, rule: string): string {
  const { line, column } = pointer(place);
  return `${place.source.label}: ${rule} (line ${line}, column ${column})`;
}

/** A piece of text as an error quotes it: never long, never with control characters. */
export function quoted(text: string): string {
  const short = text.length > 40 ? `${text.slice(0, 37)}...` : text;
  return JSON.stringify(short);
}
