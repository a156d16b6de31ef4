/** Two small corpora from the diary that ships with hw5: its English lines, and its Persian ones. */
import type { Language } from '../../i18n/index.js';

export interface Corpus {
  readonly language: Language;
  readonly text: string;
  /** The line that is shown first. */
  readonly line: string;
}

/** Characters of the English corpus: about as many as there are Persian ones, twice over. */
const MOST = 50_000;

const PERSIAN = /[\u0600-\u06ff]/;

/** @param diary lines in both languages */
export function corpusOf(diary: string, language: Language): Corpus {
  const lines = diary.split('\n').filter((line) => line !== '' && PERSIAN.test(line) === (language === 'fa'));
  let text = '';
  for (const line of lines) {
    if (text.length + line.length > MOST) break;
    text += `${line}\n`;
  }
  return { language, text, line: firstLine[language] };
}

const firstLine: Readonly<Record<Language, string>> = {
  en: 'The fog and I, around, around.',
  fa: 'باران می‌بارد و پای من خیس است.',
};

/** `text` without characters that the model has never read, and those characters, each once. */
export function readable(
  text: string,
  vocabulary: readonly string[],
): { readonly text: string; readonly unknown: readonly string[] } {
  const known = new Set(vocabulary);
  const characters = [...text];
  return {
    text: characters.filter((character) => known.has(character)).join(''),
    unknown: [...new Set(characters.filter((character) => !known.has(character)))],
  };
}

/** A character as it is shown where it stands alone. */
export function visible(character: string): string {
  if (character === '\n') return '⏎';
  if (character === ' ') return '␣';
  return character === '\u200c' ? '┊' : character;
}
