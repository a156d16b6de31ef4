/** A trained run as one self-contained HTML page: configuration, curves, and what it gets right and wrong. */
import type { Prediction, StepReport, TaskReport } from '@hw5/core';
import { loss } from './format.js';
import type { Line } from './lines.js';
import { factTable, figure as framed, pageHtml, section } from './page.js';
import { curvesSvg, escaped } from './svg.js';
import { metric, metricLabel } from './task-report.js';

export interface RunPage {
  readonly title: string;
  /** Name and value, in the order shown. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly steps: readonly StepReport[];
  /** What a loss is: nats per something, or a squared error. */
  readonly measure: string;
  /** What the model wrote, by how it was asked (a language model). */
  readonly samples: readonly (readonly [how: string, text: string])[];
  /** On held-out examples (any other model). */
  readonly report: TaskReport | undefined;
  readonly predictions: readonly Prediction[];
}

const look = `article > h4 { margin-block: 1.2rem 0.4rem; }
table.numbers { border-collapse: collapse; font-variant-numeric: tabular-nums; }
table.numbers th, table.numbers td { padding: 0.2rem 0.6rem; text-align: end; border: 1px solid var(--line); }
table.numbers th { font-weight: 600; }
pre.sample { white-space: pre-wrap; background: var(--code); border-radius: 6px; padding: 0.8rem 1rem; }
table.heat { border-collapse: collapse; direction: ltr; } table.heat th { font-weight: 400; padding: 0.1rem 0.3rem; }
table.heat td { inline-size: 1.4rem; block-size: 1.4rem; padding: 0; border: 1px solid var(--line); }
`;

export function runHtml(page: RunPage): string {
  const { title, facts, samples, report, predictions } = page;
  const sections = [
    section('Configuration', factTable(facts)),
    section('Learning', curves(page)),
    samples.length === 0 ? '' : section('Samples', samples.map(sampleHtml).join('\n')),
    report === undefined ? '' : section('On held-out examples', reportHtml(report)),
    predictions.length === 0 ? '' : section('Answers', predictions.map(predictionHtml).join('\n')),
  ];
  return pageHtml({ title, subject: 'hw5', look, sections });
}

/** Most points that a curve is drawn with; more steps are averaged. */
const POINTS = 300;

function curves({ steps, measure }: RunPage): string {
  const drawn = (f: (step: StepReport) => number | undefined): Line['points'] => {
    const known = steps.flatMap((step) => {
      const y = f(step);
      return y === undefined || !Number.isFinite(y) ? [] : [{ x: step.step, y }];
    });
    const size = Math.max(1, Math.ceil(known.length / POINTS));
    return Array.from({ length: Math.ceil(known.length / size) }, (_, i) => {
      const part = known.slice(i * size, (i + 1) * size);
      const mean = part.reduce((sum, { y }) => sum + y, 0) / part.length;
      const spread = Math.sqrt(part.reduce((sum, { y }) => sum + (y - mean) ** 2, 0) / part.length);
      return { x: part.at(-1)!.x, mean, spread };
    });
  };
  const figure = (title: string, axis: string, lines: readonly Line[], caption: string): string => {
    const shown = lines.filter(({ points }) => points.length > 0);
    if (shown.length === 0) return '';
    return framed(curvesSvg(title, axis, shown), caption);
  };
  const losses = figure(
    'Loss by step',
    measure,
    [
      { name: 'training', points: drawn((step) => step.loss) },
      { name: 'validation', points: drawn((step) => step.valLoss) },
    ],
    'Training far below validation means that the model knows its examples by heart.',
  );
  const norms = figure(
    'Norm of the gradient by step, before clipping',
    'norm',
    [{ name: 'gradient', points: drawn((step) => step.gradientNorm) }],
    'Spikes are batches that the model did not expect; clipping bounds what they do.',
  );
  return losses + norms || '<p>No steps are on record: the checkpoint came without its run folder.</p>';
}

