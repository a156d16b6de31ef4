/** The direction in which a text is read, by its first letter; `dir="auto"` does not look into the isolated words of one. */
export function readingDirection(text: string): 'ltr' | 'rtl' {
  const [letter] = text.match(/\p{L}/u) ?? [];
  return letter !== undefined && /[\u0590-\u08ff\ufb1d-\ufefc]/.test(letter) ? 'rtl' : 'ltr';
}
