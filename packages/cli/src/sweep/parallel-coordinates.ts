/** All trials in one drawing: an upright axis for each flag and one for the metric, a line for each trial. */
import { compact, plain } from '../report/format.js';
import { document, escaped, size, text } from '../report/svg.js';
import type { Scalar } from './place.js';
import type { Parameter, Space } from './space.js';
import type { Trial } from './study.js';

interface Axis {
  readonly title: string;
  /** From 0, below, to 1, above. */
  readonly at: (trial: Trial) => number;
  readonly ticks: readonly (readonly [share: number, label: string])[];
}

/** Colours from the best trial to the worst: they differ in lightness, so that they differ in print too. */
const colours = ['#0b3c6f', '#1f5f8b', '#3f86ad', '#7fb0c8', '#b4c9d3', '#d5dadd'];

/**
 * @param trials - with a value, the best first
 * @param metric - its name
 * @param better - negative when its first argument is the better value
 */
export function parallelCoordinatesSvg(
  space: Space,
  trials: readonly (Trial & { readonly value: number })[],
  metric: string,
  better: (a: number, b: number) => number,
): string {
  const axes = [
    ...Object.entries(space).map(([flag, parameter]) => flagAxis(flag, parameter)),
    metricAxis(metric, trials, better),
  ];
  const [top, bottom] = [size.top + 20, size.height - size.bottom + 20];
  const across = (axis: number): number =>
    size.left + (axis / (axes.length - 1)) * (size.width - size.left - size.right - 24);
  const down = (share: number): number => bottom - share * (bottom - top);
  const round = (value: number): string => String(Number(value.toFixed(1)));
  const lines = trials.map((trial, rank) => {
    const points = axes.map((axis, n) => `${round(across(n))},${round(down(axis.at(trial)))}`);
    const best = rank === 0;
    const colour = best ? '#d62728' : colours[Math.floor((rank / trials.length) * colours.length)];
    const flags = Object.entries(trial.params).map(([flag, value]) => `${flag} ${value}`);
    const title = `trial ${trial.number}: ${[...flags, `${metric} ${plain(trial.value)}`].join(', ')}`;
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="${best ? 3 : 1.4}" stroke-opacity="${best ? 1 : 0.75}"><title>${escaped(title)}</title></polyline>`;
  });
  const drawnAxes = axes.flatMap(({ title, ticks }, n) => [
    `<line x1="${round(across(n))}" x2="${round(across(n))}" y1="${top}" y2="${bottom}" stroke="#555"/>`,
    text(across(n), top - 8, title, 'text-anchor="middle" font-weight="bold"'),
    ...ticks.map(([share, label]) =>
      text(
        across(n) + 5,
        down(share) + 4,
        label,
        'fill="#222" stroke="white" stroke-width="3" paint-order="stroke"',
      ),
    ),
  ]);
  // Worst first: the best line lies on top.
  return document(`${trials.length} trials`, '', [...lines.reverse(), ...drawnAxes]);
}

function flagAxis(flag: string, parameter: Parameter): Axis {
  if (parameter.kind === 'categorical') {
    const { choices } = parameter;
    const shareOf = (choice: Scalar): number =>
      choices.length < 2 ? 0.5 : choices.indexOf(choice) / (choices.length - 1);
    return {
      title: flag,
      at: ({ params }) => shareOf(params[flag]!),
      ticks: choices.map((choice) => [shareOf(choice), String(choice)]),
    };
  }
  const { low, high, log } = parameter;
  const scale = log ? Math.log : (value: number): number => value;
  const shareOf = (value: number): number => (scale(value) - scale(low)) / (scale(high) - scale(low));
  const middle = log ? Math.sqrt(low * high) : (low + high) / 2;
  return {
    title: flag,
    at: ({ params }) => shareOf(Number(params[flag])),
    ticks: [low, middle, high].map((value) => [shareOf(value), compactTick(value)]),
  };
}

/** The best value is at the top, whichever direction is better. */
function metricAxis(
  metric: string,
  trials: readonly { readonly value: number }[],
  better: (a: number, b: number) => number,
): Axis {
  const values = trials.map(({ value }) => value).sort(better);
  const [best, worst] = [values[0]!, values.at(-1)!];
  const shareOf = (value: number): number => (best === worst ? 0.5 : (value - worst) / (best - worst));
  return {
    title: metric,
    at: ({ value }) => shareOf(value ?? worst),
    ticks: [...new Set([best, (best + worst) / 2, worst])].map((value) => [
      shareOf(value),
      compactTick(value),
    ]),
  };
}

function compactTick(value: number): string {
  return Math.abs(value) >= 1000 ? compact(value) : String(Number(value.toPrecision(3)));
}
