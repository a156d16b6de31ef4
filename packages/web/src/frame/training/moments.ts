/** Checkpoints along a run, so that one can look at how it was, and fork it there. Bounded in bytes: what is between goes first. */
import { type Signal, signal } from '@preact/signals';

export interface Moment {
  /** Steps done; while training ran the checkpoint may be a few further. */
  readonly step: number;
  readonly bytes: Uint8Array;
}

/** All checkpoints of a run together take at most this, bytes. */
const MOST_BYTES = 64_000_000;

export class Moments {
  /** By step, ascending. */
  readonly all: Signal<readonly Moment[]> = signal<readonly Moment[]>([]);

  add(moment: Moment): void {
    const earlier = this.all.peek().filter(({ step }) => step < moment.step);
    this.all.value = thinned([...earlier, moment], MOST_BYTES);
  }
}

/** Every second moment until they fit; the first and the newest two stay. */
export function thinned(moments: readonly Moment[], bytes: number): readonly Moment[] {
  const size = moments.reduce((sum, moment) => sum + moment.bytes.byteLength, 0);
  if (size <= bytes || moments.length <= 3) return moments;
  const last = moments.length - 2;
  return thinned(
    moments.filter((_, index) => index % 2 === 0 || index >= last),
    bytes,
  );
}

/** The moment nearest to a step, the earlier of two; `undefined` when there is none. */
export function nearest(moments: readonly Moment[], step: number): Moment | undefined {
  let best: Moment | undefined;
  for (const moment of moments) {
    if (best === undefined || Math.abs(moment.step - step) < Math.abs(best.step - step)) best = moment;
  }
  return best;
}
