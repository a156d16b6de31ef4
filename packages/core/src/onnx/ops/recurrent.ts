/** RNN, GRU and LSTM: all attributes of ONNX; the common forms in one kernel call per direction. */
import { DataError, ShapeError } from '../../errors.js';
import { formatShape, type Shape, sameShape } from '../../shape.js';
import { isFloat, make, transposed, type Value } from '../value.js';
import { activationFunctions, type Cell, cells, type Direction, type Reals } from './cells.js';
import { fusedKind, runFused } from './fused.js';
import { type Call, type Operator, required, requiredFloat } from './operator.js';

const DIRECTIONS = ['forward', 'reverse', 'bidirectional'];

/** [B, T or D, ...] to [T or D, B, ...] and back. */
const swapped = (value: Value): Value =>
  transposed(value, [1, 0, ...value.shape.slice(2).map((_, i) => i + 2)]);

const recurrentOperator =
  (name: 'RNN' | 'GRU' | 'LSTM'): Operator =>
  (call, inputs) => {
    const cell = cells[name];
    const batchFirst = call.attributes.int('layout', 0) === 1;
    const toTimeMajor = (value: Value | undefined): Value | undefined =>
      value !== undefined && batchFirst ? swapped(value) : value;
    const x = toTimeMajor(requiredFloat(call, inputs, 0))!;
    const sizes = sizesOf(call, x, required(call, inputs, 1), required(call, inputs, 2), cell);
    const { T, B, H, directions } = sizes;
    const state = (index: number): Value => {
      const value = toTimeMajor(inputs[index]) ?? make(x.type, [directions, B, H]);
      expectSizes(call, `initial state (input ${index})`, [directions, B, H], value.shape);
      return value;
    };
    const h = state(5);
    const c = name === 'LSTM' ? state(6) : make(x.type, [directions, B, H]);
    const lengths = lengthsOf(call, inputs[4], T, B);
    const kind = call.numerics.fits(x.type)
      ? fusedKind(call, name, directions, inputs[7] !== undefined)
      : undefined;
    if (inputs[3] !== undefined) expectSizes(call, 'B', [directions, 2 * cell.gates * H], inputs[3].shape);
    const weights = { w: required(call, inputs, 1), r: required(call, inputs, 2), bias: inputs[3] };
    const [y, ...last] =
      kind === undefined
        ? stepByStep(call, cell, inputs, sizes, { x, h, c }, lengths)
        : runFused(call, kind, sizes, { x, h, c, ...weights }, lengths);
    const states = name === 'LSTM' ? last : last.slice(0, 1);
    return batchFirst ? [transposed(y, [2, 0, 1, 3]), ...states.map(swapped)] : [y, ...states];
  };

/** The general form: each direction and row by itself. */
function stepByStep(
  call: Call,
  cell: Cell,
  inputs: readonly (Value | undefined)[],
  sizes: Sizes,
  values: Readonly<Record<'x' | 'h' | 'c', Value>>,
  lengths: readonly number[],
): [y: Value, h: Value, c: Value] {
  const { T, B, H, directions } = sizes;
  const y = make(values.x.type, [T, directions, B, H]);
  const [h, c] = [copied(values.h), copied(values.c)];
  for (let d = 0; d < directions; d += 1) {
    const direction = directionOf(call, inputs, sizes, cell, d);
    const backwards = call.attributes.string('direction', 'forward') === 'reverse' || d === 1;
    for (const [b, length] of lengths.entries()) {
      runRow(cell, direction, { x: values.x, y, h, c }, { ...sizes, d, b }, length, backwards);
    }
  }
  return [y, h, c];
}

interface Sizes {
  readonly T: number;
  readonly B: number;
  readonly I: number;
  readonly H: number;
  readonly directions: number;
}

function sizesOf(call: Call, x: Value, w: Value, r: Value, cell: Cell): Sizes {
  const { attributes, op } = call;
  const direction = attributes.string('direction', 'forward');
  if (!DIRECTIONS.includes(direction)) {
    throw new DataError(
      `${op}: direction must be among ${DIRECTIONS.join(', ')}, got ${JSON.stringify(direction)}`,
    );
  }
  const directions = direction === 'bidirectional' ? 2 : 1;
  if (x.shape.length !== 3) throw new ShapeError(`${op}: X must have 3 axes, got ${formatShape(x.shape)}`);
  const [T, B, I] = x.shape as [number, number, number];
  const H = attributes.int('hidden_size', undefined) ?? r.shape[2] ?? 0;
  expectSizes(call, 'W', [directions, cell.gates * H, I], w.shape);
  expectSizes(call, 'R', [directions, cell.gates * H, H], r.shape);
  return { T, B, I, H, directions };
}

