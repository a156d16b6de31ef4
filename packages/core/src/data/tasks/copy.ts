/**
 * Copy (Hochreiter & Schmidhuber 1997; Arjovsky et al. 2016): L symbols, a pause, a go sign; then the symbols must be
 * written from memory. Tests how long a state holds; nothing but the symbols themselves helps.
 */
import { ArgumentError } from '../../errors.js';
import type { TaggedTokens } from '../examples.js';
import { pick, type Task } from './task.js';

export interface CopyOptions {
  /** Different symbols, at most 26. */
  readonly symbols: number;
  /** L */
  readonly length: number;
  /** Steps between the last symbol and the first one to write. */
  readonly delay: number;
}

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
export const BLANK = '_';
export const GO = '>';

export const copy: Task<TaggedTokens, CopyOptions> = {
  name: 'copy',
  kind: 'tag',
  summary: 'write symbols from memory after a pause',
  defaults: { symbols: 8, length: 5, delay: 10 },
  example(random, { symbols, length, delay }) {
    if (!(Number.isSafeInteger(symbols) && symbols >= 1 && symbols <= LETTERS.length)) {
      throw new ArgumentError(
        `copy: symbols must be a whole number in [1, ${LETTERS.length}], got ${symbols}`,
      );
    }
    if (!(length >= 1 && delay >= 1)) {
      throw new ArgumentError(`copy: length and delay must be at least 1, got ${length} and ${delay}`);
    }
    const alphabet = LETTERS.slice(0, symbols);
    const written = Array.from({ length }, () => pick(random, alphabet));
    const blanks = (count: number): string[] => Array.from({ length: count }, () => BLANK);
    return {
      tokens: [...written, ...blanks(delay - 1), GO, ...blanks(length)],
      tags: [...blanks(length + delay), ...written],
    };
  },
  key: ({ tokens }) => tokens.join(''),
};
