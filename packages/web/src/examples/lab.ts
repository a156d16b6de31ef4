/** A run on examples on a page: it trains, and is asked the page's question again and again while it does. */
import type { RecurrentConfig, RunFacts, RunRequest, Session } from '@hw5/core';
import { type Signal, signal } from '@preact/signals';
import { type KeptWork, pack, unpack } from '../frame/kept-runs/pack.js';
import { type KeptPage, newRunId } from '../frame/kept-runs/store.js';
import type { Notice } from '../frame/notices.js';
import { RunControl } from '../frame/training/run-control.js';
import { type Look, Looks } from './looks.js';
import type { TrainingValues } from './rows.js';
import { type ExamplesSource, generated, valuesOf } from './source.js';

export interface ExamplesLabOptions<V extends TrainingValues, L> {
  readonly open: () => Promise<Session>;
  /** Settings now; reads signals. */
  readonly settings: () => V;
  /** Takes over the settings of a loaded checkpoint. */
  readonly adopt: (values: Partial<TrainingValues>, config: RecurrentConfig) => void;
  readonly tell: (notice: Notice | null) => void;
  readonly request: (values: V, source: ExamplesSource) => RunRequest;
  /** The page's question to the run as it stands. */
  readonly look: (session: Session) => Promise<L>;
  /** What is asked, as text: the run is asked anew when it changes. Reads signals. */
  readonly question: () => string;
  /** The page that keeps its runs, and what a look says, in a line. */
  readonly page: KeptPage;
  readonly said: (seen: L) => string;
}

/** What is kept of what a page gathered. */
interface Gathered<L> {
  readonly question: string;
  readonly looks: readonly Look<L>[];
}

/** Looks that are kept on the device at most. */
const KEPT_LOOKS = 24;

export class ExamplesLab<V extends TrainingValues, L> extends RunControl<RunFacts, ExamplesSource> {
  readonly looks: Signal<readonly Look<L>[]>;
  /** Which look is shown; `null` = the newest. */
  readonly pinned: Signal<number | null> = signal<number | null>(null);
  /** Names the run on this device. */
  readonly id: Signal<string> = signal(newRunId());
  readonly question: () => string;
  /** The page that keeps it. */
  readonly page: KeptPage;
  /** A look is being taken. */
  readonly looking: Signal<boolean> = signal(false);
  readonly #looks = new Looks<L>();
  readonly #options: ExamplesLabOptions<V, L>;
  /** Grows when the question changes: answers to the one before are dropped. */
  #question = 0;

  constructor(options: ExamplesLabOptions<V, L>) {
    const { open, settings, adopt, tell, request } = options;
    super({
      open,
      tell,
      key: () => JSON.stringify(request(settings(), this.source.value ?? generated)),
      create: (session, source) => session.createRun(request(settings(), source)),
      reload: (session, checkpoint, source) =>
        session.loadRun(checkpoint, source?.kind === 'table' ? source.table : undefined),
      adopt: ({ config, description }) => {
        const recurrent = config as RecurrentConfig;
        adopt(valuesOf(recurrent, description), recurrent);
      },
      steps: () => settings().steps,
      seed: () => settings().seed,
      snapshot: () => {
        const [id, before] = [this.id.value, this.looks.value];
        return (step) => {
          this.id.value = id;
          this.looks.value = before.filter((look) => look.step <= step);
        };
      },
      onBegin: () => {
        this.id.value = newRunId();
        this.looks.value = [];
        this.pinned.value = null;
      },
      beforeTraining: async () => {
        this.#looks.schedule(this.step.value, settings().lookEvery);
        if (this.looks.value.length === 0) await this.look();
      },
      onReports: ({ step }) => {
        if (!this.#looks.isDue(step)) return;
        this.#looks.schedule(step, settings().lookEvery);
        void this.look();
      },
      afterTraining: (session) => this.#looks.takeFresh(() => this.#take(session)),
    });
    this.#options = options;
    this.question = options.question;
    this.page = options.page;
    this.looks = this.#looks.all;
    this.source.value = generated;
  }

  /** The look that is shown. */
  get shown(): Look<L> | undefined {
    const looks = this.looks.value;
    const at = this.pinned.value;
    return looks[at === null ? looks.length - 1 : Math.min(at, looks.length - 1)];
  }

  /** What brings the run back as it stands; nothing before it has trained. @param id - under which it is kept */
  toKeep(id: string = this.id.value): Promise<readonly KeptWork<ExamplesSource, Gathered<L>>[]> {
    return pack(this, (done) => {
      const source = this.source.value ?? generated;
      const looks = this.looks.value.filter(({ step }) => step <= done);
      const every = Math.ceil(looks.length / KEPT_LOOKS);
      const newest = looks.at(-1);
      return {
        id,
        page: this.page,
        text: source.kind === 'table' ? source.name : this.#options.settings().task,
        steps: this.#options.settings().steps,
        sample: newest === undefined ? '' : this.#options.said(newest.seen),
        gathered: {
          question: this.question(),
          // The newest is among them.
          looks: looks.filter((_, at) => (looks.length - 1 - at) % every === 0),
        },
        sourceSize: source.kind === 'table' ? 2 * source.table.table.length : 0,
      };
    });
  }

  /** Brings a run back as it was kept; training goes on bit for bit. */
  async resume([kept]: readonly KeptWork<ExamplesSource, Gathered<L>>[]): Promise<void> {
    if (kept === undefined) return;
    // Sources are compared by identity, and what was stored is a copy.
    const source = kept.files.source.kind === 'generated' ? generated : kept.files.source;
    if (!(await unpack(this, { run: kept.run, files: { ...kept.files, source } }))) return;
    const { question, looks } = kept.files.gathered;
    // Looks at another text say nothing about the one that is asked now.
    if (question === this.question()) this.looks.value = looks;
  }

  /** Ask now. */
  async look(): Promise<void> {
    if (!this.#canBeAsked()) return;
    await this.ask((session) => this.#looks.take(() => this.#take(session)));
  }

  /** The question has changed: what was said to the one before is forgotten. */
  async askAnew(): Promise<void> {
    this.#question += 1;
    if (!this.#canBeAsked()) return;
    await this.ask((session) => this.#looks.takeFresh(() => this.#take(session, true)));
  }

  #canBeAsked(): boolean {
    return this.run.value !== null && this.phase.value !== 'lost' && this.phase.value !== 'opening';
  }

  async #take(session: Session, anew = false): Promise<Look<L> | undefined> {
    const { value: run } = this.run;
    const question = this.#question;
    const exact = !this.isTraining || this.step.value === 0;
    this.looking.value = true;
    try {
      const seen = await this.#options.look(session);
      if (this.run.value !== run || question !== this.#question) return undefined;
      if (anew) {
        this.looks.value = [];
        this.pinned.value = null;
      }
      return { step: this.step.value, exact, seen };
    } finally {
      this.looking.value = false;
    }
  }
}

/** True when closing would lose something: a run that has trained, or a table of one's own. */
export function hasWork<V extends TrainingValues, L>(lab: ExamplesLab<V, L>): boolean {
  return lab.step.value > 0 || lab.phase.value === 'training' || lab.source.value?.kind === 'table';
}
