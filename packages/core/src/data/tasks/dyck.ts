/**
 * Dyck-n: are the brackets balanced? Half of the words are; the others are balanced words with one bracket exchanged for
 * another kind or with two brackets swapped, so that counting is not always enough (Suzgun et al. 2019).
 */
import { ArgumentError } from '../../errors.js';
import type { RandomStream } from '../../random.js';
import type { LabelledText } from '../examples.js';
import { between, chance, type Task } from './task.js';

export interface DyckOptions {
  /** n: kinds of brackets, 1 to 4. */
  readonly kinds: number;
  /** Brackets in a word: an even number from 2 to this. */
  readonly maxLength: number;
}

const OPEN = '([{<';
const CLOSE = ')]}>';

export const dyck: Task<LabelledText, DyckOptions> = {
  name: 'dyck',
  kind: 'classify',
  summary: 'are the brackets balanced?',
  defaults: { kinds: 2, maxLength: 20 },
  example(random, { kinds, maxLength }) {
    if (!(Number.isSafeInteger(kinds) && kinds >= 1 && kinds <= OPEN.length)) {
      throw new ArgumentError(`dyck: kinds must be a whole number in [1, ${OPEN.length}], got ${kinds}`);
    }
    const word = balanced(random, between(random, 1, Math.floor(maxLength / 2)), kinds);
    if (chance(random, 0.5)) return { text: word.join(''), label: 'balanced' };
    return { text: broken(random, word, kinds).join(''), label: 'unbalanced' };
  },
  key: ({ text }) => text,
};

/** A balanced word of `pairs` pairs: at each place it opens or closes with equal chance, as far as it may. */
function balanced(random: RandomStream, pairs: number, kinds: number): string[] {
  const word: string[] = [];
  const open: number[] = [];
  for (let left = pairs; left > 0 || open.length > 0; ) {
    if (open.length === 0 || (left > 0 && chance(random, 0.5))) {
      const kind = random.integer(kinds);
      word.push(OPEN[kind]!);
      open.push(kind);
      left -= 1;
    } else {
      word.push(CLOSE[open.pop()!]!);
    }
  }
  return word;
}

/** The word with a fault. A swap may leave it balanced; one bracket exchanged never does. */
function broken(random: RandomStream, word: readonly string[], kinds: number): string[] {
  if (chance(random, 0.5)) {
    const swapped = [...word];
    const [i, j] = [random.integer(word.length), random.integer(word.length)];
    [swapped[i], swapped[j]] = [word[j]!, word[i]!];
    if (!isBalanced(swapped)) return swapped;
  }
  const brackets = [...OPEN.slice(0, kinds), ...CLOSE.slice(0, kinds)];
  const at = random.integer(word.length);
  const others = brackets.filter((bracket) => bracket !== word[at]);
  return word.map((bracket, i) => (i === at ? others[random.integer(others.length)]! : bracket));
}

function isBalanced(word: readonly string[]): boolean {
  const open: number[] = [];
  for (const bracket of word) {
    const kind = OPEN.indexOf(bracket);
    if (kind >= 0) open.push(kind);
    else if (open.pop() !== CLOSE.indexOf(bracket)) return false;
  }
  return open.length === 0;
}
