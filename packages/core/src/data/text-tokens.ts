/** A long text as a row of tokens that can be written back, piece by piece: what a language model reads and writes. */
import { DataError } from '../errors.js';
import { defaultNormalization, normalize } from './normalize.js';
import { split, type Tokenizer, type TokenizerState } from './tokenizer.js';
import { Vocabulary } from './vocabulary.js';

/** What a token is: a code point, a word or sign, or a piece of a `tokenizer.json`. */
export const textUnits = ['characters', 'words', 'hugging-face'] as const;
export type TextUnit = (typeof textUnits)[number];

/** What a checkpoint holds of the tokens. */
export type TextTokensState =
  | { readonly vocabulary: readonly string[] }
  | { readonly words: readonly string[] }
  | { readonly tokenizer: TokenizerState };

export interface TextTokens {
  readonly unit: TextUnit;
  /** V */
  readonly size: number;
  /** As people read them, in id order. */
  readonly tokens: readonly string[];
  /** What stands before an empty prompt. */
  readonly start: number;
  encode(text: string): Int32Array;
  /** Turns ids, one after the other, into the pieces of text that they add. */
  writer(): (id: number) => string;
  /** Plain JSON. */
  readonly state: TextTokensState;
}

/** Every code point of the text; others are refused. */
export class CharacterTokens extends Vocabulary implements TextTokens {
  readonly unit = 'characters';

  static override of(text: string): CharacterTokens {
    return new CharacterTokens(Vocabulary.of(text).characters);
  }

  get tokens(): readonly string[] {
    return this.characters;
  }

  get start(): number {
    return this.idOf('\n') ?? 0;
  }

  get state(): TextTokensState {
    return { vocabulary: this.characters };
  }

  writer(): (id: number) => string {
    return (id) => this.characters[id] ?? '';
  }
}

const UNKNOWN = '<unk>';
/** No space stands before these, and none behind those. */
const CLOSING = /^[.,;:!?%)\]}»”’،؛؟…]$/u;
const OPENING = /^[([{«“‘]$/u;

/** The most frequent words, signs and line ends; other words are unknown. Spaces are implied, Persian spelling is normalised. */
export class WordTokens implements TextTokens {
  readonly unit = 'words';
  readonly tokens: readonly string[];
  readonly #vocabulary: Vocabulary;

  constructor(words: readonly string[]) {
    this.tokens = words;
    this.#vocabulary = new Vocabulary(words);
    if (!this.#vocabulary.has(UNKNOWN)) {
      throw new DataError(`words: must hold ${UNKNOWN}, got ${words.length} without it`);
    }
  }

  /** @param most - words kept, beside the unknown one; equals in the order of the text */
  static of(text: string, most: number): WordTokens {
    const counts = new Map<string, number>();
    for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
    counts.delete(UNKNOWN);
    if (counts.size === 0) throw new DataError('text: must have words, got none');
    const sorted = [...counts].sort(([, m], [, n]) => n - m).slice(0, most);
    return new WordTokens([UNKNOWN, ...sorted.map(([word]) => word)]);
  }

  get size(): number {
    return this.tokens.length;
  }

  get start(): number {
    return this.#vocabulary.idOf('\n') ?? this.#unknown;
  }

  get #unknown(): number {
    return this.#vocabulary.idOf(UNKNOWN)!;
  }

  get state(): TextTokensState {
    return { words: this.tokens };
  }

  encode(text: string): Int32Array {
    return Int32Array.from(wordsOf(text), (word) => this.#vocabulary.idOf(word) ?? this.#unknown);
  }

  writer(): (id: number) => string {
    // A prompt stands before the first word.
    let before = 'prompt';
    return (id) => {
      const token = this.tokens[id] ?? UNKNOWN;
      const joined = token === '\n' || before === '\n' || CLOSING.test(token) || OPENING.test(before);
      before = token;
      return joined ? token : ` ${token}`;
    };
  }
}

function wordsOf(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => split(normalize(line, defaultNormalization), 'words'));
  return lines.flatMap((words, i) => (i === 0 ? words : ['\n', ...words]));
}

/** Pieces of a `tokenizer.json`: see `loadHuggingFace`. */
export class PieceTokens implements TextTokens {
  readonly unit = 'hugging-face';
  readonly #tokenizer: Tokenizer;

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
  }

  get size(): number {
    return this.#tokenizer.size;
  }

  get tokens(): readonly string[] {
    return Array.from({ length: this.size }, (_, id) => this.#tokenizer.token(id));
  }

  get start(): number {
    return this.#tokenizer.special.begin;
  }

  get state(): TextTokensState {
    return { tokenizer: this.#tokenizer.state };
  }

  encode(text: string): Int32Array {
    return this.#tokenizer.encode(text);
  }

  writer(): (id: number) => string {
    // How a piece is written depends on the one before it (a space between words), not on those before that.
    let before: number[] = [];
    let untold: number[] = [];
    return (id) => {
      untold.push(id);
      const known = this.#tokenizer.decode(before);
      const text = this.#tokenizer.decode([...before, ...untold]);
      // A piece may end inside a code point; it is told with the piece that ends it.
      if (text.endsWith('\uFFFD')) return '';
      // Special ids write nothing: the piece before them still counts.
      before = text === known ? [...before, ...untold] : untold;
      untold = [];
      return text.slice(known.length);
    };
  }
}

/** The tokens that a state describes, except pieces, whose library must be loaded first. */
export function textTokensOf(state: TextTokensState): TextTokens {
  if ('vocabulary' in state) return new CharacterTokens(state.vocabulary);
  if ('words' in state) return new WordTokens(state.words);
  throw new DataError(
    'tokens: must be characters or words here, got a tokenizer.json, which must be loaded first',
  );
}
