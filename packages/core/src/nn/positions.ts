/** Vectors that tell a Transformer where a token stands. */
import { ArgumentError, ShapeError } from '../errors.js';
import { narrow } from '../ops/layout.js';
import type { RandomStream } from '../random.js';
import { type Tensor, tensor } from '../tensor.js';
import { defaultInit } from './init.js';
import { expectSize } from './linear.js';
import { Module } from './module.js';

export const positionKinds = ['learned', 'sinusoidal'] as const;
export type PositionKind = (typeof positionKinds)[number];

export interface PositionsOptions {
  /** A table that is learned (`weight [C, E]`, first N(0, 1)), or sines and cosines that are not. Defaults to `'learned'`. */
  readonly kind?: PositionKind;
  /** Stream of the first weights; defaults to the one of `manualSeed`. */
  readonly random?: RandomStream;
}

/**
 * P [C, E] for positions 0 .. C - 1. Sinusoidal: P[t, 2i] = sin(t w_i), P[t, 2i + 1] = cos(t w_i), w_i = 10000^(-2i / E).
 * Source: Vaswani et al. 2017, section 3.5.
 */
export class Positions extends Module {
  readonly kind: PositionKind;
  readonly #shape: readonly [positions: number, features: number];
  readonly #weight: Tensor<[number, number]> | undefined;
  readonly #waves: Float64Array | undefined;

  constructor(contextSize: number, embeddingSize: number, options: PositionsOptions = {}) {
    super();
    const { kind = 'learned', random = defaultInit() } = options;
    expectSize('Positions', 'contextSize', contextSize);
    expectSize('Positions', 'embeddingSize', embeddingSize);
    if (!positionKinds.includes(kind)) {
      throw new ArgumentError(`Positions: kind must be learned or sinusoidal, got ${String(kind)}`);
    }
    this.kind = kind;
    this.#shape = [contextSize, embeddingSize];
    if (kind === 'learned') {
      this.#weight = this.parameter('weight', [contextSize, embeddingSize], (target) =>
        random.fillNormal(target, 0, 1),
      );
    } else this.#waves = waves(contextSize, embeddingSize);
  }

  /** Positions `start` .. `start + count - 1`, [count, E]. @throws ShapeError beyond C */
  forward(start: number, count: number): Tensor<[number, number]> {
    const [C, E] = this.#shape;
    if (start < 0 || start + count > C) {
      throw new ShapeError(`Positions: positions must be in [0, ${C}), got ${start} to ${start + count - 1}`);
    }
    if (this.#weight !== undefined) return narrow(this.#weight, start, count);
    return tensor(this.#waves!.subarray(start * E, (start + count) * E), [count, E]);
  }
}

/** [C, E]. Only + - * / are used, which every engine rounds alike. */
function waves(positions: number, E: number): Float64Array {
  const table = new Float64Array(positions * E);
  for (let column = 0; column < E; column += 2) {
    const step = Math.LN10 * 4 * (column / E);
    const frequency = exponential(-step);
    const [sin1, cos1] = [series(frequency, 1), series(frequency, 0)];
    let [sin, cos] = [0, 1];
    for (let t = 0; t < positions; t += 1) {
      table[t * E + column] = sin;
      if (column + 1 < E) table[t * E + column + 1] = cos;
      [sin, cos] = [sin * cos1 + cos * sin1, cos * cos1 - sin * sin1];
    }
  }
  return table;
}

/** The Taylor series of cos (`first` 0) or sin (`first` 1), for |x| <= 1. */
function series(x: number, first: 0 | 1): number {
  let term = first === 0 ? 1 : x;
  let sum = term;
  for (let n = first + 1; n < 24; n += 2) {
    term *= (-x * x) / (n * (n + 1));
    sum += term;
  }
  return sum;
}

/** e^x for x in [-10, 0]: the series of x / 1024, squared ten times. */
function exponential(x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n < 10; n += 1) {
    term *= x / 1024 / n;
    sum += term;
  }
  for (let i = 0; i < 10; i += 1) sum *= sum;
  return sum;
}
