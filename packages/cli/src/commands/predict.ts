/** `hw5 predict`: what a model of classes, tags or translations says to texts. */
import type { Prediction, Session, TextAnswers } from '@hw5/core';
import type { Command } from 'commander';
import { wholeNumber } from '../args.js';
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
  readonly beam?: number;
  readonly json?: true;
}

/** What a beam of an encoder-decoder has to say beside its best answer. */
interface Beam extends Prediction {
  /** Best first. */
  readonly hypotheses: readonly {
    readonly output: string;
    /** ln P, nats. */
    readonly logProbability: number;
    readonly score: number;
    /** False when the longest allowed length cut it off. */
    readonly ended: boolean;
  }[];
}

/** Classes that are shown, likeliest first. */
const shownClasses = 5;

/** Hypotheses of a beam at most. */
const WIDEST = 256;

export function define(command: Command): void {
  command
    .argument('<run>', 'a run folder, or a checkpoint file')
    .option('--text <text...>', 'one or more texts')
    .option('--file <file>', 'a text per line, - for stdin')
    .option(
      '--beam <width>',
      'of an encoder-decoder: as many answers as a beam search of this width finds, with their probabilities',
      wholeNumber('--beam', { min: 1, max: WIDEST }),
    );
  addJson(command, 'one line per text');
  addExamples(command, [
    ['predict runs/sentiment-0 --text "the film was not good"', 'praise or blame, and how sure'],
    ['predict runs/part-of-speech-0 --text "she saw her book ."', 'a tag for each word'],
    ['predict runs/dates-0 --text "3 June 1999"', 'the answer, and what each character looked at'],
    ['predict runs/dates-0 --text "3/6/1999" --beam 4', 'the four best answers, with their probabilities'],
  ]);
  command.action(async (path: string, { text = [], file, beam, json }: Options) => {
    const lines =
      file === undefined ? [] : (await readText(file)).text.split(/\r?\n/).filter((line) => line !== '');
    const inputs = [...text, ...lines];
    if (inputs.length === 0) {
      throw new CliError('USAGE', 'predict: --text or --file must give a text, got none');
    }
    const predictions = await withModel(path, async ({ session, info }): Promise<readonly Prediction[]> => {
      if (beam === undefined) return session.predict(inputs);
      if (info.task !== 'seq2seq') {
        throw new CliError('USAGE', `predict: --beam must be asked of a seq2seq run, got ${info.task}`);
      }
      return beams(session, inputs, beam);
    });
    for (const [i, prediction] of predictions.entries()) {
      if (json) out.line(JSON.stringify(prediction));
      else out.line(`${i > 0 ? '\n' : ''}${shown(prediction, out)}`);
    }
  });
}

async function beams(session: Session, inputs: readonly string[], width: number): Promise<Beam[]> {
  const found: Beam[] = [];
  for (const input of inputs) found.push(beamOf(input, await session.answers(input, { width })));
  return found;
}

function beamOf(input: string, { source, answers }: TextAnswers): Beam {
  const [best] = answers;
  return {
    input,
    output: best?.output ?? '',
    hypotheses: answers.map(({ output, logProbability, score, ended }) => ({
      output,
      logProbability,
      score,
      ended,
    })),
    alignment: {
      source,
      target: best?.steps.map(({ token }) => token) ?? [],
      weights: best?.alignment ?? [],
    },
  };
}

function shownBeam({ hypotheses }: Beam, style: Terminal['style']): string {
  const rows = hypotheses.map(({ output, logProbability, ended }, rank) => [
    String(rank + 1),
    `${printable(output)}${ended ? '' : '…'}`,
    logProbability.toFixed(4),
    Math.exp(logProbability).toPrecision(3),
  ]);
  const right = (title: string) => ({ title, align: 'right' as const });
  return table([right('#'), { title: 'answer' }, right('ln P'), right('P')], rows, style);
}

function shown(prediction: Prediction | Beam, { style }: Terminal): string {
  const { input, output, tokens, tags, probabilities, alignment } = prediction;
  if (tokens !== undefined && tags !== undefined) {
    const rows = tokens.map((token, i) => [printable(token), style.cyan(tags[i] ?? '')]);
    return table([{ title: 'token' }, { title: 'tag' }], rows, style);
  }
  const head = `${printable(input)} ${style.dim('→')} ${style.bold(printable(output))}`;
  if (alignment !== undefined) {
    const beam = 'hypotheses' in prediction ? `\n\n${shownBeam(prediction, style)}` : '';
    return `${head}${beam}\n\n${heatMap(alignment.source, alignment.target, alignment.weights, style)}`;
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
