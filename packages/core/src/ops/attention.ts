/** Attention with heads, forward and backward in one kernel call each. */
import { ArgumentError, ShapeError } from '../errors.js';
import type { RandomStream } from '../random.js';
import { expectRank, expectShape, formatShape, type Shape } from '../shape.js';
import { record, records } from '../tape.js';
import { allocate, ids, Tensor, zeros } from '../tensor.js';
import { expectReal, sameKernel } from './elementwise.js';

/** How scores become weights: code of kernel-wasm's attention, and whether Gumbel noise joins the scores. */
const MODES = {
  softmax: { code: 0, noise: false },
  sparsemax: { code: 1, noise: false },
  entmax15: { code: 2, noise: false },
  argmax: { code: 3, noise: false },
  'straight-through': { code: 4, noise: false },
  gumbel: { code: 0, noise: true },
  'straight-through-gumbel': { code: 4, noise: true },
} as const;

export type AttentionMode = keyof typeof MODES;
export const attentionModes = Object.keys(MODES) as readonly AttentionMode[];

/** [B, T, D], or [B, T, N, D] with N heads. */
export type Heads = readonly [number, number, number] | readonly [number, number, number, number];

export interface AttentionOptions {
  /**
   * - `'softmax'`, `'sparsemax'`, `'entmax15'`: weights p = f(z), with their derivatives.
   * - `'argmax'`: all weight on the largest score, the first of equal ones. Values learn; scores get a gradient of 0.
   * - `'straight-through'`: forward as argmax, backward as softmax.
   * - `'gumbel'`: softmax of the scores with Gumbel noise; `'straight-through-gumbel'`: its largest weight forward.
   *
   * Defaults to `'softmax'`.
   */
  readonly mode?: AttentionMode;
  /**
   * Broadcasts to [B, N, T, S]. Reals are added to the scaled scores (and get a gradient); of ids (`ids()`), those at 0 hide
   * their key, as in PyTorch's `scaled_dot_product_attention`.
   */
  readonly mask?: Tensor | undefined;
  /** Query t sees keys 0 .. t + S - T, so that the last query sees all (PyTorch's `causal_lower_right`). Defaults to false. */
  readonly causal?: boolean;
  /** Divides scores, mask and noise alike; > 0. Defaults to 1. */
  readonly temperature?: number;
  /** Keys that exist in each batch row, [B]; what lies past them is not read. */
  readonly keyLengths?: Tensor<[number]> | readonly number[] | undefined;
  /** Factor of q k. Defaults to 1 / sqrt(D). */
  readonly scale?: number | undefined;
  /** Where the noise of the Gumbel modes comes from. */
  readonly random?: RandomStream | undefined;
  /** Return the weights too, with their gradient; they take B*N*T*S reals. Defaults to false. */
  readonly returnWeights?: boolean;
}

export interface AttentionResult<S extends Heads, W = Tensor<Weights> | undefined> {
  /** As q, with the entries of v. */
  readonly output: Tensor<S>;
  /** The weights of the forward pass, [B, N, T, S]. */
  readonly weights: W;
}

export type Weights = [batch: number, heads: number, queries: number, keys: number];

/**
 * o_t = sum_s p_ts v_s with p = f((scale q k^T + mask + noise) / temperature), for each batch row and head.
 *
 * Shapes: q [B, T, N, D], k [B, S, M, D], v [B, S, M, V], o [B, T, N, V], N a multiple of M: head n reads head n M / N of keys and
 * values. Without heads q [B, T, D], k [B, S, D], v [B, S, V], o [B, T, V]. A query that sees no key gives zeros and gets none.
 * Memory: B*N*T*S reals are kept for backward; without gradients softmax goes key block by key block and keeps nothing.
 * Source: Vaswani et al. 2017; Martins & Astudillo 2016; Peters et al. 2019; Jang et al. 2017.
 * @throws ShapeError for sizes that do not fit, ArgumentError for options and lengths outside [0, S]
 */
