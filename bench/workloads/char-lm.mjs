// A character model: embedding [V, E], one recurrent layer (rnn, gru or lstm) over T steps of B rows, linear [V, H],
// mean cross-entropy of every next character. `x` and `targets` are [batches, T, B].
import { GATES, linearWeights, recurrentWeights, under } from './recurrent.mjs';

export const charLM = {
  name: 'char-lm',
  products: ({ cell, T, B, V, E, H }) => 3 * T * B * (GATES[cell] * H * (E + H) + H * V),
  weights: ({ cell, V, E, H }) => ({
    'embedding.weight': { shape: [V, E], bound: 1 },
    ...under(cell, recurrentWeights(cell, E, H)),
    ...under('head', linearWeights(H, V)),
  }),
  batches({ batches, T, B, V }, draw) {
    const x = new Int32Array(batches * T * B);
    const targets = new Int32Array(batches * T * B);
    // A text with structure: each character mostly decides the next, so that the loss falls.
    const noise = draw(batches * B * (T + 1), 1);
    let k = 0;
    for (let batch = 0; batch < batches; batch++) {
      for (let b = 0; b < B; b++) {
        let id = (b * 13 + batch * 7) % V;
        for (let t = 0; t <= T; t++) {
          if (t < T) x[(batch * T + t) * B + b] = id;
          if (t > 0) targets[(batch * T + t - 1) * B + b] = id;
          id = noise[k++] > 0.5 ? Math.floor(Math.abs(noise[k - 1]) * 1e6) % V : (id * 5 + 3) % V;
        }
      }
    }
    return { x: { shape: [batches, T, B], data: x }, targets: { shape: [batches, T, B], data: targets } };
  },
};
