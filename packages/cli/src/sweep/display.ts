/** What a sweep shows while it goes on: a live table where a person watches, lines in a log, JSON lines for programs. */
import { compact, loss, plain } from '../report/format.js';
import { err, out } from '../terminal.js';
import type { RunWatcher } from './executor.js';
import type { RunSpec } from './run-spec.js';
import { trialsOf } from './sampler.js';
import type { Study, Trial } from './study.js';
import type { SweepListener } from './sweep.js';
import type { Progressed } from './train-here.js';

export interface Display extends SweepListener, RunWatcher {
  /** Leaves the terminal tidy. Safe to call twice. */
  stop(): void;
}

export interface Flying {
  readonly trial: Trial;
  readonly spec: RunSpec;
  readonly progressed: Progressed | undefined;
}

export async function openDisplay(study: Study, json: boolean): Promise<Display> {
  if (json) return jsonDisplay(study);
  return err.isTTY ? (await import('./live-table.js')).openLiveTable(study, err) : plainDisplay(study);
}

/** `lr=0.003 hidden=32`. */
export function shownParams(params: Trial['params']): string {
  return Object.entries(params)
    .map(([flag, value]) => `${flag}=${typeof value === 'number' ? plain(value) : value}`)
    .join(' ');
}

/** `trial 7  complete  valLoss 0.3121  lr=0.003 hidden=32`. */
export function shownTrial(study: Study, trial: Trial): string {
  const { name } = study.config.metric;
  const failure = study.failureOf(trial.number);
  const value = failure === undefined ? `${name} ${loss(trial.value)}` : failure.message;
  return `trial ${trial.number}  ${trial.state}  ${value}  ${shownParams(trial.params)}`;
}

/** How far the sweep is: `12/40 done, 1 failed`, and the best so far. */
export function shownProgress(study: Study): { readonly counts: string; readonly best: string } {
  const counts = countsOf(study);
  const total = trialsOf(study.config);
  const done = counts.complete + counts.pruned + counts.failed;
  const parts = [`${done}/${Number.isFinite(total) ? compact(total) : '?'} trials`];
  if (counts.pruned > 0) parts.push(`${counts.pruned} pruned`);
  if (counts.failed > 0) parts.push(`${counts.failed} failed`);
  const best = study.best();
  return {
    counts: parts.join(', '),
    best:
      best === undefined
        ? ''
        : `best ${study.config.metric.name} ${loss(best.value)} (trial ${best.number}: ${shownParams(best.params)})`,
  };
}

export function countsOf(study: Study): Record<Trial['state'], number> {
  const counts = { running: 0, complete: 0, pruned: 0, failed: 0 };
  for (const { state } of study.trials) counts[state] += 1;
  return counts;
}

/** Seconds left at the pace so far; NaN while nothing has ended. */
export class SweepPace {
  readonly #start = performance.now();
  readonly #before: number;
  readonly #study: Study;

  constructor(study: Study) {
    this.#study = study;
    this.#before = this.#ended();
  }

  secondsLeft(): number {
    const ended = this.#ended();
    const seconds = (performance.now() - this.#start) / 1000;
    return (seconds / (ended - this.#before)) * (trialsOf(this.#study.config) - ended);
  }

  #ended(): number {
    return this.#study.trials.filter(({ state }) => state !== 'running').length;
  }
}

function plainDisplay(study: Study): Display {
  return {
    onStart() {},
    onEnd() {},
    onProgress() {},
    onNote: (text) => err.line(text),
    onTrial(trial) {
      const { counts, best } = shownProgress(study);
      err.line(`${shownTrial(study, trial)}  [${counts}; ${best || 'none complete'}]`);
    },
    stop() {},
  };
}

/** One JSON object on stdout for every run that begins, every trial that ends and every note. */
function jsonDisplay(study: Study): Display {
  const line = (value: unknown): void => out.line(JSON.stringify(value));
  return {
    onStart: ({ number, params }, { id, flags }) =>
      line({ trial: number, state: 'running', run: id, seed: flags.seed, steps: flags.steps, params }),
    onEnd() {},
    onProgress() {},
    onNote: (note) => line({ note }),
    onTrial({ number, state, value, params }) {
      const best = study.best();
      line({
        trial: number,
        state,
        value,
        params,
        failure: study.failureOf(number),
        best: best === undefined ? undefined : { trial: best.number, value: best.value },
      });
    },
    stop() {},
  };
}
