/** Seeded random cells: plain, LSTM-like, GRU-like, leaky, attentive, second order, with fast weights. */

/** mulberry32: numbers in [0, 1) from a 32-bit seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface RandomCell {
  readonly family: string;
  readonly cell: string;
  readonly loss: string;
  readonly sizes: Readonly<Record<string, number>>;
  readonly steps: number;
  readonly at: 'each' | 'last';
}

interface Draw {
  pick<T>(list: readonly T[]): T;
  chance(p: number): boolean;
  whole(low: number, high: number): number;
}

/** W h[t-1] + U x[t] (+ b), under random names. */
function affine(draw: Draw, tag: string, state = 'h[t-1]'): string {
  const terms = [`W_${tag}h ${state}`, `W_${tag}x x[t]`];
  if (draw.chance(0.6)) terms.push(`b_${tag}`);
  return (draw.chance(0.5) ? terms : terms.reverse()).join(draw.chance(0.8) ? ' + ' : ' - ');
}

const families: Readonly<Record<string, (draw: Draw) => string[]>> = {
  plain: (draw) => [`h[t] = ${draw.pick(['tanh', 'sigmoid', 'psi'])}(${affine(draw, 'h')})`],
  linear: (draw) => [
    `z[t] = ${affine(draw, 'h')}`,
    `h[t] = ${draw.pick(['z[t]', 'identity(z[t])', '0.5 z[t]'])}`,
  ],
  lstm: (draw) => {
    const peephole = draw.chance(0.3) ? ' + v_f * c[t-1]' : '';
    return [
      `f[t] = σ(${affine(draw, 'f')}${peephole})`,
      `i[t] = sigmoid(${affine(draw, 'i')})`,
      `g[t] = tanh(${affine(draw, 'g')})`,
      `q[t] = sigmoid(${affine(draw, 'q')}${draw.chance(0.3) ? ' + v_q ⊙ c[t]' : ''})`,
      'c[t] = f[t] * c[t-1] + i[t] * g[t]',
      `h[t] = q[t] .* ${draw.pick(['tanh(c[t])', 'c[t]'])}`,
    ];
  },
  gru: (draw) => {
    const n = draw.chance(0.5)
      ? `W_nx x[t] + r[t] * (W_nh h[t-1]${draw.chance(0.5) ? ' + b_n' : ''})`
      : 'W_nx x[t] + W_nh (r[t] * h[t-1])';
    const mix = draw.chance(0.5) ? '(1 - z[t]) * n[t] + z[t] * h[t-1]' : 'h[t-1] + z[t] * (n[t] - h[t-1])';
    return [
      `r[t] = sigmoid(${affine(draw, 'r')})`,
      `z[t] = sigmoid(${affine(draw, 'z')})`,
      `n[t] = tanh(${n})`,
      `h[t] = ${mix}`,
    ];
  },
  leaky: (draw) => [`h[t] = (1 - alpha) h[t-1] + alpha ${draw.pick(['tanh', 'phi'])}(${affine(draw, 'h')})`],
  twoStates: (draw) => [
    `h[t] = tanh(${affine(draw, 'h')} + V s[t-1])`,
    `s[t] = ${draw.pick(['0.9 s[t-1] + tanh(U h[t])', 'sigmoid(U h[t] + A s[t-1])', 's[t-1] - 0.1 (A s[t-1] - U h[t-1])'])}`,
  ],
  twoLags: (draw) => [`h[t] = tanh(${affine(draw, 'h')} + V h[t-2])`],
  attentive: (draw) => [
    'a[t] = softmax(V h[t-1] + b_a)',
    `h[t] = a[t] * x2[t] + tanh(${affine(draw, 'h')})`,
    'x2[t] = U x[t]',
  ],
  scalarGate: (draw) => [
    "m[t] = sigmoid(w^T h[t-1] + u' x[t])",
    `h[t] = m[t] * h[t-1] + (1 - m[t]) tanh(${affine(draw, 'h')})`,
  ],
  rational: (draw) => [
    `z[t] = ${affine(draw, 'h')}`,
    `h[t] = ${draw.pick(['z[t] / (1 + z[t]^2)', 'z[t] / sqrt(1 + z[t]^2)', 'log(1 + exp(z[t])) / 2', 'exp(-z[t]^2)', 'z[t] / (2 + sum(z[t]^2))'])}`,
  ],
  fastWeights: (draw) => [
    `A[t] = 0.8 A[t-1] + ${draw.pick(['0.3 h[t-1] h[t-1]^T', 'outer(h[t-1], V x[t])'])}`,
    `h[t] = tanh(${affine(draw, 'h')} + A[t] h[t-1])`,
  ],
  bilinear: (draw) => [
    `h[t] = tanh(${affine(draw, 'h')} + diag(V x[t]) h[t-1]${draw.chance(0.5) ? ' - W_hh^T h[t-1]' : ''})`,
  ],
  square: (draw) => [`h[t] = tanh(W_hh^2 h[t-1] + ${affine(draw, 'h')})`],
};

export const familyNames: readonly string[] = Object.keys(families);

/** The cell of a seed. */
export function randomCell(seed: number): RandomCell {
  const random = randomNumbers(seed);
  const draw: Draw = {
    pick: (list) => list[Math.floor(random() * list.length)]!,
    chance: (p) => random() < p,
    whole: (low, high) => low + Math.floor(random() * (high - low + 1)),
  };
  const family = familyNames[seed % familyNames.length]!;
  const equations = families[family]!(draw);
  const readout = draw.pick(['', 'o[t] = W_yh h[t]', 'o[t] = W_yh h[t] + b_y', 'o[t] = W_yh tanh(h[t])']);
  const loss = draw.pick([
    'cross_entropy(softmax(o[t]), y[t])',
    'squared_error(o[t], y[t])',
    '-sum(y[t] * log(softmax(o[t])))',
    '0.5 * (o[t] - y[t])^T (o[t] - y[t])',
    'squared_error(o[t], y[t]) + 0.01 * sum(h[t]^2)',
  ]);
  return {
    family,
    cell: [...equations, ...(readout === '' ? [] : [readout])].join(draw.chance(0.5) ? '\n' : ' ; '),
    loss,
    sizes: { h: draw.whole(1, 4), x: draw.whole(1, 3), y: draw.whole(1, 3) },
    steps: draw.whole(1, 4),
    at: draw.pick(['each', 'last']),
  };
}
