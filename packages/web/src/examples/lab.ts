/** A run on examples on a page: it trains, and is asked the page's question again and again while it does. */
import type { RecurrentConfig, RunFacts, RunRequest, Session } from '@hw5/core';
import { type Signal, signal } from '@preact/signals';
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
}

export class ExamplesLab<V extends TrainingValues, L> extends RunControl<RunFacts, ExamplesSource> {
  readonly looks: Signal<readonly Look<L>[]>;
  /** Which look is shown; `null` = the newest. */
  readonly pinned: Signal<number | null> = signal<number | null>(null);
  /** A look is being taken. */
  readonly looking: Signal<boolean> = signal(false);
  readonly #looks = new Looks<L>();
  readonly #look: (session: Session) => Promise<L>;
  /** Grows when the question changes: answers to the one before are dropped. */
  #question = 0;

  constructor({ open, settings, adopt, tell, request, look }: ExamplesLabOptions<V, L>) {
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
        const before = this.looks.value;
        return (step) => {
          this.looks.value = before.filter((look) => look.step <= step);
        };
      },
      onBegin: () => {
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
    this.#look = look;
    this.looks = this.#looks.all;
    this.source.value = generated;
  }

  /** The look that is shown. */
  get shown(): Look<L> | undefined {
    const looks = this.looks.value;
    const at = this.pinned.value;
    return looks[at === null ? looks.length - 1 : Math.min(at, looks.length - 1)];
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
      const seen = await this.#look(session);
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
