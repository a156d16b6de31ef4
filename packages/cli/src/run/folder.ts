/** Where a run lives: its files, a free name for a new one, and what a RUN argument means. */
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { CliError, fileError } from '../errors.js';
import { type CheckpointFiles, findCheckpoint } from './checkpoints.js';
import { type RunConfig, readConfig } from './config.js';
import { hasCode } from './durable.js';
import { isLocked } from './lock.js';

/** Every file of a run, by what it is. */
export interface RunFiles extends CheckpointFiles {
  readonly folder: string;
  readonly config: string;
  readonly metrics: string;
  /** The checkpoint of the best validation, when asked for. */
  readonly best: string;
  /** TensorBoard's, when asked for. */
  readonly events: string;
  /** Where the run is reported, when asked for. */
  readonly mlflow: string;
  /** The page of `hw5 report`. */
  readonly report: string;
  /** A copy of the text, only when it came through a pipe and could not be read again. */
  readonly text: string;
}

export function runFiles(folder: string): RunFiles {
  return {
    folder,
    config: join(folder, 'config.json'),
    metrics: join(folder, 'metrics.jsonl'),
    checkpoint: join(folder, 'checkpoint.safetensors'),
    previous: join(folder, 'checkpoint.previous.safetensors'),
    manifest: join(folder, 'checkpoint.json'),
    rejected: join(folder, 'checkpoint.rejected.safetensors'),
    best: join(folder, 'best.safetensors'),
    events: join(folder, 'events.out.tfevents.hw5'),
    mlflow: join(folder, 'mlflow.json'),
    report: join(folder, 'report.html'),
    text: join(folder, 'text.txt'),
  };
}

/** All files that hw5 writes into a run folder, those of a write that was cut short included. */
export function ownFiles(files: RunFiles): string[] {
  const { folder, ...paths } = files;
  const whole = [...Object.values(paths), join(folder, 'lock'), join(folder, 'lock.takeover')];
  return [...whole, ...whole.flatMap((path) => [`${path}.tmp`, `${path}.tmp1`])];
}

/** Make a folder for a new run: `out`, or the first free of runs/NAME-SEED, runs/NAME-SEED-2, ... */
export function makeRunFolder(out: string | undefined, name: string, seed: number): string {
  if (out !== undefined) {
    makeFolder(out);
    return out;
  }
  makeFolder('runs');
  const stem = `${name.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 60) || 'text'}-${seed}`;
  for (let count = 1; ; count++) {
    const folder = join('runs', count === 1 ? stem : `${stem}-${count}`);
    try {
      mkdirSync(folder);
      return folder;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw fileError('out', folder, error);
    }
  }
}

function makeFolder(path: string): void {
  try {
    makeWithParents(resolve(path));
  } catch (error) {
    throw fileError('out', path, error, 'choose another --out');
  }
}

/** Like mkdir -p. Node's own recursive mkdir says "no such path" for a read-only file system. */
function makeWithParents(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (hasCode(error, 'EEXIST') && statSync(path).isDirectory()) return;
    if (!hasCode(error, 'ENOENT') || dirname(path) === path) throw error;
    makeWithParents(dirname(path));
    mkdirSync(path);
  }
}

/** Refuse a folder that already holds a run: starting over in it would destroy that run. */
export function refuseExistingRun(files: RunFiles): void {
  for (const path of [files.config, files.checkpoint, files.previous, files.metrics, files.text]) {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) continue;
    throw new CliError(
      'RUN',
      `out: folder must not hold a run already, got ${path}`,
      `continue it with --resume ${files.folder}, or choose another --out`,
    );
  }
}

/** A checkpoint on disk and, when it lies in a run folder, that run's files and config. */
export interface SavedModel {
  readonly checkpoint: string;
  readonly bytes: Uint8Array;
  /** Why another than the newest saved checkpoint, or another file than its own, was taken. */
  readonly recovered: string | undefined;
  readonly run: { readonly files: RunFiles; readonly config: RunConfig } | undefined;
}

/** Resolve a RUN argument: a run folder, or a checkpoint file. */
export async function openModel(path: string): Promise<SavedModel> {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined) {
    throw new CliError('FILE', `run: folder or checkpoint must exist, got ${path}`, availableRuns());
  }
  if (facts.isDirectory()) {
    const files = runFiles(path);
    const config = readConfig(files.config);
    const { path: checkpoint, bytes, newest, ...found } = await findCheckpoint(files);
    // Between two files of a run that is saving just now there is nothing to tell.
    const recovered = newest && isLocked(path) ? undefined : found.recovered;
    return { checkpoint, bytes, recovered, run: { files, config } };
  }
  const files = runFiles(dirname(path));
  const inRun =
    basename(path) === basename(files.checkpoint) && statSync(files.config, { throwIfNoEntry: false });
  const run = inRun ? { files, config: readConfig(files.config) } : undefined;
  return { checkpoint: path, bytes: readCheckpoint(path), recovered: undefined, run };
}

function readCheckpoint(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw fileError('checkpoint', path, error);
  }
}

/** The run in `runs/` whose checkpoint is the newest: what `--resume` without a name means. */
export function newestRun(): string {
  const newest = runsByAge()[0];
  if (newest === undefined) {
    throw new CliError(
      'RUN',
      'resume: there must be a run to continue, got none in runs/',
      'name its folder: --resume RUN',
    );
  }
  return newest;
}

function availableRuns(): string {
  const runs = runsByAge().slice(0, 3);
  return runs.length === 0 ? 'make one: hw5 train char-lm' : `newest runs: ${runs.join(', ')}`;
}

function runsByAge(): string[] {
  let names: string[];
  try {
    names = readdirSync('runs');
  } catch {
    return [];
  }
  return names
    .flatMap((name) => {
      const folder = join('runs', name);
      const { checkpoint, previous } = runFiles(folder);
      const facts =
        statSync(checkpoint, { throwIfNoEntry: false }) ?? statSync(previous, { throwIfNoEntry: false });
      return facts === undefined ? [] : [{ folder, time: facts.mtimeMs }];
    })
    .sort((a, b) => b.time - a.time || a.folder.localeCompare(b.folder))
    .map((run) => run.folder);
}

/** A path as the reader would type it: relative when that is shorter. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), resolve(path));
  return short !== '' && short.length < path.length ? short : path;
}
