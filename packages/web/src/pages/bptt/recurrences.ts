/** The recurrences that the page offers, in the derivation engine's own notation. */
import type { RecurrenceName } from './table.js';

const readout = 'o[t] = W_yh h[t]';

const equations: Readonly<Record<Exclude<RecurrenceName, 'own'>, string>> = {
  homework: `h[t] = psi(W_hh h[t-1] + W_hx x[t])\n${readout}`,
  small: `h[t] = psi(W_hh h[t-1] + W_hx x[t])\n${readout}`,
  bias: `h[t] = psi(W_hh h[t-1] + W_hx x[t] + b_h)\n${readout} + b_y`,
  gru: [
    'r[t] = sigmoid(W_r x[t] + U_r h[t-1])',
    'z[t] = sigmoid(W_z x[t] + U_z h[t-1])',
    'n[t] = tanh(W_n x[t] + r[t] * (U_n h[t-1]))',
    'h[t] = (1 - z[t]) * n[t] + z[t] * h[t-1]',
    readout,
  ].join('\n'),
  lstm: [
    'i[t] = sigmoid(W_i x[t] + U_i h[t-1])',
    'f[t] = sigmoid(W_f x[t] + U_f h[t-1])',
    'g[t] = tanh(W_g x[t] + U_g h[t-1])',
    'q[t] = sigmoid(W_q x[t] + U_q h[t-1])',
    'c[t] = f[t] * c[t-1] + i[t] * g[t]',
    'h[t] = q[t] * tanh(c[t])',
    readout,
  ].join('\n'),
};

export const DEFAULT_LOSS = 'cross_entropy(softmax(o[t]), y[t])';

/** The gated cells with a bias on the gate that keeps the memory: the GRU's update gate, the LSTM's forget gate. */
export const keeping = {
  gru: { cell: equations.gru.replace('U_z h[t-1])', 'U_z h[t-1] + b_z)'), bias: 'b_z' },
  lstm: { cell: equations.lstm.replace('U_f h[t-1])', 'U_f h[t-1] + b_f)'), bias: 'b_f' },
} as const;

/** Sizes of x, h and y where the settings name none. */
export const sizesOf: Readonly<Record<RecurrenceName, Readonly<Record<'x' | 'h' | 'y', number>>>> = {
  homework: { x: 3, h: 4, y: 2 },
  small: { x: 2, h: 2, y: 2 },
  bias: { x: 2, h: 3, y: 2 },
  gru: { x: 2, h: 3, y: 2 },
  lstm: { x: 2, h: 3, y: 2 },
  own: { x: 3, h: 4, y: 2 },
};

/** The recurrence's text; one's own starts as the homework's. */
export function equationsOf(name: RecurrenceName, own: string): string {
  if (name !== 'own') return equations[name];
  return own.trim() === '' ? equations.homework : own;
}
