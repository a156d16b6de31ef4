/** The worker's side of a session: one kernel, at most one run. This file is an entry: importing it starts listening. */
import { expose, releaseProxy, transfer } from 'comlink';
import { platform } from '#platform';
import { ArgumentError, serializeError } from '../errors.js';
import type { Kernel } from '../kernel/kernel.js';
import { currentKernel, init } from '../kernel/load.js';
import { CharLMRun } from '../train/char-lm-run.js';
import { loadCheckpoint, saveCheckpoint } from '../train/checkpoint.js';
import { nextTask, train, validate } from '../train/train.js';
import type { KernelInfo, StepReport, TrainSummary } from './protocol.js';
import { READY, type ReadyMessage, type RemoteApi, type RemoteTrainOptions, type Settled } from './remote.js';

/** Text is sent in pieces at most this often, milliseconds (30 Hz). */
const TEXT_INTERVAL_MS = 33;

let run: CharLMRun | undefined;
let training: AbortController | undefined;
const generating = new Map<number, AbortController>();

function info(kernel: Kernel): KernelInfo {
  const { variant, precision, liveBytes, memoryBytes } = kernel;
  return { variant, precision, fused: variant === 'relaxed', liveBytes, memoryBytes };
}

function theRun(op: string): CharLMRun {
  if (run === undefined) throw new ArgumentError(`${op}: a run must be created or loaded first, got none`);
  return run;
}

/** Replace the run by the one that `make` builds; when that fails the old one stays. */
function replaceRun(op: string, make: () => CharLMRun): CharLMRun {
  if (training !== undefined)
    throw new ArgumentError(`${op}: training must be stopped first, got a running one`);
  const next = make();
  run?.dispose();
  run = next;
  return next;
}

async function trainRun(
  options: RemoteTrainOptions,
  onReports: (reports: readonly StepReport[]) => unknown,
  onCheckpoint: (bytes: Uint8Array, step: number) => unknown,
): Promise<TrainSummary> {
  const current = theRun('train');
  const { steps, reportIntervalMs, checkpointEvery } = options;
  if (training !== undefined) throw new ArgumentError('train: one training at a time, got a second');
  if (!Number.isSafeInteger(steps) || steps < 1) {
    throw new ArgumentError(`train: steps must be a whole number >= 1, got ${steps}`);
  }
  if (!current.info.trainable)
    throw new ArgumentError('train: the run must have its text, got a model alone');
  const controller = new AbortController();
  training = controller;
  const began = performance.now();
  const deliveries: Promise<unknown>[] = [];
  let waiting: StepReport[] = [];
  let flushed = began;
  let last: StepReport | undefined;
  let valLoss: number | undefined;
  const flush = async (): Promise<void> => {
    const reports = waiting;
    waiting = [];
    flushed = performance.now();
    if (reports.length > 0) await onReports(reports);
  };
  try {
    for await (const report of train(current, { steps, signal: controller.signal })) {
      last = report;
      waiting.push(report);
      if (performance.now() - flushed >= reportIntervalMs) {
        const delivery = flush();
        delivery.catch(() => controller.abort());
        deliveries.push(delivery);
        if (deliveries.length > 8) await Promise.all(deliveries.splice(0));
      }
      if (checkpointEvery > 0 && report.step % checkpointEvery === 0) {
        const bytes = saveCheckpoint(current);
        await onCheckpoint(transfer(bytes, [bytes.buffer]), report.step);
      }
    }
    // A stop does not wait for a validation of the whole part.
    valLoss = last?.valLoss ?? (await validate(current, controller.signal));
  } finally {
    training = undefined;
    // Reports made before an error still reach their reader, and before the error does.
    await Promise.all([...deliveries, flush()]);
  }
  return {
    step: current.step,
    loss: last?.loss ?? Number.NaN,
    valLoss,
    stopped: current.step < steps,
    hash: current.hash(),
    tokensPerSecond: last?.tokensPerSecond ?? 0,
    seconds: (performance.now() - began) / 1000,
  };
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
    for (const piece of theRun('generate').generate(options)) {
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

async function settle<T>(work: () => T | Promise<T>, ...callbacks: readonly object[]): Promise<Settled<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: serializeError(error) };
  } finally {
    for (const callback of callbacks) (callback as { [releaseProxy]?: () => void })[releaseProxy]?.();
  }
}

function homework(): Promise<typeof import('../homework/index.js')> {
  return import('../homework/index.js');
}

const api: RemoteApi = {
  start: (options) => settle(async () => info(await init(options))),
  kernel: () => settle(() => info(currentKernel())),
  createCharLM: (text, config) =>
    settle(() => replaceRun('createCharLM', () => CharLMRun.create(text, config)).info),
  loadCharLM: (file, text) => settle(() => replaceRun('loadCharLM', () => loadCheckpoint(file, text)).info),
  train: (options, onReports, onCheckpoint) =>
    settle(() => trainRun(options, onReports, onCheckpoint), onReports, onCheckpoint),
  stopTraining: () => training?.abort(),
  generate: (call, options, onText) => settle(() => generateText(call, options, onText), onText),
  stopGenerating: (call) => generating.get(call)?.abort(),
  evaluate: (text) => settle(() => theRun('evaluate').evaluate(text)),
  checkpoint: async () => {
    const result = await settle(() => saveCheckpoint(theRun('checkpoint')));
    return result.ok ? transfer(result, [result.value.buffer]) : result;
  },
  hash: () => settle(() => theRun('hash').hash()),
  // Loaded on first use, so that a session that only trains starts with what training needs.
  gradcheck: (options) => settle(async () => (await import('../gradcheck-all.js')).gradcheckAll(options)),
  bench: (options, onRow) => settle(async () => (await import('../bench.js')).bench(options, onRow), onRow),
  attendByHand: (input) => settle(async () => (await homework()).attendByHand(input)),
  attend: (input, options) => settle(async () => (await homework()).attend(input, options)),
  solve: (question) => settle(async () => (await homework()).solve(question)),
  check: (question, answer) => settle(async () => (await homework()).check(question, answer)),
  hunt: (options) => settle(async () => (await homework()).hunt(options)),
  derive: (request) => settle(async () => (await homework()).derive(request)),
};

const { endpoint, lock } = await platform.workerSide();
expose(api, endpoint);
endpoint.postMessage({ type: READY, lock } satisfies ReadyMessage);
