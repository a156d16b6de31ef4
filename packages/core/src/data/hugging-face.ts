/**
 * `tokenizer.json` of the Hugging Face hub, read by its own library. That library (`@huggingface/tokenizers`) is an
 * optional peer: install it to use this; nothing else needs it.
 */
import { DataError, Hw5Error } from '../errors.js';
import type { HuggingFaceState, Tokenizer } from './tokenizer.js';

/** The part of `@huggingface/tokenizers` that is used. */
export interface TokenizersLibrary {
  readonly Tokenizer: new (
    tokenizer: object,
    config: object,
  ) => {
    encode(text: string, options?: { readonly add_special_tokens?: boolean }): { readonly ids: number[] };
    decode(ids: number[], options?: { readonly skip_special_tokens?: boolean }): string;
    token_to_id(token: string): number | undefined;
    id_to_token(id: number): string | undefined;
    get_vocab(withAddedTokens?: boolean): Map<string, number>;
  };
}

const LIBRARY = '@huggingface/tokenizers';

/**
 * @param state - the contents of tokenizer.json and tokenizer_config.json
 * @param library - `await import('@huggingface/tokenizers')` where a bundler must see it; loaded by name when left out
 * @throws DataError when the library is not installed, refuses the files, or the tokenizer has no padding token
 */
export async function loadHuggingFace(
  state: Omit<HuggingFaceState, 'unit'>,
  library?: TokenizersLibrary,
): Promise<Tokenizer> {
  const { tokenizer, config } = state;
  const { Tokenizer } = library ?? (await installed());
  try {
    const inner = new Tokenizer(tokenizer, config);
    const vocabulary = inner.get_vocab(true);
    const idOf = (names: readonly string[]): number | undefined => {
      for (const name of names) {
        const given = (config as Readonly<Record<string, unknown>>)[`${name}_token`];
        const text =
          typeof given === 'object' && given !== null && 'content' in given ? given.content : given;
        const id = typeof text === 'string' ? vocabulary.get(text) : undefined;
        if (id !== undefined) return id;
      }
      return undefined;
    };
    const pad = idOf(['pad', 'eos', 'sep']);
    if (pad === undefined) {
      throw new DataError('tokenizer.json: must name a pad, eos or sep token in its config, got none');
    }
    const specials = {
      pad,
      unknown: idOf(['unk']) ?? pad,
      begin: idOf(['bos', 'cls']) ?? pad,
      end: idOf(['eos', 'sep']) ?? pad,
    };
    return {
      size: Math.max(...vocabulary.values()) + 1,
      special: specials,
      state: { unit: 'hugging-face', tokenizer, config },
      encode: (text) => Int32Array.from(inner.encode(text, { add_special_tokens: false }).ids),
      decode(ids) {
        const pieces = [...ids];
        // The library refuses an empty list.
        return pieces.length === 0 ? '' : inner.decode(pieces, { skip_special_tokens: true });
      },
      token: (id) => inner.id_to_token(id) ?? '',
    };
  } catch (error) {
    if (error instanceof Hw5Error) throw error;
    throw new DataError(`tokenizer.json: must be one that ${LIBRARY} can load, got: ${reasonOf(error)}`);
  }
}

async function installed(): Promise<TokenizersLibrary> {
  try {
    // By a variable, so that bundlers do not demand an optional peer.
    return (await import(/* @vite-ignore */ LIBRARY)) as TokenizersLibrary;
  } catch (error) {
    throw new DataError(
      `tokenizer.json: ${LIBRARY} must be installed (npm install ${LIBRARY}), got: ${reasonOf(error)}`,
    );
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
