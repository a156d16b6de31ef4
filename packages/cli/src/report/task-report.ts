/** What a model of classes, tags or translations got right and wrong, for people. */
import type { TaskReport } from '@hw5/core';
import type { Terminal } from '../terminal.js';
import { printable } from '../terminal.js';
import { loss } from './format.js';
import { type Column, table } from './table.js';

/** Classes up to which a confusion matrix still fits a terminal. */
const maxClasses = 12;
/** Mistakes that are shown. */
const shownMistakes = 5;

const metricNames: Readonly<Record<string, string>> = {
  accuracy: 'accuracy',
  macroF1: 'macro F1',
  sentences: 'all right',
  exactMatch: 'exact match',
  editDistance: 'edit distance',
  rmse: 'root mean square error',
  meanAbsoluteError: 'mean absolute error',
  r2: 'R²',
};

/** A metric as people read it: shares in per cent, distances and errors as they are. */
export function metric(name: string, value: number): string {
  if (name === 'rmse' || name === 'meanAbsoluteError') return value.toPrecision(4);
  if (name === 'r2') return value.toFixed(4);
  return name === 'editDistance' ? value.toFixed(3) : `${(value * 100).toFixed(2)} %`;
}

export function metricLabel(name: string): string {
  return metricNames[name] ?? name;
}

/** Lines: loss and metrics, scores by class, the confusion matrix, some mistakes. */
export function taskReport(report: TaskReport, terminal: Terminal): string {
  const { style } = terminal;
  const facts = [
    ['loss', `${loss(report.loss)}${'rmse' in report.metrics ? '' : ' nats'} on ${report.examples} examples`],
    ...Object.entries(report.metrics).map(([name, value]) => [metricLabel(name), metric(name, value)]),
  ];
  const width = Math.max(13, ...facts.map(([name]) => name!.length));
  const parts = [facts.map(([name, value]) => `${style.bold(name!.padEnd(width))} ${value}`).join('\n')];
  const { labels, confusion } = report;
  if (labels !== undefined && confusion !== undefined) {
    parts.push(confusionTable(labels, confusion, terminal));
  }
  if (report.mistakes.length > 0) {
    const shown = report.mistakes
      .slice(0, shownMistakes)
      .flatMap(({ input, expected, got }) => [
        `${style.dim('│')} ${printable(input)}`,
        `${style.dim('│')}   ${printable(got)}${style.dim(', should be ')}${printable(expected)}`,
      ]);
    parts.push([style.bold('mistakes'), ...shown].join('\n'));
  }
  return parts.join('\n\n');
}

/** Rows are what is right, columns what was said; precision, recall and F1 at the end of each row. */
function confusionTable(
  labels: readonly string[],
  confusion: readonly (readonly number[])[],
  { style }: Terminal,
): string {
  const scores = confusion.map((row, i) => {
    const support = row.reduce((a, b) => a + b, 0);
    const said = confusion.reduce((sum, other) => sum + other[i]!, 0);
    const right = row[i]!;
    const share = (of: number): string => (of === 0 ? '-' : (right / of).toFixed(3));
    const f1 = said + support === 0 ? '-' : ((2 * right) / (said + support)).toFixed(3);
    return [share(said), share(support), f1];
  });
  const matrix = labels.length <= maxClasses;
  const columns: Column[] = [
    { title: matrix ? 'right \\ said' : 'class' },
    ...(matrix ? labels.map((label) => ({ title: printable(label), align: 'right' as const })) : []),
    ...['precision', 'recall', 'F1'].map((title) => ({ title, align: 'right' as const })),
  ];
  const rows = labels.map((label, i) => [
    style.bold(printable(label)),
    ...(matrix
      ? confusion[i]!.map((count, j) =>
          i === j ? style.green(String(count)) : count === 0 ? style.dim('·') : String(count),
        )
      : []),
    ...scores[i]!,
  ]);
  return table(columns, rows, style);
}
