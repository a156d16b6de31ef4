/**
 * The lab's workers: a pool for questions, which replaces a worker that died, and workers of their own for runs.
 * As many answer at once as the machine has cores, less one for the page.
 */
import { type OpenSessionOptions, openSession, type Session } from '@hw5/core';
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { isLost } from './notices.js';
import type { AskOptions, Sessions } from './page.js';

type Precision = 'f32' | 'f64';

export interface PoolOptions {
  /** Defaults to core's `openSession`. */
  readonly open?: (options: OpenSessionOptions) => Promise<Session>;
  /** Most workers for questions, of all precisions together. Defaults to the machine's cores less one, at least 1, at most 4. */
  readonly most?: number;
  /** Called when a worker died and its question was asked again. */
  readonly onRestart?: () => void;
}

interface Worker {
  readonly precision: Precision;
  readonly session: Promise<Session>;
}

/** More workers than this for questions help nobody: pages ask one to three things at once. */
const MOST_USEFUL = 4;

const cores = (): number => Math.min(MOST_USEFUL, Math.max(1, (navigator.hardwareConcurrency ?? 2) - 1));

export class SessionPool implements Sessions {
  readonly #busy: Signal<number> = signal(0);
  readonly #open: (options: OpenSessionOptions) => Promise<Session>;
  readonly #most: number;
  readonly #onRestart: () => void;
  readonly #idle: Worker[] = [];
  readonly #waiting: (() => void)[] = [];
  #alive = 0;
  #closed = false;

  constructor({ open = openSession, most = cores(), onRestart = () => undefined }: PoolOptions = {}) {
    this.#open = open;
    this.#most = most;
    this.#onRestart = onRestart;
  }

  get busy(): ReadonlySignal<number> {
    return this.#busy;
  }

  async ask<T>(work: (session: Session) => Promise<T>, { precision = 'f64' }: AskOptions = {}): Promise<T> {
    this.#busy.value += 1;
    try {
      return await this.#once(work, precision);
    } catch (error) {
      if (!isLost(error) || this.#closed) throw error;
      this.#onRestart();
      return await this.#once(work, precision);
    } finally {
      this.#busy.value -= 1;
    }
  }

  newest<A, T>(
    work: (session: Session, argument: A) => Promise<T>,
    options?: AskOptions,
  ): (argument: A) => Promise<T | undefined> {
    let running = false;
    let next: { argument: A; settle: (result: Promise<T | undefined>) => void } | undefined;
    const run = async (argument: A): Promise<T> => {
      running = true;
      try {
        return await this.ask((session) => work(session, argument), options);
      } finally {
        running = false;
        const following = next;
        next = undefined;
        following?.settle(run(following.argument));
      }
    };
    return (argument) => {
      if (!running) return run(argument);
      next?.settle(Promise.resolve(undefined));
      return new Promise((resolve) => {
        next = { argument, settle: resolve };
      });
    };
  }

  open(options: OpenSessionOptions = {}): Promise<Session> {
    return this.#open(options);
  }

  /** Ends the pool's workers; whoever waits gets SessionLostError. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#idle.splice(0).map(async ({ session }) => (await session).close()));
  }

  async #once<T>(work: (session: Session) => Promise<T>, precision: Precision): Promise<T> {
    const worker = await this.#take(precision);
    let lost = false;
    try {
      return await work(await worker.session);
    } catch (error) {
      lost = isLost(error);
      throw error;
    } finally {
      if (lost) this.#drop(worker);
      else this.#idle.push(worker);
      this.#waiting.shift()?.();
    }
  }

  /** An idle worker of that precision, a new one while there may be more, else the next that becomes free. */
  async #take(precision: Precision): Promise<Worker> {
    for (;;) {
      const at = this.#idle.findLastIndex((worker) => worker.precision === precision);
      const idle = this.#idle.splice(at, at < 0 ? 0 : 1)[0];
      if (idle !== undefined) return idle;
      // A worker of the other precision that nobody needs makes room.
      if (this.#alive >= this.#most) {
        const other = this.#idle.shift();
        if (other !== undefined) this.#drop(other);
      }
      if (this.#alive < this.#most) {
        this.#alive += 1;
        return { precision, session: this.#open({ precision }) };
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #drop({ session }: Worker): void {
    this.#alive -= 1;
    void session.then((opened) => opened.close()).catch(() => undefined);
  }
}
