/**
 * What a training run shows while it goes on. One interface, four ways: a live bar where a person watches,
 * a plain line now and then in a log, JSON lines for programs, nothing for `--quiet`.
 */
import type { RunTask, StepReport } from '@hw5/core';
import { err, out, type Terminal } from '../terminal.js';
import { clock, compact, loss } from './format.js';
import { metric, metricLabel } from './task-report.js';

export interface Progress {
  /** Called once: steps done before, and the step to reach. */
  start(done: number, total: number): void;
  report(report: StepReport): void;
  /** Lines of text that stand above the bar. */
  note(text: string): void;
  /** Training goes on from the checkpoint of `step`, for this reason. */
  restart(step: number, reason: string): void;
  /** Leaves the terminal tidy. Safe to call twice. */
  stop(): void;
}

/** Choose by how the command was started. */
export async function openProgress(options: {
  readonly task: RunTask;
  /** Hyper-parameters by the core's names. */
  readonly model: object;
  readonly json: boolean;
  readonly quiet: boolean;
}): Promise<Progress> {
  if (options.json) return new JsonProgress();
  if (options.quiet) return silent;
  const unit = speedUnit(options.task, options.model);
  return err.isTTY ? (await import('./bar.js')).openBar(err, unit) : new PlainProgress(err, unit);
}

/** What speeds are counted in. */
export function speedUnit(task: RunTask, model: object): string {
  return ofCharacters(task, model) ? 'char/s' : 'token/s';
}

/** What losses are counted per. */
export function lossUnit(task: RunTask, model: object): string {
  return ofCharacters(task, model) ? 'character' : task === 'classify' ? 'example' : 'token';
}

/** What a loss is: an entropy per something, or a squared error. */
export function lossMeasure(task: RunTask, model: object): string {
  if (task !== 'forecast') return `nats per ${lossUnit(task, model)}`;
  return 'standardize' in model && model.standardize === true ? 'squared deviations' : 'squared error';
}

/** Runs of before there was a choice have no unit. */
function ofCharacters(task: RunTask, model: object): boolean {
  return task === 'char-lm' && (!('unit' in model) || model.unit === 'characters');
}

const silent: Progress = { start() {}, report() {}, note() {}, restart() {}, stop() {} };

/** How a restart is told to a person. */
export function restartNote(step: number, reason: string): string {
  return `${reason}; going on from the checkpoint of step ${step}`;
}

/** One JSON object per step on stdout, none left out. */
class JsonProgress implements Progress {
  start(): void {}
  note(): void {}
  stop(): void {}

  restart(step: number, reason: string): void {
    out.line(JSON.stringify({ restarted: true, step, reason }));
  }

  report({ step, loss, valLoss, valMetrics, best, ...rest }: StepReport): void {
    out.line(JSON.stringify({ step, loss, valLoss, valMetrics, best, ...rest }));
  }
}

/** The first metric of a validation, where there is one: accuracy or exact match. */
export function mainMetric({ valMetrics = {} }: StepReport): string {
  const [first] = Object.entries(valMetrics);
  return first === undefined ? '' : `  ${metricLabel(first[0])} ${metric(...first)}`;
}

/** Time left at the pace since this process began, validation and saving included. */
export class Pace {
  #startedAt = performance.now();
  #done = 0;
  #total = 0;

  start(done: number, total: number): void {
    this.#startedAt = performance.now();
    this.#done = done;
    this.#total = total;
  }

  /** Seconds until the last step; infinite before the first. */
  secondsLeft(step: number): number {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    return (seconds / (step - this.#done)) * (this.#total - step);
  }
}

/** A line at the first step, at each validation, at the end, and every few seconds between. */
class PlainProgress implements Progress {
  readonly #terminal: Terminal;
  readonly #unit: string;
  readonly #pace = new Pace();
  readonly #betweenMs = 5_000;
  #total = 0;
  #printedAt = Number.NEGATIVE_INFINITY;

  constructor(terminal: Terminal, unit: string) {
    this.#terminal = terminal;
    this.#unit = unit;
  }

  start(done: number, total: number): void {
    this.#pace.start(done, total);
    this.#total = total;
  }

  report(report: StepReport): void {
    const now = performance.now();
    const due = now - this.#printedAt >= this.#betweenMs;
    if (!due && report.valLoss === undefined && report.step !== this.#total) return;
    this.#printedAt = now;
    const validation =
      report.valLoss === undefined ? '' : `  validation ${loss(report.valLoss)}${mainMetric(report)}`;
    const speed = `${compact(report.tokensPerSecond)} ${this.#unit}`;
    const left = `ETA ${clock(this.#pace.secondsLeft(report.step))}`;
    this.#terminal.line(
      `step ${report.step}/${this.#total}  loss ${loss(report.loss)}${validation}  ${speed}  ${left}`,
    );
  }

  note(text: string): void {
    this.#terminal.line(text);
  }

  restart(step: number, reason: string): void {
    this.note(restartNote(step, reason));
  }

  stop(): void {}
}
