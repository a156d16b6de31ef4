/** Who trains a sweep's runs: processes of this machine (local.ts), or workers behind a queue (queue/producer.ts). */
import type { Outcome, RunSpec } from './run-spec.js';
import type { Progressed } from './train-here.js';

export interface RunWatcher {
  /** A run is being trained, and how far it is. */
  onProgress(id: string, progressed: Progressed, where: string): void;
  /** Something that a person should know: an attempt was lost, the queue was emptied. */
  onNote(text: string): void;
}

export interface Executor {
  /** Runs that are worth asking for at the same time. */
  readonly capacity: number;
  /** @throws CliError when the executor itself fails: a full disk, a service that is gone */
  run(spec: RunSpec): Promise<Outcome>;
  /** Ask for no more; runs under way settle as soon as they are safe. */
  drain(): void;
  close(): Promise<void>;
}
