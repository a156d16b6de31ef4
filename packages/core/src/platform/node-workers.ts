/** Starting workers in Node. */

import type { WorkerLimits } from './limits.js';
import { nodeEndpoint } from './node.js';
import type { SpawnWorker, WorkerHandle } from './platform.js';

export const spawnSession: SpawnWorker = (limits) =>
  spawn(new URL('../session/worker.js', import.meta.url), limits);

export const spawnReplica: SpawnWorker = (limits) =>
  spawn(new URL('../session/replica.js', import.meta.url), limits);

async function spawn(entry: URL, { heapMegabytes }: WorkerLimits): Promise<WorkerHandle> {
  const { Worker } = await import('node:worker_threads');
  const resourceLimits = heapMegabytes === undefined ? {} : { maxOldGenerationSizeMb: heapMegabytes };
  const worker = new Worker(entry, { resourceLimits });
  return {
    endpoint: nodeEndpoint(worker),
    onEnd: (listener) => {
      let cause = '';
      worker.on('error', (error) => {
        cause = error instanceof Error ? error.message : String(error);
      });
      worker.once('exit', (code) => listener(cause === '' ? `exit code ${code}` : cause));
    },
    watch: () => {},
    terminate: async () => {
      await worker.terminate();
    },
  };
}
