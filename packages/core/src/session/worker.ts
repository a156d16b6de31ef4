/** The worker's side of a session: one kernel, at most one run. This file is an entry: importing it starts listening. */
import { releaseProxy, transfer } from 'comlink';
import { ArgumentError } from '../errors.js';
import type { ImportRequest } from '../interop/import.js';
import type { Kernel } from '../kernel/kernel.js';
import { currentKernel } from '../kernel/load.js';
import { serve } from '../link/serve.js';
import { type Settled, settle as settled } from '../link/wire.js';
import { nextTask } from '../parallel/next-task.js';
import type { StepResult } from '../parallel/run.js';
import type { JoinRun, Team } from '../parallel/team.js';
import { CharLMRun } from '../train/char-lm-run.js';
import { saveCheckpoint } from '../train/checkpoint.js';
import { charLMLoader, examplesRun, type RunData, runLoader, runMaker } from '../train/open.js';
import type { Run, RunFacts, Validation } from '../train/run.js';
import { hasStalled, train, validate } from '../train/train.js';
import { openKernel } from './kernel.js';
import type { KernelInfo, OpenSessionOptions, Session, StepReport, TrainSummary } from './protocol.js';
import type { RemoteApi, RemoteTrainOptions } from './remote.js';

/** Text is sent in pieces at most this often, milliseconds (30 Hz). */
const TEXT_INTERVAL_MS = 33;

/** What defines a run beside its state: a replica of it needs both. */
interface OpenRun {
  readonly run: Run;
  readonly data: RunData | undefined;
}

let options: Required<OpenSessionOptions>;
let current: OpenRun | undefined;
/** The other workers of the run; they start with its first training. */
let team: Promise<Team> | undefined;
/** Resolves at the edge of the step in flight. */
let edge: Promise<unknown> = Promise.resolve();
let training: AbortController | undefined;
const generating = new Map<number, AbortController>();

function info(kernel: Kernel): KernelInfo {
  const { variant, precision, liveBytes, memoryBytes } = kernel;
  return { variant, precision, fused: variant === 'relaxed', liveBytes, memoryBytes };
}

async function start(given: Required<OpenSessionOptions>): Promise<KernelInfo> {
  options = given;
  const { precision, fast, limits } = given;
  return info(await openKernel({ precision, fast, kernelBytes: limits.kernelBytes }));
}

function theRun(op: string): Run {
  if (current === undefined)
    throw new ArgumentError(`${op}: a run must be created or loaded first, got none`);
  return current.run;
}

/** The run, which must be a character model. */
function theCharLM(op: string): CharLMRun {
  const run = theRun(op);
  if (run instanceof CharLMRun) return run;
  throw new ArgumentError(`${op}: the run must be a character model, got ${run.task}`);
}

/** Replace the run by the one that `make` builds; when that fails the old one stays. */
async function replaceRun<R extends Run>(op: string, data: RunData | undefined, make: () => R): Promise<R> {
  if (training !== undefined)
    throw new ArgumentError(`${op}: training must be stopped first, got a running one`);
  const next = currentKernel().memory.allOrNothing(make);
  const before = current;
  const others = team;
  current = { run: next, data };
  team = undefined;
  before?.run.dispose();
  await (await others)?.close();
  return next;
}

/** Between two steps: what `work` sees is a state that a step left. */
function atEdge<T>(work: () => Promise<T>): Promise<T> {
  const done = edge.then(work);
  edge = done.catch(() => {});
  return done;
}

/** The workers that train the run together; undefined for one alone. */
async function teamOf({ run, data }: OpenRun): Promise<Team | undefined> {
  if (run.ranks === 1 || options.exchange === 'in-turn') return undefined;
  team ??= openTeam(run, data);
  team.catch(() => {
    team = undefined;
  });
  return team;
}

async function openTeam(run: Run, data: RunData | undefined): Promise<Team> {
  const { precision, fast, limits } = options;
  const join: JoinRun = {
    kernel: { precision, fast, kernelBytes: limits.kernelBytes },
    checkpoint: saveCheckpoint(run),
    data,
  };
  const { Team } = await import('../parallel/team.js');
  return Team.open(run, join, { ...options, exchange: exchangeKind() });
}

function exchangeKind(): 'shared' | 'messages' {
  if (options.exchange === 'shared' || options.exchange === 'messages') return options.exchange;
  // Browsers hide shared memory from pages that are not cross-origin isolated.
  return typeof SharedArrayBuffer === 'undefined' ? 'messages' : 'shared';
}

function save(): Promise<Uint8Array<ArrayBuffer>> {
  return atEdge(async () => {
    const run = theRun('checkpoint');
    await (await team)?.collect();
    return saveCheckpoint(run);
  });
}

