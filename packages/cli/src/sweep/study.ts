/** A sweep's journal read as what it means: trials, their runs, their values. Facts only; what to do next is a strategy's. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { CliError } from '../errors.js';
import type { SweepConfig } from './config.js';
import { Journal, type JournalTrial, STATE } from './journal.js';
import {
  metricOf,
  type RunFailure,
  type RunResult,
  type RunSpec,
  runSpec,
  type SweepData,
} from './run-spec.js';
import { distribution, externalValue, internalValue, type Params } from './space.js';

const CONFIG = 'hw5:config';
const DATA = 'hw5:data';
const SWEEP = 'hw5:sweep';
const runKey = (id: string): string => `run:${id}`;

export type TrialState = 'running' | 'complete' | 'pruned' | 'failed';

export interface Trial {
  readonly number: number;
  readonly params: Params;
  readonly state: TrialState;
  /** The metric, mean over seeds, of a pruned trial after fewer steps; undefined while it runs and when it failed. */
  readonly value: number | undefined;
}

/** Where a trial stands after so many steps. */
export type Standing =
  | { readonly kind: 'open' }
  | { readonly kind: 'known'; readonly value: number }
  | { readonly kind: 'failed'; readonly failure: RunFailure };

const stateNames: ReadonlyMap<number, TrialState> = new Map([
  [STATE.complete, 'complete'],
  [STATE.pruned, 'pruned'],
  [STATE.failed, 'failed'],
]);

type RunRecord = { readonly result: RunResult } | { readonly failure: RunFailure };

export class Study {
  readonly config: SweepConfig;
  readonly data: SweepData | undefined;
  /** Of the journal. */
  readonly path: string;
  readonly #journal: Journal;

  private constructor(path: string, journal: Journal, config: SweepConfig, data: SweepData | undefined) {
    this.path = path;
    this.#journal = journal;
    this.config = config;
    this.data = data;
  }

  static create(path: string, config: SweepConfig, data: SweepData | undefined): Study {
    const journal = new Journal(path);
    journal.createStudy(config.name, config.metric.direction);
    journal
      .setStudyAttribute(CONFIG, config)
      .setStudyAttribute(DATA, data ?? null)
      .setStudyAttribute(SWEEP, randomUUID().slice(0, 8))
      .commit();
    return new Study(path, journal, config, data);
  }

  /** Whether there is a journal, and more in it than what a crash at its beginning left. */
  static begun(path: string): boolean {
    return existsSync(path) && new Journal(path).attributes.has(SWEEP);
  }

  /**
   * Open the journal of a sweep that was begun.
   * @param changes - what may differ from then: how long and how wide it runs
   */
  static open(
    path: string,
    changes: Partial<Pick<SweepConfig, 'trials' | 'workers' | 'timeLimit' | 'retries'>> = {},
  ): Study {
    const journal = new Journal(path);
    const config = journal.attributes.get(CONFIG);
    if (journal.studyName === undefined || typeof config !== 'object' || config === null) {
      throw new CliError('RUN', `sweep: journal must be one that hw5 sweep wrote, got another in ${path}`);
    }
    const { sampler, trials } = config as SweepConfig;
    if (sampler.kind === 'halving' && changes.trials !== undefined && changes.trials !== trials) {
      throw new CliError(
        'RUN',
        `sweep: trials must stay ${trials}, halving compared them all, got ${changes.trials}`,
      );
    }
    const data = journal.attributes.get(DATA) as SweepData | null | undefined;
    return new Study(path, journal, { ...(config as SweepConfig), ...changes }, data ?? undefined);
  }

  get trials(): readonly Trial[] {
    return this.#journal.trials.map((trial) => this.#read(trial));
  }

  /** Names this sweep among others. */
  get id(): string {
    return String(this.#journal.attributes.get(SWEEP));
  }

  /** Trials created so far. */
  get size(): number {
    return this.#journal.trials.length;
  }

  /** Take in what Optuna's tools appended. */
  refresh(): void {
    this.#journal.refresh();
  }

  create(params: Params): void {
    const { space } = this.config;
    const entries = Object.entries(params);
    this.#journal.createTrial(
      Object.fromEntries(entries.map(([flag, value]) => [flag, internalValue(space[flag]!, value)])),
      Object.fromEntries(entries.map(([flag]) => [flag, distribution(space[flag]!)])),
      {},
    );
    this.#journal.commit();
  }

  /** The runs of a trial, one for each seed. @param steps - undefined = as the config says */
  runsOf({ params }: Pick<Trial, 'params'>, steps?: number, after?: number): RunSpec[] {
    const { seeds, train } = this.config;
    const first = Number(train.seed ?? 0);
    return Array.from({ length: seeds }, (_, n) =>
      runSpec(this.config, this.data, { params, seed: first + n, steps, after }),
    );
  }

