/** The arrays that flow through an ONNX graph: an element type, a shape, dense row-major entries. */
import { DataError, OutOfMemoryError, ShapeError } from '../errors.js';
import { formatShape, type Shape, sizeOf } from '../shape.js';

/** float16 and bfloat16 are widened to float32 when read, 8- and 16-bit integers to int32. */
export type ElementType = 'float32' | 'float64' | 'int32' | 'int64' | 'bool';

/** int64 entries are held as doubles: exact up to 2^53. */
export type ValueData = Float32Array | Float64Array | Int32Array | Uint8Array;

export interface Value {
  readonly type: ElementType;
  readonly shape: Shape;
  readonly data: ValueData;
}

/** More entries than any array here needs; a damaged file asks for more. */
const MAX_ENTRIES = 2 ** 28;

const arrays: Readonly<Record<ElementType, new (length: number) => ValueData>> = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: Float64Array,
  bool: Uint8Array,
};

/** An array of zeros. @throws OutOfMemoryError beyond 2^28 entries */
export function make(type: ElementType, shape: Shape): Value {
  const size = sizeOf(shape);
  if (!(size <= MAX_ENTRIES)) {
    throw new OutOfMemoryError(`onnx: an array must have at most 2^28 entries, got ${formatShape(shape)}`);
  }
  return { type, shape, data: new arrays[type](size) };
}

/** An array with these entries. @throws DataError when they do not fill the shape */
export function asValue(type: ElementType, shape: Shape, entries: ArrayLike<number>): Value {
  const value = make(type, shape);
  if (entries.length !== value.data.length) {
    throw new DataError(
      `onnx: an array of ${formatShape(shape)} must have ${value.data.length} entries, got ${entries.length}`,
    );
  }
  value.data.set(entries);
  return value;
}

export function isFloat(type: ElementType): boolean {
  return type === 'float32' || type === 'float64';
}

/** Row-major strides, in entries. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** A copy of the entries that lie `strides` apart, from entry `start` on. */
export function strided(value: Value, shape: Shape, strides: readonly number[], start = 0): Value {
  const result = make(value.type, shape);
  const { data } = result;
  const last = shape.length - 1;
  if (last < 0) {
    data[0] = value.data[start]!;
    return result;
  }
  const index = new Array<number>(shape.length).fill(0);
  const [length, stride] = [shape[last]!, strides[last]!];
  for (let at = 0, from = start; at < data.length; ) {
    for (let i = 0; i < length; i += 1, at += 1) data[at] = value.data[from + i * stride]!;
    let axis = last - 1;
    for (; axis >= 0; axis -= 1) {
      index[axis]! += 1;
      from += strides[axis]!;
      if (index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
    if (axis < 0) break;
  }
  return result;
}

/** The shape that all broadcast to, aligned at the last axis. @throws ShapeError when sizes differ and neither is 1 */
export function broadcastShape(op: string, ...shapes: readonly Shape[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1;
    for (const shape of shapes) {
      const n = shape[axis - rank + shape.length] ?? 1;
      if (n === 1 || n === size) continue;
      if (size !== 1) {
        throw new ShapeError(
          `${op}: shapes must broadcast to one, got ${shapes.map((s) => formatShape(s)).join(' and ')}`,
        );
      }
      size = n;
    }
    return size;
  });
}

/** The value repeated to `shape`, to which it broadcasts; itself when nothing changes. */
export function expand(value: Value, shape: Shape): Value {
  if (value.shape.length === shape.length && value.shape.every((n, axis) => n === shape[axis])) return value;
  const own = stridesOf(value.shape);
  const lead = shape.length - value.shape.length;
  return strided(
    value,
    shape,
    shape.map((_, axis) => ((value.shape[axis - lead] ?? 1) === 1 ? 0 : own[axis - lead]!)),
  );
}

/** The same entries in another shape of the same size. */
export function reshaped(value: Value, shape: Shape): Value {
  return { type: value.type, shape, data: value.data };
}

/** Axes in a new order: axis i of the result is axis `perm[i]` of the value. */
export function transposed(value: Value, perm: readonly number[]): Value {
  const strides = stridesOf(value.shape);
  return strided(
    value,
    perm.map((axis) => value.shape[axis]!),
    perm.map((axis) => strides[axis]!),
  );
}

/** Axis `axis` counted from the front. @throws ShapeError outside [-rank, rank) */
export function axisOf(op: string, axis: number, rank: number): number {
  const found = axis < 0 ? axis + rank : axis;
  if (Number.isSafeInteger(axis) && found >= 0 && found < rank) return found;
  throw new ShapeError(`${op}: axis must be in [-${rank}, ${rank}), got ${axis}`);
}

/** The entries around an axis: [outer, the axis, inner]. */
export function around(shape: Shape, axis: number): [outer: number, length: number, inner: number] {
  return [sizeOf(shape.slice(0, axis)), shape[axis]!, sizeOf(shape.slice(axis + 1))];
}
