// Two classes of token sequences of unequal length: embedding [V, E], bidirectional LSTM, the last state of both
// directions, linear [1, 2H], mean binary cross-entropy with logits. `x` is [batches, T, B] with zeros behind a row's
// end, `lengths` and `labels` are [batches, B].
import { GATES, linearWeights, recurrentWeights, under } from './recurrent.mjs';

export const sentiment = {
  name: 'sentiment',
  // Rows have T / 2 steps at least; both directions.
  products: ({ T, B, E, H }) => 3 * 2 * (T / 2) * B * GATES.lstm * H * (E + H),
  weights: ({ V, E, H }) => ({
    'embedding.weight': { shape: [V, E], bound: 1 },
    ...under('lstm', recurrentWeights('lstm', E, H)),
    ...under('lstm', recurrentWeights('lstm', E, H, '_l0_reverse')),
    ...under('head', linearWeights(2 * H, 1)),
  }),
  batches({ batches, T, B, V }, draw) {
    const x = new Int32Array(batches * T * B);
    const lengths = new Int32Array(batches * B);
    const labels = new Float32Array(batches * B);
    const whole = (value, limit) => Math.floor((Math.abs(value) * 1e6) % limit);
    const sizes = draw(batches * B, 1);
    const tokens = draw(batches * B * T, 1);
    for (let row = 0; row < batches * B; row++) {
      const [batch, b] = [Math.floor(row / B), row % B];
      // Half to whole of T; a label of 1 has more tokens from the vocabulary's upper half.
      lengths[row] = T / 2 + whole(sizes[row], T / 2 + 1);
      labels[row] = row % 2;
      for (let t = 0; t < lengths[row]; t++) {
        const id = 1 + whole(tokens[row * T + t], V - 1);
        x[(batch * T + t) * B + b] = labels[row] === 1 ? Math.max(id, V - id) : id;
      }
    }
    return {
      x: { shape: [batches, T, B], data: x },
      lengths: { shape: [batches, B], data: lengths },
      labels: { shape: [batches, B], data: labels },
    };
  },
};
