/** Browsers: fetch, and a worker's two ends. */
import type { Endpoint } from 'comlink';
import { fetchBytes } from './fetch.js';
import type { Platform, WorkerHandle } from './platform.js';

export const platform: Platform = {
  name: 'browser',

  read: fetchBytes,

  async compile(url) {
    // Not compileStreaming: static hosts without the application/wasm type would fail.
    return WebAssembly.compile(await fetchBytes(url));
  },

  async enableRelaxedSimd() {},

  async workerSide() {
    const endpoint = globalThis as unknown as Endpoint;
    // Locks, like randomUUID, are there in secure contexts only.
    if (!('locks' in navigator)) return { endpoint, lock: undefined };
    // Browsers send no event when they end a worker (out of memory, self.close()); its locks are then released.
    const lock = `hw5-session-${crypto.randomUUID()}`;
    await new Promise<void>((held) => {
      void navigator.locks.request(lock, () => {
        held();
        return new Promise(() => {});
      });
    });
    return { endpoint, lock };
  },
};

/** A module worker as its owner sees it. */
export function handleOf(worker: Worker): WorkerHandle {
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
    watch: (lock) => {
      // Granted only when the worker no longer holds it.
      if (lock !== undefined) void navigator.locks.request(lock, () => end('the browser ended it'));
    },
    terminate: async () => {
      worker.terminate();
      end('terminated');
    },
  };
}
