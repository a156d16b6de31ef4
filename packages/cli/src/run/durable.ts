/**
 * Replacing a file so that a reader, or a crash at any moment, finds the old bytes or the new ones and never
 * a mixture: write beside it, fsync, rename over it, fsync the folder (the rename itself lives there).
 */
import { link, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileError } from '../errors.js';

/** The file operations that are used, so that tests can make each of them fail. */
export interface FileSystem {
  open(path: string, flags: string): Promise<FileHandle>;
  readFile(path: string): Promise<Uint8Array>;
  rename(from: string, to: string): Promise<void>;
  link(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
}

export interface FileHandle {
  write(bytes: Uint8Array, offset: number, length: number): Promise<{ readonly bytesWritten: number }>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The real one. */
export const disk: FileSystem = { open, readFile, rename, link, unlink };

/** Where the new bytes wait. One fixed name: what a crash left behind is overwritten, not collected. */
export function temporaryPath(path: string): string {
  return `${path}.tmp`;
}

/**
 * Replace `path` by `bytes`, durably. The caller is the file's only writer (the run's lock sees to that).
 * @param op what is being saved, for the error message
 * @throws CliError with code FILE; the file then holds the old bytes, or all of the new ones when only the last
 * fsync failed.
 */
export async function replaceFile(
  op: string,
  path: string,
  bytes: Uint8Array | string,
  files: FileSystem = disk,
): Promise<void> {
  const content = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
  const temporary = temporaryPath(path);
  try {
    await writeAndSync(files, temporary, content);
    await again(() => files.rename(temporary, path));
    await syncFolder(files, dirname(path));
  } catch (error) {
    await removeIfThere(files, temporary).catch(() => {}); // already renamed, or never made
    throw fileError(op, path, error);
  }
}

/** All of `bytes` in the file at `path`, and on the disk. */
export async function writeAndSync(files: FileSystem, path: string, bytes: Uint8Array): Promise<void> {
  const handle = await again(() => files.open(path, 'w'));
  try {
    let offset = 0;
    while (offset < bytes.length) {
      const { bytesWritten } = await again(() => handle.write(bytes, offset, bytes.length - offset));
      // A disk that takes nothing and reports nothing would spin here for ever.
      if (bytesWritten === 0) throw withCode('ENOSPC', 'write took no bytes');
      offset += bytesWritten;
    }
    await again(() => handle.sync());
  } finally {
    await handle.close();
  }
}

/** What was renamed, linked or removed in the folder `path` is so on the disk, too. */
export async function syncFolder(files: FileSystem, path: string): Promise<void> {
  if (process.platform === 'win32') return; // Windows cannot open a folder; its rename is journalled
  const handle = await again(() => files.open(path, 'r'));
  try {
    await again(() => handle.sync());
  } finally {
    await handle.close();
  }
}

export async function removeIfThere(files: FileSystem, path: string): Promise<void> {
  try {
    await again(() => files.unlink(path));
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

/** How often a call that a signal interrupted is made again. */
const interruptions = 10;

/** A call that was interrupted before it did anything is made again; any other failure is one. */
export async function again<T>(call: () => Promise<T>): Promise<T> {
  for (let left = interruptions; ; left -= 1) {
    try {
      return await call();
    } catch (error) {
      if (left === 0 || !hasCode(error, 'EINTR')) throw error;
    }
  }
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

function withCode(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
