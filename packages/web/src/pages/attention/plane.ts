/** Vectors of any length as arrows in a plane of two of their entries. Pure: what is drawn, and what a drag means. */

/** Which two entries the plane shows, counted from 0. */
export type Axes = readonly [x: number, y: number];

/** `2-3` is entries 1 and 2; entries that the vectors do not have become the first ones that they do. */
export function axesOf(name: string, entries: number): Axes {
  const [x = 0, y = 1] = name.split('-').map((part) => Number(part) - 1);
  return [Math.min(x, entries - 1), Math.min(y, Math.max(entries - 1, 0))];
}

/** A vector's place in the plane; vectors with one entry lie on the x axis. */
export function inPlane(vector: readonly number[], [x, y]: Axes): readonly [number, number] {
  return [vector[x] ?? 0, x === y ? 0 : (vector[y] ?? 0)];
}

/** The vector with the plane's two entries replaced. */
export function fromPlane(
  vector: readonly number[],
  [x, y]: Axes,
  [toX, toY]: readonly [number, number],
): number[] {
  return vector.map((entry, at) => (at === x ? toX : at === y ? toY : entry));
}

/** Half the width of a square around 0 that holds all vectors, a whole number of at least 2. */
export function reach(vectors: readonly (readonly number[])[], axes: Axes): number {
  const largest = Math.max(...vectors.flatMap((vector) => inPlane(vector, axes)).map(Math.abs));
  return Math.max(2, Math.ceil(largest * 1.1));
}

/** Rounded to what a drag of one pixel is worth: 0.1, or a coarser power of ten when the plane is large. */
export function snapped(value: number, size: number): number {
  const grain = 10 ** Math.max(-1, Math.floor(Math.log10(size)) - 1);
  return Number((Math.round(value / grain) * grain).toFixed(6)) + 0;
}

/** How large a keyboard step is: one grain, or ten. */
export const keyStep = (size: number, big: boolean): number =>
  10 ** Math.max(-1, Math.floor(Math.log10(size)) - 1) * (big ? 10 : 1);

/** Grid lines at whole numbers, at most about ten on each side. */
export function gridLines(size: number): number[] {
  const spacing = Math.max(1, Math.ceil(size / 8));
  const count = Math.floor(size / spacing);
  return Array.from({ length: 2 * count + 1 }, (_, n) => (n - count) * spacing);
}
