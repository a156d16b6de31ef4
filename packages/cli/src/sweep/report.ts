/** `hw5 sweep report`: a sweep as one self-contained HTML page. */
import { basename, resolve } from 'node:path';
import { bytes, loss, plain } from '../report/format.js';
import type { Line } from '../report/lines.js';
import { factTable, figure, pageHtml, section } from '../report/page.js';
import { curvesSvg, escaped } from '../report/svg.js';
import { replaceFile } from '../run/durable.js';
import { out } from '../terminal.js';
import { countsOf } from './display.js';
import { parallelCoordinatesSvg } from './parallel-coordinates.js';
import { openStudy } from './run.js';
import type { Study, Trial } from './study.js';

/** Trials whose curves are drawn. */
const CURVES = 6;
/** Lines of the drawing of all trials; more would be one dark patch. */
const LINES = 400;

const look = `body { max-width: 64rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
table.trials th, table.trials td { padding: 0.2rem 0.6rem; text-align: end; border: 1px solid var(--line); }
table.trials th { position: sticky; inset-block-start: 0; background: var(--sheet); }
table.trials tr.best td { background: var(--answer); font-weight: 600; }
table.trials td.other { background: var(--key); }
div.scroll { overflow-x: auto; }
`;

/** Write the page of the sweep in `folder` to `file`. */
export async function report(folder: string, file: string, json: boolean): Promise<void> {
  const html = sweepHtml(basename(resolve(folder)), openStudy(folder));
  await replaceFile('out', file, html);
  const size = Buffer.byteLength(html);
  out.line(json ? JSON.stringify({ file, bytes: size }) : `${file} (${bytes(size)})`);
}

type Ranked = Trial & { readonly value: number };

export function sweepHtml(title: string, study: Study): string {
  const { metric, space } = study.config;
  const { trials } = study;
  const valued = trials.filter((trial): trial is Ranked => trial.value !== undefined);
  // Values of pruned trials are of fewer steps: they come after those that were trained to the end.
  const ranked = [...valued].sort(
    (a, b) =>
      Number(a.state !== 'complete') - Number(b.state !== 'complete') ||
      study.compare(a.value, b.value) ||
      a.number - b.number,
  );
  const rest = trials.filter(({ value }) => value === undefined);
  const sections = [
    section('Sweep', facts(study, ranked[0])),
    ranked.length === 0
      ? ''
      : section(
          'All trials',
          figure(
            parallelCoordinatesSvg(space, ranked.slice(0, LINES), metric.name, (a, b) => study.compare(a, b)),
            `Each line is a trial; the red one is the best, and ${metric.name} is better the higher it lies. Where good lines meet on an axis, that flag matters.${ranked.some(({ state }) => state === 'pruned') ? ' Pruned trials count with what they had reached.' : ''}`,
          ),
        ),
    curves(study, ranked.slice(0, CURVES)),
    section('By value', table(study, [...ranked, ...rest])),
  ];
  return pageHtml({ title, subject: 'hw5 sweep', look, sections });
}

function facts(study: Study, best: Ranked | undefined): string {
  const { task, train, sampler, metric, seeds } = study.config;
  const counts = countsOf(study);
  const rows: [string, string][] = [
    ['task', task],
    [
      'the same for all',
      Object.entries(train)
        .map(([flag, value]) => `${flag} ${value}`)
        .join(', ') || 'the defaults of hw5 train',
    ],
    ['sampler', sampler.kind],
    [
      'metric',
      `${metric.name}, ${metric.direction}d, ${metric.at} of a run${seeds > 1 ? `, mean of ${seeds} seeds` : ''}`,
    ],
    [
      'trials',
      `${counts.complete} complete, ${counts.pruned} pruned, ${counts.failed} failed, ${counts.running} open`,
    ],
  ];
  if (best !== undefined) {
    const settings = Object.entries(best.params).map(([flag, value]) => `${flag} ${value}`);
    rows.push([
      'best',
      `trial ${best.number}: ${metric.name} ${loss(best.value)} with ${settings.join(', ')}`,
    ]);
    const command = Object.entries({ ...train, ...best.params }).map(([flag, value]) =>
      flagText(flag, value),
    );
    rows.push(['again', `hw5 train ${[task, ...command].filter(Boolean).join(' ')}`]);
  }
  return factTable(rows);
}

function flagText(flag: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? `--${flag}` : '';
  return `--${flag} ${/^[\w.,:/+-]+$/.test(String(value)) ? value : JSON.stringify(value)}`;
}

function curves(study: Study, best: readonly Ranked[]): string {
  const { metric } = study.config;
  const points = (pairs: readonly (readonly [number, number])[]): Line['points'] =>
    pairs.map(([x, mean]) => ({ x, mean, spread: 0 }));
  const measured = best.map(({ number }) => ({
    name: `trial ${number}`,
    points: points(study.curveOf(number)),
  }));
  const losses = best.map(({ number }) => {
    const longest = study.resultsOf(number).sort((a, b) => b.steps - a.steps)[0];
    return { name: `trial ${number}`, points: points(longest?.losses ?? []) };
  });
  const figures = [
    ...(measured.some((line) => line.points.length > 1)
      ? [
          figure(
            curvesSvg(`${metric.name} of the best trials by step`, metric.name, measured),
            'At each validation.',
          ),
        ]
      : []),
    ...(losses.some((line) => line.points.length > 1)
      ? [
          figure(
            curvesSvg('Training loss of the best trials by step', 'nats', losses),
            'Means of a few steps; the first seed of each.',
          ),
        ]
      : []),
  ];
  return figures.length === 0 ? '' : section('Curves', figures.join('\n'));
}

/** All trials, the best first; what a trial does unlike the best is marked. */
function table(study: Study, trials: readonly Trial[]): string {
  const flags = Object.keys(study.config.space);
  const [best] = trials;
  const head = ['trial', 'state', study.config.metric.name, 'steps', 'seconds', ...flags, 'unlike the best'];
  const rows = trials.map((trial, rank) => {
    const results = study.resultsOf(trial.number);
    const steps = Math.max(0, ...results.map((result) => result.steps));
    const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
    const unlike = flags.filter((flag) => best !== undefined && trial.params[flag] !== best.params[flag]);
    const failure = study.failureOf(trial.number);
    const cells = [
      String(trial.number),
      failure === undefined ? trial.state : `${trial.state}: ${failure.message}`,
      loss(trial.value),
      steps === 0 ? '-' : String(steps),
      results.length === 0 ? '-' : plain(seconds),
    ].map((cell) => `<td>${escaped(cell)}</td>`);
    const settings = flags.map(
      (flag) =>
        `<td${unlike.includes(flag) ? ' class="other"' : ''} dir="auto">${escaped(String(trial.params[flag] ?? '-'))}</td>`,
    );
    const difference = unlike
      .map((flag) => `${flag} ${best!.params[flag]} → ${trial.params[flag]}`)
      .join(', ');
    return `<tr${rank === 0 && trial.state === 'complete' ? ' class="best"' : ''}>${cells.join('')}${settings.join('')}<td>${escaped(difference || '-')}</td></tr>`;
  });
  const titles = head.map((title) => `<th scope="col">${escaped(title)}</th>`).join('');
  return `<div class="scroll"><table class="trials"><thead><tr>${titles}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}