async function trainRun(
  request: RemoteTrainOptions,
  onReports: (reports: readonly StepReport[]) => unknown,
  onCheckpoint: (bytes: Uint8Array, step: number, best: boolean) => unknown,
): Promise<TrainSummary> {
  const run = theRun('train');
  const { steps, reportIntervalMs, checkpointEvery, keepBest, patience } = request;
  if (training !== undefined) throw new ArgumentError('train: one training at a time, got a second');
  if (!Number.isSafeInteger(steps) || steps < 1) {
    throw new ArgumentError(`train: steps must be a whole number >= 1, got ${steps}`);
  }
  if (!Number.isSafeInteger(patience) || patience < 0) {
    throw new ArgumentError(`train: patience must be a whole number >= 0, got ${patience}`);
  }
  if (!run.trainable) throw new ArgumentError('train: the run must have its data, got a model alone');
  run.measuresUpdates = request.updateRatio;
  const controller = new AbortController();
  training = controller;
  const began = performance.now();
  const deliveries: Promise<unknown>[] = [];
  let waiting: StepReport[] = [];
  let flushed = began;
  let last: StepReport | undefined;
  let validation: Validation | undefined;
  const flush = async (): Promise<void> => {
    const reports = waiting;
    waiting = [];
    flushed = performance.now();
    if (reports.length > 0) await onReports(reports);
  };
  try {
    const others = await teamOf(current!);
    const step = (): Promise<StepResult> => atEdge(async () => (await others?.step()) ?? run.trainStep());
    for await (const report of train(run, { steps, patience, signal: controller.signal, step })) {
      last = report;
      waiting.push(report);
      if (performance.now() - flushed >= reportIntervalMs) {
        const delivery = flush();
        delivery.catch(() => controller.abort());
        deliveries.push(delivery);
        if (deliveries.length > 8) await Promise.all(deliveries.splice(0));
      }
      if (report.valLoss !== undefined) await others?.verify();
      const best = keepBest && report.best === true;
      if (best || (checkpointEvery > 0 && report.step % checkpointEvery === 0)) {
        const bytes = await save();
        await onCheckpoint(transfer(bytes, [bytes.buffer]), report.step, best);
      }
    }
    // A stop does not wait for a validation of the whole part.
    validation = validationOf(last) ?? (await validate(run, controller.signal));
    await others?.verify();
  } finally {
    training = undefined;
    // Reports made before an error still reach their reader, and before the error does.
    await Promise.all([...deliveries, flush()]);
  }
  const stalled = hasStalled(run, patience);
  return {
    step: run.step,
    loss: last?.loss ?? Number.NaN,
    valLoss: validation?.loss,
    ...(validation?.metrics === undefined ? {} : { valMetrics: validation.metrics }),
    stopped: run.step < steps && !stalled,
    stalled,
    hash: run.hash(),
    tokensPerSecond: last?.tokensPerSecond ?? 0,
    seconds: (performance.now() - began) / 1000,
  };
}

/** A report's validation in the form of a fresh one. */
function validationOf(report: StepReport | undefined): Validation | undefined {
  if (report?.valLoss === undefined) return undefined;
  const { valLoss: loss, valMetrics: metrics } = report;
  return metrics === undefined ? { loss } : { loss, metrics };
}

/** Between two steps, so that a change belongs to one of them. */
function setLearningRate(rate: number, step: number | undefined): Promise<RunFacts> {
  return atEdge(async () => {
    const run = theRun('setLearningRate');
    run.setLearningRate(rate, step);
    return run.facts;
  });
}

async function generateText(
  call: number,
  options: Parameters<RemoteApi['generate']>[1],
  onText: (text: string) => unknown,
): Promise<string> {
  const controller = new AbortController();
  generating.set(call, controller);
  let text = '';
  let sent = 0;
  let sentAt = performance.now();
  try {
    for (const piece of theCharLM('generate').generate(options)) {
      text += piece;
      if (performance.now() - sentAt >= TEXT_INTERVAL_MS) {
        await onText(text.slice(sent));
        sent = text.length;
        sentAt = performance.now();
        await nextTask();
      }
      if (controller.signal.aborted) break;
    }
    if (sent < text.length) await onText(text.slice(sent));
    return text;
  } finally {
    generating.delete(call);
  }
}

/** A run out of a file made elsewhere; without one the session's stays. */
async function importModel(request: ImportRequest): Promise<Awaited<ReturnType<Session['importModel']>>> {
  const { importFile } = await import('../interop/index.js');
  const { run, receipt } = currentKernel().memory.allOrNothing(() => importFile(request));
  if (run !== undefined) await replaceRun('import', request.text, () => run);
  return { receipt, facts: run?.facts };
}

async function settle<T>(work: () => T | Promise<T>, ...callbacks: readonly object[]): Promise<Settled<T>> {
  const outcome = await settled(work);
  for (const callback of callbacks) (callback as { [releaseProxy]?: () => void })[releaseProxy]?.();
  return outcome;
}

function homework(): Promise<typeof import('../homework/index.js')> {
  return import('../homework/index.js');
}

function look(): Promise<typeof import('../train/look.js')> {
  return import('../train/look.js');
}

