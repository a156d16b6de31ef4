/** Several curves in one drawing for the terminal: a letter for each, the later one on top where they meet. */
import type { Style } from '../terminal.js';
import { niceTicks } from './chart.js';

export interface Line {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly mean: number; readonly spread: number }[];
}

const colours = ['red', 'cyan', 'yellow', 'green', 'magenta', 'blue'] as const;

/** @returns the drawing with its axes and a legend, or '' when there is nothing to draw */
export function linesChart(lines: readonly Line[], style: Style, width = 60, height = 14): string {
  const all = lines.flatMap(({ points }) => points);
  if (all.length === 0) return '';
  const ticks = niceTicks(
    all.map(({ mean }) => mean),
    5,
  );
  const [low, high] = [ticks[0]!, ticks.at(-1)!];
  const last = Math.max(...all.map(({ x }) => x), 1);
  const rowOf = (y: number): number => Math.round(((high - y) / (high - low || 1)) * (height - 1));
  const grid = Array.from({ length: height }, () => Array.from({ length: width }, () => ' '));
  for (const [n, { points }] of lines.entries()) {
    const mark = style[colours[n % colours.length]!](letterOf(n));
    for (const { x, mean } of points) grid[rowOf(mean)]![Math.round((x / last) * (width - 1))] = mark;
  }
  const labels = new Map(ticks.map((tick) => [rowOf(tick), String(tick)]));
  const margin = Math.max(...ticks.map((tick) => String(tick).length));
  const drawn = grid.map((row, y) => {
    const label = labels.get(y);
    const axis = `${(label ?? '').padStart(margin)} ${label === undefined ? '│' : '┤'}`;
    return `${style.dim(axis)}${row.join('')}`.trimEnd();
  });
  return [
    ...drawn,
    style.dim(`${' '.repeat(margin + 1)}└${'─'.repeat(width)}`),
    style.dim(`${' '.repeat(margin + 2)}0${String(last).padStart(width - 1)}`),
    ...lines.map(({ name }, n) => `  ${style[colours[n % colours.length]!](letterOf(n))}  ${name}`),
  ].join('\n');
}

const letterOf = (n: number): string => String.fromCharCode(97 + n);
