/** The training loop, as an async generator: it yields after each step and lets other work of the thread in. */

import { nextTask } from '../parallel/next-task.js';
import type { StepResult } from '../parallel/run.js';
import type { StepReport } from '../session/protocol.js';
import type { CharLMRun } from './char-lm-run.js';

export interface TrainLoopOptions {
  /** Train until this many steps are done in all. */
  readonly steps: number;
  /** Stops at the edge of the step in flight. */
  readonly signal?: AbortSignal;
  /** How a step is made. Defaults to `run.trainStep()`; several workers make it together (parallel/team.ts). */
  readonly step?: () => Promise<StepResult>;
}

/**
 * Train `run`, one report per step. Messages and timers are served between steps.
 * @throws DivergedError when the loss or a gradient is NaN or infinite
 */
export async function* train(run: CharLMRun, options: TrainLoopOptions): AsyncGenerator<StepReport, void> {
  const { batchSize, sequenceLength } = run.config;
  const step = options.step ?? (async (): Promise<StepResult> => run.trainStep());
  const tokensPerStep = batchSize * sequenceLength;
  let tokens = 0;
  let milliseconds = 0;
  while (run.step < options.steps && options.signal?.aborted !== true) {
    const start = performance.now();
    const result = await step();
    milliseconds += performance.now() - start;
    tokens += tokensPerStep;
    const tokensPerSecond = (1000 * tokens) / milliseconds;
    const report = { ...result, epoch: run.epoch, tokensPerSecond };
    const valLoss = run.evaluationDue ? await validate(run, options.signal) : undefined;
    yield valLoss === undefined ? report : { ...report, valLoss };
    await nextTask();
  }
}

/** Longest stretch of validation that messages wait for, milliseconds. */
const TASK_MS = 30;

/**
 * Loss on the validation part, in pieces that let messages in.
 * @returns undefined when the run has no validation part, or when `signal` came first
 */
export async function validate(run: CharLMRun, signal?: AbortSignal): Promise<number | undefined> {
  if (!run.hasValidation) return undefined;
  const windows = run.evaluating();
  let pause = performance.now() + TASK_MS;
  while (signal?.aborted !== true) {
    const { done, value } = windows.next();
    if (done === true) return value.loss;
    if (performance.now() < pause) continue;
    await nextTask();
    pause = performance.now() + TASK_MS;
  }
  windows.return(undefined as never);
  return undefined;
}
