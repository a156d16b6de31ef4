/** Cells whose derivations are hunted through, by level: more lines and more readers of each value hide a mistake better. */

export interface HuntCell {
  readonly cell: string;
  readonly loss: string;
  /** Parameters whose gradient is worth deriving. */
  readonly wrt: readonly string[];
}

const crossEntropy = 'cross_entropy(softmax(o[t]), y[t])';
const squared = 'squared_error(o[t], y[t])';

export const huntCells: readonly (readonly HuntCell[])[] = [
  [
    {
      cell: 'h[t] = psi(W_hh h[t-1] + W_hx x[t]); o[t] = W_yh h[t]',
      loss: crossEntropy,
      wrt: ['W_hh', 'W_hx'],
    },
    {
      cell: 'h[t] = tanh(W_hh h[t-1] + W_hx x[t] + b); o[t] = W_yh h[t]',
      loss: crossEntropy,
      wrt: ['W_hh', 'W_hx'],
    },
  ],
  [
    {
      cell: 'a[t] = tanh(U a[t-1] + W x[t]); h[t] = tanh(V h[t-1] + R a[t]); o[t] = W_yh h[t]',
      loss: crossEntropy,
      wrt: ['U', 'V', 'R'],
    },
    {
      cell: 's[t] = tanh(W h[t-1] + U x[t]); h[t] = 0.5 h[t-1] + 0.5 s[t]; o[t] = W_yh h[t]',
      loss: squared,
      wrt: ['W', 'U'],
    },
    {
      cell: 'z[t] = sigmoid(W_z x[t] + U_z h[t-1]); h[t] = (1 - z[t]) * h[t-1] + z[t] * tanh(W x[t] + U h[t-1]); o[t] = W_yh h[t]',
      loss: crossEntropy,
      wrt: ['U_z', 'U', 'W_z'],
    },
  ],
  [
    {
      cell: 'i[t] = sigmoid(W_i x[t] + U_i h[t-1]); f[t] = sigmoid(W_f x[t] + U_f h[t-1]); g[t] = tanh(W_g x[t] + U_g h[t-1]); q[t] = sigmoid(W_q x[t] + U_q h[t-1]); c[t] = f[t] * c[t-1] + i[t] * g[t]; h[t] = q[t] * tanh(c[t]); o[t] = W_yh h[t]',
      loss: crossEntropy,
      wrt: ['U_f', 'U_i', 'U_g', 'U_q'],
    },
    {
      cell: 'r[t] = sigmoid(W_r x[t] + U_r h[t-1]); z[t] = sigmoid(W_z x[t] + U_z h[t-1]); n[t] = tanh(W_n x[t] + r[t] * (U_n h[t-1])); h[t] = (1 - z[t]) * n[t] + z[t] * h[t-1]; o[t] = W_yh h[t]',
      loss: crossEntropy,
      wrt: ['U_r', 'U_z', 'U_n'],
    },
  ],
];
