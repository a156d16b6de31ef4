/** A character language model: embedding, recurrent layers, linear output. Estimates P(x_{t+1} | x_1 .. x_t). */
import { ArgumentError } from '../errors.js';
import { Embedding } from '../nn/embedding.js';
import { GRU } from '../nn/gru.js';
import { Linear } from '../nn/linear.js';
import { LSTM } from '../nn/lstm.js';
import { Module } from '../nn/module.js';
import { RNN } from '../nn/rnn.js';
import { dropout } from '../ops/dropout.js';
import type { RandomStream } from '../random.js';
import type { Tensor } from '../tensor.js';
import { LanguageDecoder } from './language-decoder.js';

/** The recurrent cells, each under the name that its layers have in a checkpoint: `lstm.weight_ih_l0`. */
const CELLS = { rnn: RNN, gru: GRU, lstm: LSTM } as const;

export interface CharLMOptions {
  /** V */
  readonly vocabularySize: number;
  /** E */
  readonly embeddingSize: number;
  /** Defaults to 'lstm'. */
  readonly cell?: 'rnn' | 'gru' | 'lstm';
  /** H */
  readonly hiddenSize: number;
  readonly numLayers: number;
  /** Dropout between recurrent layers and before the output layer, in [0, 1). */
  readonly dropout: number;
  /** Stream of the first weights. */
  readonly random: RandomStream;
  /** Stream of dropout masks. */
  readonly dropoutRandom: RandomStream;
}

/** h and, for the LSTM, c of all layers, [L, B, H]. */
export interface CharLMState {
  readonly h: Tensor<[number, number, number]>;
  readonly c?: Tensor<[number, number, number]> | undefined;
}

export class CharLM extends Module {
  readonly embedding: Embedding;
  readonly recurrent: RNN | GRU | LSTM;
  readonly head: Linear;
  readonly #dropout: number;
  readonly #dropoutRandom: RandomStream;

  constructor(options: CharLMOptions) {
    super();
    const { vocabularySize, embeddingSize, hiddenSize, numLayers, random, dropoutRandom } = options;
    const { cell = 'lstm' } = options;
    if (!Object.hasOwn(CELLS, cell)) {
      throw new ArgumentError(`CharLM: cell must be rnn, gru or lstm, got ${String(cell)}`);
    }
    this.#dropout = options.dropout;
    this.#dropoutRandom = dropoutRandom;
    this.embedding = this.child('embedding', new Embedding(vocabularySize, embeddingSize, { random }));
    this.recurrent = this.child(
      cell,
      new CELLS[cell]({
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
    const { output, ...last }: { output: typeof x } & CharLMState = this.recurrent.forward(x, {
      h0: state?.h,
      c0: state?.c,
    });
    const features =
      this.training && this.#dropout > 0 ? dropout(output, this.#dropout, this.#dropoutRandom) : output;
    return { logits: this.head.forward<[number, number]>(features), ...last };
  }

  /** The model one character at a time, for generation and beam search. @param rows - at most; defaults to 1 */
  decoder(rows = 1): LanguageDecoder {
    return new LanguageDecoder(this, rows);
  }
}
