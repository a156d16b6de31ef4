/**
 * What can go wrong at the command line, and which exit code says so. A message reads
 * `<op>: <what must hold>, got <value>`; the hint is the one thing to try next.
 */
import type { ErrorCode } from '@hw5/core';

/** Exit codes: 0 done, 1 the user can mend it, 2 our bug, 130 stopped by a signal. */
export const EXIT = { ok: 0, user: 1, internal: 2, interrupted: 130 } as const;

/** Codes of errors that only the command line knows. */
export type CliErrorCode =
  | 'USAGE' // options or arguments that do not parse
  | 'FILE' // a file or folder that cannot be read or written
  | 'RUN' // a folder that is not a run, or a run that cannot go on as asked
  | 'LOCKED' // a run folder that another process is using
  | 'QUEUE' // a queue service that does not answer, or a package that it needs and is not there
  | 'UNAVAILABLE'; // named in the plan, not built yet

/** A deliberate error of the command line, or a core error with a hint for this command. */
export class CliError extends Error {
  readonly code: CliErrorCode | ErrorCode;
  readonly hint: string | undefined;

  constructor(code: CliErrorCode | ErrorCode, message: string, hint?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CliError';
    this.code = code;
    this.hint = hint;
  }
}

/** Thrown when a signal ended a command that had nothing to show: exit 130, no message. */
export class Interrupted extends Error {}

/** How an error is shown and which code the process exits with. */
export interface Failure {
  readonly exit: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}

const exitOfCode: Readonly<Record<CliErrorCode | ErrorCode, number>> = {
  USAGE: EXIT.user,
  FILE: EXIT.user,
  RUN: EXIT.user,
  LOCKED: EXIT.user,
  QUEUE: EXIT.user,
  UNAVAILABLE: EXIT.user,
  ARGUMENT: EXIT.user,
  DATA: EXIT.user,
  CHECKPOINT: EXIT.user,
  DIVERGED: EXIT.user,
  SESSION_LOST: EXIT.user,
  OUT_OF_MEMORY: EXIT.user,
  SHAPE: EXIT.user,
  KERNEL: EXIT.internal,
  USE_AFTER_FREE: EXIT.internal,
  INTERNAL: EXIT.internal,
  ABORTED: EXIT.interrupted,
};

const hintOfCode: Readonly<Partial<Record<ErrorCode, string>>> = {
  DATA: 'use more text, or smaller --batch and --seq',
  DIVERGED: 'try a smaller --lr',
  OUT_OF_MEMORY: 'try a smaller --hidden, --batch or --seq',
  SESSION_LOST: 'the worker died; run the command again',
  CHECKPOINT: 'hw5 reads checkpoints that hw5 train or the lab wrote',
};

/** Sort any thrown value: ours by code, the system's as FILE, everything else as our bug. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return bug(String(error));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const exit = exitOfCode[code as CliErrorCode | ErrorCode] as number | undefined;
  if (exit !== undefined) {
    const hint = error instanceof CliError ? error.hint : hintFor(code as ErrorCode, error.message);
    return { exit, code, message: error.message, hint };
  }
  if ('syscall' in error) {
    return { exit: EXIT.user, code: 'FILE', message: error.message, hint: undefined };
  }
  return bug(error.message);
}

/** Core messages that end in `; try ...` say it better themselves. */
function hintFor(code: ErrorCode, message: string): string | undefined {
  return message.includes('; try ') ? undefined : hintOfCode[code];
}

function bug(message: string): Failure {
  return {
    exit: EXIT.internal,
    code: 'INTERNAL',
    message: message.startsWith('internal:') ? message : `internal: ${message}; please report`,
    hint: 'HW5_DEBUG=1 shows where',
  };
}

/** The same error, with a hint that only this command can give. */
export function withHint(error: unknown, hint: string): unknown {
  const failure = failureOf(error);
  if (failure.exit === EXIT.internal) return error;
  return new CliError(failure.code as CliErrorCode | ErrorCode, failure.message, hint, error);
}

const systemReasons: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `path must exist, got ${path}`,
  ENOTDIR: (path) => `every folder of the path must be a folder, got a file in ${path}`,
  EISDIR: (path) => `path must be a file, got the folder ${path}`,
  EEXIST: (path) => `path must be a folder, got the file ${path}`,
  EACCES: (path) => `path must be open to this user, got "permission denied" for ${path}`,
  EPERM: (path) => `path must be open to this user, got "not permitted" for ${path}`,
  EROFS: (path) => `folder must be writable, got a read-only file system at ${path}`,
  ENOSPC: (path) => `disk must have room, got a full disk at ${path}`,
  EDQUOT: (path) => `disk must have room, got an exhausted quota at ${path}`,
  EFBIG: (path) => `file must fit the file system, got one that is too large at ${path}`,
  EIO: (path) => `disk must be readable and writable, got an input/output error at ${path}`,
  EMFILE: (path) => `process must be able to open files, got too many open ones at ${path}`,
};

/** The system's error in the project's grammar: `op` is what was being done, `path` with what. */
export function fileError(op: string, path: string, error: unknown, hint?: string): CliError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = systemReasons[code]?.(path) ?? `path must be usable, got "${messageOf(error)}" for ${path}`;
  return new CliError('FILE', `${op}: ${reason}`, hint, error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
