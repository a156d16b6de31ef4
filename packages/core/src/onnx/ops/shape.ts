/** Operators that move entries or make new ones, without computing. */
import { DataError, ShapeError } from '../../errors.js';
import { formatShape, sizeOf } from '../../shape.js';
import { elementType } from '../tensor-proto.js';
import {
  around,
  asValue,
  axisOf,
  broadcastShape,
  type ElementType,
  expand,
  isFloat,
  make,
  reshaped,
  strided,
  stridesOf,
  transposed,
  type Value,
} from '../value.js';
import { type Operator, required, wholeNumbers } from './operator.js';

const reshape: Operator = (call, inputs) => {
  const data = required(call, inputs, 0);
  const wanted = wholeNumbers(call, inputs, 1, 'shape') ?? [];
  const allowZero = call.attributes.int('allowzero', 0) !== 0;
  const sizes = wanted.map((n, axis) => (n === 0 && !allowZero ? (data.shape[axis] ?? 0) : n));
  const rest = sizeOf(sizes.filter((n) => n !== -1));
  const shape = sizes.map((n) => (n === -1 ? (rest === 0 ? 0 : data.data.length / rest) : n));
  if (sizes.filter((n) => n === -1).length > 1 || sizeOf(shape) !== data.data.length) {
    throw new ShapeError(`Reshape: ${formatShape(data.shape)} must fit into ${formatShape(wanted)}`);
  }
  return [reshaped(data, shape)];
};

const flatten: Operator = (call, inputs) => {
  const x = required(call, inputs, 0);
  const axis = call.attributes.int('axis', 1);
  const cut = axis < 0 ? axis + x.shape.length : axis;
  return [reshaped(x, [sizeOf(x.shape.slice(0, cut)), sizeOf(x.shape.slice(cut))])];
};

const transpose: Operator = (call, inputs) => {
  const x = required(call, inputs, 0);
  const perm = call.attributes.ints('perm') ?? x.shape.map((_, axis) => x.shape.length - 1 - axis);
  if (
    perm.length !== x.shape.length ||
    new Set(perm).size !== perm.length ||
    perm.some((p) => !(p in x.shape))
  ) {
    throw new ShapeError(
      `Transpose: perm must order the axes of ${formatShape(x.shape)}, got [${perm.join(', ')}]`,
    );
  }
  return [transposed(x, perm)];
};

const squeeze: Operator = (call, inputs) => {
  const x = required(call, inputs, 0);
  const axes = wholeNumbers(call, inputs, 1, 'axes')?.map((axis) => axisOf(call.op, axis, x.shape.length));
  if (axes?.some((axis) => x.shape[axis] !== 1)) {
    throw new ShapeError(`Squeeze: sizes at [${axes.join(', ')}] must be 1, got ${formatShape(x.shape)}`);
  }
  return [
    reshaped(
      x,
      x.shape.filter((n, axis) => (axes === undefined ? n !== 1 : !axes.includes(axis))),
    ),
  ];
};

const unsqueeze: Operator = (call, inputs) => {
  const x = required(call, inputs, 0);
  const given = wholeNumbers(call, inputs, 1, 'axes') ?? [];
  const rank = x.shape.length + given.length;
  const axes = new Set(given.map((axis) => axisOf(call.op, axis, rank)));
  if (axes.size !== given.length)
    throw new ShapeError(`Unsqueeze: axes must differ, got [${given.join(', ')}]`);
  const sizes = [...x.shape];
  return [
    reshaped(
      x,
      Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? 1 : sizes.shift()!)),
    ),
  ];
};

/** The values one after the other along an axis. @throws ShapeError when they differ elsewhere, or in type */
export function concatenated(op: string, values: readonly Value[], axis: number): Value {
  const [first] = values as [Value];
  for (const { shape, type } of values) {
    const fits =
      shape.length === first.shape.length && shape.every((n, i) => i === axis || n === first.shape[i]);
    if (!fits || type !== first.type) {
      throw new ShapeError(
        `${op}: inputs must differ at axis ${axis} only, got ${first.type} ${formatShape(first.shape)} and ${type} ${formatShape(shape)}`,
      );
    }
  }
  const total = values.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  const result = make(first.type, first.shape.with(axis, total));
  const [outer, , inner] = around(result.shape, axis);
  let offset = 0;
  for (const { data, shape } of values) {
    const run = shape[axis]! * inner;
    for (let o = 0; o < outer; o += 1) {
      result.data.set(data.subarray(o * run, (o + 1) * run), o * total * inner + offset);
    }
    offset += run;
  }
  return result;
}

