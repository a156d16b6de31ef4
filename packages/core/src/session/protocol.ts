/**
 * What crosses the boundary between a page or process and the worker that computes: types only.
 * Letters: B batch (streams), T time (characters per window), E embedding, H hidden, V vocabulary.
 */

import type { BaselineOptions, Baselines } from '../data/ngram.js';
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
import type { StateSearch } from '../inspect/search.js';
import type { ImportRequest } from '../interop/import.js';
import type { ExportFormat, Receipt } from '../interop/receipt.js';
import type { WorkerLimits } from '../platform/limits.js';
import type { AnswersOptions, TextAnswers } from '../train/answers.js';
import type { Prediction, TaskReport } from '../train/examples-run.js';
import type { AttentionMap } from '../train/lens.js';
import type {
  AnswerChoice,
  GateRecord,
  LayerChoice,
  TextConnectivity,
  TextReach,
  TextSearch,
} from '../train/look.js';
import type { NextTokens, NextTokensOptions } from '../train/next-tokens.js';
import type { RunData, RunRequest } from '../train/open.js';
import type { RunFacts, TrainingConfig } from '../train/run.js';
import type { TaskData } from '../train/task-data.js';

export type { BaselineOptions, Baselines } from '../data/ngram.js';
export type { StateSearch } from '../inspect/search.js';
export type { ImportRequest } from '../interop/import.js';
export type { ExportFormat, ImportFormat, Receipt, ReceiptRow } from '../interop/receipt.js';
export type { AttentionEdit } from '../models/attention-edit.js';
export type { AnswerNode } from '../train/answer-tree.js';
export type { AnswerStep, AnswersOptions, StepEdit, TextAnswer, TextAnswers } from '../train/answers.js';
export type { Alignment, Mistake, Prediction, TaskReport } from '../train/examples-run.js';
export type { AttentionMap } from '../train/lens.js';
export type {
  AnswerChoice,
  GateRecord,
  LayerChoice,
  TextConnectivity,
  TextReach,
  TextSearch,
} from '../train/look.js';
export type { NextToken, NextTokens, NextTokensOptions, NextTokensRow } from '../train/next-tokens.js';
export type { RunData, RunRequest, RunTask } from '../train/open.js';
export type { OptimizerName } from '../train/optimizers.js';
export type { RateChange } from '../train/rate-changes.js';
export type { Best, RunFacts, RunSchedule, TrainingConfig, Validation } from '../train/run.js';
export type {
  ClassifyConfig,
  ForecastConfig,
  RecurrentConfig,
  Seq2SeqConfig,
  TagConfig,
} from '../train/task-config.js';
export type { GeneratedData, TableData, TaskData } from '../train/task-data.js';

/** Which build of the kernel a session runs. */
export interface SessionOptions {
  /** Defaults to `'f32'`; `'f64'` is for exact comparisons and gradient checks, about half as fast. */
  readonly precision?: 'f32' | 'f64';
  /** Use fused multiply-add where the engine has it (faster, last bits differ between machines). Defaults to false. */
  readonly fast?: boolean;
}

/** The kernel that a session runs. */
export interface KernelInfo {
  readonly variant: 'strict' | 'relaxed' | 'f64';
  readonly precision: 'f32' | 'f64';
  /** True when `fast` was wished and the engine has relaxed SIMD. */
  readonly fused: boolean;
  /** Bytes of live tensors. */
  readonly liveBytes: number;
  /** Bytes of linear memory (never shrinks). */
  readonly memoryBytes: number;
}

