/** Operators that pick entries by index. */
import { DataError } from '../../errors.js';
import { around, axisOf, make, type Value } from '../value.js';
import { type Call, type Operator, required } from './operator.js';

/** Whole numbers in [-length, length), counted from the front. */
function indicesIn(call: Call, indices: Value, length: number): Int32Array {
  return Int32Array.from(indices.data, (index, position) => {
    const found = index < 0 ? index + length : index;
    if (Number.isSafeInteger(index) && found >= 0 && found < length) return found;
    throw new DataError(
      `${call.op}: indices must be in [-${length}, ${length}), got ${index} at position ${position}`,
    );
  });
}

const gather: Operator = (call, inputs) => {
  const [data, indices] = [required(call, inputs, 0), required(call, inputs, 1)];
  const axis = axisOf(call.op, call.attributes.int('axis', 0), data.shape.length);
  const [outer, length, inner] = around(data.shape, axis);
  const chosen = indicesIn(call, indices, length);
  const result = make(data.type, data.shape.toSpliced(axis, 1, ...indices.shape));
  let at = 0;
  for (let o = 0; o < outer; o += 1) {
    for (const index of chosen) {
      const from = (o * length + index) * inner;
      result.data.set(data.data.subarray(from, from + inner), at);
      at += inner;
    }
  }
  return [result];
};

const gatherElements: Operator = (call, inputs) => {
  const [data, indices] = [required(call, inputs, 0), required(call, inputs, 1)];
  const axis = axisOf(call.op, call.attributes.int('axis', 0), data.shape.length);
  const chosen = indicesIn(call, indices, data.shape[axis]!);
  const result = make(data.type, indices.shape);
  const index = new Array<number>(indices.shape.length).fill(0);
  for (let at = 0; at < chosen.length; at += 1) {
    let from = 0;
    for (let d = 0; d < index.length; d += 1)
      from = from * data.shape[d]! + (d === axis ? chosen[at]! : index[d]!);
    result.data[at] = data.data[from]!;
    for (let d = index.length - 1; d >= 0; d -= 1) {
      index[d]! += 1;
      if (index[d]! < indices.shape[d]!) break;
      index[d] = 0;
    }
  }
  return [result];
};

export const gathers: Readonly<Record<string, Operator>> = { Gather: gather, GatherElements: gatherElements };
