/**
 * safetensors files: an 8-byte little-endian header length, a JSON header, then the tensors' bytes.
 * The reader accepts only what the format promises: every byte belongs to exactly one tensor, in order, and no
 * name occurs twice. Tensors are copied out, so the file's alignment does not matter.
 * Source: the format's specification (huggingface/safetensors, README) and its published abuse cases.
 *
 * {@includeCode ../../examples/safetensors.ts}
 *
 * @module @hw5/core/safetensors
 */
import { CheckpointError } from '../errors.js';
import { sizeOf } from '../shape.js';
import { brainFloatToFloat32, halfToNumber } from './half.js';

export type SafeTensorData =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

export interface SafeTensor {
  readonly shape: readonly number[];
  /** F16 and BF16 arrive as Float32Array, BOOL as Uint8Array. */
  readonly data: SafeTensorData;
}

export interface SafeTensors {
  readonly tensors: Map<string, SafeTensor>;
  /** The header's `__metadata__`. */
  readonly metadata: Map<string, string>;
}

/** The format's own cap on the header, bytes. */
const MAX_HEADER_BYTES = 100_000_000;
/** More axes than any model has; keeps products of hostile shapes short. */
const MAX_RANK = 8;
const LENGTH_BYTES = 8;

interface DType {
  readonly bytes: number;
  read(bytes: ArrayBuffer): SafeTensorData;
}

const dtypes: ReadonlyMap<string, DType> = new Map<string, DType>([
  ['F64', { bytes: 8, read: (b) => new Float64Array(b) }],
  ['F32', { bytes: 4, read: (b) => new Float32Array(b) }],
  ['F16', { bytes: 2, read: (b) => Float32Array.from(new Uint16Array(b), halfToNumber) }],
  ['BF16', { bytes: 2, read: (b) => brainFloatToFloat32(new Uint16Array(b)) }],
  ['I64', { bytes: 8, read: (b) => new BigInt64Array(b) }],
  ['U64', { bytes: 8, read: (b) => new BigUint64Array(b) }],
  ['I32', { bytes: 4, read: (b) => new Int32Array(b) }],
  ['U32', { bytes: 4, read: (b) => new Uint32Array(b) }],
  ['I16', { bytes: 2, read: (b) => new Int16Array(b) }],
  ['U16', { bytes: 2, read: (b) => new Uint16Array(b) }],
  ['I8', { bytes: 1, read: (b) => new Int8Array(b) }],
  ['U8', { bytes: 1, read: (b) => new Uint8Array(b) }],
  ['BOOL', { bytes: 1, read: (b) => new Uint8Array(b) }],
]);

function dtypeOf(data: SafeTensorData): string {
  if (data instanceof Float64Array) return 'F64';
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof BigInt64Array) return 'I64';
  if (data instanceof BigUint64Array) return 'U64';
  if (data instanceof Int32Array) return 'I32';
  if (data instanceof Uint32Array) return 'U32';
  if (data instanceof Int16Array) return 'I16';
  if (data instanceof Uint16Array) return 'U16';
  if (data instanceof Int8Array) return 'I8';
  return 'U8';
}

