/** The owner's side of a session: its worker's calls as methods. */
import { proxy, type Remote } from 'comlink';
import { spawnSession } from '#platform/session';
import { AbortedError, ArgumentError, SessionLostError } from '../errors.js';
import { WorkerLink } from '../link/link.js';
import type {
  GenerateOptions,
  KernelInfo,
  OpenSessionOptions,
  RunData,
  RunFacts,
  Session,
  TrainOptions,
} from './protocol.js';
import type { RemoteApi } from './remote.js';

const START_TIMEOUT_MS = 10_000;
/** Longer than any kernel call or step that somebody would wait for. */
const HANG_TIMEOUT_MS = 60_000;
const REPORT_INTERVAL_MS = 33;

/**
 * Start a worker with a kernel of its own.
 * @throws SessionLostError when the worker does not start in time, KernelError when its kernel does not load,
 *   ArgumentError for a limit outside its domain
 */
export async function openSession(options: OpenSessionOptions = {}): Promise<Session> {
  const { startTimeoutMs = START_TIMEOUT_MS, hangTimeoutMs = HANG_TIMEOUT_MS, limits = {} } = options;
  const { precision = 'f32', fast = false, exchange = 'auto' } = options;
  atLeast('startTimeoutMs', startTimeoutMs, 0);
  atLeast('hangTimeoutMs', hangTimeoutMs, 0);
  atLeast('limits.heapMegabytes', limits.heapMegabytes, 1);
  atLeast('limits.kernelBytes', limits.kernelBytes, 1);
  const worker = await spawnSession(limits);
  const times = { startTimeoutMs, hangTimeoutMs };
  const link = new WorkerLink<RemoteApi>(worker, { name: 'session', ...times });
  try {
    await link.start<KernelInfo>((remote) => remote.start({ precision, fast, exchange, limits, ...times }));
    return new WorkerSession(link);
  } catch (error) {
    await link.close(closed());
    throw error;
  }
}

/**
 * Open a session that goes on from a checkpoint, bit for bit: what to do after SessionLostError.
 * @param data - what the run learns from; without it the model can only be used
 * @throws what {@link openSession} and `loadRun` throw; no worker is then left
 */
export async function resumeSession(
  checkpoint: Uint8Array,
  data?: RunData,
  options: OpenSessionOptions = {},
): Promise<{ readonly session: Session; readonly facts: RunFacts }> {
  const session = await openSession(options);
  try {
    return { session, facts: await session.loadRun(checkpoint, data) };
  } catch (error) {
    await session.close();
    throw error;
  }
}

function atLeast(name: string, value: number | undefined, least: number): void {
  if (value === undefined || (Number.isFinite(value) && value >= least)) return;
  throw new ArgumentError(`openSession: ${name} must be a number >= ${least}, got ${value}`);
}

function closed(): SessionLostError {
  return new SessionLostError('session: must be open, got a closed one');
}

class WorkerSession implements Session {
  readonly #link: WorkerLink<RemoteApi>;
  #generateCalls = 0;

  constructor(link: WorkerLink<RemoteApi>) {
    this.#link = link;
  }

  kernel: Session['kernel'] = () => this.#call((remote) => remote.kernel());

  createCharLM: Session['createCharLM'] = (text, config = {}) =>
    this.#call((remote) => remote.createCharLM(text, config));

  loadCharLM: Session['loadCharLM'] = (file, text) => this.#call((remote) => remote.loadCharLM(file, text));

  createRun: Session['createRun'] = (request) => this.#call((remote) => remote.createRun(request));

  loadRun: Session['loadRun'] = (file, data) => this.#call((remote) => remote.loadRun(file, data));

  predict: Session['predict'] = (inputs) => this.#call((remote) => remote.predict(inputs));

  answers: Session['answers'] = (text, options = {}) => this.#call((remote) => remote.answers(text, options));

  report: Session['report'] = (data) => this.#call((remote) => remote.report(data));

  gates: Session['gates'] = (text, choice = {}) => this.#call((remote) => remote.gates(text, choice));

  connectivity: Session['connectivity'] = (text, choice = {}) =>
    this.#call((remote) => remote.connectivity(text, choice));

  stateReach: Session['stateReach'] = (text, choice = {}) =>
    this.#call((remote) => remote.stateReach(text, choice));

  searchStates: Session['searchStates'] = (text, search) =>
    this.#call((remote) => remote.searchStates(text, search));

  attentionMaps: Session['attentionMaps'] = (text) => this.#call((remote) => remote.attentionMaps(text));

  nextTokens: Session['nextTokens'] = (text, options = {}) =>
    this.#call((remote) => remote.nextTokens(text, options));

  baselines: Session['baselines'] = (text, options = {}) =>
    this.#call((remote) => remote.baselines(text, options));

