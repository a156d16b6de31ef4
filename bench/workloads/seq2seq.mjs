// Reversing strings with an encoder-decoder (Bahdanau et al. 2015), teacher forced: embedding and GRU over S source
// steps; T decoder steps, each with scores v . tanh(W_q s + W_k h_j) over the source, softmax, context, and a GRU cell
// on [embedding; context]; linear [V, H] and mean cross-entropy. `source` is [batches, S, B], `input` and `targets`
// (input shifted by one) are [batches, T, B].
import { GATES, linearWeights, recurrentWeights, under } from './recurrent.mjs';

/** Starts every target; the other ids are characters. */
const START = 0;

export const seq2seq = {
  name: 'seq2seq',
  products({ S, T, B, V, E, H }) {
    const encoder = S * GATES.gru * H * (E + H);
    const attention = (S + T) * H * H + 2 * T * S * H;
    const decoder = T * (GATES.gru * H * (E + 2 * H) + H * V);
    return 3 * B * (encoder + attention + decoder);
  },
  weights({ V, E, H }) {
    const bound = 1 / Math.sqrt(H);
    return {
      'source_embedding.weight': { shape: [V, E], bound: 1 },
      ...under('encoder', recurrentWeights('gru', E, H)),
      'target_embedding.weight': { shape: [V, E], bound: 1 },
      'attention.query.weight': { shape: [H, H], bound },
      'attention.key.weight': { shape: [H, H], bound },
      'attention.score.weight': { shape: [1, H], bound },
      ...under('decoder', recurrentWeights('gru', E + H, H)),
      ...under('head', linearWeights(H, V)),
    };
  },
  batches({ batches, S, T, B, V }, draw) {
    const source = new Int32Array(batches * S * B);
    const input = new Int32Array(batches * T * B);
    const targets = new Int32Array(batches * T * B);
    const noise = draw(source.length, 1);
    for (let i = 0; i < source.length; i++) source[i] = 1 + Math.floor((Math.abs(noise[i]) * 1e6) % (V - 1));
    for (let batch = 0; batch < batches; batch++) {
      for (let t = 0; t < T; t++) {
        for (let b = 0; b < B; b++) {
          const at = (batch * T + t) * B + b;
          targets[at] = source[(batch * S + S - 1 - t) * B + b];
          input[at] = t === 0 ? START : targets[at - B];
        }
      }
    }
    return {
      source: { shape: [batches, S, B], data: source },
      input: { shape: [batches, T, B], data: input },
      targets: { shape: [batches, T, B], data: targets },
    };
  },
};
