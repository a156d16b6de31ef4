/** The training loop, as an async generator: it yields after each step and lets other work of the thread in. */
import type { StepReport } from '../session/protocol.js';
import type { CharLMRun } from './char-lm-run.js';

export interface TrainLoopOptions {
  /** Train until this many steps are done in all. */
  readonly steps: number;
  /** Stops at the edge of the step in flight. */
  readonly signal?: AbortSignal;
}

/**
 * Train `run`, one report per step. Messages and timers are served between steps.
 * @throws DivergedError when the loss or a gradient is NaN or infinite
 */
export async function* train(run: CharLMRun, options: TrainLoopOptions): AsyncGenerator<StepReport, void> {
  const { batchSize, sequenceLength } = run.config;
  const tokensPerStep = batchSize * sequenceLength;
  let tokens = 0;
  let milliseconds = 0;
  while (run.step < options.steps && options.signal?.aborted !== true) {
    const start = performance.now();
    const result = run.trainStep();
    milliseconds += performance.now() - start;
    tokens += tokensPerStep;
    const tokensPerSecond = (1000 * tokens) / milliseconds;
    const report = { ...result, epoch: run.epoch, tokensPerSecond };
    yield run.evaluationDue ? { ...report, valLoss: run.evaluate().loss } : report;
    await nextTask();
  }
}

/** Resolves in a later task. A message port, because timers wait at least 4 ms in browsers once nested. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
