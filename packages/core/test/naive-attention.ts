/** Attention one number at a time, on the calculator's weights and Jacobians: what the kernel is compared with. */
import fc from 'fast-check';
import { philoxWords } from '../src/homework/attention/gumbel.js';
import { weightJacobian } from '../src/homework/attention/jacobian.js';
import { argmaxWeights, type SmoothMode, weightsOf } from '../src/homework/attention/weights.js';
import type { AttentionMode } from '../src/ops/attention-options.js';

export interface AttentionCall {
  readonly mode: AttentionMode;
  readonly shape: Readonly<Record<'B' | 'T' | 'S' | 'N' | 'M' | 'D' | 'V', number>>;
  readonly q: readonly number[];
  readonly k: readonly number[];
  readonly v: readonly number[];
  /** [N, D]: scores are additive. */
  readonly w: readonly number[] | undefined;
  readonly dout: readonly number[];
  readonly dweights: readonly number[];
  readonly mask: { boolean: boolean; shape: [number, number, number, number]; data: number[] } | undefined;
  readonly causal: boolean;
  readonly temperature: number;
  readonly scale: number;
  readonly keyLengths: readonly number[] | undefined;
  readonly seed: number;
}

/** Calls of one mode: sizes from 0 on, across lanes and tiles, every kind of mask. */
export function callOf(mode: AttentionMode): fc.Arbitrary<AttentionCall> {
  return fc
    .record({
      B: fc.integer({ min: 1, max: 2 }),
      T: fc.integer({ min: 0, max: 9 }),
      S: fc.integer({ min: 0, max: 18 }),
      M: fc.integer({ min: 1, max: 2 }),
      group: fc.integer({ min: 1, max: 3 }),
      D: fc.integer({ min: 0, max: 9 }),
      V: fc.integer({ min: 0, max: 9 }),
      masked: fc.constantFrom('none', 'additive', 'boolean'),
      axes: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean()),
      padded: fc.boolean(),
      causal: fc.boolean(),
      additive: fc.boolean(),
      temperature: fc.constantFrom(1, 0.3, 4),
      scale: fc.constantFrom(1, 0.2, 5),
      seed: fc.integer({ min: 0, max: 1e9 }),
    })
    .map(({ B, T, S, M, group, D, V, masked, axes, padded, causal, additive, temperature, scale, seed }) => {
      const N = M * group;
      const next = numbers(seed);
      const list = (...sizes: number[]): number[] =>
        Array.from({ length: sizes.reduce((a, b) => a * b, 1) }, () => 2 * next() - 1);
      const shape = [B, N, T, S].map((n, axis) => (axes[axis] ? n : 1)) as [number, number, number, number];
      const boolean = masked === 'boolean';
      const data = list(...shape).map((x) => (boolean ? Number(x > -0.4) : x));
      return {
        mode,
        shape: { B, T, S, N, M, D, V },
        q: list(B, T, N, D),
        k: list(B, S, M, D),
        v: list(B, S, M, V),
        w: additive ? list(N, D) : undefined,
        dout: list(B, T, N, V),
        dweights: list(B, N, T, S),
        mask: masked === 'none' ? undefined : { boolean, shape, data },
        causal,
        temperature,
        scale,
        keyLengths: padded ? Array.from({ length: B }, () => Math.floor(next() * (S + 1))) : undefined,
        seed,
      };
    });
}

/** Uniform in [0, 1): mulberry32. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The function whose derivative the backward pass takes; argmax has none. */
const SMOOTH: Readonly<Record<AttentionMode, SmoothMode | undefined>> = {
  softmax: 'softmax',
  sparsemax: 'sparsemax',
  entmax15: 'entmax15',
  argmax: undefined,
  'straight-through': 'softmax',
  gumbel: 'softmax',
  'straight-through-gumbel': 'softmax',
};

type Field = 'weights' | 'output' | 'dq' | 'dk' | 'dv' | 'dw' | 'dmask';

