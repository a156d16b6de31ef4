/** What the page knows: a model that trains at once, what it expects along the line, bets, and branches. */
import type { NextTokens, RunInfo } from '@hw5/core';
import type { Question } from '@hw5/core/homework';
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import diaryUrl from '../../../../cli/data/panbeh.txt?url';
import { Judging } from '../../frame/answers/judging.js';
import { Trial } from '../../frame/experiments/trial.js';
import { errorNotice, type Notice } from '../../frame/notices.js';
import type { PageContext } from '../../frame/page.js';
import { RunControl } from '../../frame/training/run-control.js';
import { pauseWhileHidden } from '../../frame/training/transport.js';
import { type Corpus, corpusOf, readable } from './corpus.js';
import { type Counts, countsAfter } from './counts.js';
import { type Bet, betOn, type Distribution, probabilityOf, sampled, worthOf } from './distribution.js';
import type { LanguageModelKey } from './en.js';
import { type Future, formatFutures, grown, parseFutures } from './futures.js';
import { type Claim, claims } from './proof.js';
import { type LanguageModelTable, LONGEST, modelConfig } from './table.js';

/** Bars that are shown. */
export const SHOWN = 12;
const BETS = 8;
/** Time between two looks at a model that trains, ms. */
const LOOK_EVERY = 250;
/** Reads signals for an effect that only waits for them to change. */
function follow(...signals: readonly ReadonlySignal<unknown>[]): void {
  for (const each of signals) void each.value;
}

export class LanguageModel {
  readonly context: PageContext<LanguageModelTable, LanguageModelKey>;
  readonly control: RunControl<RunInfo, Corpus>;
  readonly corpus: Signal<Corpus | null> = signal<Corpus | null>(null);
  readonly next: Signal<NextTokens | null> = signal<NextTokens | null>(null);
  readonly unknown: ReadonlySignal<readonly string[]>;
  /** The line that the model can read. */
  readonly line: ReadonlySignal<string>;
  /** Characters of the line that have been read. */
  readonly caret: ReadonlySignal<number>;
  /** The model's own distribution at the caret, likeliest first. */
  readonly distribution: ReadonlySignal<Distribution>;
  /** What is sampled from at the caret. */
  readonly chosenFrom: ReadonlySignal<Distribution>;
  readonly counts: ReadonlySignal<Counts | null>;
  readonly bet: Signal<Bet | null> = signal<Bet | null>(null);
  /** Probability that the bet gave the true character, once it has been made. */
  readonly betWorth: Signal<{ readonly mine: number; readonly its: number } | null> = signal<{
    readonly mine: number;
    readonly its: number;
  } | null>(null);
  readonly secret: ReadonlySignal<boolean>;
  /** Lines that part from the first one where a token was forced, those that the model can read. */
  readonly futures: ReadonlySignal<readonly string[]>;
  /** The same with what their tokens cost the model as it stands. */
  readonly weighed: Signal<readonly Future[]> = signal<readonly Future[]>([]);
  readonly question: Signal<Question | null> = signal<Question | null>(null);
  readonly judging: Judging;
  readonly claims: Signal<readonly Claim[] | null> = signal<readonly Claim[] | null>(null);
  readonly proving: Signal<boolean> = signal(false);
  readonly trial: Trial;
  /** Perplexity of the line before the first step. */
  perplexityAtStart: number | null = null;
  #diary: string | null = null;
  #looked = 0;
  #looking = false;
  #lookAgain = false;
  readonly #endings: (() => void)[];

