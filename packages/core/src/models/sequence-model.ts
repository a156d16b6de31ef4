/** What models over whole sequences share: ids or real-valued steps, through recurrent layers, with lengths. */
import { ArgumentError } from '../errors.js';
import { Embedding } from '../nn/embedding.js';
import { GRU } from '../nn/gru.js';
import { expectSize, Linear } from '../nn/linear.js';
import { LSTM } from '../nn/lstm.js';
import { Module } from '../nn/module.js';
import type { RecurrentOutput } from '../nn/recurrent.js';
import { RNN } from '../nn/rnn.js';
import { dropout } from '../ops/dropout.js';
import type { RandomStream } from '../random.js';
import type { Shape } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** The recurrent cells, each under the name that its layers have in a checkpoint: `lstm.weight_ih_l0`. */
const CELLS = { rnn: RNN, gru: GRU, lstm: LSTM } as const;

/** Steps are ids of a vocabulary with a learned vector each, or vectors themselves. */
export type StepOptions =
  | { readonly vocabularySize: number; readonly embeddingSize: number; readonly inputSize?: never }
  | { readonly inputSize: number; readonly vocabularySize?: never; readonly embeddingSize?: never };

export type SequenceModelOptions = StepOptions & {
  /** C */
  readonly numClasses: number;
  /** Defaults to 'lstm'. */
  readonly cell?: 'rnn' | 'gru' | 'lstm';
  /** H */
  readonly hiddenSize: number;
  /** L, stacked layers. Defaults to 1. */
  readonly numLayers?: number;
  /** A second direction per layer that reads from the end; D = 2, else 1. Defaults to false. */
  readonly bidirectional?: boolean;
  /** Dropout between recurrent layers and before the output layer, in [0, 1). Defaults to 0. */
  readonly dropout?: number;
  /** Stream of the first weights. */
  readonly random: RandomStream;
  /** Stream of dropout masks. */
  readonly dropoutRandom: RandomStream;
};

/** Ids [T, B] or real-valued steps [T, B, I]. */
export type Steps = Tensor<[number, number]> | Tensor<[number, number, number]>;

export abstract class SequenceModel extends Module {
  /** Undefined where steps are real-valued. */
  readonly embedding: Embedding | undefined;
  readonly recurrent: RNN | GRU | LSTM;
  readonly head: Linear;
  readonly #name: string;
  readonly #dropout: number;
  readonly #dropoutRandom: RandomStream;

  protected constructor(name: string, options: SequenceModelOptions) {
    super();
    const { cell = 'lstm', hiddenSize, numLayers = 1, bidirectional = false, numClasses } = options;
    const { dropout: p = 0, random, dropoutRandom } = options;
    if (!Object.hasOwn(CELLS, cell)) {
      throw new ArgumentError(`${name}: cell must be rnn, gru or lstm, got ${String(cell)}`);
    }
    expectSize(name, 'numClasses', numClasses);
    this.#name = name;
    this.#dropout = p;
    this.#dropoutRandom = dropoutRandom;
    const { vocabularySize, embeddingSize } = options;
    this.embedding =
      vocabularySize === undefined
        ? undefined
        : this.child('embedding', new Embedding(vocabularySize, embeddingSize, { random }));
    this.recurrent = this.child(
      cell,
      new CELLS[cell]({
        inputSize: options.inputSize ?? options.embeddingSize,
        hiddenSize,
        numLayers,
        bidirectional,
        dropout: p,
        batchFirst: false,
        random,
        dropoutRandom,
      }),
    );
    this.head = this.child('head', new Linear((bidirectional ? 2 : 1) * hiddenSize, numClasses, { random }));
  }

  /** Steps as the recurrent layers read them, [T, B, I]: ids through the embedding, real-valued ones as they are. */
  vectors(x: Steps): Tensor<[number, number, number]> {
    if ((x.dtype === 'int32') !== (this.embedding !== undefined)) {
      const wanted = this.embedding === undefined ? 'real-valued steps [T, B, I]' : 'ids [T, B]';
      throw new ArgumentError(`${this.#name}: x must be ${wanted}, got ${x.dtype}`);
    }
    const steps = this.embedding?.forward(x as Tensor<[number, number]>) ?? x;
    return steps as Tensor<[number, number, number]>;
  }

  /** The recurrent layers over x [T, B, I]: output [T, B, D*H], h [L*D, B, H]. */
  protected encode(
    x: Tensor<[number, number, number]>,
    lengths: ArrayLike<number> | undefined,
  ): RecurrentOutput {
    return this.recurrent.forward(x, { lengths });
  }

  /** Dropout where training, then the output layer: [..., D*H] to [..., C]. */
  protected classify<S extends Shape>(features: Tensor<[...S, number]>): Tensor<[...S, number]> {
    const { training } = this;
    const kept =
      training && this.#dropout > 0 ? dropout(features, this.#dropout, this.#dropoutRandom) : features;
    return this.head.forward<S & readonly number[]>(kept as never) as never;
  }
}
