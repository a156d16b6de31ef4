/**
 * Zip archives by their central directory. What an entry says of its size is checked before a byte of it is unpacked, and
 * unpacking stops at that size: a small file can claim neither memory nor time.
 * Source: PKWARE's APPNOTE 6.3, sections 4.3 and 4.5.3.
 */
import { Inflate } from 'fflate';

export interface ZipOptions {
  /** Bytes that all entries together may unpack to. */
  readonly most: number;
  /** Accept deflated entries. */
  readonly deflated: boolean;
}

/** Deflate's best ratio. */
const MOST_RATIO = 1032;
/** Packed bytes unpacked at once: 1 MB at most comes of them. */
const CHUNK = 1024;
const [END, ENTRY, LOCAL] = [0x06054b50, 0x02014b50, 0x04034b50];
const [STORED, DEFLATED] = [0, 8];
/** In a 32-bit field: the value stands in the zip64 extra field. */
const ELSEWHERE = 0xffffffff;

/** @throws RangeError saying what does not hold */
export function readZip(file: Uint8Array, { most, deflated }: ZipOptions): Map<string, Uint8Array> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const end = endOf(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  let total = 0;
  const entries = new Map<string, Uint8Array>();
  for (let i = 0; i < count; i += 1) {
    if (at + 46 > file.length || view.getUint32(at, true) !== ENTRY)
      throw new RangeError('a damaged directory');
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
    const nameEnd = at + 46 + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const [size, packed, start] = placeOf(view, at, nameEnd, extraEnd);
    const name = new TextDecoder().decode(file.subarray(at + 46, nameEnd));
    at = extraEnd + view.getUint16(at + 32, true);
    if ((flags & 1) !== 0) throw new RangeError(`an encrypted file, ${name}`);
    if (entries.has(name)) throw new RangeError(`${name} twice`);
    total += size;
    if (!(total <= most)) throw new RangeError(`more than ${most} bytes when unpacked`);
    const bytes = contentOf(view, file, start, packed);
    if (method === STORED && size === packed) entries.set(name, bytes);
    else if (method === DEFLATED && deflated && size <= MOST_RATIO * (packed + 1)) {
      entries.set(name, inflated(bytes, size));
    } else throw new RangeError(`${name} of method ${method} from ${packed} to ${size} bytes`);
  }
  return entries;
}

/** Where the end of the directory starts: before a comment of at most 64 KiB. */
function endOf(view: DataView): number {
  const first = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= first; at -= 1) if (view.getUint32(at, true) === END) return at;
  throw new RangeError('no end of a directory');
}

function placeOf(
  view: DataView,
  at: number,
  extra: number,
  extraEnd: number,
): [size: number, packed: number, start: number] {
  if (extraEnd > view.byteLength) throw new RangeError('a damaged directory');
  const place: [number, number, number] = [
    view.getUint32(at + 24, true),
    view.getUint32(at + 20, true),
    view.getUint32(at + 42, true),
  ];
  for (let field = extra; field + 4 <= extraEnd; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== 1) continue;
    let value = field + 4;
    for (const [i, known] of place.entries()) {
      if (known !== ELSEWHERE || value + 8 > extraEnd) continue;
      place[i] = Number(view.getBigUint64(value, true));
      value += 8;
    }
  }
  return place;
}

function contentOf(view: DataView, file: Uint8Array, start: number, packed: number): Uint8Array {
  if (start + 30 > file.length || view.getUint32(start, true) !== LOCAL)
    throw new RangeError('a damaged entry');
  const from = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
  if (from + packed > file.length) throw new RangeError('an entry beyond the end of the file');
  return file.subarray(from, from + packed);
}

function inflated(packed: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  const stream = new Inflate((chunk) => {
    if (at + chunk.length > size) throw new RangeError(`more than the ${size} bytes that it says`);
    bytes.set(chunk, at);
    at += chunk.length;
  });
  for (let from = 0; from < packed.length; from += CHUNK) {
    stream.push(packed.subarray(from, from + CHUNK), from + CHUNK >= packed.length);
  }
  if (at !== size) throw new RangeError(`${at} of the ${size} bytes that it says`);
  return bytes;
}
