/** The worker's methods as comlink carries them: types only. */

import type { ExperimentOptions, ExperimentResult } from '../experiments/experiment.js';
import type { ArchitectureChoice, ArchitectureLook } from '../homework/architecture/look.js';
import type { Route } from '../homework/architecture/route.js';
import type { Task } from '../homework/architecture/task.js';
import type { AttendOptions, AttendReport } from '../homework/attention/attend.js';
import type { EstimatorBench, EstimatorOptions } from '../homework/attention/estimators.js';
import type { AttendGradientOptions, AttendGradients } from '../homework/attention/gradients.js';
import type { ScoreSweep, ScoreSweepOptions } from '../homework/attention/score-sweep.js';
import type { Solution } from '../homework/bank/solve.js';
import type { Verdict } from '../homework/check/verdict.js';
import type { Derivation, DerivationRequest } from '../homework/derive/derivation.js';
import type { Influence, InfluenceOptions } from '../homework/derive/influence.js';
import type { AllChecks, Probe, ProbeOptions } from '../homework/derive/probe.js';
import type { Slices, SlicesOptions } from '../homework/derive/slices.js';
import type { Unrolled } from '../homework/derive/unroll.js';
import type { Interpretation } from '../homework/find/interpret.js';
import type { Hunt, HuntOptions } from '../homework/hunt/hunt.js';
import type { Language } from '../homework/write/markup.js';
import type { SolutionFormat } from '../homework/write/write.js';
import type { ImportRequest } from '../interop/import.js';
import type { ExportFormat } from '../interop/receipt.js';
import type { Settled } from '../link/wire.js';
import type { AnswersOptions, TextAnswers } from '../train/answers.js';
import type { Prediction, TaskReport } from '../train/examples-run.js';
import type { RunData, RunRequest } from '../train/open.js';
import type { RunFacts } from '../train/run.js';
import type { TaskData } from '../train/task-data.js';
import type {
  AnswerChoice,
  AttentionByHand,
  AttentionInput,
  AttentionMap,
  BaselineOptions,
  Baselines,
  BenchRow,
  CharLMConfig,
  Evaluation,
  GateRecord,
  GenerateOptions,
  GradcheckRow,
  KernelInfo,
  LayerChoice,
  NextTokens,
  NextTokensOptions,
  OpenSessionOptions,
  RunInfo,
  Session,
  StateSearch,
  StepReport,
  TextConnectivity,
  TextReach,
  TextSearch,
  TrainSummary,
} from './protocol.js';

export interface RemoteTrainOptions {
  readonly steps: number;
  readonly reportIntervalMs: number;
  readonly checkpointEvery: number;
  readonly keepBest: boolean;
  readonly patience: number;
  readonly updateRatio: boolean;
}

/** What of the options is plain data. */
export type RemoteGenerateOptions = Omit<GenerateOptions, 'onText' | 'signal'>;

