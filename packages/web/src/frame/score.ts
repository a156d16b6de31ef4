/** What Predict mode counts: how many answers were given and what they were worth. */
import { type ReadonlySignal, signal } from '@preact/signals';

export interface Tally {
  readonly answers: number;
  /** Sum of what the answers were worth, each in [0, 1]. */
  readonly points: number;
}

const none: Tally = { answers: 0, points: 0 };

export class Score {
  readonly #tally = signal(none);

  get tally(): ReadonlySignal<Tally> {
    return this.#tally;
  }

  /** Counts one answer; `worth` in [0, 1], or whether it was right. */
  add(worth: number | boolean): void {
    const { answers, points } = this.#tally.peek();
    this.#tally.value = { answers: answers + 1, points: points + Number(worth) };
  }

  clear(): void {
    this.#tally.value = none;
  }
}
