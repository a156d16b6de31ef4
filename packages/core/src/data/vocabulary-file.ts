/** What the ids of a model made elsewhere mean, from a file that came with it. */
import { DataError } from '../errors.js';
import { Vocabulary } from './vocabulary.js';

/**
 * JSON: a list of tokens in id order, or a table from token to id. Any other file is a text, whose different characters, by
 * code point, are the vocabulary.
 * @param name - the file's name: what ends in `.json` is JSON
 * @throws DataError for JSON of another form, or ids that are not 0, 1, 2, ...
 */
export function parseVocabulary(name: string, text: string): readonly string[] {
  if (!/\.json$/i.test(name)) return Vocabulary.of(text).characters;
  const refuse = (got: string): never => {
    throw new DataError(
      `vocab: must be a list of characters, or a table from character to id 0, 1, 2, ..., got ${got} in ${name}`,
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
