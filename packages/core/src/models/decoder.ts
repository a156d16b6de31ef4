/** What generation and beam search ask of a model. */
import type { Tensor } from '../tensor.js';

/** A model that reads one id per row and says what may come next; every row has a state of its own. */
export interface Decoder {
  /** V */
  readonly vocabularySize: number;
  /**
   * Feed one id to each row.
   * @returns logits [rows, V], in memory that the next call overwrites
   * @throws DataError for an id outside [0, V)
   */
  step(ids: ArrayLike<number>): Tensor<[rows: number, vocabulary: number]>;
  /** Row b goes on from where row `from[b]` stands; there are then `from.length` rows. */
  select(from: ArrayLike<number>): void;
}
