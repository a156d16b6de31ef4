/** What the page knows: two taggers from the same seed, trained side by side, and what each says to a sentence. */
import type { ExperimentResult, Prediction, RunRequest, TaskReport } from '@hw5/core';
import { computed, effect, type Signal, signal, untracked } from '@preact/signals';
import { ExamplesLab } from '../../examples/lab.js';
import { createPageRun, type PageRun } from '../../examples/page-run.js';
import { generated } from '../../examples/source.js';
import type { Keepable } from '../../frame/kept-runs/keeping.js';
import { errorNotice } from '../../frame/notices.js';
import type { PageContext, Transport } from '../../frame/page.js';
import type { TaggingKey } from './en.js';
import { mostApart } from './places.js';
import { type Reader, requestOf, samples, type TaggingTable, type Values } from './table.js';

export type TaggingContext = PageContext<TaggingTable, TaggingKey>;
type Lab = ExamplesLab<Values, Prediction>;

/** Ids of the runs that were trained side by side: that of the forward reader follows from the other's. */
const FORWARD = '-one';
const bothOf = (id: string): string => (id.endsWith(FORWARD) ? id.slice(0, -FORWARD.length) : id);
const oneOf = (id: string): string => `${bothOf(id)}${FORWARD}`;

export class TaggingModel {
  readonly context: TaggingContext;
  readonly labs: Readonly<Record<Reader, Lab>>;
  /** Of the one that reads in both directions; the other goes along. */
  readonly run: PageRun;
  readonly transport: Transport;
  /** The token that is looked at; `null` = where the two differ most. */
  readonly chosen: Signal<number | null> = signal<number | null>(null);
  readonly reports: Signal<Readonly<Record<Reader, TaskReport>> | null> = signal(null);
  readonly guess: Signal<{ readonly key: string; readonly right: boolean } | null> = signal(null);
  readonly experiment: Signal<{ readonly share: number | null; readonly result: ExperimentResult | null }> =
    signal({
      share: null,
      result: null,
    });
  readonly #other: PageRun;
  readonly #stopSharing: () => void;

  constructor(context: TaggingContext) {
    this.context = context;
    const { settings } = context;
    this.labs = { one: this.#lab('one'), both: this.#lab('both') };
    this.run = { ...this.#pageRun('both'), restart: () => void this.restart() };
    this.#other = this.#pageRun('one');
    this.#stopSharing = effect(() => this.#share());
    const { one, both } = this.labs;
    const { transport } = this.run;
    this.transport = {
      ...transport,
      play: {
        ...transport.play,
        toggle: () => {
          const stops = both.phase.peek() === 'training';
          transport.play.toggle();
          if (stops) one.pause();
          else if (one.phase.peek() === 'lost') void one.recover();
          else if (one.step.peek() < settings.peek('steps')) void one.play();
        },
      },
      stop: {
        enabled: transport.stop!.enabled,
        act: () => {
          both.pause('stop');
          one.pause('stop');
        },
      },
      rewind: { ...transport.rewind!, act: () => void this.restart() },
      newSeed: () => {
        settings.set('seed', (settings.get('seed') + 1) % 2 ** 53);
        void this.restart();
      },
    };
  }

  /** Somebody's own table is for both. */
  #share(): void {
    const { one, both } = this.labs;
    const source = both.source.value;
    if (source === null || untracked(() => one.source.value) === source) return;
    untracked(() => {
      one.give(source);
      void (one.step.value > 0 ? one.rewind() : one.prepare());
    });
  }

  /** Both back to the first weights of the seed. */
  async restart(): Promise<void> {
    this.reports.value = null;
    await Promise.all([this.labs.both.rewind(), this.labs.one.rewind()]);
  }

  async play(): Promise<void> {
    await Promise.all([this.labs.both.play(), this.labs.one.play()]);
  }

  /** What is asked. */
  get text(): string {
    const { settings } = this.context;
    const typed = settings.get('input').trim();
    return typed === '' ? samples[settings.get('task')][0]! : typed;
  }

  /** What both say at the moment that is shown: the other one's look nearest in training time. */
  get said(): Readonly<Record<Reader, Prediction>> | undefined {
    const { shown } = this.labs.both;
    if (shown === undefined) return undefined;
    const looks = this.labs.one.looks.value;
    const beside = looks.reduce<(typeof looks)[number] | undefined>(
      (best, look) =>
        best === undefined || Math.abs(look.step - shown.step) < Math.abs(best.step - shown.step)
          ? look
          : best,
      undefined,
    );
    if (beside === undefined || beside.seen.input !== shown.seen.input) return undefined;
    return { one: beside.seen, both: shown.seen };
  }

  get at(): number {
    const { said } = this;
    if (said === undefined) return 0;
    const last = (said.both.tokens?.length ?? 1) - 1;
    return Math.max(0, Math.min(this.chosen.value ?? mostApart(said.one, said.both), last));
  }

  /** True in Predict until the learner has said a tag for this token of this sentence. */
  get secret(): boolean {
    return this.context.mode.value === 'predict' && this.guess.value?.key !== this.#place;
  }

  get #place(): string {
    return `${this.at} ${this.text}`;
  }

