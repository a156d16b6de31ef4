/**
 * Deletes runs: only files that hw5 wrote, and the folder when nothing else is in it. A run that a process has is never
 * touched, also when that process comes between looking and deleting.
 */
import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, fileError } from '../errors.js';
import { ownFiles } from '../run/folder.js';
import { lockRun } from '../run/lock.js';
import type { RunEntry } from './entry.js';

/** What became of a run that was to go: deleted, kept because it is in use, or deleted but for files of others. */
export type Outcome = 'deleted' | 'in use' | 'other files left';

/** @throws CliError FILE when a file cannot be deleted */
export function deleteRun({ files, status }: RunEntry): Outcome {
  if (status === 'running') return 'in use';
  let lock: ReturnType<typeof lockRun>;
  try {
    lock = lockRun(files.folder);
  } catch (error) {
    if (error instanceof CliError && error.code === 'LOCKED') return 'in use';
    throw error;
  }
  const lockFile = join(files.folder, 'lock');
  try {
    // The config last: what a crash leaves is still seen as a run, and can be pruned again.
    for (const path of ownFiles(files)) {
      if (path !== files.config && path !== lockFile) rmSync(path, { force: true });
    }
    rmSync(files.config, { force: true });
  } catch (error) {
    throw fileError('prune', files.folder, error);
  } finally {
    lock.release();
  }
  if (readdirSync(files.folder).length > 0) return 'other files left';
  rmdirSync(files.folder);
  return 'deleted';
}
