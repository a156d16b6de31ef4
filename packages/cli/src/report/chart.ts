/**
 * The loss curve in the terminal: a braille line (2 x 4 dots per character) for training, a mark per validation,
 * so that the two differ without colour too. Ticks stand at their exact height.
 */
import type { Style } from '../terminal.js';

export interface LossPoint {
  readonly step: number;
  readonly loss: number;
  readonly valLoss?: number;
}

export interface ChartOptions {
  /** Columns of the drawing area. Defaults to 60. */
  readonly width?: number;
  /** About how many lines the drawing area has. Defaults to 12. */
  readonly height?: number;
  /** What the loss is counted per. Defaults to `character`. */
  readonly per?: string;
  readonly style: Style;
}

type Point = [x: number, y: number];

/** Dots per character cell in Unicode's braille block, and the bit of each: [column][row]. */
const dotBits = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

/** Draw the curve; '' when there are not two finite points to draw. */
export function lossChart(points: readonly LossPoint[], options: ChartOptions): string {
  const { width = 60, style } = options;
  const finite = points.filter((point) => Number.isFinite(point.loss));
  const train = columnMeans(finite, width * 2);
  const first = finite[0]?.step ?? 0;
  const last = finite.at(-1)?.step ?? 0;
  if (last <= first) return '';
  const validation = finite.flatMap((point): Point[] =>
    point.valLoss !== undefined && Number.isFinite(point.valLoss) ? [[point.step, point.valLoss]] : [],
  );
  const values = [...train, ...validation].map(([, y]) => y);
  const ticks = niceTicks(values, 5);
  // The same number of lines between any two ticks, so that none is off its height.
  const linesPerTick = Math.max(1, Math.round(((options.height ?? 12) - 1) / (ticks.length - 1)));
  const height = linesPerTick * (ticks.length - 1) + 1;
  const low = ticks[0] ?? 0;
  const high = ticks.at(-1) ?? 1;
  const across = (x: number): number => (x - first) / (last - first);
  const down = (y: number): number => ((high - y) / (high - low)) * (height - 1); // 0 = middle of the first line

  const dots = Array.from({ length: height }, () => new Uint8Array(width));
  let before: { readonly x: number; readonly y: number } | undefined;
  for (const [step, loss] of train) {
    const now = { x: Math.round(across(step) * (width * 2 - 1)), y: Math.round(down(loss) * 4 + 1.5) };
    drawLine(dots, before ?? now, now);
    before = now;
  }
  const marks = new Set(
    validation.map(([step, loss]) => Math.round(across(step) * (width - 1)) + width * Math.round(down(loss))),
  );
  const labels = new Map(ticks.map((tick) => [Math.round(down(tick)), tick.toFixed(decimals(ticks))]));
  const margin = Math.max(...[...labels.values()].map((label) => label.length));

  const lines = dots.map((row, y) => {
    const cells = Array.from(row, (bits, x) => {
      if (marks.has(x + width * y)) return style.yellow('o');
      return bits === 0 ? ' ' : style.cyan(String.fromCharCode(0x2800 + bits));
    });
    const label = labels.get(y);
    const axis = `${(label ?? '').padStart(margin)} ${label === undefined ? '│' : '┤'}`;
    return `${style.dim(axis)}${cells.join('')}`.trimEnd();
  });
  const legend = `${style.cyan('⠒⠤')} training${validation.length > 0 ? `   ${style.yellow('o')} validation` : ''}`;
  const left = `step ${first}`;
  return [
    `${' '.repeat(margin + 2)}${style.dim(`loss, ${options.per ?? 'nats per character'}`)}   ${legend}`,
    ...lines,
    style.dim(`${' '.repeat(margin + 1)}└${'─'.repeat(width)}`),
    style.dim(`${' '.repeat(margin + 2)}${left}${String(last).padStart(width - left.length)}`),
  ].join('\n');
}

interface Dot {
  readonly x: number;
  readonly y: number;
}

/** Set the dots from one point to the next, one per dot column plus the vertical gap between neighbours. */
function drawLine(dots: readonly Uint8Array[], from: Dot, to: Dot): void {
  const steps = Math.max(1, Math.abs(to.x - from.x), Math.abs(to.y - from.y));
  for (let i = 0; i <= steps; i++) {
    const x = Math.round(from.x + ((to.x - from.x) * i) / steps);
    const y = Math.round(from.y + ((to.y - from.y) * i) / steps);
    const row = dots[y >> 2];
    if (row !== undefined)
      row[x >> 1] = (row[x >> 1] ?? 0) | dotBits[(x & 1) as 0 | 1][(y & 3) as 0 | 1 | 2 | 3];
  }
}

/** At most `columns` points: the mean of each stretch of steps, at the stretch's last step. */
export function columnMeans(points: readonly LossPoint[], columns: number): Point[] {
  const perColumn = Math.max(1, points.length / columns);
  const means: Point[] = [];
  for (let start = 0; Math.round(start) < points.length; start += perColumn) {
    const stretch = points.slice(
      Math.round(start),
      Math.max(Math.round(start) + 1, Math.round(start + perColumn)),
    );
    const sum = stretch.reduce((total, point) => total + point.loss, 0);
    means.push([stretch.at(-1)?.step ?? 0, sum / stretch.length]);
  }
  return means;
}

/** About `count` round numbers (steps of 1, 2 or 5 times a power of ten) that enclose all values. */
export function niceTicks(values: readonly number[], count: number): number[] {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const rough = (high - low || Math.abs(high) || 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const from = Math.floor(low / step);
  const to = Math.max(from + 1, Math.ceil(high / step));
  return Array.from({ length: to - from + 1 }, (_, index) => Number(((from + index) * step).toPrecision(12)));
}

function decimals(ticks: readonly number[]): number {
  return Math.max(...ticks.map((tick) => String(tick).split('.')[1]?.length ?? 0));
}
