/**
 * Every error that hw5 throws on purpose. The message reads `<op>: <what must hold>, got <value>`;
 * `code` is stable and survives the worker boundary, where JavaScript drops the class.
 */

/** Stable machine-readable names of hw5's errors. */
export type ErrorCode =
  | 'SHAPE' // tensors whose sizes do not fit the operation
  | 'ARGUMENT' // an option or value outside its domain
  | 'DATA' // text or ids that cannot be used
  | 'USE_AFTER_FREE' // a tensor whose memory was given back
  | 'OUT_OF_MEMORY' // the kernel's memory cannot grow
  | 'KERNEL' // the kernel could not be loaded or refused a call
  | 'DIVERGED' // a loss or gradient became NaN or infinite
  | 'CHECKPOINT' // a file that is not a checkpoint of this program, or is damaged
  | 'SESSION_LOST' // the worker died; what it held is gone
  | 'ABORTED' // the caller's signal stopped the work
  | 'INTERNAL'; // our bug, please report

/** Extra facts about an error, e.g. `{ step: 12, tensor: 'lstm.weight_hh_l0' }`. Values must be structured-cloneable. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

/** Base class of all deliberate errors: a sentence, a stable `code`, and the facts behind it. */
export class Hw5Error extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.details = details;
  }
}

/** Tensors whose sizes do not fit: names the operation and prints both shapes. */
export class ShapeError extends Hw5Error {
  constructor(message: string, details?: ErrorDetails) {
    super('SHAPE', message, details);
  }
}

/** An option or value outside its domain. */
export class ArgumentError extends Hw5Error {
  constructor(message: string, details?: ErrorDetails) {
    super('ARGUMENT', message, details);
  }
}

/** Text or ids that cannot be used: too short, empty, an id outside the vocabulary. */
export class DataError extends Hw5Error {
  constructor(message: string, details?: ErrorDetails) {
    super('DATA', message, details);
  }
}

/** A tensor was used after its scope ended or after `dispose()`. */
export class UseAfterFreeError extends Hw5Error {
  constructor(message: string, details?: ErrorDetails) {
    super('USE_AFTER_FREE', message, details);
  }
}

/** The kernel's linear memory cannot grow to hold the request; `details.bytes` says how much was wanted. */
export class OutOfMemoryError extends Hw5Error {
  constructor(message: string, details?: ErrorDetails) {
    super('OUT_OF_MEMORY', message, details);
  }
}

/** The kernel could not be loaded, or refused a call. */
export class KernelError extends Hw5Error {
  constructor(message: string, details?: ErrorDetails) {
    super('KERNEL', message, details);
  }
}

/** A loss or gradient became NaN or infinite; `details.step` and `details.tensor` say where. */
export class DivergedError extends Hw5Error {
  constructor(message: string, details?: ErrorDetails) {
    super('DIVERGED', message, details);
  }
}

/** A file that is not a checkpoint of this program, is truncated, or does not fit the model. */
export class CheckpointError extends Hw5Error {
  constructor(message: string, details?: ErrorDetails) {
    super('CHECKPOINT', message, details);
  }
}

/** The worker died, was closed, or did not start in time. */
export class SessionLostError extends Hw5Error {
  constructor(message: string, details?: ErrorDetails) {
    super('SESSION_LOST', message, details);
  }
}

/** The caller's signal stopped the work. */
export class AbortedError extends Hw5Error {
  constructor(message: string, details?: ErrorDetails) {
    super('ABORTED', message, details);
  }
}

/** Our bug. */
export class InternalError extends Hw5Error {
  constructor(message: string, details?: ErrorDetails) {
    super('INTERNAL', `internal: ${message}; please report`, details);
  }
}

const classes: Readonly<Record<ErrorCode, new (message: string, details?: ErrorDetails) => Hw5Error>> = {
  SHAPE: ShapeError,
  ARGUMENT: ArgumentError,
  DATA: DataError,
  USE_AFTER_FREE: UseAfterFreeError,
  OUT_OF_MEMORY: OutOfMemoryError,
  KERNEL: KernelError,
  DIVERGED: DivergedError,
  CHECKPOINT: CheckpointError,
  SESSION_LOST: SessionLostError,
  ABORTED: AbortedError,
  INTERNAL: InternalError,
};

/** An error as it crosses a worker boundary: everything that structured clone would lose. */
export interface SerializedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: ErrorCode | undefined;
  readonly details: ErrorDetails;
}

/** Flatten any thrown value for `postMessage`. */
export function serializeError(error: unknown): SerializedError {
  if (error instanceof Hw5Error) {
    return {
      name: error.name,
      message: error.message,
      stack: error.stack,
      code: error.code,
      details: error.details,
    };
  }
  if (error instanceof Error) {
    return { name: error.name, message: error.message, stack: error.stack, code: undefined, details: {} };
  }
  return { name: 'Error', message: String(error), stack: undefined, code: undefined, details: {} };
}

/** Inverse of {@link serializeError}: the same class with the same `code` and `details`. */
export function deserializeError(wire: SerializedError): Error {
  const ErrorClass = wire.code === undefined ? undefined : classes[wire.code];
  const error =
    ErrorClass === undefined ? new Error(wire.message) : new ErrorClass(wire.message, wire.details);
  error.message = wire.message;
  error.name = wire.name;
  if (wire.stack !== undefined) error.stack = wire.stack;
  return error;
}
