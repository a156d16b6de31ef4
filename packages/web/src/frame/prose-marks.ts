/** Splits a dictionary's sentence at its marks (see `Prose`). */

export type Piece =
  | { readonly kind: 'text' | 'tex' | 'strong'; readonly text: string }
  /** `text` is `undefined` where the glossary's own name is to be shown. */
  | { readonly kind: 'term'; readonly id: string; readonly text: string | undefined }
  | { readonly kind: 'link'; readonly id: string; readonly text: string };

const MARKS = /\$([^$]+)\$|\[\[(\w+)(?:\|([^\]]+))?\]\]|\(\((\w+)\|(.+?)\)\)|\*([^*]+)\*/g;

export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(MARKS)) {
    if (match.index > at) pieces.push({ kind: 'text', text: text.slice(at, match.index) });
    at = match.index + match[0].length;
    const [, tex, term, shown, link, label, strong] = match;
    if (tex !== undefined) pieces.push({ kind: 'tex', text: tex });
    else if (term !== undefined) pieces.push({ kind: 'term', id: term, text: shown });
    else if (link !== undefined) pieces.push({ kind: 'link', id: link, text: label ?? '' });
    else pieces.push({ kind: 'strong', text: strong ?? '' });
  }
  if (at < text.length) pieces.push({ kind: 'text', text: text.slice(at) });
  return pieces;
}
