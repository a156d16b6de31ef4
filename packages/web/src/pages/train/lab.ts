/** A character model on the page: a training run that writes samples of itself, and text on request. */
import type { GenerateOptions, RunInfo, Session } from '@hw5/core';
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type KeptFiles, type KeptRun, newRunId } from '../../frame/kept-runs/store.js';
import type { Notice } from '../../frame/notices.js';
import { type Columns, LossHistory } from '../../frame/training/history.js';
import { Moments } from '../../frame/training/moments.js';
import { RunControl } from '../../frame/training/run-control.js';
import { buckets } from './charts/curve.js';
import { type Sample, Samples } from './samples.js';
import { modelConfig, settingsOf, type Values } from './table.js';

export interface TextSource {
  readonly kind: 'sample' | 'own' | 'file';
  readonly name: string;
  readonly content: string;
}

/** A run of this page as it is kept. */
export interface KeptLab {
  readonly run: Omit<KeptRun, 'color'>;
  readonly files: KeptFiles<TextSource, readonly Sample[]>;
}

/** Points of a kept curve, enough for a comparison. */
const CURVE_POINTS = 200;

const copyOf = (columns: Columns): Columns =>
  Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.slice()])) as never;

export interface LabOptions {
  readonly open: () => Promise<Session>;
  /** Settings now; reads signals, so that what depends on them follows. */
  readonly settings: () => Values;
  /** Takes over the settings of a loaded checkpoint. */
  readonly adopt: (values: Partial<Values>) => void;
  readonly tell: (notice: Notice | null) => void;
}

export class Lab extends RunControl<RunInfo, TextSource> {
  readonly samples: Signal<readonly Sample[]>;
  /** What the generate box shows. */
  readonly written: Signal<string> = signal('');
  readonly writing: Signal<boolean> = signal(false);
  /** The text's file name for the command line; `undefined` for the text that ships with the program. */
  readonly dataFile: ReadonlySignal<string | undefined> = computed(() => {
    const text = this.source.value;
    return text === null || text.kind === 'sample' ? undefined : text.name;
  });
  /** True when closing would lose something: a run that has trained, or a text of one's own. */
  readonly hasWork: ReadonlySignal<boolean> = computed(
    () => this.step.value > 0 || this.phase.value === 'training' || this.dataFile.value !== undefined,
  );
  /** The run along its training, for looking at it and for forking it. */
  readonly moments = new Moments();
  /** Names the run on this device. */
  readonly id: Signal<string> = signal(newRunId());
  /** The run that this one was forked from. */
  readonly parent: Signal<KeptRun['parent']> = signal<KeptRun['parent']>(undefined);
  readonly #settings: () => Values;
  readonly #samples = new Samples();
  #generating: AbortController | undefined;