const api: RemoteApi = {
  start: (given) => settle(() => start(given)),
  kernel: () => settle(() => info(currentKernel())),
  createCharLM: (text, config) =>
    settle(async () => (await replaceRun('createCharLM', text, () => CharLMRun.create(text, config))).info),
  loadCharLM: (file, text) =>
    settle(async () => (await replaceRun('loadCharLM', text, await charLMLoader(file, text))).info),
  createRun: (request) =>
    settle(async () => (await replaceRun('createRun', request.data, await runMaker(request))).facts),
  loadRun: (file, data) =>
    settle(async () => (await replaceRun('loadRun', data, await runLoader(file, data))).facts),
  predict: (inputs) => settle(() => examplesRun('predict', theRun('predict')).predict(inputs)),
  answers: (text, options) =>
    settle(async () => (await import('../train/answers.js')).answersOf(theRun('answers'), text, options)),
  report: (data) => settle(() => examplesRun('report', theRun('report')).report(data)),
  gates: (text, choice) => settle(async () => (await look()).gatesOf(theRun('gates'), text, choice)),
  connectivity: (text, choice) =>
    settle(async () => (await look()).connectivityOf(theRun('connectivity'), text, choice)),
  stateReach: (text, choice) =>
    settle(async () => (await look()).reachOf(theRun('stateReach'), text, choice)),
  searchStates: (text, search) =>
    settle(async () => (await look()).searchOf(theRun('searchStates'), text, search)),
  attentionMaps: (text) => settle(async () => (await look()).attentionOf(theRun('attentionMaps'), text)),
  nextTokens: (text, options) =>
    settle(async () =>
      (await import('../train/next-tokens.js')).nextTokens(theCharLM('nextTokens'), text, options),
    ),
  baselines: (text, options) =>
    settle(async () => (await import('../data/ngram.js')).baselines(text, options)),
  train: (request, onReports, onCheckpoint) =>
    settle(() => trainRun(request, onReports, onCheckpoint), onReports, onCheckpoint),
  stopTraining: () => training?.abort(),
  setLearningRate: (rate, step) => settle(() => setLearningRate(rate, step)),
  generate: (call, options, onText) => settle(() => generateText(call, options, onText), onText),
  stopGenerating: (call) => generating.get(call)?.abort(),
  evaluate: (text) => settle(() => theCharLM('evaluate').evaluate(text)),
  checkpoint: async () => {
    const result = await settle(save);
    return result.ok ? transfer(result, [result.value.buffer]) : result;
  },
  exportRun: (format) =>
    settle(async () => {
      const { exportRun } = await import('../interop/index.js');
      return atEdge(async () => exportRun(theRun('export'), format));
    }),
  importModel: (request) => settle(() => importModel(request)),
  hash: () => settle(() => theRun('hash').hash()),
  // Loaded on first use, so that a session that only trains starts with what training needs.
  gradcheck: (options) => settle(async () => (await import('../gradcheck-all.js')).gradcheckAll(options)),
  bench: (options, onRow) => settle(async () => (await import('../bench.js')).bench(options, onRow), onRow),
  attendByHand: (input) => settle(async () => (await homework()).attendByHand(input)),
  attend: (input, options) => settle(async () => (await homework()).attend(input, options)),
  attendGradients: (input, options) => settle(async () => (await homework()).attendGradients(input, options)),
  sweepScore: (input, options) => settle(async () => (await homework()).sweepScore(input, options)),
  estimateScoreGradient: (input, options) =>
    settle(async () => (await homework()).estimateScoreGradient(input, options)),
  drawGumbelWeights: (input, options) =>
    settle(async () => (await homework()).drawGumbelWeights(input, options)),
  solve: (question) => settle(async () => (await homework()).solve(question)),
  check: (question, answer) => settle(async () => (await homework()).check(question, answer)),
  interpret: (text) => settle(async () => (await homework()).interpret(text)),
  writeSolution: (question, format, language) =>
    settle(async () => (await homework()).writeSolution(question, format, language)),
  route: (task) => settle(async () => (await homework()).route(task)),
  lookAtArchitecture: (task, choice) =>
    settle(async () => (await homework()).lookAtArchitecture(task, choice)),
  experiment: (name, options, onProgress) =>
    settle(
      async () => (await import('../experiments/run.js')).runExperiment(name, options, onProgress),
      onProgress,
    ),
  hunt: (options) => settle(async () => (await homework()).hunt(options)),
  derive: (request) => settle(async () => (await homework()).derive(request)),
  unroll: (request) => settle(async () => (await homework()).unroll(request)),
  probe: (request, options) => settle(async () => (await homework()).probe(request, options)),
  checkAll: (request) => settle(async () => (await homework()).checkAll(request)),
  slices: (request, options) => settle(async () => (await homework()).slices(request, options)),
  influence: (request, options) => settle(async () => (await homework()).influence(request, options)),
};

void serve(api);
