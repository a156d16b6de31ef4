/** The newest checkpoint of a run in memory, for the case that its worker dies. Taken in the background, between two steps. */

/** A checkpoint is taken after this many steps or milliseconds, whichever comes first. */
const EVERY_STEPS = 200;
const EVERY_MS = 10_000;

export interface Kept {
  readonly bytes: Uint8Array;
  readonly step: number;
}

export class KeptCheckpoint {
  #kept: Kept | undefined;
  #takenAt = performance.now();
  #taking = false;

  get value(): Kept | undefined {
    return this.#kept;
  }

  set(kept: Kept | undefined): void {
    this.#kept = kept;
  }

  /** Training goes on: time counts from now. */
  restart(): void {
    this.#takenAt = performance.now();
  }

  isDue(step: number): boolean {
    return step - (this.#kept?.step ?? 0) >= EVERY_STEPS || performance.now() - this.#takenAt >= EVERY_MS;
  }

  /** Keeps what `take` gives, unless a checkpoint is being taken already; `undefined` is not kept. */
  async take(step: number, take: () => Promise<Uint8Array | undefined>): Promise<void> {
    if (this.#taking) return;
    this.#taking = true;
    this.restart();
    try {
      const bytes = await take();
      if (bytes !== undefined) this.#kept = { bytes, step };
    } finally {
      this.#taking = false;
    }
  }
}
