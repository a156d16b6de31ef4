/** Node (also Deno and Bun): files, worker_threads. Everything is imported on use, so importing this file does nothing. */
import type { Endpoint } from 'comlink';
import { fetchBytes } from './fetch.js';
import type { Platform } from './platform.js';

/** worker_threads ports speak `on/off(message)`; comlink speaks DOM events. */
export interface NodePort {
  postMessage(message: unknown, transfer?: readonly never[]): void;
  on(event: 'message', listener: (data: unknown) => void): unknown;
  off(event: 'message', listener: (data: unknown) => void): unknown;
}

export function nodeEndpoint(port: NodePort): Endpoint {
  const wrapped = new WeakMap<object, (data: unknown) => void>();
  return {
    postMessage: (message, transfer) => port.postMessage(message, transfer as never),
    addEventListener: (_type, listener) => {
      const forward = (data: unknown): void => {
        if (typeof listener === 'function') listener({ data } as MessageEvent);
        else listener.handleEvent({ data } as MessageEvent);
      };
      wrapped.set(listener, forward);
      port.on('message', forward);
    },
    removeEventListener: (_type, listener) => {
      const forward = wrapped.get(listener);
      if (forward !== undefined) port.off('message', forward);
    },
  };
}

export const platform: Platform = {
  name: 'node',

  async read(location) {
    if (/^https?:/.test(String(location))) return fetchBytes(location);
    const { readFile } = await import('node:fs/promises');
    return new Uint8Array(
      await readFile(String(location).startsWith('file:') ? new URL(location) : location),
    );
  },

  async compile(url) {
    const { readFile } = await import('node:fs/promises');
    return WebAssembly.compile(await readFile(url));
  },

  async enableRelaxedSimd() {
    // Node 20 (V8 11) has relaxed SIMD behind this flag; it may be set at run time, before the first compile.
    if (Number(process.versions.node.split('.')[0]) > 20) return;
    const { setFlagsFromString } = await import('node:v8');
    setFlagsFromString('--experimental-wasm-relaxed-simd');
  },

  async workerSide() {
    const { parentPort } = await import('node:worker_threads');
    if (parentPort === null) throw new Error('session/worker: must be started as a worker');
    return { endpoint: nodeEndpoint(parentPort), lock: undefined };
  },
};
