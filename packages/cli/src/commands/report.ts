/** `hw5 report`: a trained run as one HTML page. */
import { basename, resolve } from 'node:path';
import type { RunData } from '@hw5/core';
import type { Command } from 'commander';
import { addExamples, addJson } from '../help.js';
import { bytes, compact, loss } from '../report/format.js';
import { learningLine, modelLine } from '../report/model.js';
import { lossMeasure } from '../report/progress.js';
import { type RunPage, runHtml } from '../report/run-html.js';
import { replaceFile } from '../run/durable.js';
import type { SavedModel } from '../run/folder.js';
import { readMetrics } from '../run/metrics.js';
import { type LoadedModel, withModel } from '../run/model.js';
import { out } from '../terminal.js';
import { sameSource } from '../train/source.js';

interface Options {
  readonly out?: string;
  readonly text?: readonly string[];
  readonly json?: true;
}

/** How a language model is asked for samples: most likely, cautious, free. */
const TEMPERATURES = [0, 0.7, 1];
const SAMPLE_LENGTH = 300;

export function define(command: Command): void {
  command
    .argument('<run>', 'a run folder')
    .option('--out <file>', 'where to write the page (default: report.html in the run folder)')
    .option('--text <text...>', 'texts to answer (default: the first held-out ones)');
  addJson(command, 'where the page is, and its size');
  addExamples(command, [
    ['report runs/sentiment-0', 'curves, confusion, mistakes'],
    ['report runs/dates-0 --text "3 June 1999" --out dates.html', 'what each written sign looked at'],
    ['report runs/panbeh-0', 'curves and samples'],
  ]);
  command.action(async (path: string, { out: target, text, json }: Options) => {
    const { page, saved } = await withModel(path, (model) => pageOf(model, text), dataOfRun);
    const file = resolve(target ?? saved.run?.files.report ?? 'report.html');
    const html = runHtml(page);
    await replaceFile('out', file, html);
    const size = Buffer.byteLength(html);
    out.line(json ? JSON.stringify({ file, bytes: size }) : `${file} (${bytes(size)})`);
  });
}

/** A run on its own text needs it again to know its held-out part; a checkpoint alone has none. */
async function dataOfRun({ run }: SavedModel): Promise<RunData | undefined> {
  return run === undefined ? undefined : sameSource(undefined, run.config, run.files);
}

async function pageOf(
  { session, info, saved }: LoadedModel,
  texts: readonly string[] | undefined,
): Promise<{ readonly page: RunPage; readonly saved: SavedModel }> {
  const { config, task } = info;
  const steps =
    saved.run === undefined
      ? []
      : readMetrics(saved.run.files.metrics).filter(({ step }) => step <= info.step);
  const validated = steps.findLast(({ valLoss }) => valLoss !== undefined);
  const report = task === 'char-lm' || saved.run === undefined ? undefined : await session.report();
  const asked = texts ?? report?.texts ?? [];
  const predictions = task === 'char-lm' || asked.length === 0 ? [] : await session.predict(asked);
  const samples: [string, string][] = [];
  for (const temperature of task === 'char-lm' ? TEMPERATURES : []) {
    const how = temperature === 0 ? 'greedy: always the likeliest' : `temperature ${temperature}`;
    samples.push([how, await session.generate({ temperature, length: SAMPLE_LENGTH, seed: config.seed })]);
  }
  const facts: [string, string][] = [
    ['task', task],
    ['model', modelLine(config)],
    ['parameters', compact(info.parameters)],
    ['learning', `${learningLine(config)}, seed ${config.seed}`],
    ['steps', String(info.step)],
    ['loss', `training ${loss(steps.at(-1)?.loss)}, validation ${loss(validated?.valLoss ?? report?.loss)}`],
    ['weights', await session.hash()],
  ];
  const title = basename(resolve(saved.run?.files.folder ?? saved.checkpoint));
  return {
    page: { title, facts, steps, measure: lossMeasure(task, config), samples, report, predictions },
    saved,
  };
}
