/** The worker's methods as comlink carries them: types only. Results travel as values, so that errors keep class and code. */
import type { SerializedError } from '../errors.js';
import type { AttendOptions, AttendReport } from '../homework/attention/attend.js';
import type { Solution } from '../homework/bank/solve.js';
import type { Verdict } from '../homework/check/verdict.js';
import type { Derivation, DerivationRequest } from '../homework/derive/derivation.js';
import type { Hunt, HuntOptions } from '../homework/hunt/hunt.js';
import type {
  AttentionByHand,
  AttentionInput,
  BenchRow,
  CharLMConfig,
  Evaluation,
  GenerateOptions,
  GradcheckRow,
  KernelInfo,
  RunInfo,
  SessionOptions,
  StepReport,
  TrainSummary,
} from './protocol.js';

/** The `type` of the message that the worker posts once it listens. */
export const READY = 'hw5:ready';

export interface ReadyMessage {
  readonly type: typeof READY;
  /** Held by the worker as long as it lives; see platform.ts. */
  readonly lock: string | undefined;
}

export type Settled<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: SerializedError };

export interface RemoteTrainOptions {
  readonly steps: number;
  readonly reportIntervalMs: number;
  readonly checkpointEvery: number;
}

/** What of the options is plain data. */
export type RemoteGenerateOptions = Omit<GenerateOptions, 'onText' | 'signal'>;

export interface RemoteApi {
  start(options: SessionOptions): Promise<Settled<KernelInfo>>;
  kernel(): Promise<Settled<KernelInfo>>;
  createCharLM(text: string, config: Partial<CharLMConfig>): Promise<Settled<RunInfo>>;
  loadCharLM(file: Uint8Array, text: string | undefined): Promise<Settled<RunInfo>>;
  train(
    options: RemoteTrainOptions,
    onReports: (reports: readonly StepReport[]) => void,
    onCheckpoint: (bytes: Uint8Array, step: number) => void | Promise<void>,
  ): Promise<Settled<TrainSummary>>;
  stopTraining(): void;
  generate(
    call: number,
    options: RemoteGenerateOptions,
    onText: (text: string) => void,
  ): Promise<Settled<string>>;
  stopGenerating(call: number): void;
  evaluate(text: string | undefined): Promise<Settled<Evaluation>>;
  checkpoint(): Promise<Settled<Uint8Array>>;
  hash(): Promise<Settled<string>>;
  gradcheck(options: {
    readonly seed?: number;
    readonly op?: string;
  }): Promise<Settled<readonly GradcheckRow[]>>;
  attendByHand(input: AttentionInput | undefined): Promise<Settled<AttentionByHand>>;
  attend(input: AttentionInput | undefined, options: AttendOptions): Promise<Settled<AttendReport>>;
  solve(question: string): Promise<Settled<Solution>>;
  check(question: string, answer: string): Promise<Settled<Verdict>>;
  hunt(options: HuntOptions): Promise<Settled<Hunt>>;
  derive(request: DerivationRequest): Promise<Settled<Derivation>>;
  bench(
    options: { readonly quick?: boolean },
    onRow: (row: BenchRow) => void,
  ): Promise<Settled<readonly BenchRow[]>>;
}
