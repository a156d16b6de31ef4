/** Arrays as they stand in a file. */
import { DataError } from '../errors.js';
import { brainFloatToFloat32, halfToNumber } from '../formats/half.js';
import { sizeOf } from '../shape.js';
import { DataType, type TensorProto } from './schema.js';
import { asValue, type ElementType, type Value } from './value.js';

interface Encoding {
  readonly type: ElementType;
  /** Entries of the little-endian `raw_data`. */
  readonly raw: (buffer: ArrayBuffer) => ArrayLike<number>;
  /** Entries of the typed field that is used when there is no `raw_data`. */
  readonly typed: (proto: TensorProto) => ArrayLike<number>;
}

const int32Data = (proto: TensorProto): number[] => proto.int32_data;

const encodings: ReadonlyMap<number, Encoding> = new Map<number, Encoding>([
  [DataType.float, { type: 'float32', raw: (b) => new Float32Array(b), typed: (p) => p.float_data }],
  [DataType.double, { type: 'float64', raw: (b) => new Float64Array(b), typed: (p) => p.double_data }],
  [DataType.int32, { type: 'int32', raw: (b) => new Int32Array(b), typed: int32Data }],
  [
    DataType.int64,
    {
      type: 'int64',
      raw: (b) => Float64Array.from(new BigInt64Array(b), Number),
      typed: (p) => p.int64_data,
    },
  ],
  [DataType.bool, { type: 'bool', raw: (b) => new Uint8Array(b), typed: int32Data }],
  [DataType.uint8, { type: 'int32', raw: (b) => new Uint8Array(b), typed: int32Data }],
  [DataType.int8, { type: 'int32', raw: (b) => new Int8Array(b), typed: int32Data }],
  [DataType.uint16, { type: 'int32', raw: (b) => new Uint16Array(b), typed: int32Data }],
  [DataType.int16, { type: 'int32', raw: (b) => new Int16Array(b), typed: int32Data }],
  [
    DataType.float16,
    {
      type: 'float32',
      raw: (b) => Float32Array.from(new Uint16Array(b), halfToNumber),
      typed: (p) => p.int32_data.map(halfToNumber),
    },
  ],
  [
    DataType.bfloat16,
    {
      type: 'float32',
      raw: (b) => brainFloatToFloat32(new Uint16Array(b)),
      typed: (p) => brainFloatToFloat32(Uint16Array.from(p.int32_data)),
    },
  ],
]);

/** The element type that stands for TensorProto.DataType `code`. @throws DataError for strings, complex and 4- or 8-bit floats */
export function elementType(code: number | undefined, what: string): ElementType {
  return encodingOf(code, what).type;
}

function encodingOf(code: number | undefined, what: string): Encoding {
  const encoding = encodings.get(code ?? 0);
  if (encoding !== undefined) return encoding;
  const names = Object.keys(DataType).filter((name) => name !== 'string');
  throw new DataError(`onnx: ${what} must be of type ${names.join(', ')}, got type ${code ?? 0}`);
}

/** @throws DataError when the bytes are not those of its shape, or lie in another file */
export function readTensor(proto: TensorProto): Value {
  const what = `tensor ${JSON.stringify(proto.name ?? '')}`;
  if (proto.data_location === 1) {
    throw new DataError(`onnx: ${what} must lie in the file itself, got external data`);
  }
  if (!proto.dims.every((n) => Number.isSafeInteger(n) && n >= 0)) {
    throw new DataError(`onnx: sizes of ${what} must be whole numbers >= 0, got [${proto.dims.join(', ')}]`);
  }
  const { type, raw, typed } = encodingOf(proto.data_type, what);
  try {
    const bytes = proto.raw_data;
    return asValue(type, proto.dims, bytes === undefined ? typed(proto) : raw(bytes.slice().buffer));
  } catch (error) {
    throw new DataError(
      `onnx: ${what} must hold ${sizeOf(proto.dims)} entries, got: ${error instanceof Error ? error.message : error}`,
    );
  }
}

const codes: Readonly<Record<ElementType, number>> = {
  float32: DataType.float,
  float64: DataType.double,
  int32: DataType.int32,
  int64: DataType.int64,
  bool: DataType.bool,
};

/** TensorProto.DataType of an element type. */
export function dataTypeCode(type: ElementType): number {
  return codes[type];
}

export function writeTensor(name: string, { type, shape, data }: Value): Partial<TensorProto> {
  const entries = type === 'int64' ? BigInt64Array.from(data, BigInt) : data;
  return {
    name,
    dims: [...shape],
    data_type: codes[type],
    raw_data: new Uint8Array(
      entries.buffer.slice(entries.byteOffset, entries.byteOffset + entries.byteLength),
    ),
  };
}
