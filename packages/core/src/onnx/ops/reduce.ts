/** Operators over whole axes: sums, extremes, softmax, layer normalization. Sums are made in double precision. */
import { ShapeError } from '../../errors.js';
import { logSoftmax, softmax } from '../../ops/softmax.js';
import { formatShape, sizeOf } from '../../shape.js';
import { around, asValue, axisOf, expand, make, reshaped, transposed, type Value } from '../value.js';
import { type Operator, required, requiredFloat, wholeNumbers } from './operator.js';

/** Folds the entries of some axes, then finishes with their number. */
const reduction =
  (
    start: number,
    fold: (sum: number, x: number) => number,
    finish: (sum: number, n: number) => number = (sum) => sum,
  ): Operator =>
  (call, inputs) => {
    const x = required(call, inputs, 0);
    const rank = x.shape.length;
    const given = wholeNumbers(call, inputs, 1, 'axes') ?? [];
    if (given.length === 0 && call.attributes.int('noop_with_empty_axes', 0) !== 0) return [x];
    const reduced = new Set(
      given.length === 0 ? x.shape.keys() : given.map((axis) => axisOf(call.op, axis, rank)),
    );
    const axes = [...x.shape.keys()];
    const kept = axes.filter((axis) => !reduced.has(axis));
    const cut = axes.filter((axis) => reduced.has(axis));
    const rows = transposed(x, [...kept, ...cut]);
    const columns = sizeOf(cut.map((axis) => x.shape[axis]!));
    const keepDims = call.attributes.int('keepdims', 1) !== 0;
    const shape = keepDims
      ? x.shape.map((n, axis) => (reduced.has(axis) ? 1 : n))
      : kept.map((axis) => x.shape[axis]!);
    const result = make(x.type, shape);
    for (let row = 0; row < result.data.length; row += 1) {
      let sum = start;
      for (let i = 0; i < columns; i += 1) sum = fold(sum, rows.data[row * columns + i]!);
      result.data[row] = finish(sum, columns);
    }
    return [result];
  };

const add = (sum: number, x: number): number => sum + x;

/** The position of the largest entry (or the smallest) along an axis: the first of equal ones, or the last if asked. */
const position =
  (better: (x: number, best: number) => boolean): Operator =>
  (call, inputs) => {
    const x = required(call, inputs, 0);
    const axis = axisOf(call.op, call.attributes.int('axis', 0), x.shape.length);
    const last = call.attributes.int('select_last_index', 0) !== 0;
    const [outer, length, inner] = around(x.shape, axis);
    if (length === 0)
      throw new ShapeError(`${call.op}: axis ${axis} must have entries, got ${formatShape(x.shape)}`);
    const keepDims = call.attributes.int('keepdims', 1) !== 0;
    const result = make('int64', keepDims ? x.shape.with(axis, 1) : x.shape.toSpliced(axis, 1));
    for (let o = 0; o < outer; o += 1) {
      for (let i = 0; i < inner; i += 1) {
        const entry = (at: number): number => x.data[(o * length + at) * inner + i]!;
        let best = 0;
        for (let at = 1; at < length; at += 1) {
          if (better(entry(at), entry(best)) || (last && entry(at) === entry(best))) best = at;
        }
        result.data[o * inner + i] = best;
      }
    }
    return [result];
  };