  /** What is known of a run of this trial. */
  recordOf(trial: number, id: string): RunRecord | undefined {
    return this.#journal.trials[trial]?.attributes.get(runKey(id)) as RunRecord | undefined;
  }

  /** Keep what a run came to. Once: a second result for the same run is refused. */
  record(trial: number, id: string, outcome: RunRecord): boolean {
    if (this.recordOf(trial, id) !== undefined) return false;
    this.#journal.setAttribute(trial, runKey(id), outcome).commit();
    return true;
  }

  standing(trial: Trial, steps?: number): Standing {
    const values: number[] = [];
    for (const { id } of this.runsOf(trial, steps)) {
      const record = this.recordOf(trial.number, id);
      if (record === undefined) return { kind: 'open' };
      if ('failure' in record) return { kind: 'failed', failure: record.failure };
      values.push(this.#metricOf(record.result));
    }
    return { kind: 'known', value: mean(values) };
  }

  finish(
    trial: Trial,
    state: Exclude<TrialState, 'running'>,
    steps: number | undefined,
    value: number | undefined,
  ): void {
    for (const [step, measured] of this.#curve(trial, steps)) {
      this.#journal.setIntermediate(trial.number, step, measured);
    }
    // As in Optuna, a pruned trial keeps the value that it had reached.
    this.#journal.finish(trial.number, STATE[state], value).commit();
  }

  /** Why a trial failed. */
  failureOf(trial: number): RunFailure | undefined {
    for (const [key, value] of this.#journal.trials[trial]?.attributes ?? []) {
      const record = value as RunRecord;
      if (key.startsWith(runKey('')) && 'failure' in record) return record.failure;
    }
    return undefined;
  }

  /** The metric of a trial that ended, by step. */
  curveOf(trial: number): (readonly [step: number, value: number])[] {
    return [...(this.#journal.trials[trial]?.intermediate ?? [])].sort(([a], [b]) => a - b);
  }

  /** The results of a trial's runs, those of fewer steps too. */
  resultsOf(trial: number): RunResult[] {
    return [...(this.#journal.trials[trial]?.attributes ?? [])].flatMap(([key, value]) => {
      const record = value as RunRecord;
      return key.startsWith(runKey('')) && 'result' in record ? [record.result] : [];
    });
  }

  /** The best complete trial. */
  best(): (Trial & { readonly value: number }) | undefined {
    const complete = this.trials.filter(
      (trial): trial is Trial & { readonly value: number } =>
        trial.state === 'complete' && trial.value !== undefined,
    );
    return complete.sort((a, b) => this.compare(a.value, b.value) || a.number - b.number)[0];
  }

  /** Negative when `a` is the better value. */
  compare(a: number, b: number): number {
    return this.config.metric.direction === 'minimize' ? a - b : b - a;
  }

  #metricOf(result: RunResult): number {
    const value = metricOf(this.config.metric, result);
    if (value !== undefined) return value;
    const known = [
      'loss',
      ...(result.valLoss === undefined ? [] : ['valLoss']),
      ...Object.keys(result.valMetrics ?? {}),
    ];
    const { name } = this.config.metric;
    throw new CliError(
      'USAGE',
      `sweep: metric must be one that a run measures (${known.join(', ')}), got ${name}`,
    );
  }

  /** The metric by step, mean over the seeds that measured it there. */
  #curve(trial: Trial, steps: number | undefined): Map<number, number> {
    const byStep = new Map<number, number[]>();
    for (const { id } of this.runsOf(trial, steps)) {
      const record = this.recordOf(trial.number, id);
      if (record === undefined || 'failure' in record) continue;
      const { validations, ...end } = record.result;
      const last = { ...end, step: end.steps };
      const all = validations.at(-1)?.step === last.step ? validations : [...validations, last];
      for (const measured of all) {
        const value = metricOf({ ...this.config.metric, at: 'last' }, { ...measured, validations: [] });
        if (value !== undefined) byStep.set(measured.step, [...(byStep.get(measured.step) ?? []), value]);
      }
    }
    return new Map([...byStep].map(([step, values]) => [step, mean(values)]));
  }

  #read({ number, params, state, values }: JournalTrial): Trial {
    const { space } = this.config;
    const read = [...params].flatMap(([flag, internal]) => {
      const parameter = space[flag];
      return parameter === undefined ? [] : [[flag, externalValue(parameter, internal)] as const];
    });
    // In the config's order, whatever order the journal has: equal points are then equal objects.
    const ordered = Object.keys(space).flatMap((flag) => read.filter(([name]) => name === flag));
    return {
      number,
      params: Object.fromEntries(ordered),
      state: stateNames.get(state) ?? 'running',
      value: values?.[0],
    };
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