  constructor(context: PageContext<LanguageModelTable, LanguageModelKey>) {
    this.context = context;
    this.judging = new Judging('q1c', context, (error) => this.#fail(error));
    const { settings, sessions, notice, i18n, mode, tabVisible } = context;
    this.trial = new Trial('chain', sessions, (told) => {
      notice.value = told;
    });
    let said: Notice | null = null;
    this.control = new RunControl<RunInfo, Corpus>({
      // Double precision: the claims of this page are about sums.
      open: () => sessions.open({ precision: 'f64' }),
      key: () => JSON.stringify(modelConfig(settings.all())),
      create: (session, corpus) => session.createCharLM(corpus.text, modelConfig(settings.all())),
      reload: (session, checkpoint, corpus) => session.loadCharLM(checkpoint, corpus?.text),
      adopt: () => undefined,
      steps: () => settings.get('steps'),
      seed: () => settings.get('seed'),
      tell: (told) => {
        // Training begins by itself: what it says must not wipe away what is wrong with the address.
        const other = notice.peek();
        if (other !== null && other !== said && told?.tone !== 'error') return;
        said = told;
        notice.value = told;
      },
      onBegin: () => {
        this.next.value = null;
        this.perplexityAtStart = null;
      },
      beforeTraining: async () => this.look(),
      onReports: () => {
        if (performance.now() - this.#looked > LOOK_EVERY) void this.look();
      },
      afterTraining: async () => this.look(),
    });
    const { run } = this.control;
    const wanted = computed(() => settings.get('text') || (this.corpus.value?.line ?? ''));
    const read = computed(() => readable(wanted.value, run.value?.vocabulary ?? [...wanted.value]));
    this.line = computed(() => read.value.text.replaceAll('\n', ''));
    this.unknown = computed(() => read.value.unknown);
    this.futures = computed(() => {
      const vocabulary = run.value?.vocabulary ?? [];
      const lines = parseFutures(settings.get('futures'));
      return lines.filter((line) => readable(line, vocabulary).unknown.length === 0);
    });
    this.caret = computed(() => Math.min(settings.get('caret'), [...this.line.value].length));
    this.distribution = computed(() => this.next.value?.forced.steps[this.caret.value]?.top ?? []);
    this.chosenFrom = computed(() =>
      sampled(this.distribution.value, {
        temperature: settings.get('temperature'),
        topK: settings.get('topK'),
        topP: settings.get('topP'),
      }),
    );
    this.counts = computed(() => {
      const corpus = this.corpus.value;
      if (corpus === null) return null;
      const prefix = `\n${[...this.line.value].slice(0, this.caret.value).join('')}`;
      return countsAfter(corpus.text, prefix, settings.get('context'));
    });
    this.secret = computed(() => mode.value === 'predict' && this.betWorth.value === null);

    this.#endings = [
      effect(() => {
        const wish = settings.get('corpus');
        const language = wish === 'auto' ? i18n.language.value : wish;
        void this.#take(language);
      }),
      // Another model is wanted.
      effect(() => {
        modelConfig(settings.all());
        settings.get('steps');
        if (this.control.run.peek() !== null && this.control.stale.value) void this.train();
      }),
      effect(() => {
        follow(this.line, this.caret);
        for (const name of ['temperature', 'topK', 'topP', 'sampleSeed'] as const) settings.get(name);
        void this.look();
      }),
      effect(() => {
        const lines = this.futures.value;
        const { phase, step } = this.control;
        follow(step);
        if (phase.value === 'ready' || phase.value === 'paused' || phase.value === 'done') {
          void this.#weigh(lines);
        }
      }),
      // A new place or another model: bets and proofs about the one before are void.
      effect(() => {
        follow(this.line, this.caret);
        this.betWorth.value = null;
        this.bet.value = null;
      }),
      effect(() => {
        follow(this.line, run);
        context.proof.value = null;
        this.claims.value = null;
      }),
      pauseWhileHidden(this.control, tabVisible),
    ];
    sessions
      .ask((session) => session.solve('q1c'))
      .then(
        ({ groups }) => {
          this.question.value = groups[0]?.questions[0] ?? null;
        },
        (error) => this.#fail(error),
      );
  }

  get vocabulary(): number {
    return this.control.run.value?.vocabulary.length ?? 0;
  }

  /** The character that really follows at the caret; a line break at the end. */
  get truth(): string {
    return [...this.line.value][this.caret.value] ?? '\n';
  }

  seek(caret: number, dragging: boolean): void {
    this.context.settings.preview('caret', caret);
    if (!dragging) this.context.settings.commit();
  }

  /** Begins again with the settings as they are, and trains. */
  async train(): Promise<void> {
    await this.control.rewind();
    await this.control.play();
  }

  /** What the model expects along the line now; one look at a time, and the newest last. */
  async look(): Promise<void> {
    const { run } = this.control;
    if (run.peek() === null || this.line.peek() === '') return;
    if (this.#looking) {
      this.#lookAgain = true;
      return;
    }
    this.#looking = true;
    this.#looked = performance.now();
    const { settings } = this.context;
    const text = `\n${this.line.peek()}\n`;
    const step = this.control.step.peek();
    const found = await this.control.ask((session) =>
      session.nextTokens(text, {
        top: run.peek()?.vocabulary.length ?? 0,
        from: this.caret.peek() + 1,
        temperature: settings.signal('temperature').peek(),
        topK: settings.signal('topK').peek(),
        topP: settings.signal('topP').peek(),
        seed: settings.signal('sampleSeed').peek(),
      }),
    );
    this.#looking = false;
    if (found !== undefined) {
      if (step === 0 && this.control.step.peek() === 0) this.perplexityAtStart = found.forced.perplexity;
      this.next.value = found;
    }
    if (this.#lookAgain) {
      this.#lookAgain = false;
      void this.look();
    }
  }

  /** Writes this token at the caret and lets the model go on from there. */
  async force(token: string): Promise<void> {
    const { settings } = this.context;
    const at = this.caret.peek();
    const before = [...this.line.peek()].slice(0, at).join('');
    // A line break ends the line here; a line of nothing would be the default one.
    const text = token === '\n' ? before : await this.#continued(before + token);
    if (text === undefined || text === '') return;
    const futures = formatFutures(grown(this.futures.peek(), this.line.peek(), text));
    settings.adopt({ text, caret: at + 1, futures });
  }

  /** Puts another line on the page, and the caret behind `read` of its tokens. */
  goTo(text: string, read: number): void {
    this.context.settings.adopt({ text, caret: Math.min(read, [...text].length) });
  }

  forgetFutures(): void {
    this.context.settings.set('futures', '');
  }

  async #weigh(lines: readonly string[]): Promise<void> {
    if (lines.length < 2) {
      this.weighed.value = [];
      return;
    }
    const found = await this.control.ask(async (session) => {
      const futures: Future[] = [];
      for (const text of lines) {
        const { forced } = await session.nextTokens(`\n${text}\n`, { top: 1 });
        futures.push({ text, costs: forced.steps.map(({ logProbability }) => -logProbability) });
      }
      return futures;
    });
    if (found !== undefined && this.futures.peek() === lines) this.weighed.value = found;
  }

