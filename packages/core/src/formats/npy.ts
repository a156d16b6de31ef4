/**
 * NumPy's .npy files: a magic string, a header that is a Python literal, the entries.
 * Source: NumPy's format specification (numpy.lib.format), versions 1.0 to 3.0.
 */
import { DataError } from '../errors.js';
import { sizeOf } from '../shape.js';
import { halfToNumber } from './half.js';

export interface NpyArray {
  readonly shape: readonly number[];
  /** Row-major, whatever the order in the file. float16 arrives as Float32Array, booleans as Uint8Array. */
  readonly data:
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
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
const MAX_RANK = 32;

interface DType {
  readonly bytes: number;
  readonly read: (buffer: ArrayBuffer) => NpyArray['data'];
}

const dtypes: ReadonlyMap<string, DType> = new Map<string, DType>([
  ['f8', { bytes: 8, read: (b) => new Float64Array(b) }],
  ['f4', { bytes: 4, read: (b) => new Float32Array(b) }],
  ['f2', { bytes: 2, read: (b) => Float32Array.from(new Uint16Array(b), halfToNumber) }],
  ['i8', { bytes: 8, read: (b) => new BigInt64Array(b) }],
  ['u8', { bytes: 8, read: (b) => new BigUint64Array(b) }],
  ['i4', { bytes: 4, read: (b) => new Int32Array(b) }],
  ['u4', { bytes: 4, read: (b) => new Uint32Array(b) }],
  ['i2', { bytes: 2, read: (b) => new Int16Array(b) }],
  ['u2', { bytes: 2, read: (b) => new Uint16Array(b) }],
  ['i1', { bytes: 1, read: (b) => new Int8Array(b) }],
  ['u1', { bytes: 1, read: (b) => new Uint8Array(b) }],
  ['b1', { bytes: 1, read: (b) => new Uint8Array(b) }],
]);

/** @throws DataError for what is not .npy, is cut short, or holds another type than numbers (no pickles) */
export function readNpy(file: Uint8Array, name = 'npy'): NpyArray {
  const refuse = (must: string, got: string): never => {
    throw new DataError(`${name}: ${must}, got ${got}`);
  };
  if (file.length < 10 || MAGIC.some((byte, i) => file[i] !== byte)) {
    refuse('must start with the magic string of .npy', 'another file');
  }
  const major = file[6]!;
  if (major < 1 || major > 3) refuse('version must be 1 to 3', String(major));
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const wide = major > 1;
  if (wide && file.length < 12) refuse('must have a whole header', `${file.length} bytes`);
  const start = wide ? 12 : 10;
  const end = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  if (end > file.length) refuse('must have a whole header', `${file.length} of ${end} bytes`);
  const header = new TextDecoder(wide ? 'utf-8' : 'latin1').decode(file.subarray(start, end));
  const descr = /'descr'\s*:\s*'([<>|=])([a-z]\d+)'/.exec(header);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header);
  const dimensions = /'shape'\s*:\s*\(((?:\s*\d{1,15}\s*,?)*)\s*\)/.exec(header);
  if (descr === null || order === null || dimensions === null) {
    return refuse('header must have descr of numbers, fortran_order and shape', header.slice(0, 80).trim());
  }
  const dtype = dtypes.get(descr[2]!);
  if (dtype === undefined || descr[1] === '>') {
    return refuse('type must be little-endian whole or real numbers', `${descr[1]}${descr[2]}`);
  }
  const shape = (dimensions[1]!.match(/\d+/g) ?? []).map(Number);
  if (shape.length > MAX_RANK) refuse(`must have at most ${MAX_RANK} axes`, String(shape.length));
  const bytes = sizeOf(shape) * dtype.bytes;
  if (!Number.isSafeInteger(bytes) || bytes !== file.length - end) {
    refuse(`data must have ${bytes} bytes for its shape`, String(file.length - end));
  }
  const data = dtype.read(file.slice(end).buffer as ArrayBuffer);
  return { shape, data: order[1] === 'True' ? rowMajor(data, shape) : data };
}

/** Write version 1.0, row-major, little-endian, the data starting on a multiple of 64 bytes. */
export function writeNpy({ shape, data }: NpyArray): Uint8Array<ArrayBuffer> {
  if (sizeOf(shape) !== data.length) {
    throw new DataError(`npy: shape must hold ${data.length} entries, got [${shape.join(', ')}]`);
  }
  const kind = data.constructor.name.startsWith('Float')
    ? 'f'
    : /Uint/.test(data.constructor.name)
      ? 'u'
      : 'i';
  const descr = `${data.BYTES_PER_ELEMENT === 1 ? '|' : '<'}${kind}${data.BYTES_PER_ELEMENT}`;
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const literal = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = Math.ceil((10 + literal.length + 1) / 64) * 64;
  const file = new Uint8Array(start + data.byteLength);
  file.set([...MAGIC, 1, 0, (start - 10) & 0xff, (start - 10) >> 8]);
  file.set(new TextEncoder().encode(`${literal.padEnd(start - 11)}\n`), 10);
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  return file;
}

/** Entries of a column-major array in row-major order. */
function rowMajor(data: NpyArray['data'], shape: readonly number[]): NpyArray['data'] {
  const result = data.slice() as Float64Array; // any of the types: only entries are moved
  const source = data as Float64Array;
  const index = shape.map(() => 0);
  for (let to = 0; to < source.length; to += 1) {
    let from = 0;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) from = from * shape[axis]! + index[axis]!;
    result[to] = source[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      index[axis]! += 1;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return result;
}