function sampleHtml([how, text]: readonly [string, string]): string {
  return `<h4>${escaped(how)}</h4>\n<pre class="sample" dir="auto">${escaped(text)}</pre>`;
}

function reportHtml({ loss: value, examples, metrics, labels, confusion, mistakes }: TaskReport): string {
  const facts = [
    ['loss', `${loss(value)}${'rmse' in metrics ? '' : ' nats'} on ${examples} examples`] as const,
    ...Object.entries(metrics).map(([name, entry]) => [metricLabel(name), metric(name, entry)] as const),
  ];
  const parts = [factTable(facts)];
  if (labels !== undefined && confusion !== undefined) parts.push(confusionHtml(labels, confusion));
  if (mistakes.length > 0) {
    const items = mistakes.map(
      ({ input, expected, got }) =>
        `<li dir="auto">${escaped(input)}<br>said <strong>${escaped(got)}</strong>, should be <strong>${escaped(expected)}</strong></li>`,
    );
    parts.push(`<h4>Mistakes</h4><ul>${items.join('\n')}</ul>`);
  }
  return parts.join('\n');
}

/** Rows are what is right, columns what was said; a cell has more colour for a larger share of its row. */
function confusionHtml(labels: readonly string[], confusion: readonly (readonly number[])[]): string {
  const head = labels.map((label) => `<th scope="col" dir="auto">${escaped(label)}</th>`).join('');
  const rows = confusion.map((row, i) => {
    const total = row.reduce((sum, count) => sum + count, 0) || 1;
    const cells = row.map((count) => `<td${shade(count / total)}>${count}</td>`).join('');
    return `<tr><th scope="row" dir="auto">${escaped(labels[i]!)}</th>${cells}</tr>`;
  });
  return [
    '<h4>Confusion</h4>',
    `<figure><table class="numbers"><thead><tr><td>right \\ said</td>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`,
    '<figcaption>Rows are what is right, columns what the model said.</figcaption></figure>',
  ].join('\n');
}

/** A cell's colour for a share in [0, 1]. */
function shade(share: number): string {
  return share > 0
    ? ` style="background: color-mix(in srgb, var(--accent) ${Math.round(share * 70)}%, transparent)"`
    : '';
}

function predictionHtml({ input, output, tokens, tags, probabilities, alignment }: Prediction): string {
  const title = `<h4 dir="auto">${escaped(input)}</h4>`;
  if (tokens !== undefined && tags !== undefined) {
    const row = (cells: readonly string[], tag: 'th' | 'td'): string =>
      `<tr>${cells.map((cell) => `<${tag} dir="auto">${escaped(cell)}</${tag}>`).join('')}</tr>`;
    return `${title}<figure><table class="numbers">${row(tokens, 'th')}${row(tags, 'td')}</table></figure>`;
  }
  const said = `<p dir="auto">${escaped(output)}</p>`;
  if (alignment !== undefined) return `${title}${said}${heatHtml(alignment)}`;
  if (probabilities === undefined) return `${title}${said}`;
  const likeliest = probabilities.toSorted((a, b) => b[1] - a[1]).slice(0, 5);
  return `${title}${factTable(likeliest.map(([label, p]) => [label, p.toFixed(4)]))}`;
}

/** What each written token looked at: rows are written, columns read. */
function heatHtml({ source, target, weights }: NonNullable<Prediction['alignment']>): string {
  const cell = (token: string): string => escaped(token.trim() === '' ? '␣' : token);
  const head = source.map((token) => `<th scope="col">${cell(token)}</th>`).join('');
  const rows = target.map(
    (token, t) =>
      `<tr><th scope="row">${cell(token)}</th>${weights[t]!.map((w) => `<td title="${w.toFixed(3)}"${shade(w)}></td>`).join('')}</tr>`,
  );
  return `<figure><table class="heat"><thead><tr><td></td>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table>
<figcaption>Attention: rows are what it wrote, columns what it read; more colour is more.</figcaption></figure>`;
}
