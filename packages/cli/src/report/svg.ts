/** Drawings as SVG files: curves with bands of one standard deviation, or one dot a seed with the mean as a bar. */
import { niceTicks } from './chart.js';
import type { Line } from './lines.js';

export interface Strip {
  readonly name: string;
  readonly values: readonly number[];
  readonly mean: number;
}

/** Of every drawing, and the margins of its plot; pixels. */
export const size = { width: 720, height: 400, left: 64, right: 16, top: 40, bottom: 48 };
/** Characters that fit the width in the larger size. */
const LONG_TITLE = 85;
const colours = ['#d62728', '#1f77b4', '#bc8a00', '#2ca02c', '#9467bd', '#555555'];
const round = (value: number): string => String(Number(value.toFixed(2)));

/** Mean curves over x, each with a band of plus and minus one spread, and a legend. */
export function curvesSvg(title: string, yLabel: string, lines: readonly Line[]): string {
  const all = lines.flatMap(({ points }) => points);
  const last = Math.max(...all.map(({ x }) => x), 1);
  const scale = verticalScale(all.flatMap(({ mean, spread }) => [mean - spread, mean + spread]));
  const inner = size.width - size.left - size.right;
  const across = (x: number): number => size.left + (x / last) * inner;
  const path = (points: readonly (readonly [number, number])[]): string =>
    points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${round(across(x))} ${round(scale.at(y))}`).join('');
  const drawn = lines.flatMap(({ points }, n) => {
    const colour = colours[n % colours.length]!;
    const band = [
      ...points.map(({ x, mean, spread }) => [x, mean + spread] as const),
      ...points.map(({ x, mean, spread }) => [x, mean - spread] as const).reverse(),
    ];
    return [
      `<path d="${path(band)}Z" fill="${colour}" opacity="0.12"/>`,
      `<path d="${path(points.map(({ x, mean }) => [x, mean] as const))}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      // A single point is no line.
      ...(points.length > 1
        ? []
        : points.map(
            ({ x, mean }) =>
              `<circle cx="${round(across(x))}" cy="${round(scale.at(mean))}" r="4" fill="${colour}"/>`,
          )),
    ];
  });
  const legend = lines.map(({ name }, n) =>
    text(
      size.width - size.right - 8,
      size.top + 14 + 18 * n,
      name,
      `text-anchor="end" fill="${colours[n % colours.length]}"`,
    ),
  );
  const ends = [0, last].map((x) =>
    text(across(x), size.height - size.bottom + 18, String(x), 'text-anchor="middle"'),
  );
  return document(title, yLabel, [...scale.lines, ...drawn, ...legend, ...ends]);
}

/** One column for each row of measurements. */
export function stripsSvg(title: string, yLabel: string, strips: readonly Strip[]): string {
  const scale = verticalScale(strips.flatMap(({ values }) => values));
  const column = (size.width - size.left - size.right) / strips.length;
  const drawn = strips.flatMap(({ name, values, mean }, n) => {
    const colour = colours[n % colours.length]!;
    const middle = size.left + (n + 0.5) * column;
    return [
      `<line x1="${round(middle - 30)}" x2="${round(middle + 30)}" y1="${round(scale.at(mean))}" y2="${round(scale.at(mean))}" stroke="${colour}" stroke-width="3"/>`,
      ...values.map(
        (value, at) =>
          `<circle cx="${round(middle + 8 * (at - (values.length - 1) / 2))}" cy="${round(scale.at(value))}" r="4" fill="${colour}" opacity="0.6"/>`,
      ),
      text(middle, size.height - size.bottom + 18, name, 'text-anchor="middle"'),
    ];
  });
  return document(title, yLabel, [...scale.lines, ...drawn]);
}

function verticalScale(values: readonly number[]): {
  readonly at: (y: number) => number;
  readonly lines: readonly string[];
} {
  const ticks = niceTicks(values, 5);
  const [low, high] = [ticks[0]!, ticks.at(-1)!];
  const at = (y: number): number =>
    size.top + ((high - y) / (high - low)) * (size.height - size.top - size.bottom);
  const lines = ticks.flatMap((tick) => [
    `<line x1="${size.left}" x2="${size.width - size.right}" y1="${round(at(tick))}" y2="${round(at(tick))}" stroke="#ddd"/>`,
    text(size.left - 8, at(tick) + 4, String(tick), 'text-anchor="end"'),
  ]);
  return { at, lines };
}

export function text(x: number, y: number, content: string, attributes: string): string {
  // Persian among Latin stands in its own order, whatever the language of the page.
  return `<text x="${round(x)}" y="${round(y)}" unicode-bidi="plaintext" ${attributes}>${escaped(content)}</text>`;
}

/** Text inside markup: nothing in it is read as markup. */
export function escaped(content: string): string {
  return content.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The frame of every drawing: its size, its title, and what the vertical axis counts. */
export function document(title: string, yLabel: string, parts: readonly string[]): string {
  const { width, height, left, top } = size;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    text(left, top - 22, title, `font-size="${title.length > LONG_TITLE ? 11 : 14}"`),
    text(left, top - 6, yLabel, 'fill="#555"'),
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}
