/** Drives a sweep: asks the strategy what to do, has runs trained, and writes what came of them into the journal. */
import { CliError, type CliErrorCode } from '../errors.js';
import type { Executor } from './executor.js';
import type { Outcome, RunFailure, RunSpec } from './run-spec.js';
import type { Strategy } from './strategy.js';
import type { Study, Trial } from './study.js';

/** Told while a sweep goes on. */
export interface SweepListener {
  onStart(trial: Trial, spec: RunSpec): void;
  /** The run ended in one way or another; its trial may go on with others. */
  onEnd(spec: RunSpec): void;
  onTrial(trial: Trial): void;
}

/** Why it ended before everything was tried; undefined when nothing was left to do. */
export type SweepEnd = 'signal' | 'time limit' | undefined;

/** Failures that are not the trial's: repeating the sweep when they are mended is right, recording them is not. */
const NOT_THE_TRIALS = ['FILE', 'LOCKED', 'QUEUE'];

/**
 * Run until nothing is left to do, `signal`, or the time limit.
 * @throws what stops a whole sweep: a full disk, a queue that is gone, a metric that runs do not measure
 */
export async function runSweep(
  study: Study,
  strategy: Strategy,
  executor: Executor,
  listener: SweepListener,
  signal: AbortSignal,
): Promise<SweepEnd> {
  const { timeLimit } = study.config;
  const limit = AbortSignal.timeout(Math.min((timeLimit ?? 2 ** 31) * 1000, 2 ** 31 - 1));
  const stop = AbortSignal.any(timeLimit === undefined ? [signal] : [signal, limit]);
  const flying = new Map<string, Promise<void>>();
  const asked = new Set<string>();
  const key = ({ number }: Trial, steps?: number): string => `${number} ${steps ?? ''}`;
  const ended = new Set(study.trials.filter(({ state }) => state !== 'running').map(({ number }) => number));
  let broken: { readonly error: unknown } | undefined;

  const tellEnded = (): void => {
    for (const trial of study.trials) {
      if (trial.state === 'running' || ended.has(trial.number)) continue;
      ended.add(trial.number);
      listener.onTrial(trial);
    }
  };

  /** Equal runs of different trials are one run. */
  const training = new Map<string, Promise<Outcome>>();
  const train = (spec: RunSpec): Promise<Outcome> => {
    const run = training.get(spec.id) ?? executor.run(spec).finally(() => training.delete(spec.id));
    training.set(spec.id, run);
    return run;
  };

  const fly = async (trial: Trial, spec: RunSpec): Promise<void> => {
    listener.onStart(trial, spec);
    try {
      const outcome = await train(spec);
      if ('stopped' in outcome) return;
      if ('failure' in outcome && NOT_THE_TRIALS.includes(outcome.failure.code))
        throw sweepError(outcome.failure);
      study.record(trial.number, spec.id, outcome);
    } finally {
      listener.onEnd(spec);
    }
  };

  const start = (trial: Trial, specs: readonly RunSpec[]): void => {
    for (const spec of specs) {
      if (study.recordOf(trial.number, spec.id) !== undefined) continue;
      const name = `${trial.number} ${spec.id}`;
      const run = fly(trial, spec)
        .catch((error: unknown) => {
          broken ??= { error };
          executor.drain();
        })
        .finally(() => flying.delete(name));
      flying.set(name, run);
    }
  };

  const onStop = (): void => executor.drain();
  stop.addEventListener('abort', onStop, { once: true });
  try {
    for (;;) {
      while (!stop.aborted && broken === undefined && flying.size < executor.capacity) {
        const move = await strategy(study, (trial, steps) => asked.has(key(trial, steps)));
        if (move.kind === 'none') break;
        if (move.kind === 'noted') {
          tellEnded();
          continue;
        }
        asked.add(key(move.trial, move.steps));
        start(move.trial, study.runsOf(move.trial, move.steps, move.after));
      }
      if (flying.size === 0) break;
      await Promise.race(flying.values());
    }
  } finally {
    stop.removeEventListener('abort', onStop);
    await Promise.allSettled(flying.values());
  }
  if (broken !== undefined) throw broken.error;
  if (signal.aborted) return 'signal';
  return timeLimit !== undefined && limit.aborted ? 'time limit' : undefined;
}

function sweepError({ code, message }: RunFailure): CliError {
  return new CliError(code as CliErrorCode, message, 'what was trained is kept; continue with --resume');
}
