/** How far two gradients are apart. */
import type { Matrix } from './matrix.js';

export interface Difference {
  /** max |a - b| */
  readonly absolute: number;
  /** max |a - b| / max(|a|, |b|, floor); the floor is {@link FLOOR_SHARE} of the largest entry, at least {@link FLOOR}. */
  readonly relative: number;
}

/** Entries below this share of the largest are compared with it instead of with themselves. */
export const FLOOR_SHARE = 1e-2;

/**
 * Entries below this, beside a loss near 1, are rounding to finite differences: 1e-16 / 1e-3 is 1e-7 of it. A gradient
 * that is exactly zero (softmax of one entry) would otherwise be compared with noise.
 */
export const FLOOR = 1e-6;

/**
 * @param entries - which ones to compare; all when left out
 * @param floor - least number that differences are compared with; defaults to {@link FLOOR}
 */
export function difference(
  a: Matrix,
  b: Matrix,
  entries?: readonly number[],
  floor: number = FLOOR,
): Difference {
  const which = entries ?? Array.from(a.data.keys());
  let largest = 0;
  for (const i of which) largest = Math.max(largest, Math.abs(a.data[i]!), Math.abs(b.data[i]!));
  let absolute = 0;
  let relative = 0;
  for (const i of which) {
    const [x, y] = [a.data[i]!, b.data[i]!];
    const apart = Math.abs(x - y);
    const scale = Math.max(Math.abs(x), Math.abs(y), FLOOR_SHARE * largest, floor);
    const share = apart / scale;
    // NaN must count as infinitely far, so the comparisons are written the other way round.
    if (!(apart <= absolute)) absolute = Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart;
    if (!(share <= relative)) relative = Number.isNaN(share) ? Number.POSITIVE_INFINITY : share;
  }
  return { absolute, relative };
}
