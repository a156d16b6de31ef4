/** The text of a language model's run: encoded, split, and read in windows. */
import { type Batcher, type BatchPosition, RandomBatches, StreamBatches } from '../data/batches.js';
import { CheckpointError } from '../errors.js';
import type { RandomStream } from '../random.js';
import type { CharLMConfig } from '../session/protocol.js';

export interface RunText {
  readonly batches: Batcher;
  readonly train: Int32Array;
  readonly validation: Int32Array;
  /** FNV-1a 64 of the ids, so that a resumed run is known to read the same text. */
  readonly hash: string;
}

/** The end of the text is kept for validation. @throws DataError when the rest does not fill a window */
export function splitText(
  text: Int32Array,
  { batchSize, sequenceLength, batching, validationFraction }: CharLMConfig,
  random: RandomStream,
  hash: string,
): RunText {
  const cut = text.length - Math.floor(text.length * validationFraction);
  const train = text.subarray(0, cut);
  const Batches = batching === 'stream' ? StreamBatches : RandomBatches;
  const batches = new Batches(train, batchSize, sequenceLength, random);
  return { train, validation: text.subarray(cut), batches, hash };
}

/** Go on where a run stood. @throws CheckpointError when it read another text */
export function continueText(text: RunText, hash: string, position: BatchPosition): void {
  if (text.hash !== hash) {
    throw new CheckpointError(
      `resume: the text must be the one of the run (hash ${hash}), got another (hash ${text.hash})`,
    );
  }
  text.batches.position = position;
}
