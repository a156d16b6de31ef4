/**
 * Windows of T characters from one long text, B at a time, time-major: entry (t, b) is at t*B + b.
 * Targets are the inputs moved by one.
 */
import { DataError } from '../errors.js';
import type { RandomStream } from '../random.js';

export interface Batch {
  /** [T, B] */
  readonly inputs: Int32Array;
  /** [T, B] */
  readonly targets: Int32Array;
  /** True when the recurrent state must start from zero. */
  readonly fresh: boolean;
}

/** Where a batcher stands; with its random stream's position, the whole state. */
export interface BatchPosition {
  /** Windows taken in this epoch. */
  readonly window: number;
  /** Where the first stream starts in this epoch. */
  readonly offset: number;
}

export interface Batcher {
  readonly stepsPerEpoch: number;
  /** The batch at the present position; the position moves on. */
  next(): Batch;
  position: BatchPosition;
}

/**
 * Contiguous streams: the text is cut into B equal pieces, read side by side with carried state. What does not
 * fill a window is left out at a place drawn anew each epoch, so that every character takes part in the end.
 */
export class StreamBatches implements Batcher {
  readonly stepsPerEpoch: number;
  position: BatchPosition;
  readonly #text: Int32Array;
  readonly #batch: number;
  readonly #time: number;
  readonly #random: RandomStream;
  readonly #stride: number;

  constructor(text: Int32Array, batch: number, time: number, random: RandomStream) {
    expectText(text, batch * time + 1, batch, time);
    this.#text = text;
    this.#batch = batch;
    this.#time = time;
    this.#random = random;
    this.stepsPerEpoch = Math.floor((text.length - 1) / (batch * time));
    this.#stride = this.stepsPerEpoch * time;
    this.position = { window: 0, offset: 0 };
  }

  next(): Batch {
    let { window, offset } = this.position;
    if (window === this.stepsPerEpoch) {
      window = 0;
      offset = this.#random.integer(this.#text.length - 1 - this.#batch * this.#stride + 1);
    }
    const start = offset + window * this.#time;
    const starts = Array.from({ length: this.#batch }, (_, b) => start + b * this.#stride);
    this.position = { window: window + 1, offset };
    return { ...windows(this.#text, starts, this.#time), fresh: window === 0 };
  }
}

/** Independent windows at places drawn uniformly; the state always starts from zero. */
export class RandomBatches implements Batcher {
  readonly stepsPerEpoch: number;
  position: BatchPosition = { window: 0, offset: 0 };
  readonly #text: Int32Array;
  readonly #batch: number;
  readonly #time: number;
  readonly #random: RandomStream;

  constructor(text: Int32Array, batch: number, time: number, random: RandomStream) {
    expectText(text, time + 1, 1, time);
    this.#text = text;
    this.#batch = batch;
    this.#time = time;
    this.#random = random;
    this.stepsPerEpoch = Math.max(1, Math.floor((text.length - 1) / (batch * time)));
  }

  next(): Batch {
    const starts = Array.from({ length: this.#batch }, () =>
      this.#random.integer(this.#text.length - this.#time),
    );
    this.position = { window: this.position.window + 1, offset: 0 };
    return { ...windows(this.#text, starts, this.#time), fresh: true };
  }
}

function expectText(text: Int32Array, needed: number, batch: number, time: number): void {
  if (text.length >= needed) return;
  throw new DataError(
    `batches: the training text must have at least ${needed} characters for ${batch} x ${time} windows, got ${text.length}; try a smaller batch or sequence`,
    { needed, got: text.length },
  );
}

/** Windows of `time` characters from each start, time-major. */
export function windows(text: Int32Array, starts: readonly number[], time: number): Omit<Batch, 'fresh'> {
  const batch = starts.length;
  const inputs = new Int32Array(time * batch);
  const targets = new Int32Array(time * batch);
  for (const [b, start] of starts.entries()) {
    for (let t = 0; t < time; t += 1) {
      inputs[t * batch + b] = text[start + t]!;
      targets[t * batch + b] = text[start + t + 1]!;
    }
  }
  return { inputs, targets };
}
