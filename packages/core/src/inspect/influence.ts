/**
 * How much of an earlier state is left in a later one: ||dh_t / dh_k||, which vanishes or explodes with t - k.
 * Exact: the Jacobian of every step, multiplied along the chain, in the kernel's precision.
 * Source: Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent neural networks".
 */
import { ArgumentError, ShapeError } from '../errors.js';
import type { Recurrent } from '../nn/recurrent.js';
import { add, mul } from '../ops/elementwise.js';
import { concat, narrow, reshape } from '../ops/layout.js';
import { matmul } from '../ops/matmul.js';
import { expand, sum } from '../ops/reduce.js';
import { grad, noGrad } from '../tape.js';
import { scope, type Tensor, tensor } from '../tensor.js';
import { type CellState, inputOfLayer, type LayerOptions, stepOfLayer, zeroState } from './layer.js';

type Matrix = Tensor<[number, number]>;
type Cube = Tensor<[time: number, batch: number, size: number]>;

export interface InfluenceOptions extends LayerOptions {
  /** t, counted from 0. Defaults to the last step. */
  readonly at?: number;
}

/** ||dh_t / dh_k|| for k = 0 .. t; entry t belongs to h_t itself: the identity. */
export interface StateInfluence {
  /** t */
  readonly at: number;
  /** Root of the sum of squares of the Jacobian's entries. */
  readonly frobenius: readonly number[];
  /** The largest stretch: the Jacobian's largest singular value, by 50 power iterations. */
  readonly spectral: readonly number[];
}

/**
 * For one sequence x [T, 1, I] and one layer, its forward direction, from a zero state. An LSTM's paths through c count:
 * dh_t / dh_k is the block of h in the product of Jacobians of (h, c).
 * @throws ShapeError unless B = 1, ArgumentError for a step or layer that is not there
 */
export function stateInfluence(module: Recurrent, x: Cube, options: InfluenceOptions = {}): StateInfluence {
  const [T, B] = x.shape;
  if (B !== 1) throw new ShapeError(`stateInfluence: x must be [T, 1, I], got batch ${B}`);
  const { at = T - 1, layer = module.options.numLayers - 1 } = options;
  if (!(Number.isInteger(at) && at >= 0 && at < T)) {
    throw new ArgumentError(`stateInfluence: at must be a step in [0, ${T}), got ${at}`);
  }
  const { hiddenSize: H } = module.options;
  const S = module.cell === 'lstm' ? 2 * H : H;
  return scope(() => {
    const steps = jacobians(module, inputOfLayer(module, x, layer), layer, at);
    // dh_t / d(h_t, c_t) = [I 0]
    let chain: Matrix = tensor(identity(H, S), [H, S]);
    const frobenius: number[] = [];
    const spectral: number[] = [];
    for (let k = at; k >= 0; k -= 1) {
      const block = new Float64Array(H * H);
      const entries = chain.view();
      for (let i = 0; i < H; i += 1) for (let j = 0; j < H; j += 1) block[i * H + j] = entries[i * S + j]!;
      frobenius.unshift(Math.sqrt(block.reduce((total, entry) => total + entry * entry, 0)));
      spectral.unshift(largestSingularValue(block, H));
      if (k > 0) chain = noGrad(() => matmul(chain, steps[k]!));
    }
    return { at, frobenius, spectral };
  });
}

/** d s_t / d s_(t-1) [S, S] of each step up to `until`, with s = h, or h and c side by side. */
function jacobians(module: Recurrent, x: Cube, layer: number, until: number): Matrix[] {
  const [, , I] = x.shape;
  const { hiddenSize: H } = module.options;
  const hasC = module.cell === 'lstm';
  const S = hasC ? 2 * H : H;
  // Row r of a batch of S equal rows asks for the gradient of entry r of the state after the step.
  const ofH = tensor(identity(S, H), [S, H]);
  const ofC = hasC ? tensor(identity(S, H, H), [S, H]) : undefined;
  let state = zeroState(module, S);
  return Array.from({ length: until + 1 }, (_, t) => {
    const x_t = expand(reshape(narrow(x, t, 1), [1, I]), 0, S);
    const asked = ({ h, c }: CellState): Tensor => {
      const total = sum(mul(h, ofH));
      return c === undefined || ofC === undefined ? total : add(total, sum(mul(c, ofC)));
    };
    const { h, c } = state;
    const rows =
      c === undefined
        ? grad((before: Matrix) => asked(stepOfLayer(module, layer, x_t, { h: before })))(h)
        : grad((before: Matrix, cell: Matrix) =>
            asked(stepOfLayer(module, layer, x_t, { h: before, c: cell })),
          )(h, c);
    state = noGrad(() => stepOfLayer(module, layer, x_t, state));
    return noGrad(() => concat(rows as readonly Matrix[], 1));
  });
}

/** Ones at [i + from, i] of a matrix of so many rows and columns. */
function identity(rows: number, columns: number, from = 0): Float64Array {
  const entries = new Float64Array(rows * columns);
  for (let i = 0; i < Math.min(rows - from, columns); i += 1) entries[(i + from) * columns + i] = 1;
  return entries;
}

const POWER_ITERATIONS = 50;

/** Square root of the largest eigenvalue of A^T A, from a fixed start. */
function largestSingularValue(a: Float64Array, n: number): number {
  let v = Float64Array.from({ length: n }, (_, i) => 1 + i / n);
  let length = 0;
  for (let iteration = 0; iteration < POWER_ITERATIONS; iteration += 1) {
    const norm = Math.sqrt(v.reduce((total, entry) => total + entry * entry, 0));
    if (norm === 0) return 0;
    v = v.map((entry) => entry / norm);
    const av = Float64Array.from({ length: n }, (_, i) =>
      v.reduce((total, entry, j) => total + a[i * n + j]! * entry, 0),
    );
    length = Math.sqrt(av.reduce((total, entry) => total + entry * entry, 0));
    v = v.map((_, j) => av.reduce((total, entry, i) => total + a[i * n + j]! * entry, 0));
  }
  return length;
}
