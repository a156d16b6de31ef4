/**
 * The life of one run on the page: open a worker, make the model, train, pause, rewind, sample, save, reload, and
 * start again when the worker dies. Holds no settings and draws nothing; views read its signals.
 *
 * Calls that replace or advance the run go through one queue; whoever wants to replace a run that trains first
 * asks the training to end. Sampling and saving go straight to the session, which serves them between two steps.
 */

import type { KernelInfo, RunInfo, Session, StepReport, TrainSummary } from '@hw5/core';
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import {
  errorNotice,
  type Notice as FrameNotice,
  isAborted,
  isCheckpointError,
  isLost,
} from '../../frame/notices.js';
import type { Key } from './en.js';
import { LossHistory } from './history.js';
import { modelConfig, settingsOf, type Values } from './table.js';

type Notice = FrameNotice<Key>;

/** `opening`: a worker or a model is being made; `empty`: there is no model, the status line says why. */
export type Phase = 'opening' | 'empty' | 'ready' | 'training' | 'pausing' | 'paused' | 'done' | 'lost';

export interface TextSource {
  readonly kind: 'sample' | 'own' | 'file';
  readonly name: string;
  readonly content: string;
}

/** What the model wrote, and when in its training. */
export interface Sample {
  readonly step: number;
  /** False when it was written while training ran: the step may then be a few further. */
  readonly exact: boolean;
  readonly loss: number | undefined;
  readonly text: string;
}

export interface LabOptions {
  readonly open: () => Promise<Session>;
  /** Settings now; reads signals, so that what depends on them follows. */
  readonly settings: () => Values;
  /** Takes over the settings of a loaded checkpoint. */
  readonly adopt: (values: Partial<Values>) => void;
  /** Where the lab says what happened. */
  readonly notice: Signal<Notice | null>;
}

/** A checkpoint is kept in memory after this many steps or milliseconds, whichever comes first. */
const RESCUE_STEPS = 200;
const RESCUE_MS = 10_000;

/** More samples than this are thinned to every second one: enough to scrub through, bounded in memory. */
const MOST_SAMPLES = 400;

type EndReason = 'pause' | 'hidden' | 'stop' | 'replace';

/** A run put aside by a rewind, for undoing it. */
interface Shelved {
  readonly checkpoint: Uint8Array;
  readonly text: TextSource | null;
  readonly history: LossHistory;
  readonly samples: readonly Sample[];
  readonly last: StepReport | null;
}

export class Lab {
  readonly phase: Signal<Phase> = signal<Phase>('opening');
  readonly run: Signal<RunInfo | null> = signal<RunInfo | null>(null);
  /** The newest step's report. */
  readonly last: Signal<StepReport | null> = signal<StepReport | null>(null);
  /** Steps done, also for a loaded run that has no report yet. */
  readonly step: ReadonlySignal<number> = computed(() => this.last.value?.step ?? this.run.value?.step ?? 0);
  readonly validation: Signal<number | undefined> = signal<number | undefined>(undefined);
  readonly hash: Signal<string | null> = signal<string | null>(null);
  readonly notice: Signal<Notice | null>;
  readonly samples: Signal<readonly Sample[]> = signal<readonly Sample[]>([]);
  readonly text: Signal<TextSource | null> = signal<TextSource | null>(null);
  readonly kernel: Signal<KernelInfo | null> = signal<KernelInfo | null>(null);
  /** What the generate box shows. */
  readonly written: Signal<string> = signal('');
  readonly writing: Signal<boolean> = signal(false);
  /** Replaced or changed together with `curve`'s number, which views watch. */
  history = new LossHistory();
  readonly curve: Signal<number> = signal(0);
  /** The text's file name for the command line; `undefined` for the text that ships with the program. */
  readonly dataFile: ReadonlySignal<string | undefined> = computed(() => {
    const text = this.text.value;
    return text === null || text.kind === 'sample' ? undefined : text.name;
  });
  /** True when closing would lose something: a run that has trained, or a text of one's own. */
  readonly hasWork: ReadonlySignal<boolean> = computed(
    () => this.step.value > 0 || this.phase.value === 'training' || this.dataFile.value !== undefined,
  );
  /** True when the settings or the text are not those of the run. */
  readonly stale: ReadonlySignal<boolean>;

