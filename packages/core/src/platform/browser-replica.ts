/** Starting a worker that trains beside the session's in a browser. */
import { handleOf } from './browser.js';
import type { SpawnWorker } from './platform.js';

export const spawnReplica: SpawnWorker = async () =>
  handleOf(new Worker(new URL('../session/replica.js', import.meta.url), { type: 'module' }));
