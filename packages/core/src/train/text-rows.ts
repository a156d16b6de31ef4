/** Texts as rows of ids, for the runs that read tokens. */
import { pad } from '../data/padding.js';
import type { VocabularyTokenizer } from '../data/tokenizer.js';
import { ids, type Tensor } from '../tensor.js';

/** A text of nothing but spaces still has one, unknown, token. */
export function encodeText(tokenizer: VocabularyTokenizer, text: string): Int32Array {
  const encoded = tokenizer.encode(text);
  return encoded.length > 0 ? encoded : Int32Array.of(tokenizer.special.unknown);
}

/** Rows side by side, [T, B], the shorter ones filled up with `fill`; and how long each is. */
export function idMatrix(
  rows: readonly ArrayLike<number>[],
  fill: number,
): { readonly matrix: Tensor<[number, number]>; readonly lengths: Int32Array } {
  const { ids: filled, lengths, time } = pad(rows, fill);
  return { matrix: ids(filled, [time, rows.length]), lengths };
}
