/** What the page knows: a run, the answers it gives while it learns, and what is selected in them. */
import type { RunRequest, Session, StepEdit, TextAnswer, TextAnswers } from '@hw5/core';
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { ExamplesLab } from '../../examples/lab.js';
import { createPageRun, type PageRun } from '../../examples/page-run.js';
import { generated } from '../../examples/source.js';
import type { PageContext } from '../../frame/page.js';
import { answerThrough, pathTo } from './beams.js';
import { formatEdits, parseEdits, possible, withEdit } from './edits.js';
import type { Seq2SeqKey } from './en.js';
import { requestOf, type Seq2SeqTable, samples, trainedLengths, type Values } from './table.js';
import { isEnd, worthOf } from './tokens.js';

export type Seq2SeqContext = PageContext<Seq2SeqTable, Seq2SeqKey>;

export interface LengthPoint {
  readonly length: number;
  readonly exactMatch: number;
}

/** What the model says, and what it would say with attention edited. */
export interface Seq2SeqLook {
  readonly truth: TextAnswers;
  readonly whatIf: {
    readonly answer: TextAnswer;
    /** The edits that could be made. */
    readonly edits: readonly StepEdit[];
  } | null;
}

/** Lengths that are measured, and examples of each. */
const LENGTHS = Array.from({ length: 17 }, (_, at) => at + 2);
const OF_EACH = 40;

export class Seq2SeqModel {
  readonly context: Seq2SeqContext;
  readonly lab: ExamplesLab<Values, Seq2SeqLook>;
  readonly run: PageRun;
  /** Which of the beam's answers is looked at. */
  readonly chosen: Signal<number> = signal(0);
  /** Which of its steps. */
  readonly at: Signal<number> = signal(0);
  /** A node of the search that no answer goes through, while it is looked at. */
  readonly #aside: Signal<{ readonly of: TextAnswers; readonly node: number } | null> = signal(null);
  /** What is done to rows of attention. */
  readonly edits: ReadonlySignal<readonly StepEdit[]>;
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
    this.edits = computed(() => parseEdits(settings.get('edits')) ?? []);
    this.lab = new ExamplesLab<Values, Seq2SeqLook>({
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
      question: () => {
        const edits = settings.get('edits');
        // With edits the beginning of the chosen answer is part of what is asked.
        const chosen = edits === '' ? 0 : this.chosen.value;
        return JSON.stringify([this.text, settings.get('forced'), settings.get('beam'), edits, chosen]);
      },
      page: 'seq2seq',
      said: ({ truth }) => `${this.text} → ${truth.answers[0]?.output ?? ''}`,
    });
    this.run = createPageRun(context as unknown as Parameters<typeof createPageRun>[0], {
      lab: this.lab,
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
    return this.lab.shown?.seen.truth;
  }

  get whatIf(): Seq2SeqLook['whatIf'] {
    return this.lab.shown?.seen.whatIf ?? null;
  }

  get answer(): TextAnswer | undefined {
    const answers = this.answers?.answers ?? [];
    return answers[Math.min(this.chosen.value, answers.length - 1)];
  }

  /** The node of the search that is looked at: of the chosen answer, or one that was given up. */
  get node(): number | undefined {
    const { tree } = this.answers ?? {};
    const last = this.answer?.node;
    if (this.isAside) return this.#aside.value?.node;
    if (tree === undefined || last === undefined) return undefined;
    const path = pathTo(tree, last);
    return path[Math.min(this.at.value, path.length - 1)];
  }

  /** True while a node is looked at that no answer goes through. */
  get isAside(): boolean {
    return this.#aside.value !== null && this.#aside.value.of === this.answers;
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
    this.context.settings.adopt({ input: text, forced: '', edits: '' });
    this.#fresh();
  }

  /** Looks at answer `n` of the beam. */
  choose(n: number): void {
    this.#aside.value = null;
    this.chosen.value = n;
  }

  /** Looks at step `at` of the chosen answer. */
  seek(at: number): void {
    this.#aside.value = null;
    this.at.value = at;
  }

  /** Looks at a node of the search: the best answer through it and its step, or, where it was given up, the way to it. */
  selectNode(node: number): void {
    const { answers } = this;
    if (answers?.tree === undefined) return;
    const through = answerThrough(answers.answers, answers.tree, node);
    if (through < 0) {
      this.#aside.value = { of: answers, node };
      return;
    }
    // The chosen answer stays where it goes through the node, too.
    const path = pathTo(answers.tree, this.answer?.node ?? -1);
    if (!path.includes(node)) this.chosen.value = through;
    this.seek(answers.tree[node]!.depth);
  }

  /** Writes the tokens of a way through the search, and lets the model go on. */
  forcePath(path: readonly number[]): void {
    const tree = this.answers?.tree ?? [];
    this.context.settings.set('forced', path.map((node) => tree[node]!.token).join(''));
    this.#fresh();
  }

  /** Edits one row of attention. */
  edit(edit: StepEdit): void {
    this.context.settings.set('edits', formatEdits(withEdit(this.edits.peek(), edit)));
  }

  /** Takes the edit of one row back, or all of them. */
  unedit(step?: number): void {
    const left = step === undefined ? [] : this.edits.peek().filter((edit) => edit.step !== step);
    this.context.settings.set('edits', formatEdits(left));
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

  async #ask(session: Session): Promise<Seq2SeqLook> {
    const { settings } = this.context;
    const text = this.text;
    const width = settings.peek('beam');
    const forced = [...settings.peek('forced')];
    const wanted = this.edits.peek();
    const truth = await session.answers(text, { width, forced, top: 6, tree: true });
    const chosen = truth.answers[Math.min(this.chosen.peek(), truth.answers.length - 1)];
    if (chosen === undefined) return { truth, whatIf: null };
    const edits = possible(wanted, chosen, truth.source.length);
    const [first] = edits;
    if (first === undefined) return { truth, whatIf: null };
    // The answer as it is up to the first edited row; from there the decoder goes on by itself.
    const before = chosen.steps.slice(0, Math.max(first.step, forced.length)).map(({ token }) => token);
    const { answers } = await session.answers(text, { width, best: 1, forced: before, edits });
    return { truth, whatIf: { answer: answers[0]!, edits } };
  }

  #fresh(): void {
    this.choose(0);
    this.seek(0);
    this.guess.value = { place: null, worth: null, round: this.guess.peek().round };
  }
}
