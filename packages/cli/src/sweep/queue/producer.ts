/**
 * Puts a sweep's runs into a queue and takes the results out. The queue may lose everything at any time: what was asked
 * for and has no result is put in again, under the same name, so that what is still there is not trained twice.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { failureOf } from '../../errors.js';
import type { Executor, RunWatcher } from '../executor.js';
import type { Outcome, RunFailure, RunSpec } from '../run-spec.js';
import type { Store } from '../store.js';
import type { Job, Queue } from './bullmq.js';
import { QUEUE_NAME, type Service } from './service.js';

/** Between two looks at the queue, ms. */
const LOOK_MS = 300;
/** Looks that must miss a run before it counts as lost: it may not be put in yet. */
const MISSES = 3;
/** How long leaving may take when the service is gone, ms. */
const LEAVE_MS = 3000;
/** A look that takes longer than this is told: the service is away. */
const AWAY_MS = 5000;

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
      for (const id of this.#wanted.keys()) {
        const job = await this.#queue.getJob(id);
        // One in work cannot be removed, which is right; one that ended is for --resume.
        if (job && job.finishedOn === undefined) await job.remove().catch(() => {});
      }
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
    const looked = [...this.#wanted].map(async ([id, wanted]) => ({
      id,
      wanted,
      job: await this.#queue.getJob(id),
    }));
    let lost = 0;
    for (const { id, wanted, job } of await Promise.all(looked)) {
      if (!job) lost += Number(await this.#missed(id, wanted));
      else if (job.finishedOn === undefined) this.#watch(job, wanted);
      else await this.#take(job, wanted);
    }
    if (lost === 0) return;
    const what = `${lost} run${lost === 1 ? ' is' : 's are'} gone from ${this.#options.service.shown} (emptied?)`;
    this.#options.watcher.onNote(`queue: ${what}; put in again from the journal`);
  }

  /** A run that ended: its result is taken once, and its job removed. */
  async #take(job: Job, { settle }: Wanted): Promise<void> {
    this.#wanted.delete(job.id);
    settle(job.returnvalue ?? { failure: failureOfJob(job.failedReason ?? 'no reason') });
    // The result is in our hands; a job that stays is removed by age.
    await job.remove().catch(() => {});
  }

  #watch({ progress }: Job, { spec }: Wanted): void {
    if (typeof progress !== 'object' || progress === null) return;
    this.#options.watcher.onProgress(spec.id, progress, progress.worker);
  }

  /** A run that is nowhere in the queue: emptied, or restarted without what it had. @returns whether it was put in again */
  async #missed(id: string, wanted: Wanted): Promise<boolean> {
    wanted.misses += 1;
    if (wanted.misses < MISSES) return false;
    wanted.misses = 0;
    const result = await this.#options.store.committed(wanted.spec.id);
    if (result === undefined) {
      await this.#put(id, wanted.spec);
      return true;
    }
    this.#wanted.delete(id);
    wanted.settle({ result });
    return false;
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
