/** What the page knows: settings in, results of the worker out, as signals. */

import type { AttentionInput, ExperimentResult, Session } from '@hw5/core';
import type { AttendGradients, AttendReport, EstimatorBench, ScoreSweep } from '@hw5/core/homework';
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { errorNotice } from '../../frame/notices.js';
import type { PageContext } from '../../frame/page.js';
import { emptyGuess, type Guess, type Judged, judge, positions, type Shown, shownAt } from './by-hand.js';
import type { AttentionKey } from './en.js';
import { type Axes, axesOf } from './plane.js';
import { type Claim, claims } from './proof.js';
import { type AttentionTable, MOST_KEYS } from './table.js';

export type AttentionContext = PageContext<AttentionTable, AttentionKey>;

/** Everything that follows at once from the settings. */
export interface Computed {
  readonly report: AttendReport;
  readonly gradients: AttendGradients;
  readonly sweep: ScoreSweep;
  /** The ways to choose side by side, on the same scores. */
  readonly compared: readonly AttendReport[];
  /** What the loss does when the turned score is nudged by the setting's epsilon, and what its slope promises. */
  readonly nudged: readonly { readonly mode: string; readonly change: number; readonly slope: number }[];
}

export interface TrainingState {
  readonly share: number | null;
  readonly result: ExperimentResult | null;
}

/** Enough points for a cloud, few enough to draw at once. */
const CLOUD = 300;

const comparedModes = ['argmax', 'softmax', 'sparsemax', 'entmax15'] as const;

export class AttentionModel {
  readonly context: AttentionContext;
  readonly computed: Signal<Computed | null> = signal<Computed | null>(null);
  /** True when the worker refused the numbers; the notice says why. */
  readonly unfit: Signal<boolean> = signal(false);
  readonly bench: Signal<EstimatorBench | null> = signal<EstimatorBench | null>(null);
  /** Draws of Gumbel-softmax weights, in that mode only. */
  readonly cloud: Signal<readonly (readonly number[])[] | null> = signal<
    readonly (readonly number[])[] | null
  >(null);
  readonly training: Signal<TrainingState> = signal<TrainingState>({ share: null, result: null });
  readonly claims: Signal<readonly Claim[] | null> = signal<readonly Claim[] | null>(null);
  readonly proving: Signal<boolean> = signal(false);
  readonly guess: Signal<Guess>;
  readonly judged: Signal<Judged | null> = signal<Judged | null>(null);
  readonly axes: ReadonlySignal<Axes>;
  readonly keys: ReadonlySignal<number>;
  readonly position: ReadonlySignal<number>;
  readonly shown: ReadonlySignal<Shown>;
  /** True in Predict until the learner has committed an answer: results stay out of sight. */
  readonly secret: ReadonlySignal<boolean>;
  readonly #input: ReadonlySignal<AttentionInput>;
  readonly #endings: (() => void)[] = [];

