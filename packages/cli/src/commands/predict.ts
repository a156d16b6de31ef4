/** `hw5 predict`: what a model of classes, tags or translations says to texts. */
import type { Prediction } from '@hw5/core';
import type { Command } from 'commander';
import { CliError } from '../errors.js';
import { addExamples, addJson } from '../help.js';
import { heatMap } from '../report/heat-map.js';
import { table } from '../report/table.js';
import { withModel } from '../run/model.js';
import { out, printable, type Terminal } from '../terminal.js';
import { readText } from '../text.js';

interface Options {
  readonly text?: readonly string[];
  readonly file?: string;
  readonly json?: true;
}

/** Classes that are shown, likeliest first. */
const shownClasses = 5;

export function define(command: Command): void {
  command
    .argument('<run>', 'a run folder, or a checkpoint file')
    .option('--text <text...>', 'one or more texts')
    .option('--file <file>', 'a text per line, - for stdin');
  addJson(command, 'one line per text');
  addExamples(command, [
    ['predict runs/sentiment-0 --text "the film was not good"', 'praise or blame, and how sure'],
    ['predict runs/part-of-speech-0 --text "she saw her book ."', 'a tag for each word'],
    ['predict runs/dates-0 --text "3 June 1999"', 'the answer, and what each character looked at'],
  ]);
  command.action(async (path: string, { text = [], file, json }: Options) => {
    const lines =
      file === undefined ? [] : (await readText(file)).text.split(/\r?\n/).filter((line) => line !== '');
    const inputs = [...text, ...lines];
    if (inputs.length === 0) {
      throw new CliError('USAGE', 'predict: --text or --file must give a text, got none');
    }
    const predictions = await withModel(path, ({ session }) => session.predict(inputs));
    for (const [i, prediction] of predictions.entries()) {
      if (json) out.line(JSON.stringify(prediction));
      else out.line(`${i > 0 ? '\n' : ''}${shown(prediction, out)}`);
    }
  });
}

function shown(
  { input, output, tokens, tags, probabilities, alignment }: Prediction,
  { style }: Terminal,
): string {
  if (tokens !== undefined && tags !== undefined) {
    const rows = tokens.map((token, i) => [printable(token), style.cyan(tags[i] ?? '')]);
    return table([{ title: 'token' }, { title: 'tag' }], rows, style);
  }
  const head = `${printable(input)} ${style.dim('→')} ${style.bold(printable(output))}`;
  if (alignment !== undefined) {
    return `${head}\n\n${heatMap(alignment.source, alignment.target, alignment.weights, style)}`;
  }
  if (probabilities === undefined) return head;
  const likeliest = probabilities.toSorted((a, b) => b[1] - a[1]).slice(0, shownClasses);
  const width = Math.max(0, ...likeliest.map(([label]) => label.length));
  const bars = likeliest.map(
    ([label, p]) =>
      `  ${printable(label).padEnd(width)} ${p.toFixed(4)} ${style.cyan('━'.repeat(Math.round(p * 30)))}`,
  );
  return [head, ...bars].join('\n');
}
