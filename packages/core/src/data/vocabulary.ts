/** Characters as ids, by code point: an emoji or a Persian letter is one character. */
import { DataError } from '../errors.js';

export class Vocabulary {
  /** Characters in id order. */
  readonly characters: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;

  constructor(characters: readonly string[]) {
    this.characters = characters;
    this.#ids = new Map(characters.map((character, id) => [character, id]));
    if (this.#ids.size !== characters.length) {
      throw new DataError(
        `vocabulary: characters must differ, got ${characters.length - this.#ids.size} repeated`,
      );
    }
  }

  /** All characters of `text`, ordered by code point, so that the same text gives the same ids everywhere. */
  static of(text: string): Vocabulary {
    const characters = [...new Set(text)];
    characters.sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
    return new Vocabulary(characters);
  }

  get size(): number {
    return this.characters.length;
  }

  has(character: string): boolean {
    return this.#ids.has(character);
  }

  idOf(character: string): number | undefined {
    return this.#ids.get(character);
  }

  /** @throws DataError naming what has no id, and some that have */
  require(token: string): number {
    const id = this.#ids.get(token);
    if (id !== undefined) return id;
    const known = this.characters.slice(0, 10).join(', ');
    throw new DataError(
      `vocabulary: must be one of ${known}${this.size > 10 ? ', ...' : ''}, got ${JSON.stringify(token)}`,
    );
  }

  /** @throws DataError naming the first character that has no id */
  encode(text: string): Int32Array {
    const ids = new Int32Array(text.length);
    let length = 0;
    for (const character of text) {
      const id = this.#ids.get(character);
      if (id === undefined) {
        const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
        throw new DataError(
          `vocabulary: every character must be among the ${this.size} known ones, got ${JSON.stringify(character)} (U+${code}) at ${length}`,
          { character, position: length },
        );
      }
      ids[length] = id;
      length += 1;
    }
    return ids.slice(0, length);
  }

  decode(ids: Iterable<number>): string {
    let text = '';
    for (const id of ids) text += this.characters[id] ?? '';
    return text;
  }
}
