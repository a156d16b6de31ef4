/** Starting the session's worker in a browser. */
import { handleOf } from './browser.js';
import type { SpawnWorker } from './platform.js';

export const spawnSession: SpawnWorker = async () =>
  handleOf(new Worker(new URL('../session/worker.js', import.meta.url), { type: 'module' }));
