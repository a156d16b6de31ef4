/**
 * Replacing a file so that a reader, or a crash at any moment, finds the old bytes or the new ones and never
 * a mixture: write beside it, fsync, rename over it, fsync the folder (the rename itself lives there).
 */
import { open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileError } from '../errors.js';

/** The file operations that are used, so that tests can make each of them fail. */
export interface FileSystem {
  open(path: string, flags: string): Promise<FileHandle>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
}

export interface FileHandle {
  write(bytes: Uint8Array, offset: number, length: number): Promise<{ readonly bytesWritten: number }>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

const node: FileSystem = { open, rename, unlink };

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
  files: FileSystem = node,
): Promise<void> {
  const content = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
  const temporary = temporaryPath(path);
  try {
    await writeAndSync(files, temporary, content);
    await files.rename(temporary, path);
    await syncFolder(files, dirname(path));
  } catch (error) {
    await files.unlink(temporary).catch(() => {}); // already renamed, or never made
    throw fileError(op, path, error);
  }
}

async function writeAndSync(files: FileSystem, path: string, bytes: Uint8Array): Promise<void> {
  const handle = await files.open(path, 'w');
  try {
    let offset = 0;
    while (offset < bytes.length) {
      const { bytesWritten } = await handle.write(bytes, offset, bytes.length - offset);
      // A disk that takes nothing and reports nothing would spin here for ever.
      if (bytesWritten === 0) throw Object.assign(new Error('write took no bytes'), { code: 'ENOSPC' });
      offset += bytesWritten;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(files: FileSystem, path: string): Promise<void> {
  if (process.platform === 'win32') return; // Windows cannot open a folder; its rename is journalled
  const handle = await files.open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
