/** What one layer of a recurrent module does, step by step: states and gates as plain arrays. */
import { ArgumentError } from '../errors.js';
import type { Recurrent } from '../nn/recurrent.js';
import { add, mul, sigmoid, tanh } from '../ops/elementwise.js';
import { chunk, narrow, reshape } from '../ops/layout.js';
import { linear } from '../ops/matmul.js';
import { type RecurrentWeights, recurrentLayer } from '../ops/recurrent.js';
import { noGrad } from '../tape.js';
import { scope, type Tensor, zeros } from '../tensor.js';

type Matrix = Tensor<[number, number]>;
type Cube = Tensor<[time: number, batch: number, size: number]>;

/** Arrays [T, B, H], row-major. */
export interface LayerRecord {
  readonly shape: readonly [time: number, batch: number, hidden: number];
  /** h_1 .. h_T */
  readonly h: Float64Array;
  /** c_1 .. c_T of an LSTM. */
  readonly c?: Float64Array;
  /** Activations by PyTorch's letters: LSTM i, f, g, o; GRU r, z, n; a vanilla RNN has none beside h. */
  readonly gates: Readonly<Record<string, Float64Array>>;
}

export interface LayerOptions {
  /** Counted from 0 at the input. Defaults to the last. */
  readonly layer?: number;
}

/** The state of a cell: h, and c of an LSTM. */
export interface CellState {
  readonly h: Matrix;
  readonly c?: Matrix | undefined;
}

/** The forward direction's weights. @throws ArgumentError for a layer that is not there */
function weightsOf({ layers }: Recurrent, layer: number): RecurrentWeights {
  const weights = layers[layer]?.[0];
  if (weights !== undefined) return weights;
  throw new ArgumentError(`inspect: layer must be in [0, ${layers.length}), got ${layer}`);
}

/** x [T, B, I] as it reaches layer `layer`: the layers below it, in evaluation. */
export function inputOfLayer(module: Recurrent, x: Cube, layer: number): Cube {
  let sequence = x;
  for (let below = 0; below < layer; below += 1) {
    const directions = module.layers[below]!.map((weights, d) => ({ ...weights, reverse: d === 1 }));
    sequence = recurrentLayer('inspect', module.cell, sequence, directions).output;
  }
  return sequence;
}

/** The state before the first step, for B rows. */
export function zeroState({ cell, options: { hiddenSize: H } }: Recurrent, B: number): CellState {
  return { h: zeros([B, H]), c: cell === 'lstm' ? zeros([B, H]) : undefined };
}

/** One step of a layer's forward direction: x [B, I] and the state before give the state after. */
export function stepOfLayer(module: Recurrent, layer: number, x: Matrix, { h, c }: CellState): CellState {
  const [B, I] = x.shape;
  const direction = { ...weightsOf(module, layer), h0: h, c0: c };
  const { last } = recurrentLayer('inspect', module.cell, reshape(x, [1, B, I]), [direction]);
  return last[0]!;
}

/**
 * States and gates of one layer (its forward direction) over x [T, B, I], from a zero state.
 * @throws ArgumentError for a layer that is not there
 */
export function recordLayer(module: Recurrent, x: Cube, options: LayerOptions = {}): LayerRecord {
  const { numLayers, hiddenSize: H } = module.options;
  const layer = options.layer ?? numLayers - 1;
  const weights = weightsOf(module, layer);
  return noGrad(() =>
    scope(() => {
      const sequence = inputOfLayer(module, x, layer);
      const [T, B, I] = sequence.shape;
      const step = B * H;
      const record: Record<string, Float64Array> = {};
      const put = (name: string, t: number, value: Tensor): void => {
        record[name] ??= new Float64Array(T * step);
        record[name].set(value.view(), t * step);
      };
      let state = zeroState(module, B);
      for (let t = 0; t < T; t += 1) {
        const x_t = reshape(narrow(sequence, t, 1), [B, I]);
        for (const [name, gate] of gatesOf(module, weights, x_t, state.h)) put(name, t, gate);
        state = stepOfLayer(module, layer, x_t, state);
        put('h', t, state.h);
        if (state.c !== undefined) put('c', t, state.c);
      }
      const { h = new Float64Array(), c, ...gates } = record;
      return { shape: [T, B, H] as const, h, ...(c === undefined ? {} : { c }), gates };
    }),
  );
}

/** The gates' activations at one step, as their equations say. */
function gatesOf(
  module: Recurrent,
  { weightIh, weightHh, biasIh, biasHh }: RecurrentWeights,
  x: Matrix,
  h: Matrix,
): [name: string, activation: Tensor][] {
  if (module.cell === 'rnn tanh' || module.cell === 'rnn relu') return [];
  const fromX = linear<[number]>(x, weightIh, biasIh);
  const fromH = linear<[number]>(h, weightHh, biasHh);
  if (module.cell === 'lstm') {
    const [i, f, g, o] = chunk(add(fromX, fromH), 4, -1);
    return [
      ['i', sigmoid(i)],
      ['f', sigmoid(f)],
      ['g', tanh(g)],
      ['o', sigmoid(o)],
    ];
  }
  const [xr, xz, xn] = chunk(fromX, 3, -1);
  const [hr, hz, hn] = chunk(fromH, 3, -1);
  const r = sigmoid(add(xr, hr));
  return [
    ['r', r],
    ['z', sigmoid(add(xz, hz))],
    ['n', tanh(add(xn, mul(r, hn)))],
  ];
}