export function naiveAttention(call: AttentionCall): Readonly<Record<Field, number[]>> {
  const { mode, mask, causal, temperature, scale, keyLengths } = call;
  const { B, T, S, N, M, D, V } = call.shape;
  const zeros = (n: number): number[] => new Array<number>(n).fill(0);
  const [weights, output] = [zeros(B * N * T * S), zeros(B * T * N * V)];
  const [dq, dk, dv] = [zeros(call.q.length), zeros(call.k.length), zeros(call.v.length)];
  const dmask = zeros(mask?.data.length ?? 0);
  const dw = zeros(call.w?.length ?? 0);
  const noise = mode.endsWith('gumbel') ? gumbelRows(call) : undefined;
  for (let row = 0; row < B * N * T; row += 1) {
    const [b, n, t] = [Math.floor(row / T / N), Math.floor(row / T) % N, row % T];
    const m = Math.floor((n * M) / N);
    const at = {
      q: ((b * T + t) * N + n) * D,
      o: ((b * T + t) * N + n) * V,
      k: (s: number): number => ((b * S + s) * M + m) * D,
      v: (s: number): number => ((b * S + s) * M + m) * V,
      mask: (s: number): number =>
        mask!.shape.reduce((offset, size, axis) => offset * size + (size === 1 ? 0 : [b, n, t, s][axis]!), 0),
    };
    const scores = Array.from({ length: S }, (_, s) => {
      const hidden =
        (causal && s > t + S - T) ||
        (keyLengths !== undefined && s >= keyLengths[b]!) ||
        (mask?.boolean === true && mask.data[at.mask(s)] === 0);
      if (hidden) return Number.NEGATIVE_INFINITY;
      let dot = 0;
      for (let d = 0; d < D; d += 1) {
        const [q, k] = [call.q[at.q + d]!, call.k[at.k(s) + d]!];
        dot += call.w === undefined ? q * k : call.w[n * D + d]! * Math.tanh(q + k);
      }
      const bias = mask === undefined || mask.boolean ? 0 : mask.data[at.mask(s)]!;
      return (scale * dot + bias + (noise?.[row]?.[s] ?? 0)) / temperature;
    });
    if (scores.every((score) => score === Number.NEGATIVE_INFINITY)) continue;
    const smooth = SMOOTH[mode];
    const backwardWeights = smooth === undefined ? undefined : weightsOf[smooth](scores);
    const hard = mode === 'argmax' || mode.startsWith('straight-through');
    const p = hard ? argmaxWeights(scores, 'first') : backwardWeights!;
    const dp = zeros(S);
    for (let s = 0; s < S; s += 1) {
      weights[row * S + s] = p[s]!;
      dp[s] = call.dweights[row * S + s]!;
      for (let e = 0; e < V; e += 1) {
        output[at.o + e]! += p[s]! * call.v[at.v(s) + e]!;
        dv[at.v(s) + e]! += p[s]! * call.dout[at.o + e]!;
        dp[s]! += call.dout[at.o + e]! * call.v[at.v(s) + e]!;
      }
    }
    if (smooth === undefined) continue;
    const jacobian = weightJacobian(smooth, backwardWeights!, temperature);
    for (let s = 0; s < S; s += 1) {
      const dscore = jacobian[s]!.reduce((sum, slope, j) => sum + slope * dp[j]!, 0);
      if (mask !== undefined) dmask[at.mask(s)]! += dscore;
      for (let d = 0; d < D; d += 1) {
        const [q, k] = [call.q[at.q + d]!, call.k[at.k(s) + d]!];
        const tanh = Math.tanh(q + k);
        const slope = call.w === undefined ? undefined : call.w[n * D + d]! * (1 - tanh * tanh);
        dq[at.q + d]! += scale * dscore * (slope ?? k);
        dk[at.k(s) + d]! += scale * dscore * (slope ?? q);
        if (call.w !== undefined) dw[n * D + d]! += scale * dscore * tanh;
      }
    }
  }
  return { weights, output, dq, dk, dv, dw, dmask };
}

/** Noise of every row of scores: each starts with a Philox block of its own; 23 bits of a word make a uniform number. */
function gumbelRows({ seed, shape: { B, N, T, S } }: AttentionCall): number[][] {
  const words = 4 * Math.ceil(S / 4);
  const all = philoxWords(seed, 'gumbel', B * N * T * words);
  return Array.from({ length: B * N * T }, (_, row) =>
    all
      .slice(row * words, row * words + S)
      .map((word) => -Math.log(-Math.log(((word >>> 9) + 0.5) / 2 ** 23))),
  );
}