/** Assemble a file. Tensors keep their order; the data section starts on a multiple of 8 bytes. */
export function write(
  tensors: ReadonlyMap<string, SafeTensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array<ArrayBuffer> {
  const header: [string, unknown][] = [];
  if (metadata.size > 0) header.push(['__metadata__', Object.fromEntries(metadata)]);
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    if (sizeOf(shape) !== data.length) {
      throw new CheckpointError(
        `safetensors: ${name} must have ${sizeOf(shape)} entries, got ${data.length}`,
      );
    }
    const start = end;
    end += data.byteLength;
    header.push([name, { dtype: dtypeOf(data), shape, data_offsets: [start, end] }]);
  }
  // Object.fromEntries would lose a tensor named `__proto__`, so the object is written by hand.
  const json = `{${header.map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`).join(',')}}`;
  const text = new TextEncoder().encode(json);
  const headerBytes = Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(LENGTH_BYTES + headerBytes + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerBytes);
  file.set(text, LENGTH_BYTES);
  let at = LENGTH_BYTES + headerBytes;
  for (const { data } of tensors.values()) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

/** @throws CheckpointError that says what of the format does not hold */
export function read(file: Uint8Array): SafeTensors {
  const { header, dataStart } = readHeader(file);
  const tensors = new Map<string, SafeTensor>();
  let metadata = new Map<string, string>();
  const places: { name: string; dtype: DType; shape: number[]; start: number; end: number }[] = [];
  for (const [name, entry] of header) {
    if (name === '__metadata__') metadata = readMetadata(entry);
    else places.push({ name, ...readEntry(name, entry) });
  }
  places.sort((a, b) => a.start - b.start || a.end - b.end);
  let expected = 0;
  for (const { name, start, end } of places) {
    if (start !== expected) fail(`${name} must start at byte ${expected}`, start);
    expected = end;
  }
  if (dataStart + expected !== file.length) {
    fail(`the file must have ${dataStart + expected} bytes`, file.length);
  }
  for (const { name, dtype, shape, start, end } of places) {
    const bytes = new Uint8Array(end - start);
    bytes.set(file.subarray(dataStart + start, dataStart + end));
    tensors.set(name, { shape, data: dtype.read(bytes.buffer) });
  }
  return { tensors, metadata };
}

function fail(what: string, got: unknown): never {
  throw new CheckpointError(`safetensors: ${what}, got ${String(got)}`);
}

function readHeader(file: Uint8Array): { header: Map<string, unknown>; dataStart: number } {
  if (file.length < LENGTH_BYTES + 2) fail('the file must have at least 10 bytes', file.length);
  const length = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true);
  if (length > BigInt(Math.min(MAX_HEADER_BYTES, file.length - LENGTH_BYTES))) {
    fail(`the header must fit into the file's ${file.length} bytes`, `a length of ${length}`);
  }
  const dataStart = LENGTH_BYTES + Number(length);
  let json: string;
  try {
    const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    json = utf8.decode(file.subarray(LENGTH_BYTES, dataStart));
  } catch {
    return fail('the header must be a JSON object in UTF-8', 'something else');
  }
  const written = countTopLevelKeys(json);
  let parsed: unknown;
  try {
    parsed = json.startsWith('{') ? JSON.parse(json) : undefined;
  } catch {
    return fail('the header must be a JSON object in UTF-8', 'something else');
  }
  if (typeof parsed !== 'object' || parsed === null) {
    return fail('the header must be a JSON object', JSON.stringify(json.slice(0, 20)));
  }
  const header = new Map(Object.entries(parsed));
  if (written !== header.size)
    fail('no name may occur twice in the header', `${written - header.size} repeated`);
  return { header, dataStart };
}

/** A header, its entries, their lists. */
const MAX_DEPTH = 3;

/** JSON.parse keeps the last of two equal keys without a word; counting the written ones finds them. */
function countTopLevelKeys(json: string): number {
  let depth = 0;
  let keys = 0;
  for (let i = 0; i < json.length; i += 1) {
    const char = json[i];
    if (char === '"') {
      for (i += 1; i < json.length && json[i] !== '"'; i += 1) if (json[i] === '\\') i += 1;
    } else if (char === '{' || char === '[') {
      depth += 1;
      // Before it is parsed: the parser's stack is not its own.
      if (depth > MAX_DEPTH) fail(`the header must be nested at most ${MAX_DEPTH} deep`, 'more');
    } else if (char === '}' || char === ']') depth -= 1;
    else if (char === ':' && depth === 1) keys += 1;
  }
  return keys;
}

function readMetadata(entry: unknown): Map<string, string> {
  if (typeof entry !== 'object' || entry === null)
    return fail('__metadata__ must be an object', typeof entry);
  const metadata = new Map<string, string>();
  for (const [key, value] of Object.entries(entry)) {
    if (typeof value !== 'string') return fail(`__metadata__.${key} must be a string`, typeof value);
    metadata.set(key, value);
  }
  return metadata;
}

function readEntry(
  name: string,
  entry: unknown,
): { dtype: DType; shape: number[]; start: number; end: number } {
  if (typeof entry !== 'object' || entry === null) return fail(`${name} must be an object`, typeof entry);
  const { dtype: dtypeName, shape, data_offsets: offsets } = entry as Record<string, unknown>;
  const dtype = typeof dtypeName === 'string' ? dtypes.get(dtypeName) : undefined;
  if (dtype === undefined) return fail(`${name} must have a known dtype`, JSON.stringify(dtypeName));
  if (!isSizes(shape) || shape.length > MAX_RANK) {
    return fail(`${name} must have a shape of at most ${MAX_RANK} whole numbers`, JSON.stringify(shape));
  }
  if (!isSizes(offsets) || offsets.length !== 2) {
    return fail(`${name} must have two data_offsets`, JSON.stringify(offsets));
  }
  const [start, end] = offsets as [number, number];
  const bytes = sizeOf(shape) * dtype.bytes;
  if (!Number.isSafeInteger(bytes) || end - start !== bytes) {
    return fail(`${name} must span ${bytes} bytes`, end - start);
  }
  return { dtype, shape, start, end };
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