  readonly #options: LabOptions;
  readonly #made = signal<{ readonly config: string; readonly text: TextSource | null } | null>(null);
  #session: Promise<Session> | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #training: AbortController | undefined;
  #endReason: EndReason = 'pause';
  #generating: AbortController | undefined;
  /** The sample being written for the history. */
  #sampling: Promise<void> | undefined;
  #nextSample = 0;
  #seconds = 0;
  #rescue: { readonly bytes: Uint8Array; readonly step: number } | undefined;
  #rescueAt = 0;
  #rescuing = false;
  #shelved: Shelved | undefined;
  /** The file of a run that came without its text. */
  #withoutText: Uint8Array | undefined;

  constructor(options: LabOptions) {
    this.#options = options;
    this.notice = options.notice;
    this.stale = computed(() => {
      const made = this.#made.value;
      const run = this.run.value;
      if (made === null || run === null || !run.trainable) return false;
      return made.config !== configKey(options.settings()) || made.text !== this.text.value;
    });
  }

  /** Use another text. A run that waits for its own text takes it; one that has trained keeps its old one. */
  setText(source: TextSource): void {
    this.text.value = source;
    const file = this.#withoutText;
    if (file !== undefined) void this.#exclusive(() => this.#reunite(file, source));
  }

  /** Make the model for the settings and text now, unless a run has already been trained or loaded. */
  prepare(): Promise<void> {
    return this.#exclusive(async () => {
      if (this.text.value === null || this.phase.value === 'lost') return;
      if (this.run.value !== null && (this.step.value > 0 || !this.stale.value)) return;
      if (this.#withoutText !== undefined) return;
      // What was wrong with the last settings or text no longer holds.
      if (this.phase.value === 'empty') this.notice.value = null;
      await this.#create();
    });
  }

  /** Train, or go on training, until the wanted number of steps. */
  play(): Promise<void> {
    if (this.#training !== undefined || this.phase.value === 'lost') return Promise.resolve();
    return this.#exclusive(() => this.#train());
  }

  /** End training at the edge of the step in flight; `play` goes on from there. */
  pause(reason: 'pause' | 'hidden' | 'stop' = 'pause'): void {
    if (this.#training === undefined || this.phase.value === 'pausing') return;
    this.#endReason = reason;
    this.phase.value = 'pausing';
    this.#training.abort();
  }

  /** Back to the first weights that the settings' seed gives, with the settings and text as they are now. */
  rewind(): Promise<void> {
    if (this.phase.value === 'lost') return this.recover();
    this.#interrupt();
    return this.#exclusive(async () => {
      const shelved = await this.#shelve();
      await this.#create();
      this.#shelved = shelved;
      const { seed } = this.#options.settings();
      const undo =
        shelved === undefined
          ? {}
          : { action: { key: 'error.action.undo' as const, act: () => void this.undo() } };
      this.notice.value = { tone: 'info', key: 'status.rewound', facts: { seed }, ...undo };
    });
  }

  /** Undo the last rewind. */
  undo(): Promise<void> {
    const shelved = this.#shelved;
    if (shelved === undefined) return Promise.resolve();
    this.#interrupt();
    return this.#exclusive(async () => {
      const session = await this.#open();
      const run = await session.loadCharLM(shelved.checkpoint, shelved.text?.content);
      this.#begin(run, shelved.text);
      this.history = shelved.history;
      this.samples.value = shelved.samples;
      this.last.value = shelved.last;
      this.curve.value += 1;
      this.phase.value = 'paused';
      this.notice.value = { tone: 'info', key: 'status.undone', facts: { step: run.step } };
    });
  }

  /** Write a sample for the history now. */
  async sample(): Promise<void> {
    if (this.run.value === null || this.phase.value === 'lost' || this.phase.value === 'opening') return;
    await this.#guard(() => this.#takeSample());
  }

  /** Let the model write in the generate box, while it trains or not. */
  async generate(): Promise<void> {
    if (this.run.value === null || this.writing.value || this.phase.value === 'lost') return;
    const controller = new AbortController();
    this.#generating = controller;
    this.writing.value = true;
    this.written.value = '';
    await this.#guard(async () => {
      const session = await this.#open();
      const text = await session.generate({
        ...this.#generation(),
        signal: controller.signal,
        onText: (piece) => {
          if (this.#generating === controller) this.written.value += piece;
        },
      });
      if (this.#generating === controller && !controller.signal.aborted) this.written.value = text;
    });
    if (this.#generating === controller) this.#generating = undefined;
    this.writing.value = false;
  }

  stopGenerating(): void {
    this.#generating?.abort();
  }

  /** The whole state as a file, or `undefined` when there is no run or it could not be taken. */
  async checkpoint(): Promise<Uint8Array | undefined> {
    if (this.run.value === null || this.phase.value === 'lost') return undefined;
    return this.#guard(async () => (await this.#open()).checkpoint());
  }

  /** Reload a checkpoint; with the page's text when it is the run's, else as a model that can only write. */
  load(file: Uint8Array): Promise<void> {
    this.#interrupt();
    return this.#exclusive(async () => {
      const session = await this.#open();
      const text = this.text.value;
      const before = this.phase.value;
      this.phase.value = 'opening';
      try {
        const run = await loadWithOrWithoutText(session, file, text);
        this.#options.adopt(settingsOf(run.config));
        this.#begin(run, run.trainable ? text : null);
        if (!run.trainable) this.#withoutText = file;
        this.#rescue = { bytes: file, step: run.step };
        this.phase.value = 'paused';
        const key = run.trainable ? 'status.loaded' : 'status.loadedNoText';
        this.notice.value = { tone: 'info', key, facts: { step: run.step } };
        this.hash.value = await session.hash();
        await this.#takeFreshSample();
      } catch (error) {
        // A refused file leaves the run as it was.
        if (this.phase.value === 'opening') this.phase.value = before;
        throw error;
      }
    });
  }

  /** After the worker died: a new one, from the last checkpoint in memory, or from the start. */
  recover(): Promise<void> {
    return this.#exclusive(async () => {
      if (this.phase.value !== 'lost') return;
      const text = this.#made.value?.text ?? this.text.value;
      const rescue = this.#rescue;
      if (rescue === undefined) {
        await this.#create();
        this.notice.value = { tone: 'info', key: 'status.restoredFresh' };
        return;
      }
      this.phase.value = 'opening';
      const session = await this.#open();
      const { history } = this;
      const samples = this.samples.value;
      const run = await session.loadCharLM(rescue.bytes, text?.content);
      this.#begin(run, run.trainable ? text : null);
      if (!run.trainable) this.#withoutText = rescue.bytes;
      history.truncate(run.step);
      this.history = history;
      this.samples.value = samples.filter((sample) => sample.step <= run.step);
      this.curve.value += 1;
      this.#rescue = rescue;
      this.phase.value = 'paused';
      this.notice.value = { tone: 'info', key: 'status.restored', facts: { step: run.step } };
    });
  }

  /** Ends the worker; the lab cannot be used afterwards. */
  async close(): Promise<void> {
    this.#interrupt();
    await this.#session?.then((session) => session.close()).catch(() => undefined);
  }

  get #rewindAction(): { key: 'error.action.rewind'; act: () => void } {
    return { key: 'error.action.rewind', act: () => void this.rewind() };
  }

  #open(): Promise<Session> {
    this.#session ??= this.#options.open().then(async (session) => {
      this.kernel.value = await session.kernel();
      return session;
    });
    // A worker that did not start must not be asked again: the next call opens a new one.
    this.#session.catch(() => {
      this.#session = undefined;
    });
    return this.#session;
  }

  async #create(): Promise<void> {
    const values = this.#options.settings();
    const text = this.text.value;
    if (text === null) return;
    this.phase.value = 'opening';
    try {
      const session = await this.#open();
      const run = await session.createCharLM(text.content, modelConfig(values));
      this.#begin(run, text);
      this.phase.value = 'ready';
    } catch (error) {
      this.run.value = null;
      this.#made.value = null;
      if (this.phase.value === 'opening') this.phase.value = 'empty';
      throw error;
    }
  }

  /** Everything that belongs to one run starts anew. */
  #begin(run: RunInfo, text: TextSource | null): void {
    this.run.value = run;
    this.#made.value = { config: JSON.stringify(run.config, Object.keys(run.config).sort()), text };
    this.last.value = null;
    this.validation.value = undefined;
    this.hash.value = null;
    this.history = new LossHistory();
    this.samples.value = [];
    this.curve.value += 1;
    this.#rescue = undefined;
    this.#shelved = undefined;
    this.#withoutText = undefined;
    this.#seconds = 0;
  }

  async #train(): Promise<void> {
    if (this.run.value === null || (this.step.value === 0 && this.stale.value)) await this.#create();
    const run = this.run.value;
    if (run === null) return;
    const { steps } = this.#options.settings();
    if (!run.trainable) {
      this.notice.value = { tone: 'error', key: 'error.needsText', action: this.#rewindAction };
      return;
    }
    if (this.step.value >= steps) {
      this.notice.value = { tone: 'error', key: 'error.allDone', facts: { steps } };
      return;
    }
    const session = await this.#open();
    const controller = new AbortController();
    this.#training = controller;
    this.#endReason = 'pause';
    this.phase.value = 'training';
    this.notice.value = null;
    this.hash.value = null;
    try {
      await this.#beforeFirstStep();
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

  async #beforeFirstStep(): Promise<void> {
    const { sampleEvery } = this.#options.settings();
    const step = this.step.value;
    this.#nextSample = sampleEvery === 0 ? Number.POSITIVE_INFINITY : nextMultiple(step, sampleEvery);
    this.#rescueAt = performance.now();
    if (sampleEvery > 0 && this.samples.value.length === 0) await this.#guard(() => this.#takeSample());
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
    const { sampleEvery } = this.#options.settings();
    if (newest.step >= this.#nextSample) {
      this.#nextSample =
        sampleEvery === 0 ? Number.POSITIVE_INFINITY : nextMultiple(newest.step, sampleEvery);
      void this.#guard(() => this.#takeSample());
    }
    const steps = newest.step - (this.#rescue?.step ?? 0);
    if (steps >= RESCUE_STEPS || performance.now() - this.#rescueAt >= RESCUE_MS) this.#keep(newest.step);
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
        this.history.validateLast(summary.valLoss);
        this.curve.value += 1;
      }
    }
    const finished = summary !== undefined && !summary.stopped;
    this.phase.value = finished || reason === 'stop' ? 'done' : 'paused';
    this.notice.value = finished ? this.#doneNotice(summary) : endNotice(reason, step);
    if (step > 0) this.#keep(step);
    const { sampleEvery } = this.#options.settings();
    if (sampleEvery > 0) await this.#takeFreshSample();
    this.kernel.value = await session.kernel();
  }

  #doneNotice({ step, valLoss }: TrainSummary): Notice {
    const seconds = { time: this.#seconds };
    if (valLoss === undefined) {
      return { tone: 'info', key: 'status.doneNoValidation', facts: { step }, seconds };
    }
    return { tone: 'info', key: 'status.done', facts: { step, validation: valLoss }, seconds };
  }

  /** One sample at a time: who asks while one is written gets that one. */
  #takeSample(): Promise<void> {
    this.#sampling ??= this.#writeSample().finally(() => {
      this.#sampling = undefined;
    });
    return this.#sampling;
  }

  /** A sample of the run as it stands: one that was begun earlier may still be under way. */
  async #takeFreshSample(): Promise<void> {
    await this.#sampling?.catch(() => undefined);
    await this.#takeSample();
  }

  async #writeSample(): Promise<void> {
    const run = this.run.value;
    const exact = this.#training === undefined || this.step.value === 0;
    const session = await this.#open();
    const { prompt, ...options } = this.#generation();
    const text = await session.generate(prompt === undefined ? options : { ...options, prompt });
    if (this.run.value !== run) return;
    const step = this.step.value;
    const sample = { step, exact, loss: this.last.value?.loss, text: (prompt ?? '') + text };
    const earlier = this.samples.value.filter((other) => other.step < step);
    this.samples.value = [...thinned(earlier), sample];
  }

  #generation(): {
    prompt?: string;
    length: number;
    temperature: number;
    topK: number;
    topP: number;
    seed: number;
  } {
    const { prompt, length, temperature, topK, topP, sampleSeed } = this.#options.settings();
    return {
      ...(prompt === '' ? {} : { prompt }),
      length,
      temperature,
      topK,
      topP,
      seed: sampleSeed,
    };
  }

  /** Keep a checkpoint in memory, in the background. */
  #keep(step: number): void {
    if (this.#rescuing) return;
    this.#rescuing = true;
    this.#rescueAt = performance.now();
    const run = this.run.value;
    void this.#guard(async () => {
      const bytes = await (await this.#open()).checkpoint();
      if (this.run.value === run) this.#rescue = { bytes, step };
    }).finally(() => {
      this.#rescuing = false;
    });
  }

  async #shelve(): Promise<Shelved | undefined> {
    const { history } = this;
    if (this.run.value === null || this.step.value === 0) return undefined;
    try {
      const checkpoint = await (await this.#open()).checkpoint();
      const text = this.#made.value?.text ?? null;
      return { checkpoint, text, history, samples: this.samples.value, last: this.last.value };
    } catch (error) {
      // A run that diverged has no state worth keeping; going back must work all the same.
      if (isLost(error)) throw error;
      return undefined;
    }
  }

  /** A run that came without its text gets it; another text is refused and the run stays as it was. */
  async #reunite(file: Uint8Array, source: TextSource): Promise<void> {
    if (this.#withoutText !== file) return;
    const session = await this.#open();
    try {
      const run = await session.loadCharLM(file, source.content);
      const samples = this.samples.value;
      this.#begin(run, source);
      this.samples.value = samples;
      this.#rescue = { bytes: file, step: run.step };
      this.phase.value = 'paused';
      this.hash.value = await session.hash();
      this.notice.value = { tone: 'info', key: 'status.loaded', facts: { step: run.step } };
    } catch (error) {
      if (isLost(error)) throw error;
      const technical = error instanceof Error ? error.message : String(error);
      this.notice.value = { tone: 'error', key: 'error.checkpointText', technical };
    }
  }

  #interrupt(): void {
    this.#generating?.abort();
    if (this.#training === undefined) return;
    this.#endReason = 'replace';
    this.#training.abort();
  }

  /** One after the other; an error becomes the status line, never a rejection that nobody handles. */
  #exclusive(work: () => Promise<void>): Promise<void> {
    const turn = this.#queue.then(() => this.#guard(work));
    this.#queue = turn;
    return turn;
  }

  async #guard<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  #fail(error: unknown): void {
    if (isAborted(error)) return;
    if (!isLost(error)) {
      const notice = errorNotice(error);
      const diverged = notice.key === 'error.diverged' || notice.key === 'error.divergedPlain';
      this.notice.value = diverged ? { ...notice, action: this.#rewindAction } : notice;
      return;
    }
    void this.#session?.then((session) => session.close()).catch(() => undefined);
    this.#session = undefined;
    this.phase.value = 'lost';
    const step = this.#rescue?.step;
    const technical = error instanceof Error ? error.message : String(error);
    const act = (): void => void this.recover();
    this.notice.value =
      step === undefined
        ? {
            tone: 'error',
            key: 'error.lostFresh',
            technical,
            action: { key: 'error.action.restartFresh', act },
          }
        : {
            tone: 'error',
            key: 'error.lost',
            facts: { step },
            technical,
            action: { key: 'error.action.restart', facts: { step }, act },
          };
  }
}

/** The smallest multiple of `every` above `step`. */
function nextMultiple(step: number, every: number): number {
  return (Math.floor(step / every) + 1) * every;
}

function thinned(samples: readonly Sample[]): readonly Sample[] {
  return samples.length < MOST_SAMPLES ? samples : samples.filter((_, index) => index % 2 === 0);
}

function configKey(values: Values): string {
  const config = modelConfig(values);
  return JSON.stringify(config, Object.keys(config).sort());
}

function endNotice(reason: EndReason, step: number): Notice {
  const key = reason === 'stop' ? 'status.stopped' : reason === 'hidden' ? 'status.hidden' : 'status.paused';
  return { tone: 'info', key, facts: { step } };
}

/** The page's text may be another one than the file's: then the model comes without a text. */
async function loadWithOrWithoutText(
  session: Session,
  file: Uint8Array,
  text: TextSource | null,
): Promise<RunInfo> {
  if (text !== null) {
    try {
      return await session.loadCharLM(file, text.content);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (!isCheckpointError(error) && code !== 'DATA') throw error;
    }
  }
  return session.loadCharLM(file);
}
