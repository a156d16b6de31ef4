/** One training run from plan to report. */
import type { Session } from '@hw5/core';
import { EXIT, Interrupted } from '../errors.js';
import { stopSignal } from '../interrupt.js';
import { openProgress } from '../report/progress.js';
import { sampleBlock } from '../report/sample.js';
import { taskReport } from '../report/task-report.js';
import { withSession } from '../session.js';
import { err, out } from '../terminal.js';
import { type OpenRun, prepare } from './open.js';
import type { TrainPlan } from './plan.js';
import { printHeader, printResult, resultJson } from './report.js';
import { trainThrough } from './restart.js';

/** Characters of a sample before, during and after training. */
const sampleLength = 200;

/** Train as planned; sets exit code 130 when a signal ended the run early. */
export async function train(plan: TrainPlan): Promise<void> {
  const stop = stopSignal();
  const prepared = await prepare(plan);
  try {
    await withSession({ precision: prepared.precision, fast: prepared.fast }, async (session) => {
      const run = await prepared.open(session);
      try {
        if (stop.aborted) throw new Interrupted();
        await trainAndReport(session, run, plan);
      } finally {
        run.lock.release();
      }
    });
  } finally {
    prepared.cancel();
  }
}

async function trainAndReport(first: Session, run: OpenRun, plan: TrainPlan): Promise<void> {
  const talks = !plan.json && !plan.quiet;
  const seed = run.config.model.seed;
  const writes = run.config.task === 'char-lm';
  const sample = (session: Session): Promise<string> =>
    session.generate({ length: sampleLength, temperature: 0.8, seed });
  if (talks) {
    printHeader(run, await first.kernel());
    if (writes) {
      out.line(sampleBlock(`sample at step ${run.info.step}`, await sample(first), out));
      err.line();
    }
  }
  const progress = await openProgress({ ...plan, model: run.config.model });
  if (stopSignal().aborted) throw new Interrupted();
  const { session, summary } = await trainThrough(first, run, plan, progress, async (session, step) => {
    if (!writes) return;
    const text = await sample(session);
    if (talks) progress.note(sampleBlock(`sample at step ${step}`, text, err));
  });
  try {
    if (summary.stopped) process.exitCode = EXIT.interrupted;
    if (plan.json) out.line(JSON.stringify(resultJson(run, summary)));
    else {
      if (talks && !writes && run.info.sizes.validation > 0) {
        out.line(`\n${taskReport(await session.report(), out)}\n`);
      }
      printResult(run, summary, plan.quiet, talks && writes ? await sample(session) : undefined);
    }
  } finally {
    await session.close();
  }
}
