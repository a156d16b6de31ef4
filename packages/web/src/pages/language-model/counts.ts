/** What the corpus itself says: how often each character followed the same context. No model is involved. */

export interface Counts {
  /** The context that was found: the longest end of the prefix, at most as long as asked for, that occurs. */
  readonly context: string;
  readonly total: number;
  /** Most frequent first. */
  readonly following: readonly (readonly [character: string, count: number])[];
}

/** @param order characters of context that are looked for at most; 0 counts all characters */
export function countsAfter(corpus: string, prefix: string, order: number): Counts {
  const characters = [...prefix];
  for (let length = Math.min(order, characters.length); length >= 0; length -= 1) {
    const context = characters.slice(characters.length - length).join('');
    const counts = following(corpus, context);
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    if (total === 0 && length > 0) continue;
    return { context, total, following: [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)) };
  }
  return { context: '', total: 0, following: [] };
}

function following(corpus: string, context: string): Map<string, number> {
  const counts = new Map<string, number>();
  const note = (character: string): void => {
    counts.set(character, (counts.get(character) ?? 0) + 1);
  };
  if (context === '') {
    for (const character of corpus) note(character);
    return counts;
  }
  for (let at = corpus.indexOf(context); at >= 0; at = corpus.indexOf(context, at + 1)) {
    const code = corpus.codePointAt(at + context.length);
    if (code !== undefined) note(String.fromCodePoint(code));
  }
  return counts;
}
