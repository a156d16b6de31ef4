/** Wraps prose with formulas in it to a width, and isolates directions line by line. */
import type { Language } from '@hw5/core/homework';

/** A run of prose or of a formula; formulas are left to right in any language. */
export interface Piece {
  readonly formula: boolean;
  readonly text: string;
}

const LRI = '\u2066';
const RLI = '\u2067';
const PDI = '\u2069';

/** Columns that a text takes: marks, joiners and direction signs take none. */
export function columns(text: string): number {
  return [...text.replace(/[\p{Mn}\p{Cf}]/gu, '')].length;
}

/** A text in the direction of its language, for a line of the surrounding language. English alone needs no signs. */
export function isolated(text: string, language: Language, around: Language = language): string {
  if (around === 'en') return text;
  return `${language === 'fa' ? RLI : LRI}${text}${PDI}`;
}

interface Word {
  /** Parts without a space between them; `run` tells formulas apart. */
  readonly parts: { run: number; formula: boolean; text: string }[];
}

/** Joins words that belong together; printed as a plain space. */
export const NO_BREAK = '\u00a0';

/** Lines of at most `width` columns, broken at spaces; a longer word stands alone. */
export function wrapped(pieces: readonly Piece[], width: number, language: Language): string[] {
  const lines: Word[][] = [[]];
  let used = 0;
  for (const word of wordsOf(pieces)) {
    const size = columns(word.parts.map(({ text }) => text).join(''));
    if (used > 0 && used + 1 + size > width) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1)!.push(word);
    used += size + (used > 0 ? 1 : 0);
  }
  return lines.map((line) => isolated(joined(line, language).replaceAll(NO_BREAK, ' '), language));
}

function wordsOf(pieces: readonly Piece[]): Word[] {
  const words: Word[] = [];
  let glued = false;
  for (const [run, { formula, text }] of pieces.entries()) {
    for (const part of text.split(/( +)/)) {
      if (part === '') continue;
      if (part.startsWith(' ')) {
        glued = false;
        continue;
      }
      if (glued) words.at(-1)!.parts.push({ run, formula, text: part });
      else words.push({ parts: [{ run, formula, text: part }] });
      glued = true;
    }
  }
  return words;
}

/** One line; every stretch of one formula in an isolate of its own where the language is right to left. */
function joined(line: readonly Word[], language: Language): string {
  let text = '';
  let open: number | undefined;
  for (const [i, { parts }] of line.entries()) {
    for (const [j, { run, formula, text: part }] of parts.entries()) {
      if (open !== undefined && open !== run) {
        text += PDI;
        open = undefined;
      }
      if (i > 0 && j === 0) text += ' ';
      if (formula && open === undefined && language === 'fa') {
        text += LRI;
        open = run;
      }
      text += part;
    }
  }
  return open === undefined ? text : text + PDI;
}
