/** The answers that a learner gives to one question of the homework on a page. In Predict the first one counts. */
import { type Signal, signal } from '@preact/signals';
import type { PageContext } from '../page.js';
import { type Outcome, outcomeOf } from './outcome.js';

type Context = Pick<PageContext, 'sessions' | 'mode' | 'score'>;

export class Judging {
  /** What the checker made of the last answer. */
  readonly outcome: Signal<Outcome | undefined> = signal<Outcome | undefined>(undefined);
  readonly #question: string;
  readonly #context: Context;
  readonly #fail: (error: unknown) => void;

  /** @param fail says on the page that the answer could not be judged */
  constructor(question: string, context: Context, fail: (error: unknown) => void) {
    this.#question = question;
    this.#context = context;
    this.#fail = fail;
  }

  async check(answer: string): Promise<void> {
    const { sessions, mode, score } = this.#context;
    try {
      const outcome = await outcomeOf(() => sessions.ask((session) => session.check(this.#question, answer)));
      const isFirst = this.outcome.peek() === undefined;
      if (mode.peek() === 'predict' && isFirst && 'verdict' in outcome) score.add(outcome.verdict.correct);
      this.outcome.value = outcome;
    } catch (error) {
      this.#fail(error);
    }
  }
}
