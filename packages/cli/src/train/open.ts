/**
 * Opens a run for training, new or resumed. Everything that can go wrong with the text, the options or the
 * disk goes wrong here, before the first step; a new run that cannot start leaves nothing behind.
 */
import { rmdirSync, rmSync } from 'node:fs';
import type { RunFacts, RunRequest, Session } from '@hw5/core';
import { CliError } from '../errors.js';
import { CheckpointStore, findCheckpoint } from '../run/checkpoints.js';
import { dataName, type RunConfig, readConfig, runConfig, writeConfig } from '../run/config.js';
import { replaceFile } from '../run/durable.js';
import { makeRunFolder, type RunFiles, refuseExistingRun, runFiles } from '../run/folder.js';
import { type Lock, lockRun } from '../run/lock.js';
import { truncateMetrics } from '../run/metrics.js';
import { warn } from '../terminal.js';
import { modelFlags, planDefaults, type Settings, type TrainPlan, taskDefaults } from './plan.js';
import { type DataSource, newSource, sameSource } from './source.js';
import { readTokenizer } from './tokenizer.js';

export interface OpenRun {
  readonly files: RunFiles;
  readonly config: RunConfig;
  readonly info: RunFacts;
  readonly checkpoints: CheckpointStore;
  /** Why the run does not go on from the newest checkpoint that was saved, or from its own file. */
  readonly recovered: string | undefined;
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
  const source = await newSource(plan);
  const tokenizer = plan.tokenizer === undefined ? undefined : await readTokenizer(plan.tokenizer);
  const precision = plan.precision ?? planDefaults.precision;
  const fast = plan.fast ?? planDefaults.fast;
  return {
    precision,
    fast,
    cancel() {},
    async open(session) {
      const request = { task: plan.task, data: source.data, config: plan.model, tokenizer } as RunRequest;
      const info = await session.createRun(request);
      const files = runFiles(makeRunFolder(plan.out, source.name, info.config.seed));
      const lock = lockRun(files.folder);
      try {
        refuseExistingRun(files);
      } catch (error) {
        lock.release();
        throw error;
      }
      const config = runConfig({
        task: plan.task,
        steps: stepsOf(plan, info) ?? planDefaults.steps,
        model: info.config,
        precision,
        fast,
        data: source.record,
        checkpointEvery: plan.checkpointEvery ?? planDefaults.checkpointEvery,
        sampleEvery: plan.sampleEvery ?? planDefaults.sampleEvery,
        patience: plan.patience ?? planDefaults.patience,
        keepBest: plan.keepBest ?? false,
        tensorboard: plan.tensorboard ?? false,
      });
      const checkpoints = CheckpointStore.create(files);
      try {
        await writeNewRun(files, config, source, await session.checkpoint(), checkpoints);
      } catch (error) {
        lock.release();
        removeIfEmpty(files.folder);
        throw error;
      }
      return { files, config, info, checkpoints, recovered: undefined, lastLoss: undefined, lock };
    },
  };
}

/** The files of a run at its first step. When one cannot be written none stays. */
export async function writeNewRun(
  files: RunFiles,
  config: RunConfig,
  source: Pick<DataSource, 'copy'>,
  checkpoint: Uint8Array,
  checkpoints: CheckpointStore,
): Promise<void> {
  try {
    if (source.copy !== undefined) await replaceFile('text', files.text, source.copy);
    await writeConfig(files.config, config);
    await truncateMetrics(files.metrics, 0);
    await checkpoints.save(checkpoint, 0);
    await checkpoints.expectRoom(checkpoint);
  } catch (error) {
    for (const path of [files.config, files.text, files.checkpoint, files.manifest, files.metrics])
      rmSync(path, { force: true });
    throw error;
  }
}

