/**
 * The lock of a journal as Optuna has it: a file beside it that can be made only once. Ours names its process, so that
 * what a crash left is known at once; a lock of others counts as left after half a minute, as it does for Optuna.
 */
import { lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { CliError, fileError } from '../errors.js';

/** Optuna's grace period, ms. */
const GRACE_MS = 30_000;
/** Between two tries, ms: others hold the lock for one write. */
const PAUSE_MS = 2;

/** Run `use` while nobody else writes. @throws CliError LOCKED when somebody holds the lock for longer than a minute */
export function lockJournal<T>(journal: string, use: () => T): T {
  const path = `${journal}.lock`;
  const owner = JSON.stringify({ pid: process.pid, host: hostname() });
  const start = Date.now();
  while (!create(path, owner)) {
    if (isLeft(path)) remove(path);
    else if (Date.now() - start > 2 * GRACE_MS) {
      throw new CliError('LOCKED', `journal: lock must be free within a minute, got ${path} still held`);
    } else pause(PAUSE_MS);
  }
  try {
    return use();
  } finally {
    remove(path);
  }
}

function create(path: string, owner: string): boolean {
  try {
    writeFileSync(path, owner, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw fileError('journal', path, error);
  }
}

/** By rename first: of two who see the same left lock only one removes it. */
function remove(path: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    rmSync(aside, { force: true });
  } catch {
    // somebody else was faster
  }
}

function isLeft(path: string): boolean {
  const facts = lstatSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return false;
  if (Date.now() - facts.mtimeMs > GRACE_MS) return true;
  try {
    const owner = JSON.parse(readFileSync(path, 'utf8')) as { readonly pid?: number; readonly host?: string };
    if (owner.host !== hostname() || owner.pid === undefined) return false;
    process.kill(owner.pid, 0);
    return owner.pid === process.pid; // nobody here holds it twice: it is one of an earlier process of this number
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