/** Everything that defines a character-model run. Same config, same text, same seed: same bits. */
export interface CharLMConfig extends TrainingConfig {
  /** E, size of a token's vector; a Transformer's throughout. Defaults to 64. */
  readonly embeddingSize: number;
  /** The recurrent cell, or `'transformer'`: blocks of causal self-attention in its place. Defaults to `'lstm'`. */
  readonly cell: 'rnn' | 'gru' | 'lstm' | 'transformer';
  /** H, recurrent units per layer; of a Transformer, the entries between the two linear layers of a block. Defaults to 256. */
  readonly hiddenSize: number;
  /** Stacked recurrent layers, or blocks. Defaults to 1. */
  readonly numLayers: number;
  /** N, heads of a Transformer, a divisor of E. Defaults to 4. */
  readonly numHeads: number;
  /** How a Transformer knows where a token stands: a learned table, or sines and cosines. Defaults to `'learned'`. */
  readonly positions: 'learned' | 'sinusoidal';
  /** Dropout between layers and before the output layer (a Transformer's: in its blocks), probability in [0, 1). Defaults to 0. */
  readonly dropout: number;
  /** What a token is; pieces need a `tokenizer.json` beside the config. Defaults to `'characters'`. */
  readonly unit: 'characters' | 'words' | 'hugging-face';
  /** Words kept where a token is a word; the rarer ones are unknown. Defaults to 10 000. */
  readonly maxWords: number;
  /** B, parallel streams. Defaults to 32. */
  readonly batchSize: number;
  /** T, tokens per window: the truncation length of BPTT, or all that a Transformer sees. Defaults to 64. */
  readonly sequenceLength: number;
  /** `'stream'`: contiguous text, with carried state of recurrent cells; `'random'`: independent windows. Defaults to `'stream'`. */
  readonly batching: 'stream' | 'random';
  /** Step size. Defaults to 0.002. */
  readonly learningRate: number;
  /** Largest global gradient norm; 0 turns clipping off. Defaults to 1. */
  readonly clipNorm: number;
  /** Share of the text, from its end, kept for validation, in [0, 0.5]. Defaults to 0.1. */
  readonly validationFraction: number;
  /** Steps between validations; 0 = only at the end. Defaults to 100. */
  readonly evaluateEvery: number;
  /**
   * Workers that share each batch, in [1, batchSize]. Part of the run as the seed is: the order of sums, and so the last
   * bits, depend on it. Defaults to 1.
   */
  readonly workers: number;
  /** Seed of all random streams, a whole number in [0, 2^53). Defaults to 0. */
  readonly seed: number;
}

/** What a freshly opened or reloaded run looks like. */
export interface RunInfo {
  readonly config: CharLMConfig;
  /** Steps done so far (0 for a new run). */
  readonly step: number;
  /** The characters, by code point, or the other tokens, in vocabulary order. */
  readonly vocabulary: readonly string[];
  readonly parameters: number;
  readonly trainCharacters: number;
  readonly validationCharacters: number;
  /** Steps in one pass over the training part. */
  readonly stepsPerEpoch: number;
  /** False when a checkpoint was loaded without its text: it can generate but not train. */
  readonly trainable: boolean;
}

/** One training step, as reported. */
export interface StepReport {
  /** Steps done, counting from 1. */
  readonly step: number;
  /** Mean cross-entropy of this step's batch, nats per character. */
  readonly loss: number;
  /** Validation loss, nats per character, on steps that validated. */
  readonly valLoss?: number;
  /** What else the validation counted, by name: accuracy, F1, exact matches. */
  readonly valMetrics?: Readonly<Record<string, number>>;
  /** True when this validation is the best so far. */
  readonly best?: boolean;
  /** Global gradient norm before clipping. */
  readonly gradientNorm: number;
  /** |change of the weights| / |weights| of this step, when `updateRatio` asks for it. */
  readonly updateRatio?: number;
  /** Passes over the training part, as a fraction. */
  readonly epoch: number;
  /** Training characters per second since this `train()` call began, validation time excluded. */
  readonly tokensPerSecond: number;
}

export interface TrainOptions {
  /** Train until this many steps are done in all (not: more steps). */
  readonly steps: number;
  /** Called with batches of reports, in order, none left out; at most every `reportIntervalMs`. */
  readonly onReports?: (reports: readonly StepReport[]) => void;
  /** Defaults to 33 ms (30 Hz). */
  readonly reportIntervalMs?: number;
  /** Called with a checkpoint every `checkpointEvery` steps, and, with `keepBest`, after each validation that is the best so far. */
  readonly onCheckpoint?: (bytes: Uint8Array, step: number, best: boolean) => void | Promise<void>;
  /** Steps between checkpoints; 0 = never. Defaults to 0. */
  readonly checkpointEvery?: number;
  /** Defaults to false. */
  readonly keepBest?: boolean;
  /** Stop when this many validations in a row were none the best; 0 = never. Defaults to 0. */
  readonly patience?: number;
  /** Report how far each step moves the weights. Defaults to false. */
  readonly updateRatio?: boolean;
  /** Stops at the edge of the step in flight; the promise then resolves with `stopped: true`. */
  readonly signal?: AbortSignal;
}

