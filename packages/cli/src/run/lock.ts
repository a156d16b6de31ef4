/**
 * One run, one process. The lock file names its owner; an owner that is gone (killed, power cut) does not
 * count. A process number alone is not enough, because numbers are reused: the start time goes with it.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { CliError, fileError } from '../errors.js';
import { hasCode } from './durable.js';

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in the system's own clock ticks; empty where the system does not tell. */
  readonly started: string;
  readonly token: string;
}

/** A lock file without content is one being written; older than this it is what a crash left. */
const beingWrittenMs = 5_000;

export interface Lock {
  /** Give the folder free. Safe to call twice, and called when the process exits. */
  release(): void;
}

/**
 * Take the run folder for this process.
 * @throws CliError LOCKED when a living process has it, FILE when the folder cannot be written.
 */
export function lockRun(folder: string): Lock {
  const path = join(folder, 'lock');
  const owner: Owner = {
    pid: process.pid,
    host: hostname(),
    started: startOf(process.pid),
    token: randomUUID(),
  };
  const content = `${JSON.stringify(owner)}\n`;
  if (!create(path, content)) {
    const found = read(path);
    const holder = parse(found);
    if (isHeld(path, holder)) throw locked(folder, path, holder);
    if (!takeOver(path, found, content)) throw locked(folder, path, parse(read(path)));
  }
  const release = (): void => {
    process.off('exit', release);
    if (read(path) === content) rmSync(path, { force: true });
  };
  process.on('exit', release);
  return { release };
}

/** Whether a living process, or one on another machine, has the run folder. */
export function isLocked(folder: string): boolean {
  const path = join(folder, 'lock');
  const content = read(path);
  return content !== undefined && isHeld(path, parse(content));
}

function create(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    // On a full disk the file may have been made and not filled.
    if (read(path) === '') rmSync(path, { force: true });
    throw fileError('run', path, error);
  }
}

/**
 * Put `content` in the place of a dead owner's lock. Of many that try only one may: it holds a second file meanwhile,
 * and looks again whether the lock is still the one that was `seen`. @returns false when another was first
 */
function takeOver(path: string, seen: string | undefined, content: string): boolean {
  const guard = `${path}.takeover`;
  if (!create(guard, content)) {
    if (isBeingWritten(guard)) return false;
    rmSync(guard, { force: true }); // of one that was killed just here
    if (!create(guard, content)) return false;
  }
  try {
    const now = read(path);
    if (now === undefined) return create(path, content);
    if (now !== seen) return false;
    const own = `${path}.tmp`;
    writeFileSync(own, content);
    renameSync(own, path);
    return true;
  } catch (error) {
    throw fileError('run', path, error);
  } finally {
    rmSync(guard, { force: true });
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function parse(content: string | undefined): Owner | undefined {
  try {
    const owner: unknown = JSON.parse(content ?? '');
    return typeof owner === 'object' && owner !== null && 'pid' in owner ? (owner as Owner) : undefined;
  } catch {
    return undefined;
  }
}

function isHeld(path: string, owner: Owner | undefined): boolean {
  if (owner === undefined) return isBeingWritten(path);
  if (owner.host !== hostname()) return true; // another machine's processes cannot be seen from here
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (!hasCode(error, 'EPERM')) return false;
  }
  const started = startOf(owner.pid);
  return started === '' || owner.started === '' || started === owner.started;
}

function isBeingWritten(path: string): boolean {
  const facts = statSync(path, { throwIfNoEntry: false });
  // Either way: a clock that was set back must not make it count for as long as that.
  return facts !== undefined && Math.abs(Date.now() - facts.mtimeMs) < beingWrittenMs;
}

/** Field 22 of /proc/PID/stat; the command's name before it may hold spaces, so count from its closing bracket. */
function startOf(pid: number): string {
  const line = read(`/proc/${pid}/stat`);
  return line?.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function locked(folder: string, path: string, owner: Owner | undefined): CliError {
  const who = owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host}`;
  return new CliError(
    'LOCKED',
    `run: folder must not be in use, got ${folder} held by ${who}`,
    `wait for it, choose another --out, or delete ${path} if that process is gone`,
  );
}
