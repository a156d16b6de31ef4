/** Texts as ids. A tokenizer is saved as plain JSON and comes back the same. */
import { DataError } from '../errors.js';
import { defaultNormalization, type Normalization, normalize } from './normalize.js';
import { Vocabulary } from './vocabulary.js';

/** Ids with a meaning of their own. */
export interface SpecialIds {
  /** Fills the end of shorter sequences. */
  readonly pad: number;
  /** Stands for what is not in the vocabulary. */
  readonly unknown: number;
  /** Starts a sequence that is written. */
  readonly begin: number;
  /** Ends it. */
  readonly end: number;
}

export interface Tokenizer {
  /** V, special ids included. */
  readonly size: number;
  readonly special: SpecialIds;
  encode(text: string): Int32Array;
  /** Special ids are left out. */
  decode(ids: Iterable<number>): string;
  /** What a person reads for one id. */
  token(id: number): string;
  /** Plain JSON; {@link VocabularyTokenizer} or `loadHuggingFace` take it back. */
  readonly state: TokenizerState;
}

export type Unit = 'characters' | 'words';

export interface VocabularyState {
  readonly unit: Unit;
  readonly normalization: Normalization;
  /** Tokens after the special ones, in id order. */
  readonly tokens: readonly string[];
}

export interface HuggingFaceState {
  readonly unit: 'hugging-face';
  /** The contents of tokenizer.json and tokenizer_config.json. */
  readonly tokenizer: object;
  readonly config: object;
}

export type TokenizerState = VocabularyState | HuggingFaceState;

export interface VocabularyOptions {
  readonly unit: Unit;
  readonly normalization?: Partial<Normalization>;
  /** Tokens seen less often are unknown. Defaults to 1. */
  readonly minCount?: number;
  /** Only the most frequent are kept. Defaults to all. */
  readonly maxTokens?: number;
}

const special: SpecialIds = { pad: 0, unknown: 1, begin: 2, end: 3 };
const specialTokens = ['<pad>', '<unk>', '<bos>', '<eos>'];

/** Letters with their marks, digits and inner joiners or apostrophes are a word; every other sign is one by itself. */
const WORD = /[\p{L}\p{M}\p{N}]+(?:[\u200c'’][\p{L}\p{M}\p{N}]+)*|[^\s\p{L}\p{M}\p{N}]/gu;

/** Characters (by code point) or words, from a vocabulary counted over the training texts. */
export class VocabularyTokenizer implements Tokenizer {
  readonly special: SpecialIds = special;
  readonly state: VocabularyState;
  readonly #vocabulary: Vocabulary;

  constructor(state: VocabularyState) {
    this.state = state;
    this.#vocabulary = new Vocabulary([...specialTokens, ...state.tokens]);
  }

  /** Count the tokens of `texts`: most frequent first, equals by code point, so that the same texts give the same ids. */
  static of(texts: Iterable<string>, options: VocabularyOptions): VocabularyTokenizer {
    const normalization = { ...defaultNormalization, ...options.normalization };
    const lists = Array.from(texts, (text) => split(normalize(text, normalization), options.unit));
    return VocabularyTokenizer.ofTokens(lists, options);
  }

  /** The same of texts that are split already. */
  static ofTokens(lists: Iterable<readonly string[]>, options: VocabularyOptions): VocabularyTokenizer {
    const { unit, minCount = 1, maxTokens = Number.POSITIVE_INFINITY } = options;
    const normalization = { ...defaultNormalization, ...options.normalization };
    const counts = new Map<string, number>();
    for (const tokens of lists) {
      for (const token of tokens) {
        const normal = normalize(token, normalization);
        counts.set(normal, (counts.get(normal) ?? 0) + 1);
      }
    }
    const tokens = [...counts]
      .filter(([token, count]) => count >= minCount && !specialTokens.includes(token))
      .sort(([a, m], [b, n]) => n - m || byCodePoint(a, b))
      .slice(0, maxTokens)
      .map(([token]) => token);
    if (tokens.length === 0) throw new DataError('tokenizer: texts must have tokens, got none');
    return new VocabularyTokenizer({ unit, normalization, tokens });
  }

  get size(): number {
    return this.#vocabulary.size;
  }

  encode(text: string): Int32Array {
    return this.encodeTokens(this.split(text));
  }

  /** The tokens of a text as they are written there, one for each id of `encode`. */
  split(text: string): string[] {
    return split(normalize(text, this.state.normalization), this.state.unit);
  }

  /** Ids of tokens that are split already, one each. */
  encodeTokens(tokens: readonly string[]): Int32Array {
    const { normalization } = this.state;
    return Int32Array.from(
      tokens,
      (token) => this.#vocabulary.idOf(normalize(token, normalization)) ?? special.unknown,
    );
  }

  decode(ids: Iterable<number>): string {
    const tokens = [...ids].filter((id) => id >= specialTokens.length || id === special.unknown);
    return tokens.map((id) => this.token(id)).join(this.state.unit === 'words' ? ' ' : '');
  }

  token(id: number): string {
    return this.#vocabulary.characters[id] ?? specialTokens[special.unknown]!;
  }
}

/** The tokens of a text, normalised already. */
export function split(text: string, unit: Unit): string[] {
  return unit === 'characters' ? [...text] : (text.match(WORD) ?? []);
}

/** By code points, not by UTF-16 units: the order must not depend on how an engine stores strings. */
function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const difference = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
