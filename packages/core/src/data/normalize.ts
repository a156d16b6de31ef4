/** One spelling for what people type in several ways, Persian first: the same word must be the same tokens. */

export interface Normalization {
  /** Arabic yeh, alef maksura, kaf and teh marbuta as the Persian letters ی, ک and ه. Defaults to true. */
  readonly letters: boolean;
  /** Persian (۰-۹), Arabic (٠-٩) and Latin digits as one kind. Defaults to `'keep'`. */
  readonly digits: 'keep' | 'latin' | 'persian';
  /** The zero-width non-joiner inside Persian words (می‌روم). Defaults to `'keep'`. */
  readonly zwnj: 'keep' | 'space' | 'remove';
  /** Short vowels, tanwin, shadda, sukun, superscript alef and the tatweel stroke. Defaults to `'remove'`. */
  readonly diacritics: 'keep' | 'remove';
  /** Defaults to false. */
  readonly lowercase: boolean;
}

export const defaultNormalization: Normalization = {
  letters: true,
  digits: 'keep',
  zwnj: 'keep',
  diacritics: 'remove',
  lowercase: false,
};

/** Nothing is changed: every code point is itself. */
export const noNormalization: Normalization = {
  letters: false,
  digits: 'keep',
  zwnj: 'keep',
  diacritics: 'keep',
  lowercase: false,
};

const persianLetters: ReadonlyMap<string, string> = new Map([
  ['\u064a', 'ی'], // Arabic yeh
  ['\u0649', 'ی'], // alef maksura
  ['\u0643', 'ک'], // Arabic kaf
  ['\u0629', 'ه'], // teh marbuta
  ['\u06c0', 'ه'], // heh with yeh above
  ['\u06d5', 'ه'], // ae
]);

/** Marks of Unicode's Arabic block that stand on a letter, and the tatweel. */
const DIACRITICS = /[\u064b-\u0652\u0670\u0640]/g;
const ZWNJ = /\u200c/g;

/** Normalise `text`; text that is normalised already comes back as it is. Composed first (NFC). */
export function normalize(text: string, choices: Normalization = defaultNormalization): string {
  const { letters, digits, zwnj, diacritics, lowercase } = choices;
  let result = text;
  if (diacritics === 'remove') result = result.normalize('NFC').replace(DIACRITICS, '');
  if (letters) {
    result = result
      .normalize('NFC')
      .replace(/[\u064a\u0649\u0643\u0629\u06c0\u06d5]/g, (c) => persianLetters.get(c)!);
  }
  if (zwnj !== 'keep') result = result.replace(ZWNJ, zwnj === 'space' ? ' ' : '');
  if (digits !== 'keep') result = withDigits(result, digits === 'latin' ? 0x30 : 0x06f0);
  return lowercase ? result.toLowerCase() : result;
}

/** Decimal digits of the three kinds, moved to the ones that start at `zero`. */
export function withDigits(text: string, zero: 0x30 | 0x06f0): string {
  return text.replace(/[0-9\u0660-\u0669\u06f0-\u06f9]/g, (digit) =>
    String.fromCharCode(zero + (digit.charCodeAt(0) & 0xf)),
  );
}
