/** What a worker and its owner say to each other beside the calls. Results travel as values, so that errors keep class and code. */
import { OutOfMemoryError, type SerializedError, serializeError } from '../errors.js';

/** The `type` of the message that a worker posts once it listens. */
export const READY = 'hw5:ready';

export interface ReadyMessage {
  readonly type: typeof READY;
  /** Held by the worker as long as it lives; see platform.ts. */
  readonly lock: string | undefined;
}

export type Settled<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: SerializedError };

/** Calls that every served worker answers. */
export interface Alive {
  /** Answers as soon as the event loop is free. */
  ping(): Promise<void>;
}

/** Run `work` and turn its outcome into a value. */
export async function settle<T>(work: () => T | Promise<T>): Promise<Settled<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: serializeError(typed(error)) };
  }
}

/** Engines report a full JavaScript heap as a RangeError: `Array buffer allocation failed`. */
function typed(error: unknown): unknown {
  if (!(error instanceof RangeError) || !/alloc/i.test(error.message)) return error;
  return new OutOfMemoryError(`memory: the array must fit into memory, got: ${error.message}`);
}