const concat: Operator = (call, inputs) => {
  const values = inputs.map((_, index) => required(call, inputs, index));
  const rank = required(call, inputs, 0).shape.length;
  return [concatenated(call.op, values, axisOf(call.op, call.attributes.int('axis', 1), rank))];
};

/** Entries `start` to `start + length` of an axis. */
export function narrowed(x: Value, axis: number, start: number, length: number): Value {
  const strides = stridesOf(x.shape);
  return strided(x, x.shape.with(axis, length), strides, start * strides[axis]!);
}

const split: Operator = (call, inputs) => {
  const x = required(call, inputs, 0);
  const axis = axisOf(call.op, call.attributes.int('axis', 0), x.shape.length);
  const length = x.shape[axis]!;
  const parts = call.attributes.int('num_outputs', call.outputs);
  const even = Math.ceil(length / parts);
  const sizes =
    wholeNumbers(call, inputs, 1, 'split') ??
    Array.from({ length: parts }, (_, i) => Math.max(0, Math.min(even, length - i * even)));
  if (sizes.some((n) => n < 0) || sizes.reduce((sum, n) => sum + n, 0) !== length) {
    throw new ShapeError(`Split: parts must sum to ${length}, got [${sizes.join(', ')}]`);
  }
  let start = 0;
  return sizes.map((size) => {
    start += size;
    return narrowed(x, axis, start - size, size);
  });
};

const slice: Operator = (call, inputs) => {
  const x = required(call, inputs, 0);
  const starts = wholeNumbers(call, inputs, 1, 'starts') ?? [];
  const ends = wholeNumbers(call, inputs, 2, 'ends') ?? [];
  const axes = wholeNumbers(call, inputs, 3, 'axes') ?? starts.map((_, i) => i);
  const steps = inputs[4] === undefined ? starts.map(() => 1) : [...inputs[4].data];
  const strides = stridesOf(x.shape);
  const shape = [...x.shape];
  let first = 0;
  for (const [i, given] of axes.entries()) {
    const axis = axisOf(call.op, given, x.shape.length);
    const [length, step] = [x.shape[axis]!, steps[i]!];
    if (step === 0 || step === undefined) throw new DataError('Slice: steps must not be 0, got 0');
    const bound = (n: number, low: number, high: number): number =>
      Math.min(Math.max(n < 0 ? n + length : n, low), high);
    const start = step > 0 ? bound(starts[i]!, 0, length) : bound(starts[i]!, 0, length - 1);
    const end = step > 0 ? bound(ends[i]!, 0, length) : bound(ends[i]!, -1, length - 1);
    shape[axis] = Math.max(0, Math.ceil((end - start) / step));
    first += start * strides[axis]!;
    strides[axis] = strides[axis]! * step;
  }
  return [strided(x, shape, strides, first)];
};

const expandTo: Operator = (call, inputs) => {
  const x = required(call, inputs, 0);
  return [expand(x, broadcastShape(call.op, x.shape, wholeNumbers(call, inputs, 1, 'shape') ?? []))];
};

const tile: Operator = (call, inputs) => {
  const x = required(call, inputs, 0);
  const repeats = wholeNumbers(call, inputs, 1, 'repeats') ?? [];
  if (repeats.length !== x.shape.length || repeats.some((n) => n < 0)) {
    throw new ShapeError(
      `Tile: repeats must be one for each axis of ${formatShape(x.shape)}, got [${repeats.join(', ')}]`,
    );
  }
  const strides = stridesOf(x.shape);
  const interleaved = strided(
    x,
    x.shape.flatMap((n, axis) => [repeats[axis]!, n]),
    strides.flatMap((stride) => [0, stride]),
  );
  return [
    reshaped(
      interleaved,
      x.shape.map((n, axis) => n * repeats[axis]!),
    ),
  ];
};