export function attention<S extends Heads>(
  q: Tensor<S>,
  k: Tensor<S>,
  v: Tensor<S>,
  options: AttentionOptions & { readonly returnWeights: true },
): AttentionResult<S, Tensor<Weights>>;
export function attention<S extends Heads>(
  q: Tensor<S>,
  k: Tensor<S>,
  v: Tensor<S>,
  options?: AttentionOptions,
): AttentionResult<S>;
export function attention<S extends Heads>(
  q: Tensor<S>,
  k: Tensor<S>,
  v: Tensor<S>,
  options: AttentionOptions = {},
): AttentionResult<S> {
  const { mask, causal = false, random, returnWeights = false } = options;
  const { mode, code, noise, temperature, scale } = resolve(options, q.shape.at(-1)!);
  for (const x of [q, k, v]) expectReal('attention', x);
  const [B, T, N, D] = headsOf('q', q.shape, q.shape.length);
  const [, S, M] = headsOf('k', k.shape, q.shape.length);
  const V = v.shape.at(-1)!;
  const grouped = q.shape.length === 4;
  const dims = (letters: string): string => `[B, S, ${grouped ? 'M, ' : ''}${letters}]`;
  const sizes = (last: number): number[] => (grouped ? [B, S, M, last] : [B, S, last]);
  expectShape('attention', 'k', dims('D'), sizes(D), k.shape);
  expectShape('attention', 'v', dims('V'), sizes(V), v.shape);
  if (M === 0 || N % M !== 0) {
    throw new ShapeError(`attention: heads of q must be a multiple of those of k, got ${N} and ${M}`);
  }
  const lengths = lengthsOf(options.keyLengths, B, S);
  sameKernel('attention', q, k, v, mask, lengths);
  const axes = mask === undefined ? 0 : maskAxes(mask, [B, N, T, S]);
  const additive = mask?.dtype === 'real' ? mask : undefined;

  const { kernel } = q;
  const inputs = [q, k, v, additive];
  const hard = mode === 'argmax' || code === MODES['straight-through'].code;
  const training = records(inputs);
  const output = allocate('attention', [...q.shape.slice(0, -1), V] as unknown as S, 'real');
  const map = (): Tensor<Weights> => allocate('attention', [B, N, T, S], 'real');
  const probs = (training && mode !== 'argmax') || returnWeights ? map() : undefined;
  const chosen = hard ? allocate('attention', [B, N, T], 'int32') : undefined;
  const address = noise
    ? random!.reserve(B * N * T * Math.ceil(S / WORDS_OF_BLOCK) * WORDS_OF_BLOCK)
    : ([0, 0, 0, 0] as const);
  const call = [B, T, S, N, M, D, V, code, scale, temperature, causal, axes] as const;
  kernel.check(
    'attention',
    kernel.calls.attention_forward(
      output.offset,
      probs?.offset ?? 0,
      chosen?.offset ?? 0,
      q.offset,
      k.offset,
      v.offset,
      additive?.offset ?? 0,
      mask === undefined || additive !== undefined ? 0 : mask.offset,
      lengths?.offset ?? 0,
      ...call,
      noise,
      ...address,
    ),
  );
  const weights = returnWeights ? (hard ? oneHot(chosen!, map()) : probs) : undefined;

  record('attention', [...inputs], weights === undefined ? [output] : [output, weights], (grads) => {
    const write = ([dq, dk, dv]: readonly number[]): void =>
      kernel.check(
        'attention',
        kernel.calls.attention_backward(
          dq!,
          dk!,
          dv!,
          grads.wants(additive) ? grads.accumulator(additive).offset : 0,
          (grads.of(output) ?? zeros(output.shape)).offset,
          (weights && grads.of(weights)?.offset) ?? 0,
          probs?.offset ?? 0,
          chosen?.offset ?? 0,
          q.offset,
          k.offset,
          v.offset,
          lengths?.offset ?? 0,
          ...call,
        ),
      );
    grads.assignAll([q, k, v], write);
  });
  return { output, weights };
}

/** Each row of scores draws from a Philox block of its own. */
const WORDS_OF_BLOCK = 4;

function resolve(
  { mode = 'softmax', temperature = 1, scale, random }: AttentionOptions,
  D: number,
): { mode: AttentionMode; code: number; noise: boolean; temperature: number; scale: number } {
  const known = Object.hasOwn(MODES, mode) ? MODES[mode] : undefined;
  if (known === undefined) {
    throw new ArgumentError(`attention: mode must be one of ${attentionModes.join(', ')}, got ${mode}`);
  }
  if (!(temperature > 0 && Number.isFinite(temperature))) {
    throw new ArgumentError(
      `attention: temperature must be a finite number greater than 0, got ${temperature}`,
    );
  }
  if (scale !== undefined && !Number.isFinite(scale)) {
    throw new ArgumentError(`attention: scale must be a finite number, got ${scale}`);
  }
  if (known.noise && random === undefined) {
    throw new ArgumentError(`attention: random must be given with mode ${mode}, got none`);
  }
  return { mode, ...known, temperature, scale: scale ?? 1 / Math.sqrt(Math.max(D, 1)) };
}

/** [B, T, N, D] of [B, T, N, D] or [B, T, D]. */
function headsOf(name: string, shape: Shape, rank: number): [number, number, number, number] {
  if (rank !== 3 && rank !== 4) {
    throw new ShapeError(`attention: q must be [B, T, D] or [B, T, N, D], got ${formatShape(shape)}`);
  }
  expectRank('attention', name, rank === 3 ? '[B, T, D]' : '[B, T, N, D]', rank, shape);
  const [B, T] = shape as readonly [number, number];
  return [B, T, rank === 3 ? 1 : shape[2]!, shape[rank - 1]!];
}

/** Bits 3, 2, 1, 0 for the axes B, N, T, S that the mask has in full. */
function maskAxes(mask: Tensor, full: Weights): number {
  const dims = [...Array<number>(Math.max(4 - mask.shape.length, 0)).fill(1), ...mask.shape];
  if (dims.length > 4 || dims.some((n, axis) => n !== 1 && n !== full[axis])) {
    throw new ShapeError(
      `attention: mask must broadcast to [B, N, T, S] = ${formatShape(full)}, got ${formatShape(mask.shape)}`,
    );
  }
  return dims.reduce((axes, n, axis) => (n === 1 ? axes : axes | (8 >> axis)), 0);
}

function lengthsOf(
  given: AttentionOptions['keyLengths'],
  B: number,
  S: number,
): Tensor<[number]> | undefined {
  if (given === undefined) return undefined;
  const lengths = given instanceof Tensor ? given : ids(given, [given.length]);
  if (lengths.dtype !== 'int32') {
    throw new ArgumentError(`attention: keyLengths must be ids, got ${lengths.dtype}`);
  }
  expectShape('attention', 'keyLengths', '[B]', [B], lengths.shape);
  const values = lengths.view();
  const at = values.findIndex((length) => length < 0 || length > S);
  if (at >= 0) {
    throw new ArgumentError(
      `attention: keyLengths must be in [0, S] = [0, ${S}], got ${values[at]} at ${at}`,
    );
  }
  return lengths;
}

/** 1 at the chosen key of each row, into `map`. */
function oneHot(chosen: Tensor, map: Tensor<Weights>): Tensor<Weights> {
  const S = map.shape[3];
  const picks = chosen.view();
  const view = map.view().fill(0);
  for (const [row, s] of picks.entries()) if (s >= 0) view[row * S + s] = 1;
  return map;
}
