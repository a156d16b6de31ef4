/**
 * The owner's side of a session. comlink carries the calls; what it lacks is here: a start with a time limit,
 * errors that keep their class, and promises that settle when the worker dies.
 */
import { proxy, type Remote, releaseProxy, wrap } from 'comlink';
import { platform } from '#platform';
import { AbortedError, deserializeError, SessionLostError } from '../errors.js';
import type { WorkerHandle } from '../platform/platform.js';
import type {
  GenerateOptions,
  KernelInfo,
  OpenSessionOptions,
  Session,
  SessionOptions,
  TrainOptions,
} from './protocol.js';
import { READY, type ReadyMessage, type RemoteApi, type Settled } from './remote.js';

const START_TIMEOUT_MS = 10_000;
const REPORT_INTERVAL_MS = 33;

/**
 * Start a worker with a kernel of its own.
 * @throws SessionLostError when the worker does not start in time, KernelError when its kernel does not load
 */
export async function openSession(options: OpenSessionOptions = {}): Promise<Session> {
  const { startTimeoutMs = START_TIMEOUT_MS, precision, fast } = options;
  const worker = await platform.spawnWorker();
  const session = new WorkerSession(worker);
  try {
    await session.start(startTimeoutMs, {
      ...(precision === undefined ? {} : { precision }),
      ...(fast === undefined ? {} : { fast }),
    });
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

class WorkerSession implements Session {
  readonly #worker: WorkerHandle;
  /** Held as long as the session lives: comlink drops calls in flight when a proxy is collected. */
  readonly #remote: Remote<RemoteApi>;
  readonly #pending = new Set<(error: Error) => void>();
  readonly #ready: Promise<void>;
  #lost: SessionLostError | undefined;
  #generateCalls = 0;

  constructor(worker: WorkerHandle) {
    this.#worker = worker;
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
    this.#remote = wrap<RemoteApi>(worker.endpoint);
    worker.onEnd((cause) =>
      this.#end(new SessionLostError(`session: the worker must be alive, got: ${cause}`)),
    );
  }

  async start(timeoutMs: number, options: SessionOptions): Promise<KernelInfo> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      return await this.#guard(
        Promise.race([
          this.#ready.then(() => this.#remote.start(options) as Promise<Settled<KernelInfo>>),
          new Promise<never>((_, reject) => {
            timer = setTimeout(
              () =>
                reject(
                  new SessionLostError(`session: the worker must start in ${timeoutMs} ms, got no answer`),
                ),
              timeoutMs,
            );
          }),
        ]),
      );
    } finally {
      clearTimeout(timer);
    }
  }

  kernel: Session['kernel'] = () => this.#call(() => this.#remote.kernel());

  createCharLM: Session['createCharLM'] = (text, config = {}) =>
    this.#call(() => this.#remote.createCharLM(text, config));

  loadCharLM: Session['loadCharLM'] = (file, text) => this.#call(() => this.#remote.loadCharLM(file, text));

  train: Session['train'] = (options: TrainOptions) => {
    const { steps, signal, onReports, onCheckpoint } = options;
    const remoteOptions = {
      steps,
      reportIntervalMs: options.reportIntervalMs ?? REPORT_INTERVAL_MS,
      checkpointEvery: onCheckpoint === undefined ? 0 : (options.checkpointEvery ?? 0),
    };
    return this.#abortable(
      signal,
      () => void this.#remote.stopTraining(),
      () =>
        this.#remote.train(
          remoteOptions,
          proxy((reports) => onReports?.(reports)),
          proxy((bytes, step) => onCheckpoint?.(bytes, step)),
        ),
    );
  };

  generate: Session['generate'] = (options: GenerateOptions = {}) => {
    const { onText, signal, ...rest } = options;
    this.#generateCalls += 1;
    const call = this.#generateCalls;
    return this.#abortable(
      signal,
      () => void this.#remote.stopGenerating(call),
      () =>
        this.#remote.generate(
          call,
          rest,
          proxy((text: string) => onText?.(text)),
        ),
    );
  };

  evaluate: Session['evaluate'] = (text) => this.#call(() => this.#remote.evaluate(text));

  checkpoint: Session['checkpoint'] = () => this.#call(() => this.#remote.checkpoint());

  hash: Session['hash'] = () => this.#call(() => this.#remote.hash());

  gradcheck: Session['gradcheck'] = (options = {}) => this.#call(() => this.#remote.gradcheck(options));

  attendByHand: Session['attendByHand'] = (input) => this.#call(() => this.#remote.attendByHand(input));

  attend: Session['attend'] = (input, options = {}) => this.#call(() => this.#remote.attend(input, options));

  solve: Session['solve'] = (question) => this.#call(() => this.#remote.solve(question));

  check: Session['check'] = (question, answer) => this.#call(() => this.#remote.check(question, answer));

  hunt: Session['hunt'] = (options = {}) => this.#call(() => this.#remote.hunt(options));

  derive: Session['derive'] = (request = {}) => this.#call(() => this.#remote.derive(request));

  bench: Session['bench'] = ({ onRow, ...options } = {}) =>
    this.#call(() =>
      this.#remote.bench(
        options,
        proxy((row) => onRow?.(row)),
      ),
    );

  async close(): Promise<void> {
    if (this.#lost !== undefined) return;
    this.#end(new SessionLostError('session: must be open, got a closed one'));
    this.#remote[releaseProxy]();
    await this.#worker.terminate();
  }

  /** `stop` is asked of the worker when the signal fires; the call still resolves with what was done until then. */
  #abortable<T>(signal: AbortSignal | undefined, stop: () => void, call: () => Promise<unknown>): Promise<T> {
    if (signal?.aborted === true) {
      return Promise.reject(new AbortedError('session: the signal must not be aborted before the call'));
    }
    signal?.addEventListener('abort', stop, { once: true });
    return this.#call<T>(call).finally(() => signal?.removeEventListener('abort', stop));
  }

  #call<T>(call: () => Promise<unknown>): Promise<T> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    return this.#guard(call() as Promise<Settled<T>>);
  }

  /** A promise that also settles when the worker ends. */
  async #guard<T>(answer: Promise<Settled<T>>): Promise<T> {
    let reject: ((error: Error) => void) | undefined;
    const ended = new Promise<never>((_, rejectEnded) => {
      reject = rejectEnded;
      this.#pending.add(rejectEnded);
    });
    try {
      const settled = await Promise.race([answer, ended]);
      if (!settled.ok) throw deserializeError(settled.error);
      return settled.value;
    } finally {
      this.#pending.delete(reject!);
    }
  }

  #end(error: SessionLostError): void {
    if (this.#lost !== undefined) return;
    this.#lost = error;
    for (const reject of this.#pending) reject(error);
  }
}
