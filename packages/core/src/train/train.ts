/** The training loop, as an async generator: it yields after each step and lets other work of the thread in. */
import { nextTask } from '../parallel/next-task.js';
import type { StepResult } from '../parallel/run.js';
import type { StepReport } from '../session/protocol.js';
import type { Run, Validation } from './run.js';

export interface TrainLoopOptions {
  /** Train until this many steps are done in all. */
  readonly steps: number;
  /** Stops at the edge of the step in flight. */
  readonly signal?: AbortSignal;
  /** Stop when this many validations in a row were none the best; 0 = never. Defaults to 0. */
  readonly patience?: number;
  /** How a step is made. Defaults to `run.trainStep()`; several workers make it together (parallel/team.ts). */
  readonly step?: () => Promise<StepResult>;
}

/**
 * Train `run`, one report per step. Messages and timers are served between steps.
 * @throws DivergedError when the loss or a gradient is NaN or infinite
 */
export async function* train(run: Run, options: TrainLoopOptions): AsyncGenerator<StepReport, void> {
  const { steps, signal, patience = 0 } = options;
  const step = options.step ?? (async (): Promise<StepResult> => run.trainStep());
  let tokens = 0;
  let milliseconds = 0;
  while (run.step < steps && signal?.aborted !== true && !hasStalled(run, patience)) {
    const start = performance.now();
    const result = await step();
    milliseconds += performance.now() - start;
    tokens += run.tokensPerStep;
    const tokensPerSecond = (1000 * tokens) / milliseconds;
    const report = { ...result, epoch: run.epoch, tokensPerSecond };
    const validation = run.evaluationDue ? await validate(run, signal) : undefined;
    yield validation === undefined ? report : { ...report, ...noted(run, validation) };
    await nextTask();
  }
}

/** True when the last `patience` validations did not improve on the best; follows from the run, so resuming changes nothing. */
export function hasStalled({ best, step, config }: Run, patience: number): boolean {
  return patience > 0 && best !== undefined && step - best.step >= patience * config.evaluateEvery;
}

function noted(run: Run, { loss, metrics }: Validation): Pick<StepReport, 'valLoss' | 'valMetrics' | 'best'> {
  const best = run.noteValidation(loss);
  return {
    valLoss: loss,
    ...(metrics === undefined ? {} : { valMetrics: metrics }),
    ...(best ? { best } : {}),
  };
}

/** Longest stretch of validation that messages wait for, milliseconds. */
const TASK_MS = 30;

/**
 * Measure on the validation part, in pieces that let messages in.
 * @returns undefined when the run has no validation part, or when `signal` came first
 */
export async function validate(run: Run, signal?: AbortSignal): Promise<Validation | undefined> {
  if (!run.hasValidation) return undefined;
  const pieces = run.validating();
  let pause = performance.now() + TASK_MS;
  while (signal?.aborted !== true) {
    const { done, value } = pieces.next();
    if (done === true) return value;
    if (performance.now() < pause) continue;
    await nextTask();
    pause = performance.now() + TASK_MS;
  }
  pieces.return(undefined as never);
  return undefined;
}
