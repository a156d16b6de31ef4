/** Strict UTF-8: a byte that is not text is an error that says where it lies. */
import { DataError } from '../errors.js';

/** A byte order mark at the start is dropped. @throws DataError naming line and column of the first bad byte */
export function decodeUtf8(bytes: Uint8Array, name = 'text'): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const before = validPrefix(bytes);
    const { line, column } = placeIn(new TextDecoder().decode(bytes.subarray(0, before)));
    const byte = bytes[before]!.toString(16).toUpperCase().padStart(2, '0');
    throw new DataError(
      `${name}: must be UTF-8, got byte 0x${byte} at line ${line}, column ${column}; save it as UTF-8`,
      { line, column, byte: before },
    );
  }
}

/** Line and column of the end of `text`, in code points, both from 1. */
export function placeIn(text: string): { readonly line: number; readonly column: number } {
  const lines = text.split(/\r\n|\r|\n/);
  return { line: lines.length, column: [...lines.at(-1)!].length + 1 };
}

/** Bytes before the first sequence that is not UTF-8: the longest prefix that a streaming decoder accepts. */
function validPrefix(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length + 1;
  while (valid + 1 < invalid) {
    const middle = (valid + invalid) >> 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      valid = middle;
    } catch {
      invalid = middle;
    }
  }
  // A file cut inside a character is valid to its last byte; the place to name is where that character starts.
  let start = Math.min(valid, bytes.length - 1);
  while (start > 0 && valid - start < 3 && (bytes[start]! & 0xc0) === 0x80) start -= 1;
  return start;
}
