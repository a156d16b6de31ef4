/**
 * The checkpoints of a run: the newest, the one before it, and checkpoint.json, which records length and SHA-256 of
 * both. A checkpoint counts as saved when the record is on the disk, which is the last thing that a save does. Which
 * file holds it follows from its hash, never from the file's name: whatever a crash left behind, the newest recorded
 * checkpoint that is whole is found, and a file that is not recorded, torn or damaged is never taken for one.
 */
import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { CliError, fileError } from '../errors.js';
import {
  again,
  disk,
  type FileSystem,
  hasCode,
  removeIfThere,
  replaceFile,
  syncFolder,
  temporaryPath,
  writeAndSync,
} from './durable.js';

/** Where they lie; part of RunFiles. */
export interface CheckpointFiles {
  /** The newest checkpoint. */
  readonly checkpoint: string;
  /** The one before it. */
  readonly previous: string;
  /** What was saved. */
  readonly manifest: string;
  /** A file that was not what the manifest says, kept when a run goes on without it. */
  readonly rejected: string;
}

/** One saved checkpoint. */
interface Saved {
  readonly step: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** A checkpoint that is whole. */
export interface FoundCheckpoint {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Why it is not the file that it should be; undefined when all is well. */
  readonly recovered: string | undefined;
  /** Whether it is the newest that was saved. */
  readonly newest: boolean;
  readonly saved: readonly Saved[];
  /** Whether checkpoint.json says all this already. */
  readonly recorded: boolean;
}

const format = 'hw5-checkpoints/1';

/** How often a save that goes on at the same time may get in the way of reading. */
const attempts = 5;

/**
 * The newest checkpoint that is whole.
 * @throws CliError FILE when there is none or it cannot be read, CHECKPOINT when none is what was saved
 */
export async function findCheckpoint(
  paths: CheckpointFiles,
  files: FileSystem = disk,
): Promise<FoundCheckpoint> {
  for (let attempt = 1; ; attempt += 1) {
    const manifest = await readIfThere(paths.manifest, files, new Uint8Array());
    const saved = parseManifest(manifest);
    const found =
      saved === undefined ? await unrecorded(paths, manifest, files) : await match(paths, saved, files);
    if (found !== undefined && found.recovered === undefined) return found;
    // What looks wrong may be a save that went on meanwhile.
    const now = await readIfThere(paths.manifest, files, new Uint8Array());
    const saving = Buffer.compare(now ?? new Uint8Array(), manifest ?? new Uint8Array()) !== 0;
    if (saving && attempt < attempts) continue;
    if (found === undefined) throw allDamaged(paths, saved ?? []);
    return found;
  }
}

/** Runs of before there was a record, or one whose record cannot be read: the file itself is all there is. */
async function unrecorded(
  paths: CheckpointFiles,
  manifest: Uint8Array | undefined,
  files: FileSystem,
): Promise<FoundCheckpoint> {
  const damaged = manifest === undefined ? undefined : `${basename(paths.manifest)} cannot be read`;
  for (const path of [paths.checkpoint, paths.previous]) {
    const bytes = await readIfThere(path, files);
    if (bytes === undefined) continue;
    const missing = path === paths.previous ? `${basename(paths.checkpoint)} is missing` : undefined;
    return { path, bytes, recovered: damaged ?? missing, newest: true, saved: [], recorded: false };
  }
  const none = Object.assign(new Error(), { code: 'ENOENT' });
  const hint = 'a run that was stopped before its first checkpoint: delete its folder and start again';
  throw fileError('checkpoint', paths.checkpoint, none, hint);
}

async function match(
  paths: CheckpointFiles,
  saved: readonly Saved[],
  files: FileSystem,
): Promise<FoundCheckpoint | undefined> {
  const candidates: { readonly path: string; readonly bytes: Uint8Array; readonly sha256: string }[] = [];
  for (const path of [paths.checkpoint, paths.previous]) {
    const bytes = await readIfThere(path, files);
    if (bytes === undefined) continue;
    const candidate = { path, bytes, sha256: sha256(bytes) };
    if (path === paths.checkpoint && candidate.sha256 === saved[0]?.sha256) {
      return { path, bytes, recovered: undefined, newest: true, saved, recorded: true };
    }
    candidates.push(candidate);
  }
  for (const [age, { step, sha256 }] of saved.entries()) {
    const candidate = candidates.find((file) => file.sha256 === sha256);
    if (candidate === undefined) continue;
    const { path, bytes } = candidate;
    const current = basename(paths.checkpoint);
    const wrong = candidates.some((file) => file.path === paths.checkpoint)
      ? `${current} is damaged or of a save that was cut short`
      : `${current} is missing`;
    const recovered =
      age === 0
        ? `${wrong}; step ${step}, the last that was saved, is in ${basename(path)}`
        : `${path === paths.checkpoint ? '' : `${wrong}; `}step ${saved[0]?.step} is lost, step ${step} is in ${basename(path)}`;
    return { path, bytes, recovered, newest: age === 0, saved: saved.slice(age), recorded: false };
  }
  return undefined;
}

/** The steps that checkpoint.json records, newest first; none when there is no record. */
export async function recordedSteps(
  { manifest }: CheckpointFiles,
  files: FileSystem = disk,
): Promise<readonly number[]> {
  const saved = parseManifest(await readIfThere(manifest, files));
  return (saved ?? []).map(({ step }) => step);
}

/** Saves checkpoints into a run folder that this process has locked. */
export class CheckpointStore {
  readonly #paths: CheckpointFiles;
  readonly #files: FileSystem;
  #saved: readonly Saved[];
  /** True while the file under the newest one's name may be another than the newest recorded one. */
  #unsure = false;

