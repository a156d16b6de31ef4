/**
 * Signals. A command that has something to save asks for {@link stopSignal}: the first SIGINT, SIGTERM or
 * SIGHUP (or a closed stdout) then aborts that signal and the command leaves by itself; the second one leaves
 * at once. A command that has nothing to save leaves at the first. Nothing is ever saved inside a handler.
 */
import { type CliError, EXIT, fileError } from './errors.js';

/** One key press can arrive twice (from the terminal and relayed by npm); within this time it is the same one. */
const samePressMs = 50;

const stop = new AbortController();
let savesFirst = false;
let firstAt: number | undefined;
let stdoutFailure: CliError | undefined;

/** Install the handlers; called once, by main. */
export function supervise(): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  process.stdout.on('error', onStdoutError);
  // Without a terminal there is nobody to tell; the run still has to be saved.
  process.stderr.on('error', () => {});
}

/** Ask for a clean stop: aborted by the first signal, or when nobody reads stdout any more. */
export function stopSignal(): AbortSignal {
  savesFirst = true;
  return stop.signal;
}

/** Stop as the first signal does; for a process whose owner tells it so. */
export function requestStop(): void {
  stop.abort('request');
}

function onSignal(): void {
  const now = performance.now();
  if (firstAt !== undefined && now - firstAt < samePressMs) return;
  if (!savesFirst || firstAt !== undefined) process.exit(EXIT.interrupted);
  firstAt = now;
  stop.abort('signal');
}

/** Why results could not be written, other than that nobody reads them: a full disk behind `> file`. */
export function outputFailure(): CliError | undefined {
  return stdoutFailure;
}

function onStdoutError(error: Error & { readonly code?: string }): void {
  const closed = error.code === 'EPIPE' || error.code === 'EIO' || error.code === 'EBADF';
  if (!closed) stdoutFailure = fileError('stdout', 'stdout', error);
  else if (!savesFirst) process.exit(EXIT.ok);
  stop.abort('stdout');
}
