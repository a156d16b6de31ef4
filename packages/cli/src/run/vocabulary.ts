/** What the ids of a model mean, where it is not the run that says so. */
import { Vocabulary } from '@hw5/core';
import { CliError } from '../errors.js';
import { readText } from '../text.js';

/**
 * JSON: a list of characters in id order, or a table from character to id. Any other file is a text, whose different
 * characters, by code point, are the vocabulary.
 * @throws CliError for JSON of another form, or ids that are not 0, 1, 2, ...
 */
export async function readVocabulary(path: string): Promise<readonly string[]> {
  const { text } = await readText(path);
  if (!/\.json$/i.test(path)) return Vocabulary.of(text).characters;
  const refuse = (got: string): never => {
    throw new CliError(
      'DATA',
      `vocab: must be a list of characters, or a table from character to id 0, 1, 2, ..., got ${got} in ${path}`,
    );
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('no JSON');
  }
  if (Array.isArray(value)) {
    return value.every((entry) => typeof entry === 'string') ? value : refuse('a list of other things');
  }
  if (typeof value !== 'object' || value === null) return refuse(typeof value);
  const entries = Object.entries(value).sort(([, a], [, b]) => Number(a) - Number(b));
  if (entries.length === 0 || !entries.every(([, id], i) => id === i)) return refuse('other ids');
  return entries.map(([character]) => character);
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
