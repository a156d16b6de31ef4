/** The question bank's light markup: `$...$` is LaTeX, `` `...` `` is code, the rest is prose. */
import type { Bilingual } from '../bank/types.js';

export type Language = keyof Bilingual;

export interface Segment {
  readonly kind: 'text' | 'math' | 'code';
  readonly text: string;
}

/** Split into pieces of one kind each; none is empty. */
export function segments(marked: string): Segment[] {
  return marked
    .split(/(\$[^$]*\$|`[^`]*`)/)
    .filter((piece) => piece !== '')
    .map((piece) => {
      if (piece.length > 1 && piece.startsWith('$')) return { kind: 'math', text: piece.slice(1, -1) };
      if (piece.length > 1 && piece.startsWith('`')) return { kind: 'code', text: piece.slice(1, -1) };
      return { kind: 'text', text: piece };
    });
}
