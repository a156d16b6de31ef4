/** A network with random numbers in it, run forward and backward: what formulas are tried on. */

import type { Environment } from '../../derive/evaluate.js';
import { linearValue } from '../../derive/expression.js';
import { type Matrix, map, matrix, multiplied, transposed, zip } from '../../derive/matrix.js';
import type { Size } from '../../derive/shapes.js';
import { letters } from './read.js';

/**
 * How the activation takes part. `simple`: h = tanh(z) forward, psi' left out backward, as the question allows.
 * `exact`: with psi'. `linear`: psi is the identity throughout, so that psi' is 1.
 */
export type Mode = 'simple' | 'exact' | 'linear';

export interface World {
  readonly seed: number;
  /** Length of h, x and o, and the number of steps. */
  readonly hidden: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly steps: number;
  readonly mode: Mode;
  readonly sizes: Readonly<Record<string, Size>>;
  /** @param indices - at least t, and i where the question has one; `N` is the number of steps */
  environment(indices: Readonly<Record<string, number>>): Environment;
  /** The right answer's value for `question`. */
  truth(question: string, indices: Readonly<Record<string, number>>): Matrix;
}

/** Steps before 1 and after T that also have numbers: a wrong index must meet a wrong number, not a missing one. */
const MARGIN = 6;

/** mulberry32: numbers in [-1, 1) from a 32-bit seed. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

/** @param zeroStart - h_0 = 0 */
export function makeWorld(
  seed: number,
  [hidden, inputs, outputs, steps]: readonly [number, number, number, number],
  mode: Mode,
  zeroStart = false,
): World {
  const next = randomNumbers(seed);
  const random = (rows: number, columns: number): Matrix => map(matrix(rows, columns), () => next());
  const Whh = random(hidden, hidden);
  const Whx = random(hidden, inputs);
  const Wyh = random(outputs, hidden);
  const series: Record<string, Map<number, Matrix>> = {};
  const put = (name: string, k: number, value: Matrix): void => {
    series[name] ??= new Map();
    series[name].set(k, value);
  };
  const at = (name: string, k: number): Matrix | undefined => series[name]?.get(k);
  put('h', -MARGIN, random(hidden, 1));
  for (let k = 1 - MARGIN; k <= steps + MARGIN; k += 1) {
    put('x', k, random(inputs, 1));
    const z = sum(multiplied(Whh, at('h', k - 1)!), multiplied(Whx, at('x', k)!));
    put('z', k, z);
    const h = mode === 'linear' ? z : map(z, Math.tanh);
    put('h', k, zeroStart && k === 0 ? matrix(hidden, 1) : h);
    const o = multiplied(Wyh, at('h', k)!);
    put('o', k, o);
    const powers = map(o, Math.exp);
    const total = powers.data.reduce((a, b) => a + b, 0);
    const yhat = map(powers, (p) => p / total);
    put('yhat', k, yhat);
    const y = matrix(outputs, 1);
    y.data[Math.floor(((next() + 1) / 2) * outputs)] = 1;
    put('y', k, y);
    put(
      'g_o',
      k,
      zip(yhat, y, (p, q) => p - q),
    );
    // Only what is backward leaves psi' out: forward h is tanh(z), or a formula could say z for h unseen.
    put(
      'slope',
      k,
      map(z, (v) => (mode === 'linear' ? 1 : 1 - Math.tanh(v) ** 2)),
    );
  }
  const through = (k: number, gradient: Matrix): Matrix =>
    mode === 'simple' ? gradient : zip(gradient, at('slope', k)!, (g, s) => g * s);
  const stateGradient = (t: number, i: number): Matrix => {
    if (i > t) return matrix(hidden, 1);
    let g = multiplied(transposed(Wyh), at('g_o', t)!);
    for (let k = t; k > i; k -= 1) g = multiplied(transposed(Whh), through(k, g));
    return g;
  };
  const preGradient = (t: number, i: number): Matrix => through(i, stateGradient(t, i));
  const weightGradient = (t: number): Matrix => {
    let total = matrix(hidden, hidden);
    for (let i = 1; i <= t; i += 1)
      total = sum(total, multiplied(preGradient(t, i), transposed(at('h', i - 1)!)));
    return total;
  };
  const accumulated = (i: number): Matrix => {
    let total = matrix(hidden, 1);
    for (let t = i; t <= steps; t += 1) total = sum(total, preGradient(t, i));
    return total;
  };
  const constants: Readonly<Record<string, Matrix>> = { W_hh: Whh, W_hx: Whx, W_yh: Wyh, I: eye(hidden) };
  const missing = matrix(hidden, hidden, Number.NaN);
  return {
    seed,
    hidden,
    inputs,
    outputs,
    steps,
    mode,
    sizes: {
      W_hh: [hidden, hidden],
      W_hx: [hidden, inputs],
      W_yh: [outputs, hidden],
      I: [hidden, hidden],
      D: [hidden, hidden],
      gW: [hidden, hidden],
      h: hidden,
      z: hidden,
      g_h: hidden,
      g_z: hidden,
      delta: hidden,
      x: inputs,
      o: outputs,
      y: outputs,
      yhat: outputs,
      g_o: outputs,
      ...Object.fromEntries(letters.map((letter) => [letter, 'scalar' as const])),
    },
    environment: (indices) => ({
      indices: { N: steps, ...indices },
      activation: mode === 'linear' ? 'identity' : 'tanh',
      // `this` is the environment inside a sum, whose t may be the running one: g_h(i) means dJ_t/dh_i.
      read(this: Environment, name: string, step: number | undefined): Matrix {
        const constant = constants[name];
        if (constant !== undefined) return constant;
        if (letters.includes(name)) return matrix(1, 1, this.indices[name] ?? Number.NaN);
        const k = step ?? linearValue({ factors: { t: 1 }, constant: 0 }, this.indices);
        const t = this.indices.t ?? steps;
        if (name === 'g_h') return stateGradient(t, k);
        if (name === 'g_z') return preGradient(t, k);
        if (name === 'delta') return accumulated(k);
        if (name === 'gW') return weightGradient(k);
        if (name === 'D') return diagonal(at('slope', k) ?? missing);
        return at(name, k) ?? missing;
      },
    }),
    truth(question, { t = steps, i = 1 }) {
      if (question === 'q2a') return at('g_o', t)!;
      if (question === 'q2b') return stateGradient(t, i);
      if (question === 'q2c') return weightGradient(t);
      let total = matrix(hidden, hidden);
      for (let k = 1; k <= steps; k += 1) total = sum(total, weightGradient(k));
      return total;
    },
  };
}

function sum(a: Matrix, b: Matrix): Matrix {
  return zip(a, b, (x, y) => x + y);
}

function eye(n: number): Matrix {
  return diagonal(matrix(n, 1, 1));
}

function diagonal(v: Matrix): Matrix {
  const result = matrix(v.rows, v.rows);
  for (let i = 0; i < v.rows; i += 1) result.data[i * v.rows + i] = v.data[i]!;
  return result;
}
