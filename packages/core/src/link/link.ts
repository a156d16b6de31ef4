/**
 * The owner's side of a worker. comlink carries the calls; what it lacks is here: a start with a time limit, errors
 * that keep their class, promises that settle when the worker dies, and a worker that hangs told from one that works.
 */
import { type Remote, releaseProxy, wrap } from 'comlink';
import { deserializeError, SessionLostError } from '../errors.js';
import type { WorkerHandle } from '../platform/platform.js';
import { type Alive, READY, type ReadyMessage, type Settled } from './wire.js';

/** Silent beats after which a worker counts as hung. */
const BEATS = 8;

export interface LinkOptions {
  /** What messages call the worker. */
  readonly name: string;
  /** How long the worker may take to start, milliseconds. */
  readonly startTimeoutMs: number;
  /** How long its event loop may be silent while a call is pending, milliseconds; 0 = for ever. */
  readonly hangTimeoutMs: number;
}

export class WorkerLink<Api> {
  readonly #worker: WorkerHandle;
  readonly #options: LinkOptions;
  /** Held as long as the link lives: comlink drops calls in flight when a proxy is collected. */
  readonly #remote: Remote<Api & Alive>;
  readonly #ready: Promise<void>;
  readonly #pending = new Set<(error: Error) => void>();
  readonly #onLost: (error: SessionLostError) => void;
  #lost: SessionLostError | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;

  /** @param onLost - called once, when the worker has ended, hangs, or was closed */
  constructor(
    worker: WorkerHandle,
    options: LinkOptions,
    onLost: (error: SessionLostError) => void = () => {},
  ) {
    this.#worker = worker;
    this.#options = options;
    this.#onLost = onLost;
    this.#ready = new Promise((resolve) => {
      const listener = (event: Event | MessageEvent): void => {
        const message = (event as MessageEvent<Partial<ReadyMessage> | undefined>).data;
        if (message?.type !== READY) return;
        worker.endpoint.removeEventListener('message', listener);
        worker.watch(message.lock);
        resolve();
      };
      worker.endpoint.addEventListener('message', listener);
    });
    this.#remote = wrap<Api & Alive>(worker.endpoint);
    worker.onEnd((cause) =>
      this.#end(new SessionLostError(`${options.name}: the worker must be alive, got: ${cause}`)),
    );
  }

  /**
   * The first call, once the worker listens.
   * @throws SessionLostError when worker and call take longer than the time limit; the caller then closes the link
   */
  async start<T>(call: (remote: Remote<Api>) => Promise<unknown>): Promise<T> {
    const { name, startTimeoutMs } = this.#options;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () =>
          reject(
            new SessionLostError(`${name}: the worker must start in ${startTimeoutMs} ms, got no answer`),
          ),
        startTimeoutMs,
      );
    });
    try {
      const started = this.#ready.then(() => call(this.#remote as Remote<Api>) as Promise<Settled<T>>);
      return await this.#guard(Promise.race([started, late]));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Call the worker. @throws SessionLostError when it is lost before it answers, or what the call threw */
  call<T>(call: (remote: Remote<Api>) => Promise<unknown>): Promise<T> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    return this.#guard(call(this.#remote as Remote<Api>) as Promise<Settled<T>>);
  }

  /** Tell the worker something that has no answer. */
  tell(message: (remote: Remote<Api>) => unknown): void {
    if (this.#lost === undefined) message(this.#remote as Remote<Api>);
  }

  /** End the worker; pending calls reject with `reason`. Safe to call twice. */
  async close(reason: SessionLostError): Promise<void> {
    if (this.#lost !== undefined) return;
    this.#end(reason);
    this.#remote[releaseProxy]();
    await this.#worker.terminate();
  }

  /** A promise that also settles when the worker ends. */
  async #guard<T>(answer: Promise<Settled<T>>): Promise<T> {
    let reject: ((error: Error) => void) | undefined;
    const ended = new Promise<never>((_, rejectEnded) => {
      reject = rejectEnded;
      this.#pending.add(rejectEnded);
    });
    if (this.#pending.size === 1) this.#listen();
    try {
      const settled = await Promise.race([answer, ended]);
      if (!settled.ok) throw deserializeError(settled.error);
      return settled.value;
    } finally {
      this.#pending.delete(reject!);
      if (this.#pending.size === 0) clearInterval(this.#heartbeat);
    }
  }

  /**
   * While calls are pending, ask now and then whether the event loop still turns. Counted in beats of our own timer
   * and not by the clock: a machine that slept, or an owner that was busy, must not take its worker for hung.
   */
  #listen(): void {
    const { name, hangTimeoutMs } = this.#options;
    if (hangTimeoutMs === 0) return;
    let silent = 0;
    let asked = false;
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => {
      silent += 1;
      if (silent > BEATS) {
        void this.close(
          new SessionLostError(`${name}: the worker must answer within ${hangTimeoutMs} ms, got silence`),
        );
      } else if (!asked) {
        asked = true;
        const ping = (this.#remote as unknown as Remote<Alive>).ping();
        void ping.then(() => {
          asked = false;
          silent = 0;
        });
      }
    }, hangTimeoutMs / BEATS);
  }

  #end(error: SessionLostError): void {
    if (this.#lost !== undefined) return;
    this.#lost = error;
    clearInterval(this.#heartbeat);
    for (const reject of this.#pending) reject(error);
    this.#onLost(error);
  }
}
