/** `hw5 attend`: attention by hand for any keys, values and query. */
import type { AttendOptions, AttendReport, Language } from '@hw5/core/homework';
import type { Command } from 'commander';
import { oneOf, realNumber, wholeNumber } from '../args.js';
import { addExamples, addJson } from '../help.js';
import { out } from '../terminal.js';

const modes = ['argmax', 'softmax', 'sparsemax', 'entmax15', 'straight-through', 'gumbel'] as const;

interface Options {
  readonly keys?: string;
  readonly values?: string;
  readonly query?: string;
  readonly mode: (typeof modes)[number];
  readonly temperature: number;
  readonly temperatureSweep?: true | string;
  readonly ties: 'first' | 'all';
  readonly seed: number;
  readonly lang: Language;
  readonly json?: true;
}

export function define(command: Command): void {
  command
    .option('--keys <rows>', 'one vector per key: "1,2,3; 2,2,1; ..." (default: those of question 3)')
    .option('--values <rows>', 'one vector per value, as many as keys (default: those of question 3)')
    .option('--query <numbers>', 'one vector as long as a key (default: that of question 3)')
    .option('--mode <mode>', modes.join(', '), oneOf('--mode', modes, ['reinforce']), 'argmax')
    .option(
      '--temperature <T>',
      'the scores are divided by T',
      realNumber('--temperature', { rule: 'a number greater than 0', allows: (value) => value > 0 }),
      1,
    )
    .option('--temperature-sweep [list]', 'add a table over temperatures (default: 0.1 to 16)')
    .option(
      '--ties <policy>',
      'equal largest scores: first, or all in equal shares',
      oneOf('--ties', ['first', 'all']),
      'first',
    )
    .option('--seed <n>', 'seed of the noise of --mode gumbel', wholeNumber('--seed'), 0)
    .option('--lang <language>', 'en or fa', oneOf('--lang', ['en', 'fa']), 'en');
  addJson(command, 'products, scores, weights, output and Jacobians');
  addExamples(command, [
    ['attend', 'question 3'],
    ['attend --mode softmax --temperature-sweep', 'from one key to all of them'],
    ['attend --keys "1,0; 0,1" --values "10; 20" --query "2,1" --mode sparsemax', 'your own numbers'],
    ['attend --mode gumbel --seed 7 --temperature 0.5 --json', 'one random draw, for programs'],
  ]);
  command.action(async (options: Options) => {
    const report = await attended(options);
    if (options.json) {
      out.line(JSON.stringify(report));
      return;
    }
    const { attendText } = await import('../homework/attend-text.js');
    out.line(attendText(report, options.lang, out));
  });
}

async function attended(options: Options): Promise<AttendReport> {
  const { attend, parseMatrix, parseVector, question3, sweepTemperatures } = await import(
    '@hw5/core/homework'
  );
  const { mode, temperature, temperatureSweep: sweep, ties, seed } = options;
  const input = {
    keys: options.keys === undefined ? question3.keys : parseMatrix(options.keys, '--keys'),
    values: options.values === undefined ? question3.values : parseMatrix(options.values, '--values'),
    query: options.query === undefined ? question3.query : parseVector(options.query, '--query'),
  };
  let temperatures: readonly number[] = [];
  if (sweep === true) temperatures = sweepTemperatures;
  if (typeof sweep === 'string') temperatures = parseVector(sweep, '--temperature-sweep');
  const settings: AttendOptions = { mode, temperature, ties, seed, temperatures };
  return attend(input, settings);
}
