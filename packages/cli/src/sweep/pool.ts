/**
 * Trial processes. Each trains one run at a time; one that dies, or is silent for too long, costs that run's attempt
 * and nothing else. They have a process group of their own: Ctrl-C in the terminal reaches only their owner, who tells
 * them to stop.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CliError } from '../errors.js';
import type { RunFailure, RunResult } from './run-spec.js';
import type { Progressed, TrainOrder } from './train-here.js';

export type ToTrial = { readonly kind: 'train'; readonly order: TrainOrder } | { readonly kind: 'stop' };

export type FromTrial =
  | { readonly kind: 'alive' }
  | { readonly kind: 'progress'; readonly progressed: Progressed }
  | { readonly kind: 'done'; readonly result: RunResult }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly failure: RunFailure };

export type TrialAnswer = Extract<FromTrial, { readonly kind: 'done' | 'stopped' | 'failed' }>;

/** Silent time is counted in so many ticks of our own clock: a machine that slept does not count as a silent trial. */
const TICKS = 8;
/** What a process said last is kept up to this many characters. */
const WORDS = 2000;

const script = fileURLToPath(new URL('./trial-process.js', import.meta.url));

export class TrialPool {
  readonly #silenceMs: number;
  readonly #idle: TrialProcess[] = [];
  readonly #busy = new Set<TrialProcess>();

  /** @param silenceMs - how long a trial process may say nothing before it is ended, milliseconds */
  constructor(silenceMs: number) {
    this.#silenceMs = silenceMs;
  }

  /**
   * Train in a process of its own; processes are used again.
   * @param signal - when aborted, the process is killed
   * @throws CliError SESSION_LOST when the process died or was silent, or `signal` was aborted
   */
  async train(
    order: TrainOrder,
    onProgress: (progressed: Progressed, pid: number) => void,
    signal?: AbortSignal,
  ): Promise<TrialAnswer> {
    let trial = this.#idle.pop();
    while (trial?.alive === false) trial = this.#idle.pop(); // killed while it had nothing to do
    trial ??= new TrialProcess(this.#silenceMs);
    this.#busy.add(trial);
    const kill = (): void => trial.kill('killed: it is no longer wanted');
    signal?.addEventListener('abort', kill, { once: true });
    if (signal?.aborted === true) kill();
    try {
      return await trial.train(order, onProgress);
    } finally {
      signal?.removeEventListener('abort', kill);
      this.#busy.delete(trial);
      if (trial.alive) this.#idle.push(trial);
    }
  }

  /** Stop what is being trained at its step's edge; its answer is `stopped`, or `done` when that was its end. */
  stop(): void {
    for (const trial of this.#busy) trial.tell({ kind: 'stop' });
  }

  /** End all processes. */
  close(): void {
    for (const trial of [...this.#busy, ...this.#idle]) trial.kill('closed');
    this.#idle.length = 0;
  }
}

class TrialProcess {
  readonly #child: ChildProcess;
  readonly #watch: ReturnType<typeof setInterval>;
  #words = '';
  #silent = 0;
  #reason: string | undefined;
  #settle: { resolve: (answer: TrialAnswer) => void; reject: (error: Error) => void } | undefined;
  #onProgress: (progressed: Progressed, pid: number) => void = () => {};
  alive = true;

  constructor(silenceMs: number) {
    this.#child = fork(script, { detached: true, stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#words = (this.#words + text).slice(-WORDS);
    });
    this.#child.on('message', (message) => this.#hear(message as FromTrial));
    this.#child.on('error', (error) => this.#end(error.message));
    this.#child.on('exit', (code, signal) => this.#end(signal === null ? `exit code ${code}` : signal));
    this.#watch = setInterval(() => {
      this.#silent += 1;
      if (this.#silent > TICKS) this.kill(`silent for ${silenceMs / 1000} s`);
    }, silenceMs / TICKS);
  }

  train(order: TrainOrder, onProgress: (progressed: Progressed, pid: number) => void): Promise<TrialAnswer> {
    this.#onProgress = onProgress;
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      if (this.alive) this.tell({ kind: 'train', order });
      else this.#end('');
    });
  }

  tell(message: ToTrial): void {
    // A process that is going down cannot be told; its end is heard of.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  kill(reason: string): void {
    this.#reason ??= reason;
    this.#child.kill('SIGKILL');
  }

  #hear(message: FromTrial): void {
    this.#silent = 0;
    if (message.kind === 'alive') return;
    if (message.kind === 'progress') {
      this.#onProgress(message.progressed, this.#child.pid ?? 0);
      return;
    }
    this.#settle?.resolve(message);
    this.#settle = undefined;
  }

  #end(how: string): void {
    this.alive = false;
    clearInterval(this.#watch);
    this.#reason ??= how;
    const words = this.#words.trim().split('\n').at(-1) ?? '';
    this.#settle?.reject(
      new CliError(
        'SESSION_LOST',
        `trial: process must live, got ${this.#reason}${words === '' ? '' : `: ${words}`}`,
      ),
    );
    this.#settle = undefined;
  }
}
