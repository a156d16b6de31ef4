/**
 * One step of ONNX's recurrent operators in their full generality, one row at a time, in double precision.
 * The common forms go through the kernel instead (recurrent.ts).
 * Source: the operators RNN, GRU and LSTM of ONNX, operator set 22.
 */
import { DataError } from '../../errors.js';
import { activations } from './activations.js';

export type Reals = Float32Array | Float64Array;

/** Weights and options of one direction. */
export interface Direction {
  readonly inputs: number;
  readonly hidden: number;
  /** W [G*H, I]; gate order LSTM i, o, f, c; GRU z, r, h. */
  readonly weight: Reals;
  /** R [G*H, H]. */
  readonly recurrent: Reals;
  /** Wb and Rb, [2 * G*H]; zeros when the node has none. */
  readonly bias: Reals;
  /** P [3*H] of the LSTM, in the order i, o, f; zeros when the node has none. */
  readonly peepholes: Reals;
  readonly functions: readonly ((x: number) => number)[];
  /** Bound on what goes into an activation function; Infinity when the node has none. */
  readonly clip: number;
  /** LSTM: the forget gate is 1 - i. */
  readonly inputForget: boolean;
  /** GRU: the reset gate acts after the recurrent product, as in PyTorch. */
  readonly linearBeforeReset: boolean;
}

export interface Cell {
  /** G: blocks of H rows in W. */
  readonly gates: number;
  /** Activation functions of one direction. */
  readonly functions: readonly string[];
  /** Replaces the row's state (h, and c of the LSTM) by that of the next step. */
  readonly step: (direction: Direction, x: Reals, h: Float64Array, c: Float64Array) => void;
}

/** sum over k of row[k] v[k], for the row that starts at `at`. */
function dot(matrix: Reals, at: number, v: Reals): number {
  let sum = 0;
  for (let k = 0; k < v.length; k += 1) sum += matrix[at + k]! * v[k]!;
  return sum;
}

/** W x + Wb for unit j of gate g. */
function fromInput({ inputs, hidden, weight, bias }: Direction, g: number, j: number, x: Reals): number {
  const row = g * hidden + j;
  return dot(weight, row * inputs, x) + bias[row]!;
}

/** R h + Rb for unit j of gate g. */
function fromState({ hidden, recurrent, bias }: Direction, g: number, j: number, h: Reals): number {
  const row = g * hidden + j;
  return dot(recurrent, row * hidden, h) + bias[bias.length / 2 + row]!;
}

const clipped = (x: number, bound: number): number => Math.min(Math.max(x, -bound), bound);

/** h' = f(W x + R h + b). */
const rnn: Cell = {
  gates: 1,
  functions: ['Tanh'],
  step: (direction, x, h) => {
    const [f] = direction.functions as [(x: number) => number];
    h.set(
      h.map((_, j) =>
        f(clipped(fromInput(direction, 0, j, x) + fromState(direction, 0, j, h), direction.clip)),
      ),
    );
  },
};

/** z, r = f(...); n = g(W x + R (r h) + b), or g(W x + Wb + r (R h + Rb)); h' = (1 - z) n + z h. */
const gru: Cell = {
  gates: 3,
  functions: ['Sigmoid', 'Tanh'],
  step: (direction, x, h) => {
    const { clip, functions, linearBeforeReset } = direction;
    const [f, g] = functions as [(x: number) => number, (x: number) => number];
    const gate = (index: number): Float64Array =>
      h.map((_, j) =>
        f(clipped(fromInput(direction, index, j, x) + fromState(direction, index, j, h), clip)),
      );
    const [z, r] = [gate(0), gate(1)];
    const reset = h.map((value, j) => value * r[j]!);
    h.set(
      h.map((before, j) => {
        const state = linearBeforeReset
          ? r[j]! * fromState(direction, 2, j, h)
          : fromState(direction, 2, j, reset);
        const n = g(clipped(fromInput(direction, 2, j, x) + state, clip));
        return (1 - z[j]!) * n + z[j]! * before;
      }),
    );
  },
};

/** i, f = f(... + P c); c' = f c + i g(...); o = f(... + P c'); h' = o h(c'). */
const lstm: Cell = {
  gates: 4,
  functions: ['Sigmoid', 'Tanh', 'Tanh'],
  step: (direction, x, h, c) => {
    const { hidden, clip, functions, peepholes, inputForget } = direction;
    const [f, g, last] = functions as [(x: number) => number, (x: number) => number, (x: number) => number];
    const z = (gate: number, j: number): number =>
      fromInput(direction, gate, j, x) + fromState(direction, gate, j, h);
    h.set(
      h.map((_, j) => {
        const i = f(clipped(z(0, j) + peepholes[j]! * c[j]!, clip));
        const forget = inputForget ? 1 - i : f(clipped(z(2, j) + peepholes[2 * hidden + j]! * c[j]!, clip));
        c[j] = forget * c[j]! + i * g(clipped(z(3, j), clip));
        return f(clipped(z(1, j) + peepholes[hidden + j]! * c[j]!, clip)) * last(c[j]!);
      }),
    );
  },
};

export const cells: Readonly<Record<'RNN' | 'GRU' | 'LSTM', Cell>> = { RNN: rnn, GRU: gru, LSTM: lstm };

/**
 * The functions of one direction by name. Parameters are taken in order by the functions that have them.
 * @throws DataError for a name that ONNX does not list
 */
export function activationFunctions(
  op: string,
  names: readonly string[],
  alphas: number[],
  betas: number[],
): ((x: number) => number)[] {
  return names.map((name) => {
    const found = activations.get(name.toLowerCase());
    if (found === undefined) {
      throw new DataError(
        `${op}: activations must be among ${[...activations.keys()].join(', ')}, got ${JSON.stringify(name)}`,
      );
    }
    const { alpha, beta, of } = found;
    const a = alpha === undefined ? 0 : (alphas.shift() ?? alpha);
    const b = beta === undefined ? 0 : (betas.shift() ?? beta);
    return of(a, b);
  });
}
