/** Tokens as people can see them, and answers as what one might want to know about them. */
import type { TextAnswer } from '@hw5/core';

/** Core's marks: the end of an answer, and a token that was not among the examples. */
const END = '<eos>';
const UNKNOWN = '<unk>';

export const isEnd = (token: string): boolean => token === END;

/** Tokens that are no text: nobody can type them, so nobody can force them. */
export const isMark = (token: string): boolean => /^<\w+>$/.test(token);

/** Spaces, joiners, the end and the unknown as signs. */
export function visible(token: string): string {
  if (token === ' ') return '␣';
  if (token === '\u200c') return '⁞';
  if (token === UNKNOWN) return '�';
  if (isMark(token)) return '∎';
  return token;
}

/** Where each step looked most. */
export function focusOf({ alignment }: TextAnswer): readonly number[] {
  return alignment.map((row) => row.indexOf(Math.max(...row)));
}

/** Mean of the largest weight of each step: 1 when every step looks at one place only. */
export function sharpness({ alignment }: TextAnswer): number {
  if (alignment.length === 0) return Number.NaN;
  return alignment.reduce((sum, row) => sum + Math.max(...row), 0) / alignment.length;
}

/** How good a guess of the most attended place is: its weight as a share of the largest. */
export function worthOf(row: readonly number[], guess: number): number {
  const most = Math.max(...row);
  return most > 0 ? (row[guess] ?? 0) / most : 0;
}
