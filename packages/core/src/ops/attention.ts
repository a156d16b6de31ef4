/** Attention with heads, forward and backward in one kernel call each. */
import { ShapeError } from '../errors.js';
import { expectRank, expectShape, formatShape, type Shape } from '../shape.js';
import { record, records } from '../tape.js';
import { allocate, type Tensor, zeros } from '../tensor.js';
import {
  type AttentionOptions,
  lengthsOf,
  MODES,
  maskAxes,
  resolve,
  type Weights,
} from './attention-options.js';
import { expectReal, sameKernel } from './elementwise.js';

/** [B, T, D], or [B, T, N, D] with N heads. */
export type Heads = readonly [number, number, number] | readonly [number, number, number, number];

export interface AttentionResult<S extends Heads, W = Tensor<Weights> | undefined> {
  /** As q, with the entries of v. */
  readonly output: Tensor<S>;
  /** The weights of the forward pass, [B, N, T, S]. */
  readonly weights: W;
}

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
  return attend('attention', { q, k, v }, options);
}

/**
 * Attention by additive scores: p = f((scale w . tanh(q + k) + mask + noise) / temperature), q and k already projected to one
 * width, so that the keys' projection is worked out once for all steps of a decoder. Everything else as in {@link attention}.
 *
 * Shapes: q [B, T, D], k [B, S, D], v [B, S, V], w [D], o [B, T, V]; with heads w is [N, D]. The tanh are not kept but worked out
 * again going back. Source: Bahdanau, Cho & Bengio 2015.
 */
export function additiveAttention<S extends Heads>(
  q: Tensor<S>,
  k: Tensor<S>,
  v: Tensor<S>,
  w: Tensor,
  options: AttentionOptions & { readonly returnWeights: true },
): AttentionResult<S, Tensor<Weights>>;
export function additiveAttention<S extends Heads>(
  q: Tensor<S>,
  k: Tensor<S>,
  v: Tensor<S>,
  w: Tensor,
  options?: AttentionOptions,
): AttentionResult<S>;
export function additiveAttention<S extends Heads>(
  q: Tensor<S>,
  k: Tensor<S>,
  v: Tensor<S>,
  w: Tensor,
  options: AttentionOptions = {},
): AttentionResult<S> {
  return attend('additiveAttention', { q, k, v, w }, options);
}

interface Inputs<S extends Heads> {
  readonly q: Tensor<S>;
  readonly k: Tensor<S>;
  readonly v: Tensor<S>;
  /** Scores are additive where given. */
  readonly w?: Tensor;
}

