/**
 * The life of a training run on a page, whatever it learns: open a worker, make the run, train, pause, rewind, save, reload,
 * and start again when the worker dies. Draws nothing; views read its signals.
 *
 * Calls that replace or advance the run go through one queue; whoever wants to replace a run that trains first asks the
 * training to end. Questions (`ask`) go straight to the session, which serves them between two steps.
 */

import type { KernelInfo, Session, StepReport, TrainSummary } from '@hw5/core';
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { isAborted, isCheckpointError, isLost, type Notice } from '../notices.js';
import { LossHistory } from './history.js';
import { KeptCheckpoint } from './kept.js';
import type { Phase, RunControlOptions, RunState } from './run-options.js';
import { RunWorker } from './run-worker.js';
import { doneNotice, type EndReason, endNotice, failureNotice, lostNotice } from './words.js';

/** A run put aside by a rewind, for undoing it. */
interface Shelved<S> {
  readonly checkpoint: Uint8Array;
  readonly made: Made<S>;
  readonly history: LossHistory;
  readonly last: StepReport | null;
  readonly restore: ((step: number) => void) | undefined;
}

/** What the run was made of. */
interface Made<S> {
  readonly key: string;
  readonly source: S | null;
}

export class RunControl<F extends RunState, S> {
  readonly phase: Signal<Phase> = signal<Phase>('opening');
  readonly run: Signal<F | null> = signal<F | null>(null);
  /** What the next run learns from; compared by identity. */
  readonly source: Signal<S | null> = signal<S | null>(null);
  /** The newest step's report. */
  readonly last: Signal<StepReport | null> = signal<StepReport | null>(null);
  /** Steps done, also for a loaded run that has no report yet. */
  readonly step: ReadonlySignal<number> = computed(() => this.last.value?.step ?? this.run.value?.step ?? 0);
  readonly validation: Signal<number | undefined> = signal<number | undefined>(undefined);
  readonly hash: Signal<string | null> = signal<string | null>(null);
  readonly kernel: Signal<KernelInfo | null> = signal<KernelInfo | null>(null);
  /** Replaced or changed together with `curve`'s number, which views watch. */
  history = new LossHistory();
  readonly curve: Signal<number> = signal(0);
  /** True when the settings or the source are not those of the run. */
  readonly stale: ReadonlySignal<boolean>;

  readonly #options: RunControlOptions<F, S>;
  readonly #made = signal<Made<S> | null>(null);
  readonly #kept = new KeptCheckpoint();
  readonly #worker: RunWorker;
  #training: AbortController | undefined;
  #endReason: EndReason = 'pause';
  #seconds = 0;
  #shelved: Shelved<S> | undefined;
  /** The file of a run that came without its source. */
  #withoutSource: Uint8Array | undefined;

