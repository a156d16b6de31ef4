/** Child processes of the repository's scripts: npm, turbo and Node programs, without a shell in between. */
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Whether the module is the program that node was asked to run, also through a symbolic link.
 *
 * @param {string} moduleUrl the module's `import.meta.url`
 */
export function isMain(moduleUrl) {
  return process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(moduleUrl);
}

/** One key press on a terminal arrives up to three times: from the terminal, and again from each npm above us. */
const SAME_KEY_PRESS_MS = 300;

/** @typedef {[command: string, args: string[]]} Command */

/** @param {string} script @param {...string} args @returns {Command} */
export function node(script, ...args) {
  return [process.execPath, [script, ...args]];
}

/**
 * npm as a Node program, so that no shell quotes paths with spaces and Windows needs no `.cmd`.
 *
 * @param {...string} args @returns {Command}
 */
export function npm(...args) {
  const beside = join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const script = [process.env.npm_execpath, beside].find((path) => path?.endsWith('.js') && existsSync(path));
  return script ? node(script, ...args) : ['npm', args];
}

/** @param {string} task @param {...string} options @returns {Command} */
export function turbo(task, ...options) {
  return node(join(root, 'node_modules', 'turbo', 'bin', 'turbo'), 'run', task, ...options);
}

/** Turbo reports usage and looks for updates unless told otherwise. */
const quietEnvironment = {
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
};

/**
 * Runs a command in the root and resolves to its exit code (128 + signal's number when a signal ended it).
 *
 * @param {string} command @param {string[]} args
 * @param {{ cwd?: string, onLine?: (line: string) => void }} [options] `onLine` gets the lines of stdout and stderr
 *   instead of the terminal
 * @returns {Promise<number>}
 */
export async function run(command, args, { cwd = root, onLine } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...quietEnvironment },
    stdio: onLine ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
  });
  const streams = onLine ? [child.stdout, child.stderr] : [];
  const printed = streams.map(async (stream) => {
    for await (const line of createInterface({ input: stream })) onLine?.(line);
  });
  const code = await exitCode(child);
  await Promise.all(printed);
  return code;
}

/**
 * Runs a command in the foreground: its input and output are ours, and each SIGINT reaches it exactly once.
 *
 * A terminal sends SIGINT to every process of the foreground group, and npm sends it once more to its own child;
 * a program that treats the second SIGINT as "leave at once" would never get to save. So the child gets its
 * own process group, and we forward, taking signals within 300 ms of each other for one key press.
 *
 * @param {string} command @param {string[]} args
 * @param {{ cwd?: string }} [options]
 * @returns {Promise<number>} the exit code, after the child has gone
 */
export async function foreground(command, args, { cwd = root } = {}) {
  const ownGroup = process.platform !== 'win32';
  const child = spawn(command, args, { cwd, stdio: 'inherit', detached: ownGroup });
  const lastSent = new Map();
  const forward = (signal) => {
    const now = performance.now();
    if (now - (lastSent.get(signal) ?? Number.NEGATIVE_INFINITY) < SAME_KEY_PRESS_MS) return;
    lastSent.set(signal, now);
    // Windows delivers Ctrl-C to the child itself, and kill() there would end it at once.
    if (ownGroup) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGWINCH'];
  for (const signal of signals) process.on(signal, forward);
  const stop = () => {
    child.kill('SIGSTOP');
    process.kill(process.pid, 'SIGSTOP');
  };
  const resume = () => child.kill('SIGCONT');
  if (ownGroup) process.on('SIGTSTP', stop).on('SIGCONT', resume);
  try {
    return await exitCode(child);
  } finally {
    for (const signal of signals) process.off(signal, forward);
    process.off('SIGTSTP', stop).off('SIGCONT', resume);
  }
}

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<number>} */
function exitCode(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? 128 + signalNumber(signal)));
  });
}

/** @param {NodeJS.Signals | null} signal */
function signalNumber(signal) {
  return (signal && constants.signals[signal]) || 0;
}