export interface RemoteApi {
  start(options: Required<OpenSessionOptions>): Promise<Settled<KernelInfo>>;
  kernel(): Promise<Settled<KernelInfo>>;
  createCharLM(text: string, config: Partial<CharLMConfig>): Promise<Settled<RunInfo>>;
  loadCharLM(file: Uint8Array, text: string | undefined): Promise<Settled<RunInfo>>;
  createRun(request: RunRequest): Promise<Settled<RunFacts>>;
  loadRun(file: Uint8Array, data: RunData | undefined): Promise<Settled<RunFacts>>;
  predict(inputs: readonly string[]): Promise<Settled<readonly Prediction[]>>;
  answers(text: string, options: AnswersOptions): Promise<Settled<TextAnswers>>;
  report(data: TaskData | undefined): Promise<Settled<TaskReport>>;
  gates(text: string, choice: LayerChoice): Promise<Settled<GateRecord>>;
  connectivity(text: string, choice: AnswerChoice): Promise<Settled<TextConnectivity>>;
  stateReach(text: string, choice: LayerChoice & Pick<AnswerChoice, 'at'>): Promise<Settled<TextReach>>;
  searchStates(text: string, search: StateSearch & LayerChoice): Promise<Settled<TextSearch>>;
  attentionMaps(text: string): Promise<Settled<readonly AttentionMap[]>>;
  nextTokens(text: string, options: NextTokensOptions): Promise<Settled<NextTokens>>;
  baselines(text: string, options: BaselineOptions): Promise<Settled<Baselines>>;
  train(
    options: RemoteTrainOptions,
    onReports: (reports: readonly StepReport[]) => void,
    onCheckpoint: (bytes: Uint8Array, step: number, best: boolean) => void | Promise<void>,
  ): Promise<Settled<TrainSummary>>;
  stopTraining(): void;
  setLearningRate(learningRate: number, step: number | undefined): Promise<Settled<RunFacts>>;
  generate(
    call: number,
    options: RemoteGenerateOptions,
    onText: (text: string) => void,
  ): Promise<Settled<string>>;
  stopGenerating(call: number): void;
  evaluate(text: string | undefined): Promise<Settled<Evaluation>>;
  checkpoint(): Promise<Settled<Uint8Array>>;
  exportRun(format: ExportFormat): Promise<Settled<Awaited<ReturnType<Session['exportRun']>>>>;
  importModel(request: ImportRequest): Promise<Settled<Awaited<ReturnType<Session['importModel']>>>>;
  hash(): Promise<Settled<string>>;
  gradcheck(options: {
    readonly seed?: number;
    readonly op?: string;
  }): Promise<Settled<readonly GradcheckRow[]>>;
  attendByHand(input: AttentionInput | undefined): Promise<Settled<AttentionByHand>>;
  attend(input: AttentionInput | undefined, options: AttendOptions): Promise<Settled<AttendReport>>;
  attendGradients(
    input: AttentionInput | undefined,
    options: AttendGradientOptions,
  ): Promise<Settled<AttendGradients>>;
  sweepScore(input: AttentionInput | undefined, options: ScoreSweepOptions): Promise<Settled<ScoreSweep>>;
  estimateScoreGradient(
    input: AttentionInput | undefined,
    options: EstimatorOptions,
  ): Promise<Settled<EstimatorBench>>;
  drawGumbelWeights(
    input: AttentionInput | undefined,
    options: Omit<EstimatorOptions, 'target'>,
  ): Promise<Settled<number[][]>>;
  solve(question: string): Promise<Settled<Solution>>;
  check(question: string, answer: string): Promise<Settled<Verdict>>;
  interpret(text: string): Promise<Settled<Interpretation>>;
  writeSolution(question: string, format: SolutionFormat, language: Language): Promise<Settled<string>>;
  route(task: Task | string): Promise<Settled<Route>>;
  lookAtArchitecture(task: Task | string, choice: ArchitectureChoice): Promise<Settled<ArchitectureLook>>;
  experiment(
    name: string,
    options: ExperimentOptions,
    onProgress: (share: number) => unknown,
  ): Promise<Settled<ExperimentResult>>;
  hunt(options: HuntOptions): Promise<Settled<Hunt>>;
  derive(request: DerivationRequest): Promise<Settled<Derivation>>;
  unroll(request: DerivationRequest): Promise<Settled<Unrolled>>;
  probe(request: DerivationRequest, options: ProbeOptions): Promise<Settled<Probe>>;
  checkAll(request: DerivationRequest): Promise<Settled<AllChecks>>;
  slices(request: DerivationRequest, options: SlicesOptions): Promise<Settled<Slices>>;
  influence(request: DerivationRequest, options: InfluenceOptions): Promise<Settled<Influence>>;
  bench(
    options: { readonly quick?: boolean },
    onRow: (row: BenchRow) => void,
  ): Promise<Settled<readonly BenchRow[]>>;
}
