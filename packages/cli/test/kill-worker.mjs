/** Preloaded by a test: SIGUSR2 ends the process's workers from outside, as a crash would. */
import { syncBuiltinESMExports } from 'node:module';
import threads from 'node:worker_threads';

if (threads.isMainThread) {
  const { Worker } = threads;
  threads.Worker = class extends Worker {
    constructor(...args) {
      super(...args);
      process.on('SIGUSR2', () => this.terminate());
    }
  };
  syncBuiltinESMExports();
}