  /** For a run that has no checkpoint yet. */
  static create(paths: CheckpointFiles, files: FileSystem = disk): CheckpointStore {
    return new CheckpointStore(paths, [], files);
  }

  /**
   * Go on after `found`, which was loaded and is of `step`: it gets its place and its record back.
   * @throws CliError FILE when the folder cannot be written; what was found is then still there
   */
  static async reopen(
    paths: CheckpointFiles,
    found: FoundCheckpoint,
    step: number,
    files: FileSystem = disk,
  ): Promise<CheckpointStore> {
    if (found.recorded) return new CheckpointStore(paths, found.saved, files);
    const saved = [{ step, bytes: found.bytes.length, sha256: sha256(found.bytes) }];
    try {
      if (found.path !== paths.checkpoint) {
        await again(() => files.rename(paths.checkpoint, paths.rejected)).catch(ignoreMissing);
        await again(() => files.rename(found.path, paths.checkpoint));
        await syncFolder(files, dirname(paths.checkpoint));
      }
    } catch (error) {
      throw fileError('checkpoint', paths.checkpoint, error);
    }
    await writeManifest(paths, saved, files);
    return new CheckpointStore(paths, saved, files);
  }

  private constructor(paths: CheckpointFiles, saved: readonly Saved[], files: FileSystem) {
    this.#paths = paths;
    this.#saved = saved;
    this.#files = files;
  }

