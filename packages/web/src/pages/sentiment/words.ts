/** Sentences as words that can be moved, dropped and negated. */

/** Signs stand without a space before them. */
export function sentenceOf(words: readonly string[]): string {
  return words.join(' ').replace(/ ([,.;:!?،؛؟])/g, '$1');
}

export function moved(words: readonly string[], from: number, by: number): readonly string[] {
  const to = from + by;
  const word = words[from];
  if (word === undefined || to < 0 || to >= words.length) return words;
  return words.toSpliced(from, 1).toSpliced(to, 0, word);
}

export function dropped(words: readonly string[], at: number): readonly string[] {
  return words.length > 1 ? words.toSpliced(at, 1) : words;
}

/** What a word becomes when its clause is negated, or no longer: a «not» after «was», «بود» with its «ن». */
export function negated(words: readonly string[], at: number): readonly string[] | undefined {
  const word = words[at];
  if (word === 'بود') return words.with(at, 'نبود');
  if (word === 'نبود') return words.with(at, 'بود');
  if (word === 'not') return words.toSpliced(at, 1);
  if (word === 'was')
    return words[at + 1] === 'not' ? words.toSpliced(at + 1, 1) : words.toSpliced(at + 1, 0, 'not');
  return undefined;
}
