// The workloads as users of @hw5/core write them; `loss` takes the tensors of one batch.
import { crossEntropy, mean, nn, square, sub } from '../../../packages/core/dist/index.js';

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
    return mean(square(sub(this.head.forward(output), targets)));
  }
}

export const MODELS = { 'char-lm': CharLM, forecast: Forecast };
