/**
 * What a link carries behind `#z=`: gzip, then base64url, of JSON. For what is too long for an address: a text of the
 * person's own, long settings. The part behind `#` is never sent to a server. What comes in is of anybody's making, so every
 * size is bounded before it takes memory.
 */

/** A text or table of the person's own. */
export interface OwnData {
  /** A file's name, or the one under which the command line expects it. */
  readonly name: string;
  readonly text: string;
}

export interface Packed {
  readonly own?: OwnData;
  /** Settings by their path in the address. */
  readonly values?: Readonly<Record<string, string>>;
}

export const PREFIX = '#z=';

/** Longest link part, characters: longer links are cut by browsers (Safari: 80 000) and programs for mail and chat. */
export const MOST_PACKED = 60_000;

/** Most bytes that a link part may grow to: a few kilobytes could be made to fill the memory. */
export const MOST_UNPACKED = 8_000_000;

/** Settings that are longer than this leave the query, characters. */
const LONG_VALUE = 300;
const MOST_VALUES = 100;
const LONGEST_NAME = 200;

/** What is wrong with a link part, in words for the status line's technical remark. */
export class PackedError extends Error {
  override readonly name = 'PackedError';
}

/** @returns the part from `#` on; it may be longer than {@link MOST_PACKED}: say so, and do not use it */
export async function pack(packed: Packed): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(packed));
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return PREFIX + toBase64(new Uint8Array(await new Response(stream).arrayBuffer()));
}

/** @throws PackedError for anything that `pack` has not made, or that is too large */
export async function unpack(hash: string): Promise<Packed> {
  const code = hash.slice(PREFIX.length);
  if (code.length > MOST_PACKED) {
    throw new PackedError(`link: must be at most ${MOST_PACKED} characters, got ${code.length}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await inflate(fromBase64(code))));
  } catch (error) {
    if (error instanceof PackedError) throw error;
    throw new PackedError('link: must be gzip and base64url of JSON, got something else or a part of it');
  }
  return checked(value);
}

/** The query without its long values, and those by path. */
export function splitQuery(query: string): {
  readonly query: string;
  readonly values: Readonly<Record<string, string>>;
} {
  const parameters = [...new URLSearchParams(query)];
  const long = parameters.filter(([, text]) => text.length > LONG_VALUE);
  if (long.length === 0) return { query, values: {} };
  const short = new URLSearchParams(parameters.filter(([, text]) => text.length <= LONG_VALUE));
  return { query: `?${short}`, values: Object.fromEntries(long) };
}

/** A query with values of a link part beside its own; which page is meant stays as it is. */
export function joinQuery(query: string, values: NonNullable<Packed['values']>): string {
  const joined = new URLSearchParams(query);
  for (const [path, text] of Object.entries(values)) if (path !== 'v' && path !== 'p') joined.set(path, text);
  return `?${joined}`;
}

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    size += value.byteLength;
    if (size > MOST_UNPACKED) {
      void reader.cancel().catch(() => undefined);
      throw new PackedError(`link: must hold at most ${MOST_UNPACKED} bytes, got more`);
    }
    parts.push(value);
  }
}

function checked(value: unknown): Packed {
  const { own, values } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Packed>;
  const entries = typeof values === 'object' && values !== null ? Object.entries(values) : [];
  const fits =
    (own === undefined ||
      (typeof own === 'object' &&
        own !== null &&
        typeof own.text === 'string' &&
        typeof own.name === 'string' &&
        own.name.length <= LONGEST_NAME)) &&
    entries.length <= MOST_VALUES &&
    entries.every(([, text]) => typeof text === 'string') &&
    (own !== undefined || entries.length > 0);
  if (!fits) throw new PackedError('link: must hold a text with a name, or settings, got neither');
  return {
    ...(own === undefined ? {} : { own: { name: own.name, text: own.text } }),
    ...(entries.length === 0 ? {} : { values: Object.fromEntries(entries) }),
  };
}

/** Arguments of one call of `fromCharCode`: engines have a limit. */
const CHUNK = 8192;

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64(code: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(code.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
}
