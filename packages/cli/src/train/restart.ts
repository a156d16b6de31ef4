/** Trains on when a worker is lost: a new session takes the run up where its last checkpoint left it. */
import type { Session, TrainSummary } from '@hw5/core';
import { failureOf } from '../errors.js';
import type { Progress } from '../report/progress.js';
import type { RunStatus } from '../run/mlflow.js';
import { trainRun } from './loop.js';
import { type OpenRun, reopenRun } from './open.js';
import type { TrainPlan } from './plan.js';
import { openTracker } from './tracker.js';

export interface Trained {
  /** The session that ended the training; the caller closes it. */
  readonly session: Session;
  readonly summary: TrainSummary;
}

/** @throws what ended the training, when that is no lost worker or `plan.restarts` are used up; no session is then left */
export async function trainThrough(
  first: Session,
  firstRun: OpenRun,
  plan: TrainPlan,
  progress: Progress,
  onSample: (session: Session, step: number) => Promise<void>,
): Promise<Trained> {
  let session = first;
  let run = firstRun;
  const tracker = await openTracker(run, plan);
  let status: RunStatus = 'FAILED';
  progress.start(run.info.step, run.config.steps);
  try {
    for (let left = plan.restarts; ; left -= 1) {
      try {
        const summary = await trainRun(session, run, progress, (step) => onSample(session, step), tracker);
        status = summary.stopped ? 'KILLED' : 'FINISHED';
        return { session, summary };
      } catch (error) {
        const { code, message } = failureOf(error);
        await session.close();
        if (code !== 'SESSION_LOST' || left === 0) throw error;
        ({ session, run } = await reopenRun(run, plan));
        progress.restart(run.info.step, message);
      }
    }
  } finally {
    progress.stop();
    await tracker?.end(status);
  }
}
