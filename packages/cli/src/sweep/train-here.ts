/** Trains one run of a sweep in this process, without a word: what a trial process does. */
import type { StepReport } from '@hw5/core';
import { planOfArgs } from '../commands/train.js';
import { columnMeans } from '../report/chart.js';
import type { Progress } from '../report/progress.js';
import { readMetrics } from '../run/metrics.js';
import { withSession } from '../session.js';
import { prepare } from '../train/open.js';
import { trainThrough } from '../train/restart.js';
import type { RunResult } from './run-spec.js';

export interface TrainOrder {
  readonly id: string;
  /** Arguments of `hw5 train`. */
  readonly args: readonly string[];
}

export interface Progressed {
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
}

/** @returns the result; undefined when it was stopped, and saved, before its end */
export async function trainHere(
  { id, args }: TrainOrder,
  onProgress: (progressed: Progressed) => void,
): Promise<RunResult | undefined> {
  const plan = await planOfArgs(args);
  const prepared = await prepare(plan);
  try {
    return await withSession({ precision: prepared.precision, fast: prepared.fast }, async (first) => {
      const run = await prepared.open(first);
      const { steps } = run.config;
      try {
        const progress = listener(({ step, loss }) => onProgress({ step, steps, loss }));
        const { session, summary } = await trainThrough(first, run, plan, progress, async () => {});
        await session.close();
        if (summary.stopped) return undefined;
        const { step, seconds, hash, loss, valLoss, valMetrics } = summary;
        const measured = {
          loss,
          ...(valLoss === undefined ? {} : { valLoss }),
          ...(valMetrics === undefined ? {} : { valMetrics }),
        };
        return { id, steps: step, seconds, hash, ...measured, ...curvesOf(readMetrics(run.files.metrics)) };
      } finally {
        run.lock.release();
      }
    });
  } finally {
    prepared.cancel();
  }
}

function listener(report: Progress['report']): Progress {
  return { start() {}, note() {}, restart() {}, stop() {}, report };
}

/** Points that a loss curve is thinned to. */
const POINTS = 60;

function curvesOf(steps: readonly StepReport[]): Pick<RunResult, 'validations' | 'losses'> {
  const validations = steps.flatMap(({ step, loss, valLoss, valMetrics }) =>
    valLoss === undefined
      ? []
      : [{ step, loss, valLoss, ...(valMetrics === undefined ? {} : { valMetrics }) }],
  );
  return { validations, losses: columnMeans(steps, POINTS) };
}