  train: Session['train'] = (options: TrainOptions) => {
    const { steps, signal, onReports, onCheckpoint } = options;
    const remoteOptions = {
      steps,
      reportIntervalMs: options.reportIntervalMs ?? REPORT_INTERVAL_MS,
      checkpointEvery: onCheckpoint === undefined ? 0 : (options.checkpointEvery ?? 0),
      keepBest: onCheckpoint !== undefined && options.keepBest === true,
      patience: options.patience ?? 0,
      updateRatio: options.updateRatio === true,
    };
    return this.#abortable(
      signal,
      (remote) => remote.stopTraining(),
      (remote) =>
        remote.train(
          remoteOptions,
          proxy((reports) => onReports?.(reports)),
          proxy((bytes, step, best) => onCheckpoint?.(bytes, step, best)),
        ),
    );
  };

  setLearningRate: Session['setLearningRate'] = (learningRate, step) =>
    this.#call((remote) => remote.setLearningRate(learningRate, step));

  generate: Session['generate'] = (options: GenerateOptions = {}) => {
    const { onText, signal, ...rest } = options;
    this.#generateCalls += 1;
    const call = this.#generateCalls;
    return this.#abortable(
      signal,
      (remote) => remote.stopGenerating(call),
      (remote) =>
        remote.generate(
          call,
          rest,
          proxy((text: string) => onText?.(text)),
        ),
    );
  };

  evaluate: Session['evaluate'] = (text) => this.#call((remote) => remote.evaluate(text));

  checkpoint: Session['checkpoint'] = () => this.#call((remote) => remote.checkpoint());

  exportRun: Session['exportRun'] = (format) => this.#call((remote) => remote.exportRun(format));

  importModel: Session['importModel'] = (request) => this.#call((remote) => remote.importModel(request));

  hash: Session['hash'] = () => this.#call((remote) => remote.hash());

  gradcheck: Session['gradcheck'] = (options = {}) => this.#call((remote) => remote.gradcheck(options));

  attendByHand: Session['attendByHand'] = (input) => this.#call((remote) => remote.attendByHand(input));

  attend: Session['attend'] = (input, options = {}) => this.#call((remote) => remote.attend(input, options));

  attendGradients: Session['attendGradients'] = (input, options = {}) =>
    this.#call((remote) => remote.attendGradients(input, options));

  sweepScore: Session['sweepScore'] = (input, options = {}) =>
    this.#call((remote) => remote.sweepScore(input, options));

  estimateScoreGradient: Session['estimateScoreGradient'] = (input, options = {}) =>
    this.#call((remote) => remote.estimateScoreGradient(input, options));

  drawGumbelWeights: Session['drawGumbelWeights'] = (input, options = {}) =>
    this.#call((remote) => remote.drawGumbelWeights(input, options));

  solve: Session['solve'] = (question) => this.#call((remote) => remote.solve(question));

  check: Session['check'] = (question, answer) => this.#call((remote) => remote.check(question, answer));

  interpret: Session['interpret'] = (text) => this.#call((remote) => remote.interpret(text));

  writeSolution: Session['writeSolution'] = (question, format, language) =>
    this.#call((remote) => remote.writeSolution(question, format, language));

  route: Session['route'] = (task) => this.#call((remote) => remote.route(task));

  lookAtArchitecture: Session['lookAtArchitecture'] = (task, choice) =>
    this.#call((remote) => remote.lookAtArchitecture(task, choice));

  experiment: Session['experiment'] = (name, { onProgress, ...options } = {}) =>
    this.#call((remote) =>
      remote.experiment(
        name,
        options,
        proxy((share: number) => onProgress?.(share)),
      ),
    );

  hunt: Session['hunt'] = (options = {}) => this.#call((remote) => remote.hunt(options));

  derive: Session['derive'] = (request = {}) => this.#call((remote) => remote.derive(request));

  unroll: Session['unroll'] = (request = {}) => this.#call((remote) => remote.unroll(request));

  probe: Session['probe'] = (request = {}, options = {}) =>
    this.#call((remote) => remote.probe(request, options));

  checkAll: Session['checkAll'] = (request = {}) => this.#call((remote) => remote.checkAll(request));

  slices: Session['slices'] = (request = {}, options = {}) =>
    this.#call((remote) => remote.slices(request, options));

  influence: Session['influence'] = (request = {}, options = {}) =>
    this.#call((remote) => remote.influence(request, options));

  bench: Session['bench'] = ({ onRow, ...options } = {}) =>
    this.#call((remote) =>
      remote.bench(
        options,
        proxy((row) => onRow?.(row)),
      ),
    );

  close(): Promise<void> {
    return this.#link.close(closed());
  }

  /** `stop` is asked of the worker when the signal fires; the call still resolves with what was done until then. */
  #abortable<T>(
    signal: AbortSignal | undefined,
    stop: (remote: Remote<RemoteApi>) => unknown,
    call: (remote: Remote<RemoteApi>) => Promise<unknown>,
  ): Promise<T> {
    if (signal?.aborted === true) {
      return Promise.reject(new AbortedError('session: the signal must not be aborted before the call'));
    }
    const onAbort = (): void => this.#link.tell(stop);
    signal?.addEventListener('abort', onAbort, { once: true });
    return this.#call<T>(call).finally(() => signal?.removeEventListener('abort', onAbort));
  }

  async #call<T>(call: (remote: Remote<RemoteApi>) => Promise<unknown>): Promise<T> {
    try {
      return await this.#link.call<T>(call);
    } catch (error) {
      // A worker beside the session's was lost, and what it held: nothing goes on without it.
      if (error instanceof SessionLostError) await this.#link.close(error);
      throw error;
    }
  }
}
