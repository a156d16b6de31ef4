/** What a worker does with one run from the queue. */
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { execute } from '../execute.js';
import type { TrialPool } from '../pool.js';
import { checkedSpec, type Outcome } from '../run-spec.js';
import type { RunStore, Store } from '../store.js';
import type { Progressed } from '../train-here.js';
import type { Job, Processor } from './bullmq.js';
import type { WorkerMetrics } from './metrics.js';
import type { Service } from './service.js';

/** Tells whoever watches the worker what happens. */
export type Say = (event: string, facts?: Readonly<Record<string, unknown>>) => void;

interface ServeOptions {
  readonly service: Service;
  readonly store: Store;
  /** Where runs are trained when that is not where they are kept; emptied after each. */
  readonly scratch: RunStore | undefined;
  readonly pool: TrialPool;
  readonly metrics: WorkerMetrics;
  readonly retries: number;
  /** Of this worker. */
  readonly name: string;
  readonly say: Say;
}

/** Failures of the machine, not of the run. */
const MACHINES_OWN = ['FILE', 'LOCKED'];
/** Between two reports of progress to the queue, ms. */
const PROGRESS_MS = 1000;
/** How long giving back may take, ms: without its service a run cannot be given back, and its lease ends by itself. */
const GIVE_BACK_MS = 5000;

export function serverOf({
  service,
  store,
  scratch,
  pool,
  metrics,
  retries,
  name,
  say,
}: ServeOptions): Processor {
  return async (job, token, signal) => {
    const spec = checkedSpec(job.data.spec);
    const run = spec.id;
    say('begin', { run });
    const tell = progressTeller(job, name);
    const outcome = await execute(spec, {
      store,
      pool,
      retries,
      signal,
      onProgress(progressed) {
        metrics.progressed(run, progressed.step);
        tell(progressed);
      },
      onLost: (reason) => say('repeat', { run, reason }),
    });
    if ('stopped' in outcome) {
      // Its attempt is saved: whoever takes it goes on from there.
      await Promise.race([job.moveToWait(token), sleep(GIVE_BACK_MS, undefined, { ref: false })]);
      say('give back', { run });
      throw new service.bull.WaitingError();
    }
    // Another machine may have the room or the folder that this one lacks; the queue counts the attempts.
    if ('failure' in outcome && MACHINES_OWN.includes(outcome.failure.code)) {
      say('refuse', { run, ...outcome.failure });
      throw new Error(outcome.failure.message);
    }
    if (scratch !== undefined) rmSync(scratch.folder(run), { recursive: true, force: true });
    say('end', { run, ...failureOf(outcome) });
    return outcome;
  };
}

function failureOf(outcome: Outcome): object {
  return 'failure' in outcome ? outcome.failure : {};
}

function progressTeller(job: Job, worker: string): (progressed: Progressed) => void {
  let told = performance.now();
  return (progressed) => {
    if (performance.now() - told < PROGRESS_MS) return;
    told = performance.now();
    job.updateProgress({ ...progressed, worker }).catch(() => {}); // the next one will tell
  };
}
