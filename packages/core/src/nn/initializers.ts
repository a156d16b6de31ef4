/**
 * First weights by rule, over parameters in place: `nn.init.orthogonal(gru.namedParameters().get('weight_hh_l0')!)`.
 * Shapes are PyTorch's [O, I, ...]: fan in = I * ..., fan out = O * .... Every rule draws from `random`, by default
 * the stream of `manualSeed`, and gives the same bits on every engine.
 */
import { ArgumentError, ShapeError } from '../errors.js';
import type { RandomStream } from '../random.js';
import { formatShape, sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { defaultInit } from './init.js';
import type { LSTM } from './lstm.js';

export interface InitializerOptions {
  /** Stream of the numbers; defaults to the one of `manualSeed`. */
  readonly random?: RandomStream;
}

export interface GainOptions extends InitializerOptions {
  /** The deviation is multiplied by this; see {@link gainOf}. */
  readonly gain?: number;
}

export interface KaimingOptions extends GainOptions {
  /** Keep the variance of activations (`'fanIn'`, the default) or of gradients (`'fanOut'`). */
  readonly mode?: 'fanIn' | 'fanOut';
}

export interface OrthogonalOptions extends GainOptions {
  /** Rows are this many blocks of equal size, each orthogonal by itself: 4 for an LSTM's gates, 3 for a GRU's. Defaults to 1. */
  readonly blocks?: number;
}

/** By how much to widen weights in front of a nonlinearity, as PyTorch recommends. */
export function gainOf(nonlinearity: 'linear' | 'sigmoid' | 'tanh' | 'relu'): number {
  const gains = { linear: 1, sigmoid: 1, tanh: 5 / 3, relu: Math.SQRT2 };
  if (Object.hasOwn(gains, nonlinearity)) return gains[nonlinearity];
  throw new ArgumentError(
    `init: nonlinearity must be one of ${Object.keys(gains).join(', ')}, got ${nonlinearity}`,
  );
}

export function constant(target: Tensor, value: number): void {
  target.kernel.check('init', target.kernel.calls.fill(target.offset, target.size, value));
}

/** U(low, high). */
export function uniform(target: Tensor, low: number, high: number, options: InitializerOptions = {}): void {
  (options.random ?? defaultInit()).fillUniform(target, low, high);
}

/** N(mean, deviation^2). */
export function normal(
  target: Tensor,
  mean: number,
  deviation: number,
  options: InitializerOptions = {},
): void {
  (options.random ?? defaultInit()).fillNormal(target, mean, deviation);
}

/** U(-a, a) with a = gain sqrt(6 / (fan in + fan out)). Source: Glorot & Bengio 2010. The gain defaults to 1. */
export function xavierUniform(target: Tensor, options: GainOptions = {}): void {
  const bound = Math.sqrt(3) * xavierDeviation('xavierUniform', target, options);
  uniform(target, -bound, bound, options);
}

/** N(0, s^2) with s = gain sqrt(2 / (fan in + fan out)). Source: Glorot & Bengio 2010. The gain defaults to 1. */
export function xavierNormal(target: Tensor, options: GainOptions = {}): void {
  normal(target, 0, xavierDeviation('xavierNormal', target, options), options);
}

/** U(-a, a) with a = gain sqrt(3 / fan). Source: He et al. 2015. The gain defaults to that of relu, sqrt 2. */
export function kaimingUniform(target: Tensor, options: KaimingOptions = {}): void {
  const bound = Math.sqrt(3) * kaimingDeviation('kaimingUniform', target, options);
  uniform(target, -bound, bound, options);
}

/** N(0, s^2) with s = gain / sqrt(fan). Source: He et al. 2015. The gain defaults to that of relu, sqrt 2. */
export function kaimingNormal(target: Tensor, options: KaimingOptions = {}): void {
  normal(target, 0, kaimingDeviation('kaimingNormal', target, options), options);
}

/**
 * Q of a random normal matrix's QR factors, times gain: rows or columns, whichever are fewer, are orthogonal and of
 * length gain, and every such matrix is as likely as another. Keeps a recurrent state's length through time.
 * Source: Saxe, McClelland & Ganguli 2014. The gain defaults to 1.
 */
export function orthogonal(target: Tensor, options: OrthogonalOptions = {}): void {
  const { gain = 1, blocks = 1, random = defaultInit() } = options;
  const { fanIn: columns } = fans('orthogonal', target);
  const rows = target.shape[0]! / blocks;
  expectGain('orthogonal', gain);
  if (!Number.isSafeInteger(rows) || blocks < 1) {
    throw new ArgumentError(
      `orthogonal: blocks must divide the ${target.shape[0]} rows, got ${blocks} blocks`,
    );
  }
  random.fillNormal(target, 0, 1);
  const data = Float64Array.from(target.view());
  for (let block = 0; block < blocks; block += 1) {
    const part = data.subarray(block * rows * columns, (block + 1) * rows * columns);
    // As columns of a tall matrix: those of W itself, or of its transpose.
    const tall = rows >= columns;
    const [m, n] = tall ? [rows, columns] : [columns, rows];
    const at = (i: number, j: number): number => (tall ? i * columns + j : j * columns + i);
    const vectors = Array.from({ length: n }, (_, j) =>
      Float64Array.from({ length: m }, (_, i) => part[at(i, j)]!),
    );
    for (const [j, q] of orthonormal(vectors).entries()) {
      for (let i = 0; i < m; i += 1) part[at(i, j)] = gain * q[i]!;
    }
  }
  target.set(data);
}

/** The forget gates of all layers and directions start at bias `value` (in `bias_ih`, with 0 in `bias_hh`). */
export function forgetBias(lstm: LSTM, value = 1): void {
  const { hiddenSize: H, bias } = lstm.options;
  if (!bias) throw new ArgumentError('forgetBias: the LSTM must have biases, got one without');
  if (!Number.isFinite(value)) throw new ArgumentError(`forgetBias: value must be a number, got ${value}`);
  for (const [name, parameter] of lstm.namedParameters()) {
    // Gates i, f, g, o.
    if (name.startsWith('bias_ih')) constant(parameter.part(H, [H]), value);
    if (name.startsWith('bias_hh')) constant(parameter.part(H, [H]), 0);
  }
}

/**
 * Q of the QR factors of tall A, by Householder reflections: Q = H_1 ... H_n I, its columns turned so that R has a
 * positive diagonal, which makes Q unique and evenly spread (Mezzadri 2007).
 * @param a - the columns of A; destroyed
 */
function orthonormal(a: Float64Array[]): Float64Array[] {
  const m = a[0]?.length ?? 0;
  const dot = (x: Float64Array, y: Float64Array, from: number): number => {
    let sum = 0;
    for (let i = from; i < m; i += 1) sum += x[i]! * y[i]!;
    return sum;
  };
  /** x -= 2 v (v.x) / (v.v), below row `from`. */
  const reflect = (x: Float64Array, v: Float64Array, from: number): void => {
    const square = dot(v, v, from);
    if (square === 0) return;
    const factor = (2 * dot(v, x, from)) / square;
    for (let i = from; i < m; i += 1) x[i]! -= factor * v[i]!;
  };
  const diagonal = a.map((column, k) => {
    const length = Math.sqrt(dot(column, column, k));
    // Away from the first entry, so that nothing cancels.
    const r = column[k]! > 0 ? -length : length;
    column[k]! -= r;
    for (const other of a.slice(k + 1)) reflect(other, column, k);
    return r;
  });
  return a.map((_, j) => {
    const q = new Float64Array(m);
    q[j] = diagonal[j]! < 0 ? -1 : 1;
    for (let k = a.length - 1; k >= 0; k -= 1) reflect(q, a[k]!, k);
    return q;
  });
}

function xavierDeviation(op: string, target: Tensor, { gain = 1 }: GainOptions): number {
  const { fanIn, fanOut } = fans(op, target);
  expectGain(op, gain);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

function kaimingDeviation(op: string, target: Tensor, options: KaimingOptions): number {
  const { gain = Math.SQRT2, mode = 'fanIn' } = options;
  const all = fans(op, target);
  expectGain(op, gain);
  if (!Object.hasOwn(all, mode)) {
    throw new ArgumentError(`${op}: mode must be 'fanIn' or 'fanOut', got ${String(mode)}`);
  }
  return gain / Math.sqrt(all[mode]);
}

function fans(op: string, { shape }: Tensor): { readonly fanIn: number; readonly fanOut: number } {
  if (shape.length < 2 || sizeOf(shape) === 0) {
    throw new ShapeError(`${op}: weight must be [O, I, ...] with at least 2 axes, got ${formatShape(shape)}`);
  }
  const field = sizeOf(shape.slice(2));
  return { fanIn: shape[1]! * field, fanOut: shape[0]! * field };
}

function expectGain(op: string, gain: number): void {
  if (gain > 0 && gain < Infinity) return;
  throw new ArgumentError(`${op}: gain must be a number > 0, got ${gain}`);
}