  commitGuess(tag: string): void {
    const { said, at } = this;
    if (said === undefined || !this.secret) return;
    const right = said.both.tags?.[at] === tag;
    this.guess.value = { key: this.#place, right };
    this.context.score.add(right);
  }

  /** Confusion of both on the validation part. */
  async measure(): Promise<void> {
    const [one, both] = await Promise.all(
      [this.labs.one, this.labs.both].map((lab) => lab.ask((session) => session.report())),
    );
    if (one !== undefined && both !== undefined) this.reports.value = { one, both };
  }

  /** The claim about the future, over five seeds: core's experiment on the cat's mood. */
  async prove(): Promise<void> {
    if (this.experiment.peek().share !== null) return;
    const { sessions, settings, notice, proof } = this.context;
    this.experiment.value = { share: 0, result: null };
    try {
      const result = await sessions.ask((session) =>
        session.experiment('future', {
          seeds: 5,
          firstSeed: Math.min(settings.peek('seed'), Number.MAX_SAFE_INTEGER - 5),
          onProgress: (share) => {
            this.experiment.value = { share, result: null };
          },
        }),
      );
      this.experiment.value = { share: null, result };
      const passed = result.findings.every(({ holds }) => holds);
      proof.value = {
        passed,
        key: passed ? 'prove.passed' : 'prove.failed',
        facts: { seeds: result.seeds.length },
      };
    } catch (error) {
      this.experiment.value = { share: null, result: null };
      notice.value = errorNotice(error);
    }
  }

  dispose(): void {
    this.run.dispose();
    this.#other.dispose();
    this.#stopSharing();
  }

  #lab(reader: Reader): Lab {
    const { settings, sessions, notice } = this.context;
    return new ExamplesLab<Values, Prediction>({
      open: () => sessions.open(),
      settings: () => settings.all(),
      adopt: (values) => settings.adopt(values as Partial<Values>),
      tell: (said) => {
        // One sentence for both: the other one speaks only when something is wrong.
        if (reader === 'both' || said?.tone === 'error') notice.value = said;
      },
      request: (values, source) => requestOf(reader, values, source),
      look: async (session) => (await session.predict([this.text]))[0]!,
      question: () => this.text,
      page: 'tagging',
      said: ({ tokens = [], tags = [] }) => tokens.map((token, n) => `${token}/${tags[n]}`).join(' '),
    });
  }

  #pageRun(reader: Reader): PageRun {
    const lab = this.labs[reader];
    const request = computed<RunRequest>(() =>
      requestOf(reader, this.context.settings.all(), lab.source.value ?? generated),
    );
    return createPageRun(this.context as unknown as Parameters<typeof createPageRun>[0], {
      lab,
      request: () => request.value,
      keep: reader === 'both' ? { lab: this.#pair(), together: (id) => [bothOf(id), oneOf(id)] } : null,
    });
  }

  /** Both taggers are kept, and brought back, together: as two runs, which can be compared. */
  #pair(): Keepable {
    const { one, both } = this.labs;
    return {
      id: both.id,
      hash: computed(() =>
        both.hash.value === null || one.hash.value === null ? null : `${both.hash.value} ${one.hash.value}`,
      ),
      step: both.step,
      phase: both.phase,
      get isTraining() {
        return both.isTraining || one.isTraining;
      },
      pause: () => {
        both.pause();
        one.pause();
      },
      prepare: async () => {
        await Promise.all([both.prepare(), one.prepare()]);
      },
      toKeep: async () => (await Promise.all([both.toKeep(), one.toKeep(oneOf(both.id.peek()))])).flat(),
      resume: async (kept) => {
        for (const work of kept) {
          const reads = (work.run.config as { readonly bidirectional?: boolean }).bidirectional;
          await (reads === false ? one : both).resume([work] as Parameters<typeof both.resume>[0]);
        }
        // One that is no longer kept begins anew.
        await Promise.all([both.prepare(), one.prepare()]);
      },
    };
  }
}
