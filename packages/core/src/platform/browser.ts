/** Browsers: fetch and module workers. */
import type { Endpoint } from 'comlink';
import type { Platform } from './platform.js';

export const platform: Platform = {
  name: 'browser',

  async compile(url) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`the server answered ${response.status} for ${url.pathname}`);
    // Not compileStreaming: static hosts without the application/wasm type would fail.
    return WebAssembly.compile(await response.arrayBuffer());
  },

  async enableRelaxedSimd() {},

  async spawnWorker() {
    const worker = new Worker(new URL('../session/worker.js', import.meta.url), { type: 'module' });
    let ended: ((cause: string) => void) | undefined;
    const end = (cause: string): void => {
      ended?.(cause);
      ended = undefined;
    };
    worker.addEventListener('error', (event) => end(event.message || 'the worker script failed to load'));
    worker.addEventListener('messageerror', () => end('a message could not be read'));
    return {
      endpoint: worker,
      onEnd: (listener) => {
        ended = listener;
      },
      terminate: async () => {
        worker.terminate();
        end('terminated');
      },
    };
  },

  async workerEndpoint() {
    return globalThis as unknown as Endpoint;
  },
};
