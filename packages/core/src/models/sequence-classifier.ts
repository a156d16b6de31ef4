import { ArgumentError } from '../errors.js';
import { AttentionPooling } from '../nn/attention-pooling.js';
import { concat, narrow, reshape } from '../ops/layout.js';
import { maxOverTime, meanOverTime } from '../ops/pooling.js';
import type { Tensor } from '../tensor.js';
import { SequenceModel, type SequenceModelOptions, type Steps } from './sequence-model.js';

type Cube = Tensor<[time: number, batch: number, size: number]>;

/** How a sequence becomes one vector. */
export const poolings = ['last', 'mean', 'max', 'attention'] as const;
export type Pooling = (typeof poolings)[number];

export type SequenceClassifierOptions = SequenceModelOptions & {
  /**
   * - `'last'`: the state of the last layer after each row's last step, of both directions side by side;
   * - `'mean'`, `'max'`: over the outputs of each row's steps;
   * - `'attention'`: their sum by learned weights, see {@link AttentionPooling}.
   *
   * Defaults to `'last'`.
   */
  readonly pooling?: Pooling;
};

/**
 * Many to one: embedding (or real-valued steps), recurrent layers, pooling over time, linear output. What stands behind a
 * row's length never changes a result.
 * Shapes: x [T, B] (ids) or [T, B, I], logits [B, C]. Weights: `embedding.weight`, `lstm.*` (or `gru.*`, `rnn.*`),
 * `attention.*`, `head.*`.
 */
export class SequenceClassifier extends SequenceModel {
  readonly pooling: Pooling;
  /** With attention pooling. */
  readonly attention: AttentionPooling | undefined;

  constructor(options: SequenceClassifierOptions) {
    super('SequenceClassifier', options);
    const { pooling = 'last', hiddenSize, bidirectional = false, random } = options;
    if (!poolings.includes(pooling)) {
      throw new ArgumentError(
        `SequenceClassifier: pooling must be one of ${poolings.join(', ')}, got ${String(pooling)}`,
      );
    }
    this.pooling = pooling;
    const size = (bidirectional ? 2 : 1) * hiddenSize;
    this.attention =
      pooling === 'attention' ? this.child('attention', new AttentionPooling(size, { random })) : undefined;
  }

  /** @param lengths - steps of each row, B whole numbers in [0, T]; all T when left out */
  forward(x: Steps, lengths?: ArrayLike<number>): Tensor<[number, number]> {
    return this.ofVectors(this.vectors(x), lengths);
  }

  /** The same for steps as the recurrent layers read them, [T, B, I]: see `vectors`. */
  ofVectors(x: Cube, lengths?: ArrayLike<number>): Tensor<[number, number]> {
    return this.classify<[number]>(this.#pool(x, lengths));
  }

  /** How much each step counts under attention pooling, [B, T]. @throws ArgumentError with another pooling */
  attentionWeights(x: Steps, lengths?: ArrayLike<number>): Tensor<[number, number]> {
    if (this.attention === undefined) {
      throw new ArgumentError(`SequenceClassifier: pooling must be attention, got ${this.pooling}`);
    }
    return this.attention.forward(this.encode(this.vectors(x), lengths).output, lengths).weights;
  }

  /** [B, D*H] */
  #pool(x: Cube, lengths: ArrayLike<number> | undefined): Tensor<[number, number]> {
    const { output, h } = this.encode(x, lengths);
    switch (this.pooling) {
      case 'mean':
        return meanOverTime(output, lengths);
      case 'max':
        return maxOverTime(output, lengths);
      case 'attention':
        return this.attention!.forward(output, lengths).output;
      case 'last': {
        const [, B, H] = h.shape;
        const { numLayers: L, bidirectional } = this.recurrent.options;
        const D = bidirectional ? 2 : 1;
        const states = Array.from({ length: D }, (_, d) => reshape(narrow(h, (L - 1) * D + d, 1), [B, H]));
        return D === 1 ? states[0]! : concat(states, 1);
      }
    }
  }
}
