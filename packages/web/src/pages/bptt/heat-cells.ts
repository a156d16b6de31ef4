/** A map of many cells as few drawings: cells of one depth of colour are one path. */

export interface HeatCell {
  readonly x: number;
  readonly y: number;
  /** Depth of colour, in [0, 1]. */
  readonly share: number;
}

/** Shades that the eye tells apart in a map. */
const SHADES = 32;

export function shadePaths(
  cells: readonly HeatCell[],
  size: number,
): readonly { readonly share: number; readonly path: string }[] {
  const paths = new Map<number, string[]>();
  // A little larger than the grid, so that no line shows between two cells.
  const side = (size + 0.3).toFixed(2);
  for (const { x, y, share } of cells) {
    const shade = Math.round(Math.min(1, Math.max(0, share)) * SHADES);
    const list = paths.get(shade) ?? [];
    list.push(`M${x.toFixed(2)} ${y.toFixed(2)}h${side}v${side}h-${side}z`);
    paths.set(shade, list);
  }
  return [...paths].map(([shade, list]) => ({ share: shade / SHADES, path: list.join('') }));
}
