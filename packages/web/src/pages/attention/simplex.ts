/**
 * Weights as a point in a regular polygon with one corner for each key: p lies at sum_i p_i corner_i. With three keys
 * that is the simplex itself; with more it is a projection of it, in which different weights can share a point.
 */
export type Point = readonly [x: number, y: number];

/** Corners on a circle of radius 1 around 0, the first at the top, clockwise on a screen (y downwards). */
export function corners(keys: number): Point[] {
  if (keys === 1) return [[0, 0]];
  if (keys === 2)
    return [
      [-1, 0],
      [1, 0],
    ];
  return Array.from({ length: keys }, (_, i) => {
    const angle = -Math.PI / 2 + (2 * Math.PI * i) / keys;
    return [Math.cos(angle), Math.sin(angle)] as const;
  });
}

export function placeOf(weights: readonly number[], at: readonly Point[]): Point {
  let [x, y] = [0, 0];
  for (const [i, weight] of weights.entries()) {
    x += weight * (at[i]?.[0] ?? 0);
    y += weight * (at[i]?.[1] ?? 0);
  }
  return [x, y];
}