export interface TrainSummary {
  /** Steps done in all. */
  readonly step: number;
  /** Loss of the last step of this call; NaN when a signal came before the first. */
  readonly loss: number;
  /** Loss on the whole validation part; undefined when there is none, or when a signal ended the training. */
  readonly valLoss: number | undefined;
  /** What else that validation counted. */
  readonly valMetrics?: Readonly<Record<string, number>>;
  /** True when a signal ended the training early. */
  readonly stopped: boolean;
  /** True when validation had not improved for `patience` validations. */
  readonly stalled: boolean;
  /** FNV-1a 64 of all weights, 16 hex digits. */
  readonly hash: string;
  /** Training characters per second over this call. */
  readonly tokensPerSecond: number;
  readonly seconds: number;
}

export interface GenerateOptions {
  /** Text to continue; characters outside the vocabulary are an error. Defaults to a newline, or the first character. */
  readonly prompt?: string;
  /** Characters to write. Defaults to 200. */
  readonly length?: number;
  /** 0 = greedy; 1 = the model's own distribution. Defaults to 1. */
  readonly temperature?: number;
  /** Keep only the k likeliest characters; 0 = all. Defaults to 0. */
  readonly topK?: number;
  /** Keep the smallest set of characters whose probability reaches p, in (0, 1]. Defaults to 1. */
  readonly topP?: number;
  /** Seed of the sampling stream. Defaults to 0. */
  readonly seed?: number;
  /** Called with each piece of text as it is written. */
  readonly onText?: (text: string) => void;
  readonly signal?: AbortSignal;
}

export interface Evaluation {
  /** Mean cross-entropy, nats per character. */
  readonly loss: number;
  readonly perplexity: number;
  readonly bitsPerCharacter: number;
  readonly characters: number;
}

/** One operation's finite-difference check. */
export interface GradcheckRow {
  readonly op: string;
  /** The input whose gradient was checked, e.g. `weight_hh`. */
  readonly input: string;
  readonly entries: number;
  /** max |a - n| / max(|a|, |n|) over entries above the noise floor (CS231n's relative error). */
  readonly relativeError: number;
  readonly passed: boolean;
}

/** One benchmark line; `ratio` compares with `against`, both measured interleaved in this run. */
export interface BenchRow {
  readonly name: string;
  readonly milliseconds: number;
  readonly gflops?: number;
  readonly ratio?: number;
  readonly against?: string;
}

/** Keys and values by row, and one query. */
export interface AttentionInput {
  readonly keys: readonly (readonly number[])[];
  readonly values: readonly (readonly number[])[];
  readonly query: readonly number[];
}

/** Question 3 by hand: each product written out, the chosen index, the output. */
export interface AttentionByHand extends AttentionInput {
  /** products[i][d] = keys[i][d] * query[d] */
  readonly products: readonly (readonly number[])[];
  /** scores[i] = keys[i] . query */
  readonly scores: readonly number[];
  /** The largest score's index; the first of several equal ones. */
  readonly index: number;
  /** All indices that share the largest score. */
  readonly ties: readonly number[];
  readonly output: readonly number[];
  /** softmax(scores) and the output it would give, for comparison. */
  readonly softmaxWeights: readonly number[];
  readonly softmaxOutput: readonly number[];
}