async function prepareResume(plan: TrainPlan, folder: string): Promise<Prepared> {
  const files = runFiles(folder);
  const before = readConfig(files.config);
  const resumed: RunConfig = {
    ...before,
    checkpointEvery: plan.checkpointEvery ?? before.checkpointEvery,
    sampleEvery: plan.sampleEvery ?? before.sampleEvery,
    patience: plan.patience ?? before.patience,
    keepBest: plan.keepBest ?? before.keepBest,
    tensorboard: plan.tensorboard ?? before.tensorboard,
  };
  refuseChanges(plan, before);
  const lock = lockRun(folder);
  return {
    precision: before.precision,
    fast: before.fast,
    cancel: () => lock.release(),
    async open(session) {
      try {
        const data = await sameSource(plan.data, before, files);
        const found = await findCheckpoint(files);
        const info = await session.loadRun(found.bytes, data);
        const config = { ...resumed, steps: stepsOf(plan, info) ?? before.steps };
        refuseNothingToDo(files, config, info.step);
        await writeConfig(files.config, config);
        const { recovered } = found;
        if (recovered !== undefined) warn(`checkpoint: ${recovered}`);
        const checkpoints = await CheckpointStore.reopen(files, found, info.step);
        await checkpoints.expectRoom(found.bytes);
        const past = await truncateMetrics(files.metrics, info.step);
        return { files, config, info, checkpoints, recovered, lastLoss: past.at(-1)?.loss, lock };
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
  const data = await sameSource(plan.data, config, files);
  const { precision, fast } = config;
  const found = await findCheckpoint(files);
  const { session, facts } = await resumeSession(found.bytes, data, { precision, fast });
  const checkpoints = await CheckpointStore.reopen(files, found, facts.step);
  const past = await truncateMetrics(files.metrics, facts.step);
  return { session, run: { ...run, info: facts, checkpoints, lastLoss: past.at(-1)?.loss } };
}

/** A resumed run is the same run: only its length and its reporting may change. */
function refuseChanges(plan: TrainPlan, { task, data, model, precision, fast }: RunConfig): void {
  const refuse = (flag: string, has: unknown, got: unknown): never => {
    throw new CliError(
      'RUN',
      `resume: ${flag} must stay ${String(has)}, the run's own, got ${String(got)}`,
      'leave it out to continue, or start a new run without --resume',
    );
  };
  if (plan.task !== task) refuse('task', task, plan.task);
  if (plan.generated !== undefined) {
    const own = dataName(data);
    refuse('--task and its size', own, plan.generated.task);
  }
  const has = model as unknown as Settings;
  for (const [key, flag] of Object.entries(modelFlags)) {
    const wanted = plan.model[key];
    if (wanted === undefined || JSON.stringify(wanted) === JSON.stringify(has[key])) continue;
    refuse(
      key === 'unit' && task === 'char-lm' ? '--tokens' : flag,
      JSON.stringify(has[key] ?? 'constant').replaceAll('"', ''),
      JSON.stringify(wanted).replaceAll('"', ''),
    );
  }
  if (plan.precision !== undefined && plan.precision !== precision)
    refuse('--precision', precision, plan.precision);
  if (plan.fast !== undefined && plan.fast !== fast)
    refuse('--fast', fast ? 'on' : 'off', plan.fast ? 'on' : 'off');
}

/** Steps that were asked for, as such or as passes over the examples. */
function stepsOf(plan: TrainPlan, { stepsPerEpoch }: RunFacts): number | undefined {
  if (plan.steps !== undefined) return plan.steps;
  const epochs = plan.epochs ?? (plan.resume === undefined ? taskDefaults[plan.task].epochs : undefined);
  return epochs === undefined ? undefined : Math.max(1, Math.round(epochs * stepsPerEpoch));
}

function refuseNothingToDo(files: RunFiles, config: RunConfig, step: number): void {
  if (config.steps > step) return;
  throw new CliError(
    'RUN',
    `resume: --steps must be more than the ${step} steps the run has done, got ${config.steps}`,
    `hw5 train ${config.task} --resume ${files.folder} --steps ${step * 2}`,
  );
}

export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // not empty: it was the user's before
  }
}