  /**
   * Save durably. What was saved before stays, as the one before.
   * @throws CliError FILE; the checkpoints on disk are then those from before
   */
  async save(bytes: Uint8Array, step: number): Promise<void> {
    const { checkpoint, previous } = this.#paths;
    const next = { step, bytes: bytes.length, sha256: sha256(bytes) };
    const [newest] = this.#saved;
    if (newest?.sha256 === next.sha256 && !this.#unsure) return;
    const temporary = temporaryPath(checkpoint);
    try {
      await writeAndSync(this.#files, temporary, bytes);
      // Where the newest one may not be under its name, it is still under the other.
      if (newest !== undefined && !this.#unsure) {
        await alsoNamed(this.#files, checkpoint, previous);
        await syncFolder(this.#files, dirname(checkpoint));
      }
      this.#unsure = true;
      await again(() => this.#files.rename(temporary, checkpoint));
      await syncFolder(this.#files, dirname(checkpoint));
    } catch (error) {
      await removeIfThere(this.#files, temporary).catch(() => {});
      throw fileError('checkpoint', checkpoint, error);
    }
    const saved = newest === undefined ? [next] : [next, newest];
    await writeManifest(this.#paths, saved, this.#files);
    this.#saved = saved;
    this.#unsure = false;
  }

  /**
   * Make sure that saving `bytes` again and again will find room: the one before, the newest and the next one lie side
   * by side for a moment.
   * @throws CliError FILE when the disk is too small or the folder read-only
   */
  async expectRoom(bytes: Uint8Array): Promise<void> {
    const copies = 3 - this.#saved.length;
    const paths = Array.from(
      { length: copies },
      (_, i) => `${temporaryPath(this.#paths.checkpoint)}${i || ''}`,
    );
    try {
      for (const path of paths) await writeAndSync(this.#files, path, bytes);
    } catch (error) {
      throw fileError('checkpoint', this.#paths.checkpoint, error);
    } finally {
      for (const path of paths) await removeIfThere(this.#files, path).catch(() => {});
    }
  }
}

/** A second name for a file, in place of whatever had it: a link, or a copy where the file system has no links. */
async function alsoNamed(files: FileSystem, path: string, name: string): Promise<void> {
  const temporary = temporaryPath(name);
  await removeIfThere(files, temporary);
  try {
    await again(() => files.link(path, temporary));
  } catch (error) {
    if (!hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV')) throw error;
    await writeAndSync(files, temporary, await again(() => files.readFile(path)));
  }
  await again(() => files.rename(temporary, name));
  await removeIfThere(files, temporary); // renaming a file to another name of its own does nothing
}

async function writeManifest(
  { manifest }: CheckpointFiles,
  checkpoints: readonly Saved[],
  files: FileSystem,
): Promise<void> {
  await replaceFile('checkpoint', manifest, `${JSON.stringify({ format, checkpoints }, null, 2)}\n`, files);
}

/** Undefined when there is no readable record. */
function parseManifest(content: Uint8Array | undefined): readonly Saved[] | undefined {
  if (content === undefined) return undefined;
  try {
    const value = JSON.parse(new TextDecoder().decode(content)) as {
      readonly format?: unknown;
      readonly checkpoints?: readonly Partial<Saved>[];
    };
    const valid =
      value.format === format &&
      Array.isArray(value.checkpoints) &&
      value.checkpoints.length > 0 &&
      value.checkpoints.every(({ step, sha256 }) => Number.isSafeInteger(step) && typeof sha256 === 'string');
    return valid ? (value.checkpoints as readonly Saved[]) : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined for a file that is not there, `damaged` for one whose blocks cannot be read, also at a second try. */
async function readIfThere(
  path: string,
  files: FileSystem,
  damaged?: Uint8Array,
): Promise<Uint8Array | undefined> {
  for (const last of [false, true]) {
    try {
      return await again(() => files.readFile(path));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      if (!hasCode(error, 'EIO')) throw fileError('checkpoint', path, error);
      if (last) return damaged;
    }
  }
  return undefined;
}

function ignoreMissing(error: unknown): void {
  if (!hasCode(error, 'ENOENT')) throw error;
}

function allDamaged({ checkpoint, manifest }: CheckpointFiles, saved: readonly Saved[]): CliError {
  const steps = saved.map(({ step }) => step).join(' or ');
  return new CliError(
    'CHECKPOINT',
    `checkpoint: file must be what was saved at step ${steps} (SHA-256), got damaged or other ones beside ${checkpoint}`,
    `restore it, or delete ${manifest} to use the file as it is`,
  );
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
