/** The worker of a run: opened when it is needed, asked to replace or advance the run one call after the other. */
import type { KernelInfo, Session } from '@hw5/core';

export interface RunWorkerOptions {
  /** A worker has started. */
  readonly onOpen: (kernel: KernelInfo) => void;
  /** What a call failed with, instead of a rejection that nobody handles. */
  readonly onError: (error: unknown) => void;
}

export class RunWorker {
  readonly #start: () => Promise<Session>;
  readonly #options: RunWorkerOptions;
  #session: Promise<Session> | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(start: () => Promise<Session>, options: RunWorkerOptions) {
    this.#start = start;
    this.#options = options;
  }

  /** Its session; a worker that did not start is not asked again: the next call opens a new one. */
  open(): Promise<Session> {
    this.#session ??= this.#start().then(async (session) => {
      this.#options.onOpen(await session.kernel());
      return session;
    });
    this.#session.catch(() => {
      this.#session = undefined;
    });
    return this.#session;
  }

  /** One after the other. */
  inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#queue.then(() => this.guard(work));
    this.#queue = turn;
    return turn;
  }

  /** At once; `undefined` when it failed. */
  async guard<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!this.#closed) this.#options.onError(error);
      return undefined;
    }
  }

  /** Gives up a worker that has died: the next call opens a new one. */
  drop(): void {
    void this.#session?.then((session) => session.close()).catch(() => undefined);
    this.#session = undefined;
  }

  /** Ends the worker; what fails from now on is of no interest. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#session?.then((session) => session.close()).catch(() => undefined);
  }
}