function expectSizes(call: Call, name: string, expected: Shape, shape: Shape): void {
  if (sameShape(expected, shape)) return;
  throw new ShapeError(`${call.op}: ${name} must be ${formatShape(expected)}, got ${formatShape(shape)}`);
}

function copied(value: Value): Value {
  return { ...value, data: value.data.slice() };
}

function lengthsOf(call: Call, given: Value | undefined, T: number, B: number): readonly number[] {
  if (given === undefined) return new Array<number>(B).fill(T);
  expectSizes(call, 'sequence_lens', [B], given.shape);
  const lengths = [...given.data];
  const wrong = lengths.find((n) => !(n >= 0 && n <= T));
  if (wrong !== undefined)
    throw new DataError(`${call.op}: sequence_lens must be in [0, ${T}], got ${wrong}`);
  return lengths;
}

/** Weights and functions of direction d. */
function directionOf(
  call: Call,
  inputs: readonly (Value | undefined)[],
  { I, H, directions }: Sizes,
  cell: Cell,
  d: number,
): Direction {
  const { attributes, op } = call;
  const rows = cell.gates * H;
  const of = (index: number, name: string, shape: Shape): Reals => {
    const value = inputs[index] ?? make('float32', [directions, ...shape]);
    expectSizes(call, name, [directions, ...shape], value.shape);
    if (!isFloat(value.type))
      throw new DataError(`${op}: ${name} must be of a floating-point type, got ${value.type}`);
    const size = value.data.length / directions;
    return value.data.subarray(d * size, (d + 1) * size) as Reals;
  };
  const perDirection = cell.functions.length;
  const names =
    attributes.strings('activations') ?? Array.from({ length: directions }, () => cell.functions).flat();
  if (names.length !== directions * perDirection) {
    throw new DataError(`${op}: activations must be ${directions * perDirection} names, got ${names.length}`);
  }
  const functions = activationFunctions(
    op,
    names,
    [...(attributes.floats('activation_alpha') ?? [])],
    [...(attributes.floats('activation_beta') ?? [])],
  );
  return {
    inputs: I,
    hidden: H,
    weight: of(1, 'W', [rows, I]),
    recurrent: of(2, 'R', [rows, H]),
    bias: of(3, 'B', [2 * rows]),
    peepholes: of(7, 'P', [3 * H]),
    functions: functions.slice(d * perDirection, (d + 1) * perDirection),
    clip: attributes.float('clip', Number.POSITIVE_INFINITY),
    inputForget: attributes.int('input_forget', 0) !== 0,
    linearBeforeReset: attributes.int('linear_before_reset', 0) !== 0,
  };
}

/** One row of the batch, through its own length: writes its outputs and leaves its last state in h and c. */
function runRow(
  cell: Cell,
  direction: Direction,
  { x, y, h, c }: Readonly<Record<'x' | 'y' | 'h' | 'c', Value>>,
  { B, I, H, directions, d, b }: Sizes & { readonly d: number; readonly b: number },
  length: number,
  backwards: boolean,
): void {
  const at = (d * B + b) * H;
  const state = Float64Array.from(h.data.subarray(at, at + H));
  const memory = Float64Array.from(c.data.subarray(at, at + H));
  for (let step = 0; step < length; step += 1) {
    const t = backwards ? length - 1 - step : step;
    const input = x.data.subarray((t * B + b) * I, (t * B + b + 1) * I) as Reals;
    cell.step(direction, input, state, memory);
    y.data.set(state, ((t * directions + d) * B + b) * H);
  }
  h.data.set(state, at);
  c.data.set(memory, at);
}

export const recurrent: Readonly<Record<string, Operator>> = {
  RNN: recurrentOperator('RNN'),
  GRU: recurrentOperator('GRU'),
  LSTM: recurrentOperator('LSTM'),
};