/** Before operator set 13 all axes from `axis` (default 1) on were one; since then it is one axis (default the last). */
const overAxis =
  (kernelOp: typeof softmax, plain: (row: Float64Array) => void): Operator =>
  (call, inputs) => {
    const x = requiredFloat(call, inputs, 0);
    const rank = x.shape.length;
    const axis = axisOf(call.op, call.attributes.int('axis', call.opset < 13 ? 1 : -1), Math.max(rank, 1));
    if (call.opset < 13) {
      const rows = reshaped(x, [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))]);
      return [reshaped(lastAxis(rows), x.shape)];
    }
    if (axis === rank - 1) return [lastAxis(x)];
    const swap = x.shape.map((_, i) => (i === axis ? rank - 1 : i === rank - 1 ? axis : i));
    return [transposed(lastAxis(transposed(x, swap)), swap)];

    function lastAxis(value: Value): Value {
      const { numerics } = call;
      if (numerics.fits(value.type)) {
        return numerics.run(() =>
          asValue(value.type, value.shape, kernelOp(numerics.tensor(value, value.shape)).data),
        );
      }
      const result = make(value.type, value.shape);
      const columns = value.shape.at(-1) ?? 1;
      for (let start = 0; start < value.data.length; start += columns) {
        const row = Float64Array.from(value.data.subarray(start, start + columns));
        plain(row);
        result.data.set(row, start);
      }
      return result;
    }
  };

function softmaxRow(row: Float64Array): void {
  const largest = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (const [i, x] of row.entries()) sum += row[i] = Math.exp(x - largest);
  for (const [i, x] of row.entries()) row[i] = x / sum;
}

function logSoftmaxRow(row: Float64Array): void {
  const largest = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const sum = row.reduce((total, x) => total + Math.exp(x - largest), 0);
  for (const [i, x] of row.entries()) row[i] = x - largest - Math.log(sum);
}

/** Y = (X - mean) / sqrt(variance + epsilon) * scale + B over all axes from `axis` on; also the mean and 1 / deviation. */
const layerNormalization: Operator = (call, inputs) => {
  const x = requiredFloat(call, inputs, 0);
  const axis = axisOf(call.op, call.attributes.int('axis', -1), x.shape.length);
  const epsilon = call.attributes.float('epsilon', 1e-5);
  const normalized = x.shape.slice(axis);
  const [rows, columns] = [sizeOf(x.shape.slice(0, axis)), sizeOf(normalized)];
  const scale = expand(required(call, inputs, 1), normalized);
  const shift = inputs[2] === undefined ? undefined : expand(inputs[2], normalized);
  const y = make(x.type, x.shape);
  const statistics = x.shape.map((n, i) => (i < axis ? n : 1));
  const [means, inverses] = [make('float32', statistics), make('float32', statistics)];
  for (let row = 0; row < rows; row += 1) {
    const entries = x.data.subarray(row * columns, (row + 1) * columns);
    let mean = 0;
    for (const entry of entries) mean += entry / columns;
    let variance = 0;
    for (const entry of entries) variance += (entry - mean) ** 2 / columns;
    const inverse = 1 / Math.sqrt(variance + epsilon);
    for (const [i, entry] of entries.entries()) {
      y.data[row * columns + i] = (entry - mean) * inverse * scale.data[i]! + (shift?.data[i] ?? 0);
    }
    means.data[row] = mean;
    inverses.data[row] = inverse;
  }
  return [y, means, inverses];
};

export const reductions: Readonly<Record<string, Operator>> = {
  ReduceSum: reduction(0, add),
  ReduceMean: reduction(0, add, (sum, n) => sum / n),
  ReduceProd: reduction(1, (product, x) => product * x),
  ReduceMax: reduction(Number.NEGATIVE_INFINITY, (best, x) => (x > best || Number.isNaN(x) ? x : best)),
  ReduceMin: reduction(Number.POSITIVE_INFINITY, (best, x) => (x < best || Number.isNaN(x) ? x : best)),
  ReduceSumSquare: reduction(0, (sum, x) => sum + x * x),
  ReduceL1: reduction(0, (sum, x) => sum + Math.abs(x)),
  ReduceL2: reduction(0, (sum, x) => sum + x * x, Math.sqrt),
  ArgMax: position((x, best) => x > best),
  ArgMin: position((x, best) => x < best),
  Softmax: overAxis(softmax, softmaxRow),
  LogSoftmax: overAxis(logSoftmax, logSoftmaxRow),
  LayerNormalization: layerNormalization,
};
