/** The order in which attention is worked out by hand, and how a learner's numbers are judged. */

/** Positions of the transport: nothing, one score after the other, the weights, the output. */
export const positions = (keys: number): number => keys + 3;

export interface Shown {
  /** How many scores are worked out. */
  readonly scores: number;
  readonly weights: boolean;
  readonly output: boolean;
}

export function shownAt(position: number, keys: number): Shown {
  return { scores: Math.min(position, keys), weights: position > keys, output: position > keys + 1 };
}

/** A typed answer: `undefined` where nothing, `NaN` where no number was typed. */
export type Typed = number | undefined;

export interface Guess {
  readonly scores: readonly Typed[];
  /** Counted from 1, as the page counts keys. */
  readonly index: Typed;
  readonly output: readonly Typed[];
}

export const emptyGuess = (keys: number, entries: number): Guess => ({
  scores: new Array<Typed>(keys).fill(undefined),
  index: undefined,
  output: new Array<Typed>(entries).fill(undefined),
});

export interface Judged {
  readonly scores: readonly boolean[];
  readonly index: boolean;
  readonly output: readonly boolean[];
  /** Share of the cells that are right, in [0, 1]. */
  readonly worth: number;
}

/** Right to the digits that a learner writes: 3 significant ones are enough for weights that are not whole. */
const near = (typed: Typed, truth: number): boolean =>
  typed !== undefined && Math.abs(typed - truth) <= 5e-3 * Math.max(1, Math.abs(truth));

/** Of several largest scores each index is right. */
export function judge(
  guess: Guess,
  truth: {
    readonly scores: readonly number[];
    readonly ties: readonly number[];
    readonly output: readonly number[];
  },
): Judged {
  const scores = truth.scores.map((score, i) => near(guess.scores[i], score));
  const index = guess.index !== undefined && truth.ties.includes(guess.index - 1);
  const output = truth.output.map((entry, d) => near(guess.output[d], entry));
  const cells = [...scores, index, ...output];
  return { scores, index, output, worth: cells.filter(Boolean).length / cells.length };
}
