/**
 * Opens a run for training, new or resumed. Everything that can go wrong with the text, the options or the
 * disk goes wrong here, before the first step; a new run that cannot start leaves nothing behind.
 */
import { rmdirSync, rmSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { CharLMConfig, RunInfo, Session } from '@hw5/core';
import { CliError } from '../errors.js';
import { type RunConfig, readConfig, runConfig, writeConfig } from '../run/config.js';
import { replaceFile } from '../run/durable.js';
import { makeRunFolder, type RunFiles, readCheckpoint, refuseExistingRun, runFiles } from '../run/folder.js';
import { type Lock, lockRun } from '../run/lock.js';
import { truncateMetrics } from '../run/metrics.js';
import { readText, sampleName, type Text } from '../text.js';
import { modelFlags, planDefaults, type TrainPlan } from './plan.js';

export interface OpenRun {
  readonly files: RunFiles;
  readonly config: RunConfig;
  readonly info: RunInfo;
  /** Loss of the last step before, when resumed. */
  readonly lastLoss: number | undefined;
  readonly lock: Lock;
}

/** Everything that is known before a session exists. */
export interface Prepared {
  readonly precision: 'f32' | 'f64';
  readonly fast: boolean;
  /** Create or reload the model, and claim the run folder. */
  open(session: Session): Promise<OpenRun>;
  /** Undo what preparing claimed, when no session could be opened. */
  cancel(): void;
}

export async function prepare(plan: TrainPlan): Promise<Prepared> {
  return plan.resume === undefined ? prepareNew(plan) : prepareResume(plan, plan.resume);
}

async function prepareNew(plan: TrainPlan): Promise<Prepared> {
  const text = await readText(plan.data ?? sampleName);
  const precision = plan.precision ?? planDefaults.precision;
  const fast = plan.fast ?? planDefaults.fast;
  return {
    precision,
    fast,
    cancel() {},
    async open(session) {
      const info = await session.createCharLM(text.text, plan.model);
      const files = runFiles(makeRunFolder(plan.out, text.name, info.config.seed));
      const lock = lockRun(files.folder);
      try {
        refuseExistingRun(files);
      } catch (error) {
        lock.release();
        throw error;
      }
      const config = runConfig({
        steps: plan.steps ?? planDefaults.steps,
        model: info.config,
        precision,
        fast,
        data: { source: text.source ?? 'text.txt', sha256: text.sha256 },
        checkpointEvery: plan.checkpointEvery ?? planDefaults.checkpointEvery,
        sampleEvery: plan.sampleEvery ?? planDefaults.sampleEvery,
      });
      try {
        await writeNewRun(files, config, text, await session.checkpoint());
      } catch (error) {
        for (const path of [files.config, files.text, files.checkpoint, files.metrics])
          rmSync(path, { force: true });
        lock.release();
        removeIfEmpty(files.folder);
        throw error;
      }
      return { files, config, info, lastLoss: undefined, lock };
    },
  };
}

async function writeNewRun(
  files: RunFiles,
  config: RunConfig,
  text: Text,
  checkpoint: Uint8Array,
): Promise<void> {
  if (text.source === undefined) await replaceFile('text', files.text, text.bytes);
  await writeConfig(files.config, config);
  await truncateMetrics(files.metrics, 0);
  // Twice: each later save needs room for the old file and the new one, so a disk that is too small says so now.
  await replaceFile('checkpoint', files.checkpoint, checkpoint);
  await replaceFile('checkpoint', files.checkpoint, checkpoint);
}

async function prepareResume(plan: TrainPlan, folder: string): Promise<Prepared> {
  const files = runFiles(folder);
  const before = readConfig(files.config);
  const config: RunConfig = {
    ...before,
    steps: plan.steps ?? before.steps,
    checkpointEvery: plan.checkpointEvery ?? before.checkpointEvery,
    sampleEvery: plan.sampleEvery ?? before.sampleEvery,
  };
  refuseChanges(plan, before);
  const lock = lockRun(folder);
  return {
    precision: config.precision,
    fast: config.fast,
    cancel: () => lock.release(),
    async open(session) {
      try {
        const text = await readSameText(plan, config, files);
        const checkpoint = readCheckpoint(files.checkpoint);
        const info = await session.loadCharLM(checkpoint, text.text);
        refuseNothingToDo(files, config, info.step);
        await writeConfig(files.config, config);
        const past = await truncateMetrics(files.metrics, info.step);
        // The same bytes once more: a folder that cannot be written says so before the first step.
        await replaceFile('checkpoint', files.checkpoint, checkpoint);
        return { files, config, info, lastLoss: past.at(-1)?.loss, lock };
      } catch (error) {
        lock.release();
        throw error;
      }
    },
  };
}

/** The same run in a new session, from the checkpoint in its folder. */
export async function reopenRun(run: OpenRun, plan: TrainPlan): Promise<{ session: Session; run: OpenRun }> {
  const { files, config } = run;
  const { resumeSession } = await import('@hw5/core');
  const { text } = await readSameText(plan, config, files);
  const { precision, fast } = config;
  const { session, info } = await resumeSession(readCheckpoint(files.checkpoint), text, { precision, fast });
  const past = await truncateMetrics(files.metrics, info.step);
  return { session, run: { ...run, info, lastLoss: past.at(-1)?.loss } };
}

/** A resumed run is the same run: only its length and its reporting may change. */
function refuseChanges(plan: TrainPlan, { model, precision, fast }: RunConfig): void {
  const refuse = (flag: string, has: unknown, got: unknown): never => {
    throw new CliError(
      'RUN',
      `resume: ${flag} must stay ${String(has)}, the run's own, got ${String(got)}`,
      'leave it out to continue, or start a new run without --resume',
    );
  };
  for (const key of Object.keys(modelFlags) as (keyof CharLMConfig)[]) {
    const wanted = plan.model[key];
    if (wanted !== undefined && wanted !== model[key]) refuse(modelFlags[key], model[key], wanted);
  }
  if (plan.precision !== undefined && plan.precision !== precision)
    refuse('--precision', precision, plan.precision);
  if (plan.fast !== undefined && plan.fast !== fast)
    refuse('--fast', fast ? 'on' : 'off', plan.fast ? 'on' : 'off');
}

async function readSameText(plan: TrainPlan, config: RunConfig, files: RunFiles): Promise<Text> {
  const { source, sha256 } = config.data;
  const path = source === sampleName || isAbsolute(source) ? source : join(files.folder, source);
  const text = await readText(plan.data ?? path);
  if (text.sha256 === sha256) return text;
  throw new CliError(
    'RUN',
    `resume: text must be the one the run began with (SHA-256 ${sha256.slice(0, 12)}...), got ${text.sha256.slice(0, 12)}... in ${plan.data ?? path}`,
    'restore it, name a copy with --data, or start a new run',
  );
}

function refuseNothingToDo(files: RunFiles, config: RunConfig, step: number): void {
  if (config.steps > step) return;
  throw new CliError(
    'RUN',
    `resume: --steps must be more than the ${step} steps the run has done, got ${config.steps}`,
    `hw5 train char-lm --resume ${files.folder} --steps ${step * 2}`,
  );
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // not empty: it was the user's before
  }
}
