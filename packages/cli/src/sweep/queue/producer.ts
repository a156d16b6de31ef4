/**
 * Puts a sweep's runs into a queue and takes the results out. The queue may lose everything at any time: what was asked
 * for and has no result is put in again, under the same name, so that nothing is trained twice that was not lost.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { failureOf } from '../../errors.js';
import type { Executor, RunWatcher } from '../executor.js';
import type { Outcome, RunFailure, RunSpec } from '../run-spec.js';
import type { Store } from '../store.js';
import type { Job, JobProgress, Queue } from './bullmq.js';
import { QUEUE_NAME, type Service } from './service.js';

/** Between two looks at the queue, ms. */
const LOOK_MS = 300;
/** Looks that must miss a job before it counts as lost: it may be on its way from one state to another. */
const MISSES = 3;
/** How long leaving may take when the service is gone, ms. */
const LEAVE_MS = 3000;
/** A look that takes longer than this is told: the service is away. */
const AWAY_MS = 5000;
const STATES = ['waiting', 'active', 'delayed', 'prioritized', 'paused', 'completed', 'failed'] as const;

export interface ProducerOptions {
  readonly service: Service;
  /** Names the sweep among others in the queue. */
  readonly sweep: string;
  /** Where workers leave what they trained; results are found there when the queue lost them. */
  readonly store: Store;
  /** Runs in the queue at the same time. */
  readonly capacity: number;
  /** How often a worker may fail a run (a full disk, a missing folder) before the run counts as failed. */
  readonly retries: number;
  readonly watcher: RunWatcher;
}

interface Wanted {
  readonly spec: RunSpec;
  readonly settle: (outcome: Outcome) => void;
  misses: number;
}

export async function queueExecutor(options: ProducerOptions): Promise<Executor> {
  const { service, capacity, watcher } = options;
  const queue = new service.bull.Queue(QUEUE_NAME, { connection: service.connection });
  queue.on('error', () => {}); // the looks notice, and say so once
  await queue.waitUntilReady();
  for (const warning of service.warnings) watcher.onNote(warning);
  const producer = new Producer(queue, options);
  return {
    capacity,
    run: (spec) => producer.run(spec),
    drain: () => producer.drain(),
    close: () => producer.close(),
  };
}

class Producer {
  readonly #queue: Queue;
  readonly #options: ProducerOptions;
  readonly #wanted = new Map<string, Wanted>();
  readonly #looking: Promise<void>;
  #open = true;
  #draining = false;
  #awaySince: number | undefined;

  constructor(queue: Queue, options: ProducerOptions) {
    this.#queue = queue;
    this.#options = options;
    this.#looking = this.#look();
  }

  async run(spec: RunSpec): Promise<Outcome> {
    if (this.#draining) return { stopped: true };
    const id = `${this.#options.sweep}-${spec.id}`;
    const outcome = new Promise<Outcome>((settle) => {
      this.#wanted.set(id, { spec, settle, misses: 0 });
    });
    // While the service is away this waits; the looks put it in if it was lost.
    this.#put(id, spec).catch(() => {});
    return outcome;
  }

  /** Runs that no worker has begun leave the queue; what is being trained is finished, and found by --resume. */
  drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    for (const { settle } of this.#wanted.values()) settle({ stopped: true });
  }

  async close(): Promise<void> {
    this.#open = false;
    const leave = async (): Promise<void> => {
      await this.#looking;
      const waiting = await this.#queue.getJobs(['waiting', 'prioritized', 'delayed', 'paused']);
      for (const job of waiting) if (job && this.#wanted.has(job.id)) await job.remove().catch(() => {});
      await this.#queue.close();
    };
    await Promise.race([leave().catch(() => {}), sleep(LEAVE_MS, undefined, { ref: false })]);
  }

  async #put(id: string, spec: RunSpec): Promise<void> {
    const { sweep, retries } = this.#options;
    await this.#queue.add(
      'run',
      { spec, sweep },
      {
        jobId: id,
        attempts: retries + 1,
        backoff: { type: 'fixed', delay: 1000 },
      },
    );
  }

  async #look(): Promise<void> {
    while (this.#open) {
      const slow = setTimeout(() => this.#away(), AWAY_MS);
      try {
        await this.#lookOnce();
        this.#back();
      } catch (error) {
        if (this.#open) this.#away(failureOf(error).message);
      } finally {
        clearTimeout(slow);
      }
      await sleep(LOOK_MS);
    }
  }

  async #lookOnce(): Promise<void> {
    const [ended, active] = await Promise.all([
      this.#queue.getJobs(['completed', 'failed']),
      this.#queue.getJobs(['active']),
    ]);
    for (const job of ended) if (job) await this.#take(job);
    for (const job of active) if (job) this.#watch(job);
    await this.#missing();
  }

  /** A run that ended: its result is taken once, and its job removed. */
  async #take(job: Job): Promise<void> {
    const wanted = this.#wanted.get(job.id);
    if (wanted === undefined) return;
    const outcome = job.returnvalue ?? { failure: failureOfJob(job.failedReason ?? 'no reason') };
    this.#wanted.delete(job.id);
    wanted.settle(outcome);
    // The result is in our hands; a job that stays is removed by age.
    await job.remove().catch(() => {});
  }

  #watch(job: Job): void {
    const wanted = this.#wanted.get(job.id);
    const progress = job.progress as JobProgress | number;
    if (wanted === undefined || typeof progress !== 'object' || progress === null) return;
    this.#options.watcher.onProgress(wanted.spec.id, progress, progress.worker);
  }

  /** Runs that are wanted and are nowhere in the queue: emptied, or restarted without what it had. */
  async #missing(): Promise<void> {
    if (this.#wanted.size === 0) return;
    const there = new Set((await this.#queue.getJobs([...STATES])).map((job) => job?.id));
    let lost = 0;
    for (const [id, wanted] of this.#wanted) {
      wanted.misses = there.has(id) ? 0 : wanted.misses + 1;
      if (wanted.misses < MISSES) continue;
      const result = await this.#options.store.committed(wanted.spec.id);
      if (result !== undefined) {
        this.#wanted.delete(id);
        wanted.settle({ result });
        continue;
      }
      await this.#put(id, wanted.spec);
      wanted.misses = 0;
      lost += 1;
    }
    if (lost > 0) {
      this.#options.watcher.onNote(
        `queue: ${lost} run${lost === 1 ? ' is' : 's are'} gone from ${this.#options.service.shown} (emptied?); put in again from the journal`,
      );
    }
  }

  #away(reason = 'no answer'): void {
    if (this.#awaySince !== undefined) return;
    this.#awaySince = performance.now();
    this.#options.watcher.onNote(`queue: ${this.#options.service.shown} is away (${reason}); waiting for it`);
  }

  #back(): void {
    if (this.#awaySince === undefined) return;
    const seconds = Math.round((performance.now() - this.#awaySince) / 1000);
    this.#awaySince = undefined;
    this.#options.watcher.onNote(`queue: ${this.#options.service.shown} is back after ${seconds} s`);
  }
}

/** A run that outlives no worker is itself to blame; one that no worker could begin is not. */
function failureOfJob(reason: string): RunFailure {
  return /stalled more than/.test(reason)
    ? { code: 'SESSION_LOST', message: `queue: workers must live through a run, got "${reason}"` }
    : { code: 'QUEUE', message: `queue: some worker must be able to train a run, got "${reason}"` };
}
