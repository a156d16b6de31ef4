/**
 * Recurrent weights as Keras lays them out, to and from a state dictionary of nn.RNN, nn.GRU or nn.LSTM.
 *
 * Keras: kernel [I, G*H], recurrent_kernel [H, G*H]; gate blocks LSTM i, f, c, o and GRU z, r, h; one bias [G*H], or two,
 * [2, G*H], for a GRU with `reset_after=True` (the default, and the only form that PyTorch and hw5 have).
 * Here, as in PyTorch: weight_ih [G*H, I], weight_hh [G*H, H], bias_ih and bias_hh [G*H]; i, f, g, o and r, z, n.
 * Source: Keras 3, layers/rnn.
 *
 * {@includeCode ../../examples/keras.ts}
 *
 * @module @hw5/core/keras
 */
import { ArgumentError, ShapeError } from '../errors.js';
import type { StateDict, Weight } from '../nn/module.js';
import { formatShape, type Shape, sameShape } from '../shape.js';

export interface KerasWeights {
  /** [I, G*H] */
  readonly kernel: Weight;
  /** [H, G*H] */
  readonly recurrentKernel: Weight;
  /** [G*H]; [2, G*H] for a GRU. */
  readonly bias?: Weight;
}

export type KerasCell = 'RNN' | 'GRU' | 'LSTM';

/** Where the gate blocks of one library stand in the other: the orders are their own inverses. */
const blocks: Readonly<Record<KerasCell, readonly number[]>> = {
  RNN: [0],
  GRU: [1, 0, 2],
  LSTM: [0, 1, 2, 3],
};

/**
 * @param layers - by layer, by direction (forward, then backward of a Bidirectional layer)
 * @throws ShapeError for weights that are none of such a layer
 */
export function fromKeras(cell: KerasCell, layers: readonly (readonly KerasWeights[])[]): StateDict {
  const state: StateDict = new Map();
  for (const [layer, directions] of layers.entries()) {
    for (const [direction, { kernel, recurrentKernel, bias }] of directions.entries()) {
      const name = `l${layer}${direction === 1 ? '_reverse' : ''}`;
      const [H = 0, rows = 0] = recurrentKernel.shape;
      const G = blocks[cell].length;
      expect(cell, 'recurrentKernel', [H, G * H], recurrentKernel.shape);
      expect(cell, 'kernel', [kernel.shape[0] ?? 0, rows], kernel.shape);
      state.set(`weight_ih_${name}`, transposed(cell, kernel));
      state.set(`weight_hh_${name}`, transposed(cell, recurrentKernel));
      if (bias === undefined) continue;
      if (cell === 'GRU' && bias.shape.length === 1) {
        throw new ArgumentError('fromKeras: the GRU must have reset_after=True with two biases, got one');
      }
      expect(cell, 'bias', cell === 'GRU' ? [2, rows] : [rows], bias.shape);
      const part = (index: number) => ({
        shape: [rows],
        data: reorder(cell, Float64Array.from(bias.data).subarray(index * rows, (index + 1) * rows), 1),
      });
      state.set(`bias_ih_${name}`, part(0));
      state.set(
        `bias_hh_${name}`,
        cell === 'GRU' ? part(1) : { shape: [rows], data: new Float64Array(rows) },
      );
    }
  }
  return state;
}

/**
 * The other way; where Keras has one bias it is the sum of both.
 * @throws ArgumentError when a weight of layer 0 is missing
 */
export function toKeras(cell: KerasCell, state: ReadonlyMap<string, Weight>): KerasWeights[][] {
  const layers: KerasWeights[][] = [];
  while (state.has(`weight_ih_l${layers.length}`)) {
    const suffixes = [`l${layers.length}`, `l${layers.length}_reverse`].filter((name) =>
      state.has(`weight_ih_${name}`),
    );
    layers.push(suffixes.map((name) => directionToKeras(cell, state, name)));
  }
  if (layers.length === 0) throw new ArgumentError('toKeras: weight_ih_l0 must be there, got none');
  return layers;
}

function directionToKeras(cell: KerasCell, state: ReadonlyMap<string, Weight>, name: string): KerasWeights {
  const of = (key: string): Weight => {
    const weight = state.get(`${key}_${name}`);
    if (weight === undefined) throw new ArgumentError(`toKeras: ${key}_${name} must be there, got none`);
    return weight;
  };
  const weights = {
    kernel: transposedBack(cell, of('weight_ih')),
    recurrentKernel: transposedBack(cell, of('weight_hh')),
  };
  if (!state.has(`bias_ih_${name}`)) return weights;
  const [input, hidden] = [of('bias_ih'), of('bias_hh')].map(({ data }) => reorder(cell, data, 1)) as [
    Float64Array,
    Float64Array,
  ];
  const rows = input.length;
  const bias: Weight =
    cell === 'GRU'
      ? {
          shape: [2, rows],
          data: Float64Array.from({ length: 2 * rows }, (_, i) => (i < rows ? input[i]! : hidden[i - rows]!)),
        }
      : { shape: [rows], data: input.map((value, i) => value + hidden[i]!) };
  return { ...weights, bias };
}

/** [n, G*H] to [G*H, n], gate blocks in the other order. */
function transposed(cell: KerasCell, { shape, data }: Weight) {
  const [n, rows] = shape as [number, number];
  const flipped = Float64Array.from(data, (_, at) => data[(at % n) * rows + Math.floor(at / n)]!);
  return { shape: [rows, n], data: reorder(cell, flipped, n) };
}

/** [G*H, n] to [n, G*H], gate blocks in the other order. */
function transposedBack(cell: KerasCell, { shape, data }: Weight): Weight {
  const [rows, n] = shape as [number, number];
  const ordered = reorder(cell, data, n);
  return {
    shape: [n, rows],
    data: ordered.map((_, at) => ordered[(at % rows) * n + Math.floor(at / rows)]!),
  };
}

function reorder(cell: KerasCell, data: ArrayLike<number>, columns: number): Float64Array {
  const order = blocks[cell];
  const size = data.length / order.length;
  if (!Number.isInteger(size / columns)) {
    throw new ShapeError(`${cell}: rows must be ${order.length} blocks, got ${data.length / columns}`);
  }
  return Float64Array.from(data, (_, at) => data[order[Math.floor(at / size)]! * size + (at % size)]!);
}

function expect(cell: KerasCell, name: string, expected: Shape, shape: Shape): void {
  if (sameShape(expected, shape)) return;
  throw new ShapeError(
    `fromKeras: ${name} of the ${cell} must be ${formatShape(expected)}, got ${formatShape(shape)}`,
  );
}
