/**
 * What differs between Node and browsers, and nothing else: reading bytes, switching an engine flag,
 * and the two ends of a worker. `#platform` resolves to node.js or browser.js by export conditions. What starts a
 * worker stands apart (`#platform/session`, `#platform/replica`): bundlers follow `new Worker(new URL(...))` into
 * the worker, so a worker may import the starters of others only, never its own.
 */
import type { Endpoint } from 'comlink';
import type { WorkerLimits } from './limits.js';

/** A running worker as its owner sees it. */
export interface WorkerHandle {
  /** Where comlink talks. */
  readonly endpoint: Endpoint;
  /** Calls `listener` once when the worker ends for any reason, with the cause in words. */
  onEnd(listener: (cause: string) => void): void;
  /** Called once the worker listens, with the lock that it holds as long as it lives, where there is one. */
  watch(lock: string | undefined): void;
  terminate(): Promise<void>;
}

/** The worker's own side. */
export interface WorkerSide {
  /** Where comlink talks. */
  readonly endpoint: Endpoint;
  /** Name of a lock held as long as this worker lives; undefined where the owner hears of its end by an event. */
  readonly lock: string | undefined;
}

export interface Platform {
  readonly name: 'node' | 'browser';
  /** All bytes at a path or URL (Node), or an address relative to the page (browsers). Rejects with the system's reason. */
  read(location: string | URL): Promise<Uint8Array>;
  /** Compile the kernel found at `url`. */
  compile(url: URL): Promise<WebAssembly.Module>;
  /** Switch relaxed SIMD on where the engine has it behind a flag (Node 20); elsewhere does nothing. */
  enableRelaxedSimd(): Promise<void>;
  /** Inside the worker: the end that talks to its owner. */
  workerSide(): Promise<WorkerSide>;
}

/** Start a worker. */
export type SpawnWorker = (limits: WorkerLimits) => Promise<WorkerHandle>;

export declare const platform: Platform;
export declare const spawnSession: SpawnWorker;
export declare const spawnReplica: SpawnWorker;
