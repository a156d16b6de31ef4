import type { Tensor } from '../tensor.js';
import { SequenceModel, type SequenceModelOptions, type Steps } from './sequence-model.js';

export type TaggerOptions = SequenceModelOptions;

/**
 * Many to many, one label a step: embedding (or real-valued steps), recurrent layers, linear output at every step. With
 * `bidirectional` a label may depend on what follows. What stands behind a row's length never changes a result.
 * Shapes: x [T, B] (ids) or [T, B, I], logits [T, B, C]; behind a row's end they are the output layer's bias, so give
 * those steps the target that the loss ignores.
 */
export class Tagger extends SequenceModel {
  constructor(options: TaggerOptions) {
    super('Tagger', options);
  }

  /** @param lengths - steps of each row, B whole numbers in [0, T]; all T when left out */
  forward(x: Steps, lengths?: ArrayLike<number>): Tensor<[number, number, number]> {
    return this.ofVectors(this.vectors(x), lengths);
  }

  /** The same for steps as the recurrent layers read them, [T, B, I]: see `vectors`. */
  ofVectors(
    x: Tensor<[number, number, number]>,
    lengths?: ArrayLike<number>,
  ): Tensor<[number, number, number]> {
    return this.classify<[number, number]>(this.encode(x, lengths).output);
  }
}
