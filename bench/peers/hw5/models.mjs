// The workloads as users of @hw5/core write them; `loss` takes the tensors of one batch.
import {
  binaryCrossEntropyWithLogits,
  concat,
  crossEntropy,
  mseLoss,
  nn,
  reshape,
  scan,
  swapAxes,
} from '../../../packages/core/dist/index.js';

const recurrentLayer = (cell, inputSize, hiddenSize) =>
  new ({ rnn: nn.RNN, gru: nn.GRU, lstm: nn.LSTM })[cell]({ inputSize, hiddenSize, batchFirst: false });

class CharLM extends nn.Module {
  constructor({ cell, V, E, H }) {
    super();
    this.embedding = this.child('embedding', new nn.Embedding(V, E));
    this.recurrent = this.child(cell, recurrentLayer(cell, E, H));
    this.head = this.child('head', new nn.Linear(H, V));
  }

  loss({ x, targets }) {
    const { output } = this.recurrent.forward(this.embedding.forward(x));
    return crossEntropy(this.head.forward(output), targets);
  }
}

class Forecast extends nn.Module {
  constructor({ cell, I, H }) {
    super();
    this.recurrent = this.child(cell, recurrentLayer(cell, I, H));
    this.head = this.child('head', new nn.Linear(H, I));
  }

  loss({ x, targets }) {
    const { output } = this.recurrent.forward(x);
    return mseLoss(this.head.forward(output), targets);
  }
}

class Sentiment extends nn.Module {
  constructor({ V, E, H }) {
    super();
    this.embedding = this.child('embedding', new nn.Embedding(V, E));
    const options = { inputSize: E, hiddenSize: H, bidirectional: true, batchFirst: false };
    this.lstm = this.child('lstm', new nn.LSTM(options));
    this.head = this.child('head', new nn.Linear(2 * H, 1));
  }

  loss({ x, lengths, labels }) {
    const { h } = this.lstm.forward(this.embedding.forward(x), { lengths: lengths.data });
    const features = reshape(swapAxes(h), [labels.size, this.head.weight.size]);
    return binaryCrossEntropyWithLogits(reshape(this.head.forward(features), labels.shape), labels);
  }
}

/** Encoder outputs and states are time-major; attention takes [B, S, H]. */
class Seq2Seq extends nn.Module {
  constructor({ V, E, H }) {
    super();
    this.sourceEmbedding = this.child('source_embedding', new nn.Embedding(V, E));
    this.encoder = this.child('encoder', recurrentLayer('gru', E, H));
    this.targetEmbedding = this.child('target_embedding', new nn.Embedding(V, E));
    this.attention = this.child('attention', new nn.AdditiveAttention(H, H, H, { bias: false }));
    this.decoder = this.child('decoder', recurrentLayer('gru', E + H, H));
    this.head = this.child('head', new nn.Linear(H, V));
  }

  loss({ source, input, targets }) {
    const { output, h } = this.encoder.forward(this.sourceEmbedding.forward(source));
    const memory = this.attention.memory(swapAxes(output));
    const [, B, H] = h.shape;
    const step = (x, state) => {
      const { output: context } = this.attention.forward(state, memory);
      const inputs = concat([x, context], 1);
      const next = this.decoder.forward(reshape(inputs, [1, ...inputs.shape]), {
        h0: reshape(state, [1, B, H]),
      });
      return reshape(next.h, [B, H]);
    };
    const { output: states } = scan(step, this.targetEmbedding.forward(input), reshape(h, [B, H]));
    return crossEntropy(this.head.forward(states), targets);
  }
}

class Attention extends nn.Module {
  constructor({ B, T, heads, D }) {
    super();
    this.x = this.parameter('x', [B, T, D], () => {});
    this.layer = new nn.MultiHeadAttention(D, heads);
  }

  /** Its weights have no prefix in the problem. */
  namedParameters() {
    return new Map([...super.namedParameters(), ...this.layer.namedParameters()]);
  }

  forward() {
    return this.layer.forward(this.x).output;
  }

  loss({ targets }) {
    return mseLoss(this.forward(), targets);
  }
}

export const MODELS = {
  'char-lm': CharLM,
  forecast: Forecast,
  sentiment: Sentiment,
  seq2seq: Seq2Seq,
  attention: Attention,
};
