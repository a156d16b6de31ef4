/** What the model wrote at moments of its training. One is written at a time: who asks meanwhile gets that one. */
import { type Signal, signal } from '@preact/signals';

/** What the model wrote, and when in its training. */
export interface Sample {
  readonly step: number;
  /** False when it was written while training ran: the step may then be a few further. */
  readonly exact: boolean;
  readonly loss: number | undefined;
  readonly text: string;
}

/** More samples than this are thinned to every second one: enough to scrub through, bounded in memory. */
const MOST_SAMPLES = 400;

export class Samples {
  readonly all: Signal<readonly Sample[]> = signal<readonly Sample[]>([]);
  #writing: Promise<void> | undefined;
  /** Training writes the next one at this step. */
  #next = Number.POSITIVE_INFINITY;

  /** @param every steps between samples; 0 = none by itself */
  schedule(step: number, every: number): void {
    this.#next = every === 0 ? Number.POSITIVE_INFINITY : (Math.floor(step / every) + 1) * every;
  }

  isDue(step: number): boolean {
    return step >= this.#next;
  }

  /** Adds what `write` gives; `undefined` is none. */
  take(write: () => Promise<Sample | undefined>): Promise<void> {
    this.#writing ??= this.#add(write).finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  /** A sample of the run as it stands: one that was begun earlier may still be under way. */
  async takeFresh(write: () => Promise<Sample | undefined>): Promise<void> {
    await this.#writing?.catch(() => undefined);
    await this.take(write);
  }

  async #add(write: () => Promise<Sample | undefined>): Promise<void> {
    const sample = await write();
    if (sample === undefined) return;
    const earlier = this.all.value.filter((other) => other.step < sample.step);
    const kept = earlier.length < MOST_SAMPLES ? earlier : earlier.filter((_, index) => index % 2 === 0);
    this.all.value = [...kept, sample];
  }
}
