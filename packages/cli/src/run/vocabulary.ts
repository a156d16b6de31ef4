/** What the ids of a model mean, where it is not the run that says so. */
import { parseVocabulary } from '@hw5/core';
import { readText } from '../text.js';

/** @throws DataError for JSON that is no vocabulary */
export async function readVocabulary(path: string): Promise<readonly string[]> {
  const { text } = await readText(path);
  return parseVocabulary(path, text);
}

/** The pieces of a tokenizer.json, in id order. */
export function piecesOf(tokenizer: object): readonly string[] {
  const { model, added_tokens: added = [] } = tokenizer as {
    readonly model?: {
      readonly vocab?: Readonly<Record<string, number>> | readonly (readonly [string, number])[];
    };
    readonly added_tokens?: readonly { readonly id: number; readonly content: string }[];
  };
  const { vocab = {} } = model ?? {};
  // A unigram model lists its pieces with their scores; the others say each one's id.
  const entries: [string, number][] = Array.isArray(vocab)
    ? vocab.map(([piece]: readonly [string, number], id) => [piece, id])
    : Object.entries(vocab);
  const pieces: string[] = [];
  for (const [piece, id] of entries) pieces[id] = piece;
  for (const { id, content } of added) pieces[id] = content;
  return Array.from(pieces, (piece) => piece ?? '');
}