const shapeOf: Operator = (call, inputs) => {
  const { shape } = required(call, inputs, 0);
  const sizes = shape.slice(call.attributes.int('start', 0), call.attributes.int('end', undefined));
  return [asValue('int64', [sizes.length], sizes)];
};

const constant: Operator = (call) => {
  const { attributes } = call;
  const tensor = attributes.tensor('value');
  if (tensor !== undefined) return [tensor];
  const floats = attributes.floats('value_floats');
  if (floats !== undefined) return [asValue('float32', [floats.length], floats)];
  const ints = attributes.ints('value_ints');
  if (ints !== undefined) return [asValue('int64', [ints.length], ints)];
  if (attributes.has('value_float')) return [asValue('float32', [], [attributes.float('value_float', 0)])];
  if (attributes.has('value_int')) return [asValue('int64', [], [attributes.int('value_int', 0)])];
  throw new DataError('Constant: value must be a tensor or numbers, got a sparse tensor or text');
};

const constantOfShape: Operator = (call, inputs) => {
  const { type, data } = call.attributes.tensor('value') ?? make('float32', [1]);
  const result = make(type, [...required(call, inputs, 0).data]);
  result.data.fill(data[0]!);
  return [result];
};

const range: Operator = (call, inputs) => {
  const [start, limit, delta] = [0, 1, 2].map((index) => required(call, inputs, index)) as [
    Value,
    Value,
    Value,
  ];
  const [from, to, step] = [start, limit, delta].map(({ data }) => data[0]!) as [number, number, number];
  if (step === 0) throw new DataError('Range: delta must not be 0, got 0');
  const result = make(start.type, [Math.max(0, Math.ceil((to - from) / step))]);
  for (let i = 0; i < result.data.length; i += 1) result.data[i] = from + i * step;
  return [result];
};

/** Floats are cut towards zero when they become integers; what is not 0 becomes true. */
export function cast(x: Value, type: ElementType): Value {
  if (x.type === type) return x;
  const result = make(type, x.shape);
  const truncate = isFloat(x.type) && !isFloat(type);
  for (let i = 0; i < x.data.length; i += 1) {
    const entry = x.data[i]!;
    result.data[i] = type === 'bool' ? Number(entry !== 0) : truncate ? Math.trunc(entry) : entry;
  }
  return result;
}

const trilu: Operator = (call, inputs) => {
  const x = required(call, inputs, 0);
  const upper = call.attributes.int('upper', 1) !== 0;
  const k = inputs[1]?.data[0] ?? 0;
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const result = make(x.type, x.shape);
  for (let i = 0; i < x.data.length; i += 1) {
    const distance = (i % columns) - (Math.floor(i / columns) % rows);
    if (upper ? distance >= k : distance <= k) result.data[i] = x.data[i]!;
  }
  return [result];
};

const identity: Operator = (call, inputs) => [required(call, inputs, 0)];

/** In inference nothing is dropped; the mask is all true. */
const dropout: Operator = (call, inputs) => {
  const x = required(call, inputs, 0);
  if (inputs[2] !== undefined && inputs[2].data[0] !== 0 && inputs[1]?.data[0] !== 0) {
    throw new DataError('Dropout: training_mode must be false, got true');
  }
  const mask = make('bool', x.shape);
  mask.data.fill(1);
  return [x, mask];
};

export const shapes: Readonly<Record<string, Operator>> = {
  Reshape: reshape,
  Flatten: flatten,
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Concat: concat,
  Split: split,
  Slice: slice,
  Expand: expandTo,
  Tile: tile,
  Shape: shapeOf,
  Size: (call, inputs) => [asValue('int64', [], [required(call, inputs, 0).data.length])],
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Range: range,
  Cast: (call, inputs) => [
    cast(required(call, inputs, 0), elementType(call.attributes.int('to', 0), 'attribute to of Cast')),
  ],
  CastLike: (call, inputs) => [cast(required(call, inputs, 0), required(call, inputs, 1).type)],
  Trilu: trilu,
  Identity: identity,
  Dropout: dropout,
};
