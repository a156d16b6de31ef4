/** Attention as a picture of characters: one row per written token, one column per read one; darker is more. */
import { printable, type Style } from '../terminal.js';

/** From nothing to all; also without colour each level differs. */
const shades = [' ', '░', '▒', '▓', '█'];

/**
 * @param weights - one row per target token, each summing to 1 over the source tokens
 * @returns lines; source tokens stand above their columns, one character each
 */
export function heatMap(
  source: readonly string[],
  target: readonly string[],
  weights: readonly (readonly number[])[],
  style: Style,
): string {
  const margin = Math.max(0, ...target.map((token) => [...token].length));
  const cell = (token: string): string => [...printable(token)][0] ?? ' ';
  // Left to right even for Persian: a terminal must not turn the letters away from their columns.
  const header = `${' '.repeat(margin + 1)}\u202d${source.map(cell).join(' ')}\u202c`;
  const rows = target.map((token, t) => {
    const shaded = source.map((_, s) => shade(weights[t]?.[s] ?? 0));
    return `${style.bold(printable(token).padStart(margin))} ${shaded.map((one) => one + one).join('')}`;
  });
  return [style.dim(header), ...rows].join('\n');
}

function shade(weight: number): string {
  return shades[Math.min(shades.length - 1, Math.round(weight * (shades.length - 1)))]!;
}
