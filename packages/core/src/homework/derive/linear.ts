/** Whole-number expressions of index letters, as they stand in `h[t-1]`, `W^(t-i)` and below a sum sign. */
import type { Linear } from './expression.js';

const TERM = /^([+-]?)(\d*)\*?(\p{L}?)/u;

/**
 * Read `t-1`, `2`, `t - i + 1`.
 * @param letters - the index letters that may occur
 * @returns undefined when the text is anything else
 */
export function readLinear(text: string, letters: readonly string[]): Linear | undefined {
  let rest = text.replace(/\s/g, '').replaceAll('−', '-');
  if (rest === '') return undefined;
  const factors: Record<string, number> = {};
  let constant = 0;
  for (let first = true; rest !== ''; first = false) {
    const [whole, sign = '', digits = '', letter = ''] = TERM.exec(rest) ?? [''];
    if (digits === '' && letter === '') return undefined;
    if (sign === '' && !first) return undefined;
    if (letter !== '' && !letters.includes(letter)) return undefined;
    const amount = (sign === '-' ? -1 : 1) * (digits === '' ? 1 : Number(digits));
    if (!Number.isSafeInteger(amount)) return undefined;
    if (letter === '') constant += amount;
    else factors[letter] = (factors[letter] ?? 0) + amount;
    rest = rest.slice(whole.length);
  }
  return { factors, constant };
}

/** Does it depend on any letter? */
export function hasLetters({ factors }: Linear): boolean {
  return Object.values(factors).some((factor) => factor !== 0);
}
