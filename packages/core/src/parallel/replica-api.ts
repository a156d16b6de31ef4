/** What a replica's worker answers: types only. */
import type { RealArray } from '../kernel/kernel.js';
import type { Settled } from '../link/wire.js';
import type { KernelOptions } from '../session/kernel.js';
import type { RunData } from '../train/open.js';

export interface JoinRequest {
  readonly kernel: KernelOptions;
  readonly rank: number;
  /** The run's whole state, as rank 0 saved it. */
  readonly checkpoint: Uint8Array;
  /** What the run trains on; undefined where the checkpoint says how to make it. */
  readonly data: RunData | undefined;
  /** Shared memory of the exchange; undefined for the exchange by messages. */
  readonly memory: SharedArrayBuffer | undefined;
  /** To rank 0, for the exchange by messages. */
  readonly port: MessagePort;
}

export interface ReplicaApi {
  join(request: JoinRequest): Promise<Settled<void>>;
  /** Resolves also when the step was undone because another rank failed, or all diverged: rank 0 tells. */
  step(): Promise<Settled<void>>;
  carried(): Promise<Settled<RealArray | undefined>>;
  hash(): Promise<Settled<string>>;
}
