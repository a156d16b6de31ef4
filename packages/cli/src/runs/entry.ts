/** What is known of a run without loading its model: from its config, its metrics and the record of its checkpoints. */
import { lstatSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { CliError, fileError } from '../errors.js';
import { recordedSteps } from '../run/checkpoints.js';
import { type RunConfig, readConfig } from '../run/config.js';
import { ownFiles, type RunFiles, runFiles } from '../run/folder.js';
import { isLocked } from '../run/lock.js';
import { readMetrics } from '../run/metrics.js';

/** running: a process has it; done: its goal is reached; stopped: it can go on; broken: it has no checkpoint. */
export const statuses = ['running', 'done', 'stopped', 'broken'] as const;
export type Status = (typeof statuses)[number];

export interface RunEntry {
  readonly name: string;
  readonly files: RunFiles;
  readonly config: RunConfig;
  readonly status: Status;
  /** Of the newest checkpoint. */
  readonly step: number;
  readonly goal: number;
  /** nats; of the last step before the checkpoint. */
  readonly loss: number | undefined;
  /** nats; the best validation, and what else it counted. */
  readonly best: { readonly step: number; readonly valLoss: number } | undefined;
  readonly valMetrics: Readonly<Record<string, number>> | undefined;
  /** Of hw5's files. */
  readonly bytes: number;
  /** Milliseconds since 1970: when it was last written to. */
  readonly time: number;
}

/** @throws CliError RUN or FILE when the folder is not a run */
export async function readEntry(folder: string): Promise<RunEntry> {
  const files = runFiles(folder);
  const config = readConfig(files.config);
  const [recorded] = await recordedSteps(files);
  const all = readMetrics(files.metrics);
  const hasCheckpoint = [files.checkpoint, files.previous].some(exists);
  const step = recorded ?? (hasCheckpoint ? (all.at(-1)?.step ?? 0) : 0);
  const metrics = all.filter((report) => report.step <= step);
  const validated = metrics.flatMap(({ step, valLoss, valMetrics }) =>
    valLoss === undefined ? [] : [{ step, valLoss, valMetrics }],
  );
  const best = validated.toSorted((a, b) => a.valLoss - b.valLoss)[0];
  const facts = ownFiles(files).flatMap((path) => statSync(path, { throwIfNoEntry: false }) ?? []);
  // Two names of one file are one file.
  const sizes = new Map(facts.map(({ dev, ino, size }) => [`${dev}:${ino}`, size]));
  return {
    name: basename(resolve(folder)),
    files,
    config,
    status: isLocked(folder)
      ? 'running'
      : !hasCheckpoint
        ? 'broken'
        : step >= config.steps
          ? 'done'
          : 'stopped',
    step,
    goal: config.steps,
    loss: metrics.at(-1)?.loss,
    best: best && { step: best.step, valLoss: best.valLoss },
    valMetrics: best?.valMetrics,
    bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0),
    time: Math.max(0, ...facts.map(({ mtimeMs }) => mtimeMs)),
  };
}

/** All runs right below `folder`; whatever else lies there, and links that lead elsewhere, are none. */
export async function readEntries(folder: string): Promise<RunEntry[]> {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw fileError('runs', folder, error, 'name the folder of the runs: --dir FOLDER');
  }
  const folders = names.map((name) => join(folder, name)).filter((path) => lstatSync(path).isDirectory());
  const runs = folders.filter((path) => exists(runFiles(path).config));
  const entries = await Promise.all(
    runs.map((path) =>
      readEntry(path).catch((error: unknown) => {
        // The config of something else.
        if (error instanceof CliError && error.code === 'RUN') return undefined;
        throw error;
      }),
    ),
  );
  return entries.filter((entry) => entry !== undefined);
}

/** A run by its folder, or by its name below `dir`. */
export async function namedEntry(name: string, dir: string): Promise<RunEntry> {
  const within = join(dir, name);
  return readEntry(exists(name) || !exists(within) ? name : within);
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