  constructor({ open, settings, adopt, tell }: LabOptions) {
    super({
      open,
      tell,
      key: () => JSON.stringify(modelConfig(settings())),
      create: (session, text) => session.createCharLM(text.content, modelConfig(settings())),
      reload: (session, checkpoint, text) => session.loadCharLM(checkpoint, text?.content),
      adopt: (run) => adopt(settingsOf(run.config)),
      steps: () => settings().steps,
      seed: () => settings().seed,
      snapshot: () => {
        const before = this.samples.value;
        const [id, parent, moments] = [this.id.value, this.parent.value, this.moments.all.value];
        return (step) => {
          this.id.value = id;
          this.parent.value = parent;
          this.moments.all.value = moments.filter((moment) => moment.step <= step);
          this.samples.value = before.filter((sample) => sample.step <= step);
        };
      },
      onBegin: () => {
        this.stopGenerating();
        this.samples.value = [];
        this.moments.all.value = [];
        this.id.value = newRunId();
        this.parent.value = undefined;
      },
      beforeTraining: async () => {
        const { sampleEvery } = settings();
        this.#samples.schedule(this.step.value, sampleEvery);
        if (sampleEvery > 0 && this.samples.value.length === 0) await this.sample();
      },
      onReports: ({ step }) => {
        if (!this.#samples.isDue(step)) return;
        this.#samples.schedule(step, settings().sampleEvery);
        void this.sample();
      },
      afterTraining: async (session) => {
        if (settings().sampleEvery > 0) await this.#samples.takeFresh(() => this.#write(session));
      },
    });
    this.#settings = settings;
    this.samples = this.#samples.all;
  }

  /** A run of its own that goes on from a moment of this one. */
  async forkFrom(checkpoint: Uint8Array): Promise<void> {
    const parent = this.id.value;
    if (!(await this.fork(checkpoint))) return;
    this.id.value = newRunId();
    this.parent.value = { id: parent, step: this.step.value };
  }

  /** What brings the run back as it stands; `undefined` when there is nothing to keep. */
  async toKeep(): Promise<KeptLab | undefined> {
    const [run, source, id, hash] = [this.run.value, this.source.value, this.id.value, this.hash.value];
    if (run === null || !run.trainable || source === null || hash === null || this.step.value === 0)
      return undefined;
    const checkpoint = await this.checkpoint();
    // Somebody has trained on or begun another run meanwhile: that will be kept in its turn.
    if (checkpoint === undefined || this.run.value !== run || this.hash.value !== hash) return undefined;
    const columns = copyOf(this.history.columns());
    const gathered = this.samples.value.map(({ step, exact, loss, text }) => ({ step, exact, loss, text }));
    return {
      run: {
        id,
        changed: Date.now(),
        ...(this.parent.value === undefined ? {} : { parent: this.parent.value }),
        config: run.config,
        text: source.name,
        step: this.step.value,
        steps: this.#settings().steps,
        hash,
        loss: columns.loss.at(-1),
        validation: this.validation.value,
        vocabularySize: run.vocabulary.length,
        curve: buckets(columns, CURVE_POINTS).map(
          ({ to, loss, validation }) => [to, loss, validation] as const,
        ),
        sample: gathered.at(-1)?.text ?? '',
        size: checkpoint.byteLength + 2 * source.content.length + 5 * columns.step.byteLength,
      },
      files: { id, checkpoint, source, columns, gathered },
    };
  }

  /** Brings a run back as it was kept; training goes on bit for bit. */
  async resume({ run, files }: KeptLab): Promise<void> {
    this.source.value = files.source;
    await this.load(files.checkpoint);
    if (this.run.value?.step !== run.step) return;
    this.id.value = run.id;
    this.parent.value = run.parent;
    this.validation.value = run.validation;
    this.history = LossHistory.from(files.columns);
    this.samples.value = files.gathered;
    this.curve.value += 1;
  }

  /** Write a sample for the history now. */
  async sample(): Promise<void> {
    if (this.run.value === null || this.phase.value === 'lost' || this.phase.value === 'opening') return;
    await this.ask((session) => this.#samples.take(() => this.#write(session)));
  }

  /** Let the model write in the generate box, while it trains or not. */
  async generate(): Promise<void> {
    if (this.run.value === null || this.writing.value || this.phase.value === 'lost') return;
    const controller = new AbortController();
    this.#generating = controller;
    this.writing.value = true;
    this.written.value = '';
    await this.ask(async (session) => {
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

  async #write(session: Session): Promise<Sample | undefined> {
    const run = this.run.value;
    const exact = !this.isTraining || this.step.value === 0;
    const options = this.#generation();
    const text = await session.generate(options);
    const bytes = await session.checkpoint();
    if (this.run.value !== run) return undefined;
    this.moments.add({ step: this.step.value, bytes });
    const written = (options.prompt ?? '') + text;
    return { step: this.step.value, exact, loss: this.last.value?.loss, text: written };
  }

  #generation(): GenerateOptions {
    const { prompt, length, temperature, topK, topP, sampleSeed } = this.#settings();
    const options = { length, temperature, topK, topP, seed: sampleSeed };
    return prompt === '' ? options : { ...options, prompt };
  }
}
