/** What the page knows: the bank's questions, what the router made of a text, verdicts, progress. */
import type { Interpretation, Question, QuestionGroup, SolutionFormat, Verdict } from '@hw5/core/homework';
import { type Signal, signal } from '@preact/signals';
import { type Outcome, outcomeOf } from '../../frame/answers/outcome.js';
import { saveFile } from '../../frame/files.js';
import { errorNotice } from '../../frame/notices.js';
import type { PageContext } from '../../frame/page.js';
import type { HomeKey } from './en.js';
import { Progress } from './progress.js';
import type { HomeTable, QuestionId } from './table.js';

const files: Readonly<Record<SolutionFormat, readonly [ending: string, type: string]>> = {
  markdown: ['md', 'text/markdown'],
  latex: ['tex', 'application/x-tex'],
  json: ['json', 'application/json'],
};

export class HomeModel {
  readonly context: PageContext<HomeTable, HomeKey>;
  readonly groups: Signal<readonly QuestionGroup[] | null> = signal<readonly QuestionGroup[] | null>(null);
  readonly found: Signal<Interpretation | null> = signal<Interpretation | null>(null);
  readonly outcomes: Signal<Readonly<Partial<Record<QuestionId, Outcome>>>> = signal({});
  readonly progress: Progress;
  readonly #interpret: (text: string) => Promise<Interpretation | undefined>;

  constructor(context: PageContext<HomeTable, HomeKey>, progress = new Progress()) {
    this.context = context;
    this.progress = progress;
    this.#interpret = context.sessions.newest((session, text: string) => session.interpret(text));
    void this.#guarded(async () => {
      this.groups.value = (await context.sessions.ask((session) => session.solve('all'))).groups;
    });
    if (context.settings.get('text') !== '') void this.route();
  }

  question(id: QuestionId): Question | undefined {
    return this.groups.value?.flatMap(({ questions }) => questions).find((question) => question.id === id);
  }

  /** Where the typed text leads: an answer is judged, a single question opened. */
  async route(): Promise<void> {
    const { settings } = this.context;
    settings.commit();
    await this.#guarded(async () => {
      const found = await this.#interpret(settings.get('text'));
      if (found === undefined) return;
      this.found.value = found;
      const [first, ...others] = found.readings;
      if (first === undefined) return;
      if (first.verdict !== undefined && others.length === 0) this.#note(first.question, first.verdict);
      const sure = others.length === 0 || first.share > 2 * (others[0]?.share ?? 0);
      if (sure) this.open(first.question);
    });
  }

  clear(): void {
    this.found.value = null;
    this.context.settings.set('text', '');
  }

  open(id: QuestionId | 'none'): void {
    this.context.settings.set('question', id);
  }

  async check(id: QuestionId, answer: string): Promise<void> {
    await this.#guarded(async () => {
      const outcome = await outcomeOf(() =>
        this.context.sessions.ask((session) => session.check(id, answer)),
      );
      if ('verdict' in outcome) this.#note(id, outcome.verdict);
      else this.#tell(id, outcome);
    });
  }

  async save(id: QuestionId, format: SolutionFormat): Promise<void> {
    await this.#guarded(async () => {
      const language = this.context.i18n.language.peek();
      const text = await this.context.sessions.ask((session) => session.writeSolution(id, format, language));
      const [ending, type] = files[format];
      saveFile(`hw5-${id}-${language}.${ending}`, type, [text]);
    });
  }

  #note(id: QuestionId, verdict: Verdict): void {
    // Each question counts once while the page is open: its first answer.
    if (this.context.mode.peek() === 'predict' && this.outcomes.peek()[id] === undefined) {
      this.context.score.add(verdict.correct);
    }
    this.progress.note(id, verdict.correct);
    this.#tell(id, { verdict });
  }

  #tell(id: QuestionId, outcome: Outcome): void {
    this.outcomes.value = { ...this.outcomes.peek(), [id]: outcome };
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.context.notice.value = errorNotice(error);
    }
  }
}
