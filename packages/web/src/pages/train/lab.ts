/** A character model on the page: a training run that writes samples of itself, and text on request. */
import type { GenerateOptions, RunInfo, Session } from '@hw5/core';
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type KeptWork, pack, unpack } from '../../frame/kept-runs/pack.js';
import { type KeptRun, newRunId } from '../../frame/kept-runs/store.js';
import type { Notice } from '../../frame/notices.js';
import { Moments } from '../../frame/training/moments.js';
import { RunControl } from '../../frame/training/run-control.js';
import { type Sample, Samples } from './samples.js';
import { modelConfig, rateAt, ratesOf, settingsOf, type Values } from './table.js';

export interface TextSource {
  readonly kind: 'sample' | 'own' | 'file';
  readonly name: string;
  readonly content: string;
}

/** A run of this page as it is kept. */
export type KeptLab = KeptWork<TextSource, readonly Sample[]>;

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
  /** Of the next step. */
  readonly rate: ReadonlySignal<number> = computed(() => {
    const run = this.run.value;
    return run === null ? this.#settings().learningRate : rateAt(run.config, this.step.value);
  });
  readonly #settings: () => Values;
  readonly #adopt: LabOptions['adopt'];
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
      onBegin: (run) => {
        this.#takeRates(run.config);
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
    this.#adopt = adopt;
    this.samples = this.#samples.all;
  }

  /**
   * Another learning rate from the next step on, also while it trains; what was planned for later is forgotten. The run's
   * settings say so afterwards, so that they train to the same weights again.
   * @returns the step after which it holds
   */
  async setRate(rate: number): Promise<number | undefined> {
    const made = this.run.value;
    const facts = await this.ask((session) => session.setLearningRate(rate));
    // Of a run that was replaced meanwhile nothing is noted.
    if (facts === undefined || made === null || this.run.value !== made) return undefined;
    const config = facts.config as RunInfo['config'];
    this.run.value = { ...made, config };
    this.#takeRates(config);
    if (config.learningRate !== made.config.learningRate) this.#adopt({ learningRate: config.learningRate });
    return facts.step;
  }

  /** The last checkpoint in memory may be from before a change: it is made again where it was made. */
  override async recover(): Promise<void> {
    const before = this.run.value;
    await super.recover();
    const run = this.run.value;
    if (before === null || run === null || this.phase.value === 'lost') return;
    const { step } = run;
    const config = await this.ask(async (session) => {
      let facts = await session.setLearningRate(rateAt(before.config, step), step);
      for (const change of before.config.rateChanges ?? []) {
        if (change.step > step) facts = await session.setLearningRate(change.learningRate, change.step);
      }
      return facts.config as RunInfo['config'];
    });
    if (config === undefined || this.run.value !== run) return;
    this.run.value = { ...run, config };
    this.#takeRates(config);
  }

  /** The run's own changes of the rate become those of the settings. */
  #takeRates(config: RunInfo['config']): void {
    const { learningRate, rateChanges } = config;
    this.amend((key) => JSON.stringify({ ...JSON.parse(key), learningRate, rateChanges }));
    this.#adopt({ rates: ratesOf(config) });
  }

  /** A run of its own that goes on from a moment of this one. */
  async forkFrom(checkpoint: Uint8Array): Promise<void> {
    const parent = this.id.value;
    if (!(await this.fork(checkpoint))) return;
    this.id.value = newRunId();
    this.parent.value = { id: parent, step: this.step.value };
  }

  /** What brings the run back as it stands; nothing before it has trained. */
  toKeep(): Promise<readonly KeptLab[]> {
    return pack(this, (done) => {
      const { name, content } = this.source.value!;
      const gathered = this.samples.value
        .filter(({ step }) => step <= done)
        .map(({ step, exact, loss, text }) => ({ step, exact, loss, text }));
      return {
        id: this.id.value,
        page: 'train',
        parent: this.parent.value,
        text: name,
        steps: this.#settings().steps,
        sample: gathered.at(-1)?.text ?? '',
        vocabularySize: this.run.value!.vocabulary.length,
        gathered,
        sourceSize: 2 * content.length,
      };
    });
  }

  /** Brings a run back as it was kept; training goes on bit for bit. */
  async resume([kept]: readonly KeptLab[]): Promise<void> {
    if (kept === undefined || !(await unpack(this, kept))) return;
    this.parent.value = kept.run.parent;
    this.samples.value = kept.files.gathered;
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
