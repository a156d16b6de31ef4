/** Trains a sweep's runs on this machine: a pool of trial processes and the sweep's own folder. */
import { execute } from './execute.js';
import type { Executor, RunWatcher } from './executor.js';
import { TrialPool } from './pool.js';
import type { Store } from './store.js';

export interface LocalOptions {
  readonly store: Store;
  /** Runs at the same time. */
  readonly workers: number;
  readonly retries: number;
  /** How long a trial process may be silent, milliseconds. */
  readonly silenceMs: number;
  readonly watcher: RunWatcher;
}

export function localExecutor({ store, workers, retries, silenceMs, watcher }: LocalOptions): Executor {
  const pool = new TrialPool(silenceMs);
  let draining = false;
  return {
    capacity: workers,
    async run(spec) {
      if (draining) return { stopped: true };
      return execute(spec, {
        store,
        pool,
        retries,
        onProgress: (progressed, pid) => watcher.onProgress(spec.id, progressed, `process ${pid}`),
        onLost: (reason) => watcher.onNote(`${spec.id}: ${reason}; going on from its last checkpoint`),
      });
    },
    drain() {
      draining = true;
      pool.stop();
    },
    async close() {
      pool.close();
    },
  };
}
