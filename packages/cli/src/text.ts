/** Reads training text: from a file, a pipe or stdin, as strict UTF-8. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliError, fileError } from './errors.js';

/** Largest text that is read, bytes: its code points, as 32-bit ids, still fit the kernel's memory. */
const maxBytes = 256 * 1024 * 1024;

/** Written in place of a path for the text that hw5 ships, which may be installed elsewhere next time. */
export const sampleName = 'sample:panbeh';

const samplePath: string = fileURLToPath(new URL('../data/panbeh.txt', import.meta.url));

export interface Text {
  readonly text: string;
  /** What to call it in a run's name: the file's name without its extension. */
  readonly name: string;
  /** Where to read it again: an absolute path or {@link sampleName}; undefined when it came through a pipe. */
  readonly source: string | undefined;
  /** SHA-256 of the bytes, hex. */
  readonly sha256: string;
  /** The text as it was read, to keep a copy of what came through a pipe. */
  readonly bytes: Uint8Array;
}

/**
 * Read the text that `--data` names: a path, `-` for stdin, {@link sampleName} for the shipped sample.
 * @throws CliError when it is missing, a folder, empty, not UTF-8, or larger than 256 MiB.
 */
export async function readText(data: string): Promise<Text> {
  if (data === '-') return decode('stdin', undefined, await readAll('stdin', process.stdin));
  const path = data === sampleName ? samplePath : resolve(data);
  const hint = data === sampleName ? 'reinstall hw5' : undefined;
  try {
    const facts = await stat(path);
    if (facts.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    const bytes = await readAll(data, createReadStream(path));
    const source = data === sampleName ? sampleName : facts.isFile() ? path : undefined;
    return decode(data === sampleName ? samplePath : data, source, bytes);
  } catch (error) {
    throw error instanceof CliError ? error : fileError('data', data, error, hint);
  }
}

async function readAll(shown: string, stream: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    size += bytes.length;
    if (size > maxBytes) {
      throw new CliError(
        'DATA',
        `data: text must be at most 256 MiB, got more in ${shown}`,
        'use a part of it',
      );
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function decode(shown: string, source: string | undefined, bytes: Buffer): Text {
  if (bytes.length === 0) throw new CliError('DATA', `data: text must not be empty, got 0 bytes in ${shown}`);
  const zero = bytes.indexOf(0);
  const invalid = zero >= 0 ? zero : firstInvalidByte(bytes);
  if (invalid >= 0) {
    const byte = (bytes[invalid] ?? 0).toString(16).padStart(2, '0');
    throw new CliError(
      'DATA',
      `data: text must be UTF-8, got byte 0x${byte} at offset ${invalid} of ${shown}`,
      'is it a binary file, or in another encoding? iconv converts',
    );
  }
  const name = shown === 'stdin' ? 'stdin' : basename(shown, extname(shown));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { text: new TextDecoder().decode(bytes), name, source, sha256, bytes };
}

/** Offset of the first byte that cannot stand in UTF-8, -1 when all can: bisects on the longest valid prefix. */
export function firstInvalidByte(bytes: Uint8Array): number {
  const valid = (end: number, whole: boolean): boolean => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end), { stream: !whole });
      return true;
    } catch {
      return false;
    }
  };
  if (valid(bytes.length, true)) return -1;
  let low = 0; // a prefix this long may be completed to valid text
  let high = bytes.length + 1; // a prefix this long may not (one past the end: the text ends inside a character)
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (valid(middle, false)) low = middle;
    else high = middle;
  }
  return Math.min(low, bytes.length - 1);
}
