/** What the page knows: a classifier that trains, and what it says to a sentence, its prefixes and the minimal pairs. */
import type { RunRequest } from '@hw5/core';
import { type Signal, signal } from '@preact/signals';
import { ExamplesLab } from '../../examples/lab.js';
import { createPageRun, type PageRun } from '../../examples/page-run.js';
import { generated } from '../../examples/source.js';
import type { PageContext } from '../../frame/page.js';
import { lookAt, type SentimentLook } from './ask.js';
import type { SentimentKey } from './en.js';
import { pairs, requestOf, type SentimentTable, samples, type Values } from './table.js';
import { sentenceOf } from './words.js';

export type SentimentContext = PageContext<SentimentTable, SentimentKey>;

export class SentimentModel {
  readonly context: SentimentContext;
  readonly lab: ExamplesLab<Values, SentimentLook>;
  readonly run: PageRun;
  /** The word that can be moved, dropped or negated. */
  readonly chosen: Signal<number> = signal(0);
  /** The guessed class and the sentence that it is about. */
  readonly guess: Signal<{ readonly text: string; readonly label: string; readonly right: boolean } | null> =
    signal(null);

  constructor(context: SentimentContext) {
    this.context = context;
    const { settings, sessions, notice } = context;
    this.lab = new ExamplesLab<Values, SentimentLook>({
      open: () => sessions.open(),
      settings: () => settings.all(),
      adopt: (values, config) => {
        const { pooling, bidirectional } = config as Partial<Pick<Values, 'pooling' | 'bidirectional'>>;
        settings.adopt({
          ...(values as Partial<Values>),
          ...(pooling === undefined ? {} : { pooling }),
          ...(bidirectional === undefined ? {} : { bidirectional }),
        });
      },
      tell: (said) => {
        notice.value = said;
      },
      request: requestOf,
      look: (session) => {
        const config = this.lab.run.peek()?.config as { readonly pooling?: string } | undefined;
        const own = this.lab.source.peek()?.kind === 'table';
        return lookAt(session, this.text, config?.pooling ?? '', own ? [] : pairs);
      },
      question: () => this.text,
      page: 'sentiment',
      said: ({ said }) => `${this.text} → ${said}`,
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
    const typed = this.context.settings.get('input').trim();
    return typed === '' ? samples[0] : typed;
  }

  get look(): SentimentLook | undefined {
    return this.lab.shown?.seen;
  }

  /** True in Predict until the learner has said a class for this sentence. */
  get secret(): boolean {
    return this.context.mode.value === 'predict' && this.guess.value?.text !== this.text;
  }

  say(words: readonly string[]): void {
    this.context.settings.set('input', sentenceOf(words));
    this.chosen.value = Math.min(this.chosen.peek(), words.length - 1);
  }

  /** Predict: what will the model say to this sentence? */
  commitGuess(label: string): void {
    const { look } = this;
    if (look === undefined || !this.secret) return;
    const right = label === look.said;
    this.guess.value = { text: this.text, label, right };
    this.context.score.add(right);
  }

  dispose(): void {
    this.run.dispose();
  }
}
