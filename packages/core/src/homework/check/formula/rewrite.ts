/**
 * Spellings that the parser does not know, rewritten into ones it does; every character remembers where it stood,
 * so that an error can still point at what was typed.
 */
import { ArgumentError, Hw5Error, ShapeError } from '../../../errors.js';
import { type Place, pointer } from '../../derive/place.js';

/** A text and, for each of its characters and its end, the place in the text that was typed. */
export interface Rewritten {
  readonly text: string;
  readonly origin: readonly number[];
}

export function verbatim(text: string): Rewritten {
  return { text, origin: Array.from({ length: text.length + 1 }, (_, i) => i) };
}

/** A stretch of what was typed that gives way to another text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly put: string;
}

/** Carry out edits, given in order and apart from each other; what is put in counts as standing where its stretch began. */
export function edited({ text, origin }: Rewritten, edits: readonly Edit[]): Rewritten {
  let result = '';
  const places: number[] = [];
  let from = 0;
  const copy = (to: number): void => {
    result += text.slice(from, to);
    for (let i = from; i < to; i += 1) places.push(origin[i]!);
  };
  for (const { start, end, put } of edits) {
    copy(start);
    result += put;
    // A shorter text ends where the stretch ended, so that what follows a name keeps its distance.
    for (let i = 0; i < put.length; i += 1)
      places.push(origin[Math.max(start, Math.min(start + i, end - 1))]!);
    from = end;
  }
  copy(text.length);
  places.push(origin[text.length]!);
  return { text: result, origin: places };
}

/** Replace every match. */
export function replaced(
  whole: Rewritten,
  pattern: RegExp,
  by: (match: RegExpExecArray) => string,
): Rewritten {
  const matches = [...whole.text.matchAll(pattern)] as RegExpExecArray[];
  return edited(
    whole,
    matches.map((match) => ({ start: match.index, end: match.index + match[0].length, put: by(match) })),
  );
}

/** One text from several; each part keeps its places. */
export function joined(parts: readonly Rewritten[]): Rewritten {
  const origin = parts.flatMap((part) => part.origin.slice(0, part.text.length));
  return { text: parts.map(({ text }) => text).join(''), origin: [...origin, parts.at(-1)!.origin.at(-1)!] };
}

/** A text of ours that counts as standing at `place`, an offset in `origin`. */
export function inserted(text: string, place: number): Rewritten {
  return { text, origin: Array.from({ length: text.length + 1 }, () => place) };
}

/** Where the bracket at `open` closes; -1 when it does not. */
export function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if ('([{'.includes(text[at]!)) depth += 1;
    else if (')]}'.includes(text[at]!)) depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

/** The part `[start, end)`. */
export function sliced({ text, origin }: Rewritten, start: number, end: number): Rewritten {
  return { text: text.slice(start, end), origin: origin.slice(start, end + 1) };
}

/** The place in the typed text. */
export function original(typed: string, { origin }: Rewritten, { start, end }: Place): Place {
  const from = origin[Math.min(start, origin.length - 1)]!;
  const to = origin[Math.min(Math.max(end - 1, start), origin.length - 1)]! + 1;
  return { source: { label: 'answer', text: typed }, start: from, end: Math.max(to, from + 1) };
}

/** An error about the rewritten text as one about the typed text. */
export function relocated(error: unknown, typed: string, rewritten: Rewritten): unknown {
  if (!(error instanceof Hw5Error)) return error;
  const { line, column, caret } = error.details;
  if (typeof line !== 'number' || typeof column !== 'number' || rewritten.text.length > 20_000) return error;
  let start = 0;
  for (let passed = 1; passed < line; passed += 1) start = rewritten.text.indexOf('\n', start) + 1;
  // Columns count characters, places count UTF-16 units.
  start += [...rewritten.text.slice(start)].slice(0, column - 1).join('').length;
  const width = typeof caret === 'string' ? caret.trim().length : 1;
  const place = original(typed, rewritten, { source: { label: '', text: '' }, start, end: start + width });
  const found = pointer(place);
  const message = error.message.replace(
    / \(line \d+, column \d+\)$/,
    ` (line ${found.line}, column ${found.column})`,
  );
  return error instanceof ShapeError ? new ShapeError(message, found) : new ArgumentError(message, found);
}