  constructor(options: RunControlOptions<F, S>) {
    this.#options = options;
    this.#worker = new RunWorker(options.open, {
      onOpen: (kernel) => {
        this.kernel.value = kernel;
      },
      onError: (error) => this.#fail(error),
    });
    this.stale = computed(() => {
      const made = this.#made.value;
      const run = this.run.value;
      if (made === null || run === null || !run.trainable) return false;
      return made.key !== options.key() || made.source !== this.source.value;
    });
  }

  /** True while steps are done or asked to end. */
  get isTraining(): boolean {
    return this.#training !== undefined;
  }

  /** Learn from another source. A run that waits for its own takes it; one that has trained keeps its old one. */
  give(source: S): void {
    this.source.value = source;
    const file = this.#withoutSource;
    if (file !== undefined) void this.#worker.inTurn(() => this.#reunite(file, source));
  }

  /** Make the run for the settings and source now, unless one has already been trained or loaded. */
  prepare(): Promise<void> {
    return this.#worker.inTurn(async () => {
      if (this.source.value === null || this.phase.value === 'lost') return;
      if (this.run.value !== null && (this.step.value > 0 || !this.stale.value)) return;
      if (this.#withoutSource !== undefined) return;
      // What was wrong with the last settings or source no longer holds.
      if (this.phase.value === 'empty') this.#options.tell(null);
      await this.#create();
    });
  }

  /** Train, or go on training, until the wanted number of steps. */
  play(): Promise<void> {
    if (this.#training !== undefined || this.phase.value === 'lost') return Promise.resolve();
    return this.#worker.inTurn(() => this.#train());
  }

  /** End training at the edge of the step in flight; `play` goes on from there. */
  pause(reason: 'pause' | 'hidden' | 'stop' = 'pause'): void {
    if (this.#training === undefined || this.phase.value === 'pausing') return;
    this.#endReason = reason;
    this.phase.value = 'pausing';
    this.#training.abort();
  }

  /** Back to the first weights that the settings' seed gives, with the settings and source as they are now. */
  rewind(): Promise<void> {
    if (this.phase.value === 'lost') return this.recover();
    this.#interrupt();
    return this.#worker.inTurn(async () => {
      const shelved = await this.#shelve();
      await this.#create();
      this.#shelved = shelved;
      const action = { key: 'error.action.undo' as const, act: () => void this.undo() };
      const facts = { seed: this.#options.seed() };
      const notice: Notice = { tone: 'info', key: 'status.rewound', facts };
      this.#options.tell(shelved === undefined ? notice : { ...notice, action });
    });
  }

  /** Undo the last rewind. */
  undo(): Promise<void> {
    const shelved = this.#shelved;
    if (shelved === undefined) return Promise.resolve();
    this.#interrupt();
    return this.#worker.inTurn(async () => {
      const session = await this.#worker.open();
      const run = await this.#options.reload(session, shelved.checkpoint, shelved.made.source);
      this.#begin(run, shelved.made);
      this.history = shelved.history;
      this.last.value = shelved.last;
      shelved.restore?.(run.step);
      this.curve.value += 1;
      this.phase.value = 'paused';
      this.#options.tell({ tone: 'info', key: 'status.undone', facts: { step: run.step } });
    });
  }

  /**
   * Go on from an earlier checkpoint of this run: its curve and what was gathered stay up to there. The run as it was is
   * put aside for `undo`.
   * @returns whether it was done
   */
  async fork(checkpoint: Uint8Array): Promise<boolean> {
    this.#interrupt();
    let done = false;
    await this.#worker.inTurn(async () => {
      const made = this.#made.value;
      if (made === null || this.phase.value === 'lost') return;
      const shelved = await this.#shelve();
      const { history } = this;
      const restore = this.#options.snapshot?.();
      const session = await this.#worker.open();
      const run = await this.#options.reload(session, checkpoint, made.source);
      this.#begin(run, made);
      if (!run.trainable) this.#withoutSource = checkpoint;
      this.history = history.upTo(run.step);
      restore?.(run.step);
      this.curve.value += 1;
      this.#kept.set({ bytes: checkpoint, step: run.step });
      this.#shelved = shelved;
      this.phase.value = 'paused';
      const notice: Notice = { tone: 'info', key: 'status.forked', facts: { step: run.step } };
      const action = { key: 'error.action.undo' as const, act: () => void this.undo() };
      this.#options.tell(shelved === undefined ? notice : { ...notice, action });
      this.hash.value = await session.hash();
      done = true;
    });
    return done;
  }

  /** Asks the session something about the run, also while it trains; an error becomes the status line. */
  ask<T>(work: (session: Session) => Promise<T>): Promise<T | undefined> {
    return this.#worker.guard(async () => work(await this.#worker.open()));
  }

  /** The whole state as a file, or `undefined` when there is no run or it could not be taken. */
  async checkpoint(): Promise<Uint8Array | undefined> {
    if (this.run.value === null || this.phase.value === 'lost') return undefined;
    return this.ask((session) => session.checkpoint());
  }

  /** Reload a checkpoint; with the page's source when it is the run's, else as a run that can only be asked. */
  load(file: Uint8Array): Promise<void> {
    this.#interrupt();
    return this.#worker.inTurn(async () => {
      const session = await this.#worker.open();
      const source = this.source.value;
      const before = this.phase.value;
      this.phase.value = 'opening';
      try {
        const run = await this.#withOrWithoutSource(session, file, source);
        this.#options.adopt(run);
        this.#begin(run, { key: this.#options.key(), source: run.trainable ? source : null });
        if (!run.trainable) this.#withoutSource = file;
        await this.#loaded(session, run, file);
      } catch (error) {
        // A refused file leaves the run as it was.
        if (this.phase.value === 'opening') this.phase.value = before;
        throw error;
      }
    });
  }

  /** After the worker died: a new one, from the last checkpoint in memory, or from the start. */
  recover(): Promise<void> {
    return this.#worker.inTurn(async () => {
      if (this.phase.value !== 'lost') return;
      const kept = this.#kept.value;
      const made = this.#made.value;
      if (kept === undefined || made === null) {
        await this.#create();
        this.#options.tell({ tone: 'info', key: 'status.restoredFresh' });
        return;
      }
      this.phase.value = 'opening';
      const { history } = this;
      const restore = this.#options.snapshot?.();
      const run = await this.#options.reload(await this.#worker.open(), kept.bytes, made.source);
      this.#begin(run, made);
      if (!run.trainable) this.#withoutSource = kept.bytes;
      history.truncate(run.step);
      this.history = history;
      restore?.(run.step);
      this.curve.value += 1;
      this.#kept.set(kept);
      this.phase.value = 'paused';
      this.#options.tell({ tone: 'info', key: 'status.restored', facts: { step: run.step } });
    });
  }

  /** Ends the worker; the run cannot be used afterwards. */
  async close(): Promise<void> {
    this.#interrupt();
    await this.#worker.close();
  }

  async #create(): Promise<void> {
    const source = this.source.value;
    if (source === null) return;
    this.phase.value = 'opening';
    try {
      const key = this.#options.key();
      const run = await this.#options.create(await this.#worker.open(), source);
      this.#begin(run, { key, source });
      this.phase.value = 'ready';
    } catch (error) {
      this.run.value = null;
      this.#made.value = null;
      if (this.phase.value === 'opening') this.phase.value = 'empty';
      throw error;
    }
  }

  /** Everything that belongs to one run starts anew. */
  #begin(run: F, made: Made<S>): void {
    this.run.value = run;
    this.#made.value = made;
    this.last.value = null;
    this.validation.value = undefined;
    this.hash.value = null;
    this.history = new LossHistory();
    this.#options.onBegin?.(run);
    this.curve.value += 1;
    this.#kept.set(undefined);
    this.#shelved = undefined;
    this.#withoutSource = undefined;
    this.#seconds = 0;
  }

  async #loaded(session: Session, run: F, file: Uint8Array): Promise<void> {
    this.#kept.set({ bytes: file, step: run.step });
    this.phase.value = 'paused';
    const key = run.trainable ? 'status.loaded' : 'status.loadedBare';
    this.#options.tell({ tone: 'info', key, facts: { step: run.step } });
    this.hash.value = await session.hash();
    await this.#options.afterTraining?.(session);
  }

  async #train(): Promise<void> {
    if (this.run.value === null || (this.step.value === 0 && this.stale.value)) await this.#create();
    const run = this.run.value;
    if (run === null) return;
    const steps = this.#options.steps();
    if (!run.trainable) {
      this.#options.tell({ tone: 'error', key: 'error.needsSource', action: this.#rewindAction });
      return;
    }
    if (this.step.value >= steps) {
      this.#options.tell({ tone: 'error', key: 'error.allDone', facts: { steps } });
      return;
    }
    const session = await this.#worker.open();
    const controller = new AbortController();
    this.#training = controller;
    this.#endReason = 'pause';
    this.phase.value = 'training';
    this.#options.tell(null);
    this.hash.value = null;
    this.#kept.restart();
    try {
      await this.#options.beforeTraining?.(session);
      const summary = controller.signal.aborted
        ? undefined
        : await session.train({
            steps,
            signal: controller.signal,
            onReports: (reports) => this.#receive(reports),
          });
      this.#training = undefined;
      await this.#end(session, summary);
    } catch (error) {
      this.phase.value = 'paused';
      throw error;
    } finally {
      this.#training = undefined;
    }
  }

  #receive(reports: readonly StepReport[]): void {
    const newest = reports.at(-1);
    if (newest === undefined) return;
    for (const report of reports) {
      this.history.push(report);
      if (report.valLoss !== undefined) this.validation.value = report.valLoss;
    }
    this.last.value = newest;
    this.curve.value += 1;
    this.#options.onReports?.(newest);
    if (this.#kept.isDue(newest.step)) this.#keep(newest.step);
  }

  /** Training has ended: by itself, or as somebody asked. `summary` is missing when it ended before its first step. */
  async #end(session: Session, summary: TrainSummary | undefined): Promise<void> {
    const reason = this.#endReason;
    if (reason === 'replace') return;
    const step = summary?.step ?? this.step.value;
    if (summary !== undefined) {
      this.#seconds += summary.seconds;
      this.hash.value = summary.hash;
      if (summary.valLoss !== undefined) {
        this.validation.value = summary.valLoss;
        this.history.validateLast(summary.valLoss, summary.valMetrics);
        this.curve.value += 1;
      }
    }
    const finished = summary !== undefined && !summary.stopped;
    this.phase.value = finished || reason === 'stop' ? 'done' : 'paused';
    this.#options.tell(finished ? doneNotice(summary, this.#seconds) : endNotice(reason, step));
    if (step > 0) this.#keep(step);
    await this.#options.afterTraining?.(session);
    this.kernel.value = await session.kernel();
  }

  /** Keep a checkpoint in memory, in the background. */
  #keep(step: number): void {
    const run = this.run.value;
    const take = (): Promise<Uint8Array | undefined> =>
      this.#worker.guard(async () => {
        const bytes = await (await this.#worker.open()).checkpoint();
        return this.run.value === run ? bytes : undefined;
      });
    void this.#kept.take(step, take);
  }

  async #shelve(): Promise<Shelved<S> | undefined> {
    const { history } = this;
    const made = this.#made.value;
    if (this.run.value === null || made === null || this.step.value === 0) return undefined;
    try {
      const checkpoint = await (await this.#worker.open()).checkpoint();
      return { checkpoint, made, history, last: this.last.value, restore: this.#options.snapshot?.() };
    } catch (error) {
      // A run that diverged has no state worth keeping; going back must work all the same.
      if (isLost(error)) throw error;
      return undefined;
    }
  }

  /** A run that came without its source gets it; another source is refused and the run stays as it was. */
  async #reunite(file: Uint8Array, source: S): Promise<void> {
    if (this.#withoutSource !== file) return;
    const session = await this.#worker.open();
    try {
      const restore = this.#options.snapshot?.();
      const run = await this.#options.reload(session, file, source);
      this.#begin(run, { key: this.#options.key(), source });
      restore?.(run.step);
      await this.#loaded(session, run, file);
    } catch (error) {
      if (isLost(error)) throw error;
      const technical = error instanceof Error ? error.message : String(error);
      this.#options.tell({ tone: 'error', key: 'error.otherSource', technical });
    }
  }

  /** The page's source may be another one than the file's: then the run comes without a source. */
  async #withOrWithoutSource(session: Session, file: Uint8Array, source: S | null): Promise<F> {
    if (source !== null) {
      try {
        return await this.#options.reload(session, file, source);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        if (!isCheckpointError(error) && code !== 'DATA') throw error;
      }
    }
    return this.#options.reload(session, file, null);
  }

  /** What defines the run has changed while it lived; the page changes its settings alike. */
  protected amend(change: (key: string) => string): void {
    const made = this.#made.value;
    if (made !== null) this.#made.value = { ...made, key: change(made.key) };
  }

  #interrupt(): void {
    if (this.#training === undefined) return;
    this.#endReason = 'replace';
    this.#training.abort();
  }

  #fail(error: unknown): void {
    if (isAborted(error)) return;
    if (isLost(error)) this.#lose(error);
    else this.#options.tell(failureNotice(error, this.#rewindAction));
  }

  #lose(error: unknown): void {
    this.#worker.drop();
    this.phase.value = 'lost';
    this.#options.tell(lostNotice(error, this.#kept.value?.step, () => void this.recover()));
  }

  get #rewindAction(): { key: 'error.action.rewind'; act: () => void } {
    return { key: 'error.action.rewind', act: () => void this.rewind() };
  }
}
