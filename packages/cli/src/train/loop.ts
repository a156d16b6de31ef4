/** Drives one session.train call: records every step, saves on the way and at the end, stops at a step's edge. */
import type { Session, StepReport, TrainSummary } from '@hw5/core';
import { CliError, failureOf, Interrupted, withHint } from '../errors.js';
import { stopSignal } from '../interrupt.js';
import type { Progress } from '../report/progress.js';
import { replaceFile } from '../run/durable.js';
import { EventWriter } from '../run/events.js';
import { shownPath } from '../run/folder.js';
import { MetricsWriter, readMetrics } from '../run/metrics.js';
import type { MlflowTracker } from '../run/mlflow.js';
import { CheckpointSaver } from '../run/saver.js';
import type { OpenRun } from './open.js';

/**
 * Train until the run's step goal, a signal, or a failure. When the promise settles the run folder holds a
 * good checkpoint: the last step's, or, after a failure, the last one that was saved.
 */
export async function trainRun(
  session: Session,
  run: OpenRun,
  progress: Progress,
  onSample: (step: number) => Promise<void>,
  tracker: MlflowTracker | undefined,
): Promise<TrainSummary> {
  const failed = new AbortController();
  const fail = (error: unknown): void => failed.abort(error);
  const writer = new MetricsWriter(run.files.metrics);
  // The metrics first: a checkpoint that is found has all of them up to its step.
  const save = async (bytes: Uint8Array, step: number): Promise<void> => {
    await writer.sync();
    await run.checkpoints.save(bytes, step);
  };
  const saver = new CheckpointSaver(save, run.info.step, fail);
  const events = run.config.tensorboard
    ? await EventWriter.open(run.files.events, readMetrics(run.files.metrics))
    : undefined;
  let lastLoss = run.lastLoss;
  let sampling: Promise<void> = Promise.resolve();

  const onReports = (reports: readonly StepReport[]): void => {
    if (failed.signal.aborted) return;
    try {
      writer.append(reports);
      events?.append(reports);
      tracker?.append(reports);
      for (const report of reports) {
        lastLoss = report.loss;
        progress.report(report);
        saver.confirm(report.step);
        const { sampleEvery, steps } = run.config;
        if (sampleEvery > 0 && report.step % sampleEvery === 0 && report.step < steps) {
          sampling = sampling.then(() => onSample(report.step)).catch(fail);
        }
      }
    } catch (error) {
      fail(error);
    }
  };

  try {
    const stop = stopSignal();
    stop.addEventListener('abort', () => {
      if (stop.reason === 'signal')
        progress.note('stopping at the end of this step to save; again to leave at once');
    });
    const result = await session.train({
      steps: run.config.steps,
      checkpointEvery: run.config.checkpointEvery,
      keepBest: run.config.keepBest,
      patience: run.config.patience,
      updateRatio: run.config.tensorboard,
      onReports,
      onCheckpoint: (bytes, step, best) =>
        // A validation that is the best so far was finite: its checkpoint is good.
        best ? replaceFile('checkpoint', run.files.best, bytes) : saver.offer(bytes, step),
      signal: AbortSignal.any([stop, failed.signal]),
    });
    await sampling;
    await saver.settled();
    failed.signal.throwIfAborted();
    refuseDiverged(result);
    // A run that was stopped before its next step has no new loss: the last one known is from before.
    const loss = Number.isFinite(result.loss) ? result.loss : (lastLoss ?? result.loss);
    await saver.save(await session.checkpoint(), result.step);
    return { ...result, loss };
  } catch (error) {
    await saver.settled();
    // Stopped before the first step: the checkpoint that the run began with is the current one.
    if (failureOf(error).code === 'ABORTED') throw new Interrupted();
    throw withHint(error, hintAfter(error, run, saver.savedStep));
  } finally {
    writer.close();
  }
}

/** The last step's update is checked by the validation that follows it. */
function refuseDiverged({ step, valLoss }: TrainSummary): void {
  if (valLoss === undefined || Number.isFinite(valLoss)) return;
  throw new CliError(
    'DIVERGED',
    `train: validation loss must stay finite, got ${valLoss} after step ${step}`,
  );
}

function hintAfter(error: unknown, run: OpenRun, savedStep: number): string {
  const kept = `the checkpoint of step ${savedStep} is kept in ${shownPath(run.files.checkpoint)}`;
  const rate = `try a smaller --lr than ${run.config.model.learningRate}`;
  const resume = `continue with --resume ${shownPath(run.files.folder)}`;
  return `${kept}; ${failureOf(error).code === 'DIVERGED' ? rate : resume}`;
}