/** The session as its user sees it. Every promise settles, also when the worker dies (SessionLostError). */
export interface Session {
  /** Facts about the kernel, read now. */
  kernel(): Promise<KernelInfo>;
  /** Start a new character model on `text`; replaces the run that the session held. */
  createCharLM(text: string, config?: Partial<CharLMConfig>): Promise<RunInfo>;
  /** Reload a checkpoint; with its text training goes on bit for bit, without it the model can only generate. */
  loadCharLM(checkpoint: Uint8Array, text?: string): Promise<RunInfo>;
  /** Start a new run of any kind: a character model, a classifier, a tagger, an encoder-decoder; replaces the run that the session held. */
  createRun(request: RunRequest): Promise<RunFacts>;
  /** Reload a checkpoint of any kind; with what it learned from training goes on bit for bit. A generated task needs nothing. */
  loadRun(checkpoint: Uint8Array, data?: RunData): Promise<RunFacts>;
  /** What a run on examples says to each input. */
  predict(inputs: readonly string[]): Promise<readonly Prediction[]>;
  /**
   * The best answers of an encoder-decoder to a text, with what else it might have written, on wish with the tree of the
   * search, and, as a what-if, with forced tokens or edited attention; also while training.
   */
  answers(text: string, options?: AnswersOptions): Promise<TextAnswers>;
  /** Losses, metrics, confusion and mistakes of a run on examples, on other data or its validation part. */
  report(data?: TaskData): Promise<TaskReport>;
  /** States and gates of one recurrent layer over a text. May be called while training, as all looks into a run. */
  gates(text: string, choice?: LayerChoice): Promise<GateRecord>;
  /** What one answer of the run rests on: the gradient of a logit with respect to each token of a text. */
  connectivity(text: string, choice?: AnswerChoice): Promise<TextConnectivity>;
  /** ||dh_t / dh_k|| over a text: how much of each earlier state is left in a later one. */
  stateReach(text: string, choice?: LayerChoice & Pick<AnswerChoice, 'at'>): Promise<TextReach>;
  /** Where else in a text the units come on that are on in a selected range. */
  searchStates(text: string, search: StateSearch & LayerChoice): Promise<TextSearch>;
  /** What a Transformer's heads, an encoder-decoder or attention pooling attend to over a text. */
  attentionMaps(text: string): Promise<readonly AttentionMap[]>;
  /** What a language model expects along a text: fed the text, and fed what it writes itself. */
  nextTokens(text: string, options?: NextTokensOptions): Promise<NextTokens>;
  /** What counting characters achieves on a text, n-gram by n-gram: the bar that a trained model has to clear. */
  baselines(text: string, options?: BaselineOptions): Promise<Baselines>;
  train(options: TrainOptions): Promise<TrainSummary>;
  /**
   * Another learning rate for the run, from the next step on or from a later one; changes planned for later are forgotten.
   * It becomes part of the run's config (`rateChanges`), and who creates a run with that config trains to the same bits. May be
   * called while training. ArgumentError for a rate that is not > 0, or a step that has been done.
   * @returns the run with its new config
   */
  setLearningRate(learningRate: number, step?: number): Promise<RunFacts>;
  /** May be called while training: runs between two steps and never disturbs the run's random streams or state. */
  generate(options?: GenerateOptions): Promise<string>;
  /** Loss on `text`, or on the run's validation part when left out. */
  evaluate(text?: string): Promise<Evaluation>;
  /** The whole state as one safetensors file. May be called while training: taken between two steps. */
  checkpoint(): Promise<Uint8Array>;
  /** The run's model in the format of others, files by name, with a receipt of what moved where. */
  exportRun(format: ExportFormat): Promise<{
    readonly files: ReadonlyMap<string, Uint8Array>;
    readonly receipt: Receipt;
  }>;
  /**
   * Weights from a file made elsewhere. A language model whose vocabulary is known becomes the session's run (`facts`); of
   * anything else there is the receipt alone.
   */
  importModel(request: ImportRequest): Promise<{
    readonly receipt: Receipt;
    readonly facts: RunFacts | undefined;
  }>;
  /** FNV-1a 64 of all weights, 16 hex digits. */
  hash(): Promise<string>;
  /** Finite differences in f64 against every operation's backward; opens its own f64 kernel. */
  gradcheck(options?: { readonly seed?: number; readonly op?: string }): Promise<readonly GradcheckRow[]>;
  /** Argmax attention by hand; the homework's question 3 when called without arguments. */
  attendByHand(input?: AttentionInput): Promise<AttentionByHand>;
  /** Attention for any keys, values and query (question 3's when left out), with Jacobians and a temperature sweep. */
  attend(input?: AttentionInput, options?: AttendOptions): Promise<AttendReport>;
  /** Gradients of 1/2 |o - target|^2 as the mode's backward pass has them, beside central differences. */
  attendGradients(input?: AttentionInput, options?: AttendGradientOptions): Promise<AttendGradients>;
  /** The loss along one score for each way to choose. */
  sweepScore(input?: AttentionInput, options?: ScoreSweepOptions): Promise<ScoreSweep>;
  /** Bias, variance and draws of the estimators of dL/ds against the exact gradient. */
  estimateScoreGradient(input?: AttentionInput, options?: EstimatorOptions): Promise<EstimatorBench>;
  /** Draws of Gumbel-softmax weights, [samples, S]. */
  drawGumbelWeights(input?: AttentionInput, options?: Omit<EstimatorOptions, 'target'>): Promise<number[][]>;
  /** Worked homework questions: `q1` ... `q4`, a part such as `q2b`, or `all`. */
  solve(question: string): Promise<Solution>;
  /** Judges an answer to a multiple-choice or numeric question. */
  check(question: string, answer: string): Promise<Verdict>;
  /** Finds the question that a text is about, or judges it as an answer; in Persian or English. */
  interpret(text: string): Promise<Interpretation>;
  /** What `solve` gives as a document. */
  writeSolution(question: string, format: SolutionFormat, language: Language): Promise<string>;
  /** Which architecture suits a task (a known one by its name), and why not the others. */
  route(task: Task | string): Promise<Route>;
  /** An architecture unrolled: what each output sees, how far away, and what stands against it for a task. */
  lookAtArchitecture(task: Task | string, choice: ArchitectureChoice): Promise<ArchitectureLook>;
  /** Backpropagation through time of any recurrence, symbolically and in numbers; the homework's question 2 by default. */
  derive(request?: DerivationRequest): Promise<Derivation>;
  /** A derivation laid open: the unrolled graph with values and gradients, every path, truncations. */
  unroll(request?: DerivationRequest): Promise<Unrolled>;
  /** Central differences of every entry at one step size, in f32 and f64, and the worst entry at all step sizes. */
  probe(request?: DerivationRequest, options?: ProbeOptions): Promise<Probe>;
  /** Tape, dual numbers and differences beside the derived gradient of every parameter. */
  checkAll(request?: DerivationRequest): Promise<AllChecks>;
  /** ds[t]/dW slice by slice: a matrix of W's shape for each entry of the value, and the part of each use of W. */
  slices(request?: DerivationRequest, options?: SlicesOptions): Promise<Slices>;
  /** How far each state is heard: ||ds_t/ds_k|| for all pairs of steps, eigenvalues, saturation. */
  influence(request?: DerivationRequest, options?: InfluenceOptions): Promise<Influence>;
  /** Trains what a claim of the homework is about, over several seeds: `mood`, `future`, `leak`, `chain`, `argmax`. */
  experiment(
    name: string,
    options?: ExperimentOptions & { readonly onProgress?: (share: number) => void },
  ): Promise<ExperimentResult>;
  /** A derivation with one mistake planted in it; with `answer`, whether that line is the false one. */
  hunt(options?: HuntOptions): Promise<Hunt>;
  /** Kernel and training-step speeds, rows as they are measured. */
  bench(options?: {
    readonly quick?: boolean;
    readonly onRow?: (row: BenchRow) => void;
  }): Promise<readonly BenchRow[]>;
  /** Ends the worker; pending calls reject with SessionLostError. Safe to call twice. */
  close(): Promise<void>;
}

export interface OpenSessionOptions extends SessionOptions {
  /** How long a worker may take to start, milliseconds. Defaults to 10 000. */
  readonly startTimeoutMs?: number;
  /**
   * How long a worker's event loop may be silent while a call is pending, milliseconds; it then counts as hung and the
   * call rejects with SessionLostError. Steps and kernel calls must take less. 0 = for ever. Defaults to 60 000.
   */
  readonly hangTimeoutMs?: number;
  /** What each worker may use. */
  readonly limits?: WorkerLimits & {
    /** Bytes of kernel memory; beyond them calls throw OutOfMemoryError and the session goes on. Defaults to 4 GiB. */
    readonly kernelBytes?: number;
  };
  /**
   * How workers that train one run add their gradients; the bits are the same. `'auto'`: shared memory where the page
   * or process has it, else messages. `'in-turn'`: one worker computes all shares. Defaults to `'auto'`.
   */
  readonly exchange?: 'auto' | 'shared' | 'messages' | 'in-turn';
}
