/** A character language model: embedding, LSTM, linear output. Estimates P(x_{t+1} | x_1 .. x_t). */
import { Embedding } from '../nn/embedding.js';
import { Linear } from '../nn/linear.js';
import { LSTM } from '../nn/lstm.js';
import { Module } from '../nn/module.js';
import { dropout } from '../ops/dropout.js';
import type { RandomStream } from '../random.js';
import type { Tensor } from '../tensor.js';

export interface CharLMOptions {
  /** V */
  readonly vocabularySize: number;
  /** E */
  readonly embeddingSize: number;
  /** H */
  readonly hiddenSize: number;
  readonly numLayers: number;
  /** Dropout between LSTM layers and before the output layer, in [0, 1). */
  readonly dropout: number;
  /** Stream of the first weights. */
  readonly random: RandomStream;
  /** Stream of dropout masks. */
  readonly dropoutRandom: RandomStream;
}

/** h and c of all layers, [L, B, H]. */
export interface CharLMState {
  readonly h: Tensor<[number, number, number]>;
  readonly c: Tensor<[number, number, number]>;
}

export class CharLM extends Module {
  readonly embedding: Embedding;
  readonly lstm: LSTM;
  readonly head: Linear;
  readonly #dropout: number;
  readonly #dropoutRandom: RandomStream;

  constructor(options: CharLMOptions) {
    super();
    const { vocabularySize, embeddingSize, hiddenSize, numLayers, random, dropoutRandom } = options;
    this.#dropout = options.dropout;
    this.#dropoutRandom = dropoutRandom;
    this.embedding = this.child('embedding', new Embedding(vocabularySize, embeddingSize, { random }));
    this.lstm = this.child(
      'lstm',
      new LSTM({
        inputSize: embeddingSize,
        hiddenSize,
        numLayers,
        dropout: options.dropout,
        batchFirst: false,
        random,
        dropoutRandom,
      }),
    );
    this.head = this.child('head', new Linear(hiddenSize, vocabularySize, { random }));
  }

  /** Shapes: ids [T, B], state [L, B, H] (zeros when left out), logits [T, B, V]. */
  forward(
    ids: Tensor<[number, number]>,
    state?: CharLMState,
  ): { readonly logits: Tensor<[number, number, number]> } & CharLMState {
    const x = this.embedding.forward(ids);
    const { output, h, c } = this.lstm.forward(x, state === undefined ? {} : { h0: state.h, c0: state.c });
    const features =
      this.training && this.#dropout > 0 ? dropout(output, this.#dropout, this.#dropoutRandom) : output;
    return { logits: this.head.forward<[number, number]>(features), h, c };
  }
}
