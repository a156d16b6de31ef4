/** Steps along a transport's track. */
import type { Track } from './page.js';

/** A big step: a tenth of the track, at least 2 positions, at most 10. */
export const bigStep = (track: Track): number =>
  Math.min(10, Math.max(2, Math.round(track.length.peek() / 10)));

/** Moves by `steps`, and stays on the track. */
export function seekBy(track: Track, steps: number): void {
  const last = Math.max(0, track.length.peek() - 1);
  const target = Math.min(last, Math.max(0, track.position.peek() + steps));
  if (target !== track.position.peek()) track.seek(target, false);
}
