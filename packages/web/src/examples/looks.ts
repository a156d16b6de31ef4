/** What a run said at moments of its training, to go back and forth through. One look is taken at a time. */
import { type Signal, signal } from '@preact/signals';

export interface Look<L> {
  readonly step: number;
  /** False when it was taken while training ran: the step may then be a few further. */
  readonly exact: boolean;
  readonly seen: L;
}

/** More looks than this are thinned to every second one. */
const MOST_LOOKS = 300;

export class Looks<L> {
  readonly all: Signal<readonly Look<L>[]> = signal<readonly Look<L>[]>([]);
  #taking: Promise<void> | undefined;
  #next = Number.POSITIVE_INFINITY;

  /** @param every steps between looks; 0 = none by itself */
  schedule(step: number, every: number): void {
    this.#next = every === 0 ? Number.POSITIVE_INFINITY : (Math.floor(step / every) + 1) * every;
  }

  isDue(step: number): boolean {
    return step >= this.#next;
  }

  /** Adds what `look` gives; `undefined` is none. Who asks while one is taken gets that one. */
  take(look: () => Promise<Look<L> | undefined>): Promise<void> {
    this.#taking ??= this.#add(look).finally(() => {
      this.#taking = undefined;
    });
    return this.#taking;
  }

  /** A look at what is there now: one that was begun earlier may still be under way. */
  async takeFresh(look: () => Promise<Look<L> | undefined>): Promise<void> {
    await this.#taking?.catch(() => undefined);
    await this.take(look);
  }

  async #add(look: () => Promise<Look<L> | undefined>): Promise<void> {
    const taken = await look();
    if (taken === undefined) return;
    const earlier = this.all.value.filter(({ step }) => step < taken.step);
    const kept = earlier.length < MOST_LOOKS ? earlier : earlier.filter((_, index) => index % 2 === 0);
    this.all.value = [...kept, taken];
  }
}
