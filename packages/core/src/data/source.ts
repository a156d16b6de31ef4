/** Bytes from wherever a user has them. */
import { platform } from '#platform';
import { DataError } from '../errors.js';
import { decodeUtf8 } from './text.js';

/** A path (Node) or address, a URL, a File or Blob, or the bytes themselves. */
export type Source = string | URL | Blob | ArrayBuffer | Uint8Array;

export interface NamedBytes {
  /** What errors call it: the path or file name. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** @throws DataError when it cannot be read, with the system's reason */
export async function readBytes(source: Source): Promise<NamedBytes> {
  if (source instanceof Uint8Array) return { name: 'data', bytes: source };
  if (source instanceof ArrayBuffer) return { name: 'data', bytes: new Uint8Array(source) };
  const name = source instanceof Blob ? ('name' in source ? String(source.name) : 'data') : String(source);
  try {
    const bytes =
      source instanceof Blob ? new Uint8Array(await source.arrayBuffer()) : await platform.read(source);
    return { name, bytes };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(`read: ${name} must be readable, got: ${reason}`, { source: name });
  }
}

/** @throws DataError when it cannot be read or is not UTF-8 */
export async function readText(source: Source): Promise<string> {
  const { name, bytes } = await readBytes(source);
  return decodeUtf8(bytes, name);
}