  /** `prefix` and what the model writes after it, up to the end of the line. */
  async #continued(prefix: string): Promise<string | undefined> {
    const { settings } = this.context;
    const missing = [...this.line.peek()].length - [...prefix].length;
    const written = await this.control.ask((session) =>
      session.generate({
        prompt: `\n${prefix}`,
        length: Math.min(60, Math.max(8, missing)),
        temperature: settings.signal('temperature').peek(),
        topK: settings.signal('topK').peek(),
        topP: settings.signal('topP').peek(),
        seed: settings.signal('sampleSeed').peek(),
      }),
    );
    if (written === undefined) return undefined;
    return [...(prefix + (written.split('\n')[0] ?? ''))].slice(0, LONGEST).join('');
  }

  setBet(index: number, weight: number): void {
    const bet = this.currentBet();
    if (index === bet.tokens.length) this.bet.value = { ...bet, others: weight };
    else this.bet.value = { ...bet, weights: bet.weights.map((old, at) => (at === index ? weight : old)) };
  }

  currentBet(): Bet {
    return this.bet.value ?? betOn(this.distribution.value, BETS);
  }

  commitBet(): void {
    const its = this.distribution.peek().find(([token]) => token === this.truth)?.[1];
    if (its === undefined || this.betWorth.peek() !== null) return;
    const mine = probabilityOf(this.currentBet(), this.truth, this.vocabulary);
    this.context.score.add(worthOf(mine, its, this.vocabulary));
    this.betWorth.value = { mine, its };
  }

  async prove(): Promise<void> {
    if (this.proving.peek()) return;
    this.proving.value = true;
    const found = await this.control.ask((session) =>
      claims(session, {
        text: `\n${this.line.peek()}\n`,
        read: this.caret.peek() + 1,
        vocabulary: this.vocabulary,
        perplexityAtStart: this.perplexityAtStart,
      }),
    );
    this.proving.value = false;
    if (found === undefined) return;
    this.claims.value = found;
    const count = found.filter(({ holds }) => holds).length;
    const passed = count === found.length;
    this.context.proof.value = {
      passed,
      key: passed ? 'proof.passed' : 'proof.failed',
      facts: { count, of: found.length },
    };
  }

  dispose(): void {
    for (const end of this.#endings) end();
    void this.control.close();
  }

  async #take(language: 'en' | 'fa'): Promise<void> {
    try {
      this.#diary ??= await this.#fetchDiary();
    } catch (error) {
      this.context.notice.value = errorNotice(error);
      return;
    }
    if (this.corpus.peek()?.language === language) return;
    const corpus = corpusOf(this.#diary, language);
    const first = this.corpus.peek() === null;
    this.corpus.value = corpus;
    this.control.give(corpus);
    if (first) await this.control.play();
    else await this.train();
  }

  async #fetchDiary(): Promise<string> {
    const response = await fetch(diaryUrl);
    if (!response.ok) throw new Error(`corpus: must load from this site, got status ${response.status}`);
    return response.text();
  }

  #fail(error: unknown): void {
    this.context.notice.value = errorNotice(error);
  }
}
