/** `hw5 evaluate`: how well a trained model does on text or examples that it has not seen. */
import type { RunData, RunTask, TaskData } from '@hw5/core';
import type { Command } from 'commander';
import { CliError } from '../errors.js';
import { addExamples, addJson } from '../help.js';
import { compact } from '../report/format.js';
import { lossUnit } from '../report/progress.js';
import { taskReport } from '../report/task-report.js';
import type { SavedModel } from '../run/folder.js';
import { type LoadedModel, withModel } from '../run/model.js';
import { out } from '../terminal.js';
import { readText, type Text } from '../text.js';
import { dataOf, sameSource } from '../train/source.js';

interface Options {
  readonly data?: string;
  readonly json?: true;
}

export function define(command: Command): void {
  command
    .argument('<run>', 'a run folder, or a checkpoint file')
    .option(
      '--data <file>',
      "a text or table, - for stdin (default: the validation part of the run's own data)",
    );
  addJson(command, 'loss and what else is measured');
  addExamples(command, [
    ['evaluate runs/panbeh-0', 'on the part of its text that it never learned from'],
    ['evaluate runs/panbeh-0 --data other.txt', 'on another text'],
    ['evaluate runs/sentiment-0', 'accuracy, F1, confusion and mistakes on its validation part'],
  ]);
  command.action(async (path: string, { data, json }: Options) => {
    const other = data === undefined ? undefined : await readText(data);
    const ownData = async (saved: SavedModel): Promise<RunData | undefined> =>
      other === undefined ? dataOfRun(saved) : undefined;
    await withModel(path, (model) => show(model, other, data, json === true), ownData);
  });
}

async function show(
  { session, info }: LoadedModel,
  other: Text | undefined,
  from: string | undefined,
  json: boolean,
): Promise<void> {
  if (info.task !== 'char-lm') {
    const report = await session.report(other === undefined ? undefined : tableOf(info.task, other));
    out.line(json ? JSON.stringify(report) : taskReport(report, out));
    return;
  }
  const result = await session.evaluate(other?.text);
  if (json) {
    out.line(JSON.stringify(result));
    return;
  }
  const unit = lossUnit(info.task, info.config);
  const rows: [string, string][] = [
    ['loss', `${result.loss.toFixed(4)} nats per ${unit}`],
    ['perplexity', result.perplexity.toFixed(3)],
    ['bits', `${result.bitsPerCharacter.toFixed(4)} per ${unit}`],
    ['text', `${compact(result.characters)} ${unit}s of ${from ?? "the run's validation part"}`],
  ];
  for (const [name, value] of rows) out.line(`${out.style.bold(name.padEnd(10))} ${value}`);
}

function tableOf(task: Exclude<RunTask, 'char-lm'>, text: Text): TaskData {
  return dataOf(task, text) as TaskData;
}

async function dataOfRun({ run, checkpoint }: SavedModel): Promise<RunData | undefined> {
  if (run !== undefined) return sameSource(undefined, run.config, run.files);
  throw new CliError(
    'USAGE',
    `evaluate: --data must be given for a checkpoint without its run, got only ${checkpoint}`,
  );
}
