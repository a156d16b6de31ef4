/** What the page knows: a run, the answers it gives while it learns, and what is selected in them. */
import type { RunRequest, Session, TextAnswer, TextAnswers } from '@hw5/core';
import { type Signal, signal } from '@preact/signals';
import { ExamplesLab } from '../../examples/lab.js';
import { createPageRun, type PageRun } from '../../examples/page-run.js';
import { generated } from '../../examples/source.js';
import type { PageContext } from '../../frame/page.js';
import type { Seq2SeqKey } from './en.js';
import { requestOf, type Seq2SeqTable, samples, trainedLengths, type Values } from './table.js';
import { isEnd, worthOf } from './tokens.js';

export type Seq2SeqContext = PageContext<Seq2SeqTable, Seq2SeqKey>;

export interface LengthPoint {
  readonly length: number;
  readonly exactMatch: number;
}

/** Lengths that are measured, and examples of each. */
const LENGTHS = Array.from({ length: 17 }, (_, at) => at + 2);
const OF_EACH = 40;

export class Seq2SeqModel {
  readonly context: Seq2SeqContext;
  readonly lab: ExamplesLab<Values, TextAnswers>;
  readonly run: PageRun;
  /** Which of the beam's answers is looked at. */
  readonly chosen: Signal<number> = signal(0);
  /** Which of its steps. */
  readonly at: Signal<number> = signal(0);
  readonly lengths: Signal<{
    readonly step: number;
    readonly trained: readonly [number, number];
    readonly points: readonly LengthPoint[];
  } | null> = signal(null);
  readonly measuring: Signal<boolean> = signal(false);
  /** The guessed source place, and the step that it is about; committed when `worth` is a number. */
  readonly guess: Signal<{
    readonly place: number | null;
    readonly worth: number | null;
    readonly round: number;
  }> = signal({ place: null, worth: null, round: 0 });

  constructor(context: Seq2SeqContext) {
    this.context = context;
    const { settings, sessions, notice } = context;
    this.lab = new ExamplesLab<Values, TextAnswers>({
      open: () => sessions.open(),
      settings: () => settings.all(),
      adopt: (values, config) => {
        const { attention, bidirectional } = config as Partial<Pick<Values, 'attention' | 'bidirectional'>>;
        settings.adopt({
          ...(values as Partial<Values>),
          ...(attention === undefined ? {} : { attention }),
          ...(bidirectional === undefined ? {} : { bidirectional }),
        });
      },
      tell: (said) => {
        notice.value = said;
      },
      request: requestOf,
      look: (session) => this.#ask(session),
    });
    this.run = createPageRun(context as unknown as Parameters<typeof createPageRun>[0], {
      lab: this.lab,
      question: () => JSON.stringify([this.text, settings.get('forced'), settings.get('beam')]),
      request: () => this.request,
    });
  }

  get request(): RunRequest {
    return requestOf(this.context.settings.all(), this.lab.source.value ?? generated);
  }

  /** What is asked. */
  get text(): string {
    const { settings } = this.context;
    const typed = settings.get('input');
    return typed === '' ? samples[settings.get('task')][0]! : typed;
  }

  get answers(): TextAnswers | undefined {
    return this.lab.shown?.seen;
  }

  get answer(): TextAnswer | undefined {
    const answers = this.answers?.answers ?? [];
    return answers[Math.min(this.chosen.value, answers.length - 1)];
  }

  /** True in Predict until the learner has committed an answer. */
  get secret(): boolean {
    return this.context.mode.value === 'predict' && this.guess.value.worth === null;
  }

  /** The step that Predict asks about: another one in each round, never the end. */
  get asked(): number {
    const steps = this.answer?.steps.filter(({ token }) => !isEnd(token)).length ?? 0;
    return steps === 0 ? 0 : (this.guess.value.round * 5 + 2) % steps;
  }

  askFor(text: string): void {
    this.context.settings.adopt({ input: text, forced: '' });
    this.#fresh();
  }

  /** Write what stands before step `at`, then `token`, then let the model go on. */
  force(at: number, token: string): void {
    const before = this.answer?.steps.slice(0, at).map((step) => step.token) ?? [];
    this.context.settings.set('forced', [...before, token].join(''));
    this.#fresh();
  }

  release(): void {
    this.context.settings.set('forced', '');
    this.#fresh();
  }

  commitGuess(): void {
    const { place, worth, round } = this.guess.peek();
    const row = this.answer?.alignment[this.asked];
    if (place === null || worth !== null || row === undefined) return;
    const worthNow = worthOf(row, place);
    this.guess.value = { place, worth: worthNow, round };
    this.context.score.add(worthNow);
  }

  nextGuess(): void {
    this.guess.value = { place: null, worth: null, round: this.guess.peek().round + 1 };
  }

  /** Exact matches by source length, within what was trained on and beyond, on strings that training never saw. */
  async measureLengths(): Promise<void> {
    const { settings } = this.context;
    const task = settings.peek('task');
    const trained = trainedLengths[task];
    if (trained === undefined || this.measuring.peek()) return;
    this.measuring.value = true;
    const step = this.lab.step.peek();
    const points: LengthPoint[] = [];
    await this.lab.ask(async (session) => {
      for (const length of LENGTHS) {
        const options = { minLength: length, maxLength: length };
        const data = { task, train: 1, validation: OF_EACH, seed: settings.peek('seed'), options };
        const { metrics } = await session.report(data);
        points.push({ length, exactMatch: metrics.exactMatch ?? Number.NaN });
        this.lengths.value = { step, trained, points: [...points] };
      }
    });
    this.measuring.value = false;
  }

  dispose(): void {
    this.run.dispose();
  }

  #ask(session: Session): Promise<TextAnswers> {
    const { settings } = this.context;
    const forced = [...settings.peek('forced')];
    return session.answers(this.text, { width: settings.peek('beam'), forced, top: 6 });
  }

  #fresh(): void {
    this.chosen.value = 0;
    this.at.value = 0;
    this.guess.value = { place: null, worth: null, round: this.guess.peek().round };
  }
}