function attend<S extends Heads>(
  op: string,
  { q, k, v, w }: Inputs<S>,
  options: AttentionOptions,
): AttentionResult<S> {
  const { mask, causal = false, random, returnWeights = false } = options;
  for (const x of [q, k, v, w]) if (x !== undefined) expectReal(op, x);
  const [B, T, N, D] = headsOf(op, 'q', q.shape, q.shape.length);
  const [, S, M] = headsOf(op, 'k', k.shape, q.shape.length);
  const V = v.shape.at(-1)!;
  const grouped = q.shape.length === 4;
  const letters = (last: string): string => `[B, S, ${grouped ? 'M, ' : ''}${last}]`;
  const sizes = (last: number): number[] => (grouped ? [B, S, M, last] : [B, S, last]);
  expectShape(op, 'k', letters('D'), sizes(D), k.shape);
  expectShape(op, 'v', letters('V'), sizes(V), v.shape);
  if (w !== undefined) expectShape(op, 'w', grouped ? '[N, D]' : '[D]', grouped ? [N, D] : [D], w.shape);
  if (M === 0 || N % M !== 0) {
    throw new ShapeError(`${op}: heads of q must be a multiple of those of k, got ${N} and ${M}`);
  }
  const scaleByDefault = w === undefined ? 1 / Math.sqrt(Math.max(D, 1)) : 1;
  const { mode, code, noise, temperature, scale } = resolve(op, options, scaleByDefault);
  const lengths = lengthsOf(op, options.keyLengths, B, S);
  sameKernel(op, q, k, v, w, mask, lengths);
  const axes = mask === undefined ? 0 : maskAxes(op, mask, [B, N, T, S]);
  const additive = mask?.dtype === 'real' ? mask : undefined;
  const boolean = mask?.dtype === 'int32' ? mask : undefined;

  const { kernel } = q;
  const inputs = [q, k, v, w, additive];
  const hard = mode === 'argmax' || code === MODES['straight-through'].code;
  const output = allocate(op, [...q.shape.slice(0, -1), V] as unknown as S, 'real');
  const map = (): Tensor<Weights> => allocate(op, [B, N, T, S], 'real');
  const kept = (records(inputs) && mode !== 'argmax') || returnWeights;
  const probs = kept ? map() : undefined;
  const chosen = hard ? allocate(op, [B, N, T], 'int32') : undefined;
  const words = B * N * T * Math.ceil(S / WORDS_OF_BLOCK) * WORDS_OF_BLOCK;
  const address = noise ? random!.reserve(words) : ([0, 0, 0, 0] as const);
  const call = [B, T, S, N, M, D, V, code, scale, temperature, causal, axes] as const;
  const at = (x: Tensor | undefined): number => x?.offset ?? 0;
  kernel.check(
    op,
    kernel.calls.attention_forward(
      output.offset,
      at(probs),
      at(chosen),
      q.offset,
      k.offset,
      v.offset,
      at(w),
      at(additive),
      at(boolean),
      at(lengths),
      ...call,
      noise,
      ...address,
    ),
  );
  const weights = returnWeights ? (hard ? oneHot(chosen!, map()) : probs) : undefined;

  record(op, inputs, weights === undefined ? [output] : [output, weights], (grads) => {
    const add = (x: Tensor | undefined): number => (grads.wants(x) ? grads.accumulator(x).offset : 0);
    // The steps of a decoder share their keys and values: their gradients add up in place where each has one of its own.
    const accumulate = (k as Tensor) !== v;
    const assigned = accumulate ? [q] : [q, k, v];
    grads.assignAll(assigned, ([dq, dk = add(k), dv = add(v)]) =>
      kernel.check(
        op,
        kernel.calls.attention_backward(
          dq!,
          dk,
          dv,
          add(w),
          add(additive),
          (grads.of(output) ?? zeros(output.shape)).offset,
          at(weights && grads.of(weights)),
          at(probs),
          at(chosen),
          q.offset,
          k.offset,
          v.offset,
          at(w),
          at(lengths),
          ...call,
          accumulate,
        ),
      ),
    );
  });
  return { output, weights };
}

/** Each row of scores draws from a Philox block of its own. */
const WORDS_OF_BLOCK = 4;

/** [B, T, N, D] of [B, T, N, D] or [B, T, D]. */
function headsOf(op: string, name: string, shape: Shape, rank: number): [number, number, number, number] {
  if (rank !== 3 && rank !== 4) {
    throw new ShapeError(`${op}: q must be [B, T, D] or [B, T, N, D], got ${formatShape(shape)}`);
  }
  expectRank(op, name, rank === 3 ? '[B, T, D]' : '[B, T, N, D]', rank, shape);
  const [B, T] = shape as readonly [number, number];
  return [B, T, rank === 3 ? 1 : shape[2]!, shape[rank - 1]!];
}

/** 1 at the chosen key of each row, into `map`. */
function oneHot(chosen: Tensor, map: Tensor<Weights>): Tensor<Weights> {
  const S = map.shape[3];
  const picks = chosen.view();
  const view = map.view().fill(0);
  for (const [row, s] of picks.entries()) if (s >= 0) view[row * S + s] = 1;
  return map;
}
