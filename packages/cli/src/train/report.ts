/** What a training run prints before its first step and after its last. */

import { statSync } from 'node:fs';
import type { KernelInfo, RunFacts, TrainSummary } from '@hw5/core';
import { lossChart } from '../report/chart.js';
import { bytes, clock, compact, loss } from '../report/format.js';
import { modelLine } from '../report/model.js';
import { lossMeasure, speedUnit } from '../report/progress.js';
import { sampleBlock } from '../report/sample.js';
import { metric, metricLabel } from '../report/task-report.js';
import { shownPath } from '../run/folder.js';
import { readMetrics } from '../run/metrics.js';
import { err, out, self } from '../terminal.js';
import type { OpenRun } from './open.js';

/** Two lines on stderr: the model and the text. */
export function printHeader({ config, info, files }: OpenRun, kernel: KernelInfo): void {
  const { style } = err;
  const { model } = config;
  const facts = [
    [
      'model',
      `${modelLine(model)}, ${compact(info.parameters)} parameters, kernel ${kernel.variant}${info.config.workers === 1 ? '' : `, ${info.config.workers} workers`}`,
    ],
    ['data', dataFact(info)],
    [
      'run',
      `${shownPath(files.folder)}, seed ${model.seed}${info.step > 0 ? `, continues after step ${info.step}` : ''}`,
    ],
  ];
  for (const [name, value] of facts) err.line(`${style.dim((name ?? '').padEnd(6))} ${value ?? ''}`);
  err.line();
}

function dataFact({ task, sizes, description }: RunFacts): string {
  const { train, validation } = sizes;
  if (task === 'char-lm') {
    const { vocabulary, words } = description as Partial<Record<string, readonly string[]>>;
    const [what, tokens] =
      vocabulary !== undefined
        ? ['characters', vocabulary]
        : words !== undefined
          ? ['words', words]
          : ['pieces'];
    const different = tokens === undefined ? '' : `, ${tokens.length} different`;
    return `${compact(train)} ${what} to learn, ${compact(validation)} to validate${different}`;
  }
  return `${compact(train)} examples to learn, ${compact(validation)} to validate`;
}

/** The machine-readable last line. */
export function resultJson(run: OpenRun, summary: TrainSummary): Record<string, unknown> {
  return {
    done: !summary.stopped,
    ...(summary.stopped ? { stopped: true } : {}),
    run: run.files.folder,
    checkpoint: run.files.checkpoint,
    ...(run.recovered === undefined ? {} : { recovered: run.recovered }),
    hash: summary.hash,
    workers: run.info.config.workers,
    step: summary.step,
    loss: summary.loss,
    ...(summary.valLoss === undefined ? {} : { valLoss: summary.valLoss }),
    ...(summary.valMetrics === undefined ? {} : { valMetrics: summary.valMetrics }),
    ...(summary.stalled ? { stalled: true } : {}),
    tokensPerSecond: summary.tokensPerSecond,
    seconds: summary.seconds,
  };
}

/** The result on stdout: a sample, the loss curve, where everything is, and what to try next. */
export function printResult(
  run: OpenRun,
  summary: TrainSummary,
  quiet: boolean,
  sample: string | undefined,
): void {
  const { style } = out;
  const folder = shownPath(run.files.folder);
  const checkpoint = shownPath(run.files.checkpoint);
  if (quiet) {
    out.line(
      `${checkpoint}  step ${summary.step}  loss ${loss(summary.loss)}  validation ${loss(summary.valLoss)}`,
    );
    return;
  }
  if (sample !== undefined) out.line(`\n${sampleBlock(`sample at step ${summary.step}`, sample, out)}\n`);
  const chart = lossChart(readMetrics(run.files.metrics), {
    width: Math.max(30, Math.min(72, out.columns - 10)),
    per: lossMeasure(run.config.task, run.config.model),
    style,
  });
  if (chart !== '') out.line(`${chart}\n`);

  const metrics = Object.entries(summary.valMetrics ?? {});
  const measured =
    metrics.length > 0
      ? metrics.map(([name, value]) => `${metricLabel(name)} ${metric(name, value)}`).join(', ')
      : `perplexity ${Math.exp(summary.valLoss ?? 0).toFixed(2)}`;
  const validation =
    summary.valLoss === undefined ? '' : `, validation ${loss(summary.valLoss)} (${measured})`;
  const facts: [string, string][] = [
    [
      summary.stopped ? 'stopped' : summary.stalled ? 'stalled' : 'done',
      `step ${summary.step} of ${run.config.steps} in ${clock(summary.seconds)}, ${compact(summary.tokensPerSecond)} ${speedUnit(run.config.task, run.config.model)}`,
    ],
    ['loss', `training ${loss(summary.loss)}${validation}`],
    ['saved', `${checkpoint} (${bytes(statSync(run.files.checkpoint).size)})`],
    ['hash', summary.hash],
  ];
  for (const [name, value] of facts) out.line(`${style.bold(name.padEnd(8))} ${value}`);

  const goal = summary.stopped ? '' : ` --steps ${run.config.steps * 2}`;
  out.line(`\n${style.bold('next')}`);
  const next: [string, string][] = [
    run.config.task === 'char-lm'
      ? [`generate ${folder} --temperature 0.7`, 'let it write']
      : [`predict ${folder} --text "..."`, 'ask it'],
    [
      `train ${run.config.task} --resume ${folder}${goal}`,
      summary.stopped ? 'go on where it stopped' : 'train it further',
    ],
    [`inspect ${folder}`, 'look inside'],
  ];
  const width = Math.max(...next.map(([command]) => command.length));
  for (const [command, what] of next) {
    out.line(`  ${style.cyan(`${self} ${command.padEnd(width)}`)}  ${style.dim(what)}`);
  }
}
