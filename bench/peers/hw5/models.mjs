// The workloads as users of @hw5/core write them; `loss` takes the tensors of one batch.
import {
  attention,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  linear,
  mseLoss,
  narrow,
  nn,
  reshape,
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

class Attention extends nn.Module {
  constructor({ B, T, heads, D }) {
    super();
    const none = () => {};
    this.heads = [B, T, heads, D / heads];
    this.x = this.parameter('x', [B, T, D], none);
    this.weight = this.parameter('in_proj_weight', [3 * D, D], none);
    this.bias = this.parameter('in_proj_bias', [3 * D], none);
    this.out = this.child('out_proj', new nn.Linear(D, D));
  }

  forward() {
    const { x } = this;
    const D = x.shape[2];
    const [q, k, v] = [0, D, 2 * D].map((row) =>
      reshape(linear(x, narrow(this.weight, row, D), narrow(this.bias, row, D)), this.heads),
    );
    return this.out.forward(reshape(attention(q, k, v).output, x.shape));
  }

  loss({ targets }) {
    return mseLoss(this.forward(), targets);
  }
}

export const MODELS = { 'char-lm': CharLM, forecast: Forecast, sentiment: Sentiment, attention: Attention };