  constructor(context: AttentionContext) {
    this.context = context;
    const { settings, sessions, mode } = context;
    this.#input = computed(() => ({
      keys: settings.get('keys'),
      values: settings.get('values'),
      query: settings.get('query'),
    }));
    this.keys = computed(() => settings.get('keys').length);
    this.axes = computed(() => axesOf(settings.get('axes'), settings.get('query').length));
    this.position = computed(() => Math.min(settings.get('step'), positions(this.keys.value) - 1));
    this.guess = signal(emptyGuess(this.keys.peek(), settings.get('values')[0]?.length ?? 0));
    this.secret = computed(() => mode.value === 'predict' && this.judged.value === null);
    this.shown = computed(() => shownAt(this.position.value, this.keys.value));

    const compute = sessions.newest((session, question: Question) => answer(session, question));
    const estimate = sessions.newest((session, { input, options }: BenchQuestion) =>
      session.estimateScoreGradient(input, options),
    );
    const draw = sessions.newest((session, { input, options }: BenchQuestion) =>
      session.drawGumbelWeights(input, options),
    );
    this.#endings.push(
      effect(() => {
        const options = {
          samples: CLOUD,
          temperature: settings.get('temperature'),
          seed: settings.get('seed'),
        };
        const input = this.#input.value;
        if (settings.get('mode') !== 'gumbel') {
          this.cloud.value = null;
          return;
        }
        void draw({ input, options }).then(
          (cloud) => {
            if (cloud !== undefined) this.cloud.value = cloud;
          },
          () => undefined,
        );
      }),
      effect(() => {
        const question = this.#question();
        void compute(question).then(
          (result) => {
            if (result === undefined) return;
            this.computed.value = result;
            this.unfit.value = false;
            if (context.notice.peek()?.tone === 'error') context.notice.value = null;
          },
          (error: unknown) => {
            this.computed.value = null;
            this.unfit.value = true;
            this.#fail(error);
          },
        );
      }),
      effect(() => {
        const options = {
          target: settings.get('target'),
          samples: settings.get('samples'),
          temperature: settings.get('temperature'),
          seed: settings.get('seed'),
        };
        // The question above tells what is wrong with the numbers; saying it twice helps nobody.
        void estimate({ input: this.#input.value, options }).then(
          (bench) => {
            if (bench !== undefined) this.bench.value = bench;
          },
          () => undefined,
        );
      }),
      // A new problem: guesses and proofs about the one before are void.
      effect(() => {
        const { keys, values } = this.#input.value;
        settings.get('mode');
        this.guess.value = emptyGuess(keys.length, values[0]?.length ?? 0);
        this.judged.value = null;
      }),
      effect(() => {
        this.#question();
        context.proof.value = null;
        this.claims.value = null;
      }),
    );
  }

  dispose(): void {
    for (const end of this.#endings) end();
  }

  seek(position: number, dragging: boolean): void {
    const { settings } = this.context;
    // The end of the table is the default of the address, whatever the number of keys.
    const last = positions(this.keys.peek()) - 1;
    settings.preview('step', position >= last ? MOST_KEYS + 2 : position);
    if (!dragging) settings.commit();
  }

  commitGuess(): void {
    const result = this.computed.peek();
    if (result === null) return;
    const judged = judge(this.guess.peek(), result.report);
    this.judged.value = judged;
    this.context.score.add(judged.worth);
  }

  /** A new try at the same numbers. */
  guessAgain(): void {
    const { keys, values } = this.#input.peek();
    this.guess.value = emptyGuess(keys.length, values[0]?.length ?? 0);
    this.judged.value = null;
  }

  async prove(): Promise<void> {
    if (this.proving.peek()) return;
    this.proving.value = true;
    const input = this.#input.peek();
    const { target, options } = this.#question();
    try {
      const found = await this.context.sessions.ask((session) =>
        claims(session, input, { ...options, target }),
      );
      this.claims.value = found;
      const passed = found.every(({ holds }) => holds !== false);
      const count = found.filter(({ holds }) => holds === true).length;
      this.context.proof.value = {
        passed,
        key: passed ? 'proof.passed' : 'proof.failed',
        facts: { count, of: found.length },
      };
    } catch (error) {
      this.#fail(error);
    } finally {
      this.proving.value = false;
    }
  }

  async train(): Promise<void> {
    if (this.training.peek().share !== null) return;
    this.training.value = { share: 0, result: null };
    const firstSeed = this.context.settings.get('seed');
    try {
      const result = await this.context.sessions.ask((session) =>
        session.experiment('argmax', {
          seeds: 5,
          firstSeed: Math.min(firstSeed, Number.MAX_SAFE_INTEGER - 5),
          onProgress: (share) => {
            this.training.value = { share, result: null };
          },
        }),
      );
      this.training.value = { share: null, result };
    } catch (error) {
      this.training.value = { share: null, result: null };
      this.#fail(error);
    }
  }

  #question(): Question {
    const { settings } = this.context;
    return {
      input: this.#input.value,
      target: settings.get('target'),
      turned: Math.min(settings.get('turned'), this.keys.value) - 1,
      epsilon: settings.get('epsilon'),
      options: {
        mode: settings.get('mode'),
        temperature: settings.get('temperature'),
        ties: settings.get('ties'),
        seed: settings.get('seed'),
      },
    };
  }

  #fail(error: unknown): void {
    this.context.notice.value = errorNotice(error);
  }
}

interface Question {
  readonly input: AttentionInput;
  readonly target: readonly number[];
  readonly turned: number;
  readonly epsilon: number;
  readonly options: {
    readonly mode: AttendReport['mode'];
    readonly temperature: number;
    readonly ties: 'first' | 'all';
    readonly seed: number;
  };
}

interface BenchQuestion {
  readonly input: AttentionInput;
  readonly options: Parameters<Session['estimateScoreGradient']>[1];
}

async function answer(
  session: Session,
  { input, target, turned, epsilon, options }: Question,
): Promise<Computed> {
  const { temperature } = options;
  // Scores themselves as keys, with the query 1: a score can then be nudged alone.
  const atScore = (scores: readonly number[]): AttentionInput => ({
    keys: scores.map((score) => [score]),
    values: input.values,
    query: [1],
  });
  const [report, gradients, sweep, ...compared] = await Promise.all([
    session.attend(input, options),
    session.attendGradients(input, { ...options, target }),
    session.sweepScore(input, { index: turned, target, temperature }),
    ...comparedModes.map((mode) => session.attend(input, { ...options, mode })),
  ]);
  const { scores } = report;
  const nudgedScores = scores.map((score, i) => (i === turned ? score + epsilon : score));
  const nudged = await Promise.all(
    comparedModes.map(async (mode) => {
      const before = await session.attendGradients(atScore(scores), { ...options, mode, target });
      const after = await session.attendGradients(atScore(nudgedScores), { ...options, mode, target });
      return { mode, change: after.loss - before.loss, slope: before.analytic.scores[turned] ?? Number.NaN };
    }),
  );
  return { report, gradients, sweep, compared, nudged };
}
