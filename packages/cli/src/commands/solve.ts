/** `hw5 solve`: a homework question, worked out by hand. */
import type { Command } from 'commander';
import { oneOf } from '../args.js';
import { CliError } from '../errors.js';
import { addExamples, addJson } from '../help.js';
import { type Language, solutionLines } from '../report/solution.js';
import { withSession } from '../session.js';
import { out } from '../terminal.js';

const available = ['q3', 'q3a'];
const planned = ['q1', 'q1a', 'q1b', 'q1c', 'q2', 'q2a', 'q2b', 'q2c', 'q2d', 'q3b', 'all'];

interface Options {
  readonly lang: Language;
  readonly format: 'text' | 'json';
  readonly json?: true;
}

export function define(command: Command): void {
  command
    .argument('<question>', `the question: ${available.join(', ')}`, oneOf('question', available, planned))
    .option('--lang <language>', 'en or fa', oneOf('--lang', ['en', 'fa']), 'en')
    .option(
      '--format <format>',
      'text or json',
      oneOf('--format', ['text', 'json'], ['latex', 'html']),
      'text',
    );
  addJson(command, 'scores, index, output and every product');
  addExamples(command, [
    ['solve q3', 'argmax attention, each product written out'],
    ['solve q3 --lang fa', 'the same in Persian'],
    ['solve q3 --json', 'for programs'],
  ]);
  command.action(async (question: string, { lang, format, json }: Options) => {
    if (json && command.getOptionValueSource('format') === 'cli' && format !== 'json') {
      throw new CliError('USAGE', `solve: --json and --format must agree, got --format ${format}`);
    }
    const solution = await withSession({}, (session) => session.attendByHand());
    if (json || format === 'json') out.line(JSON.stringify({ question, ...solution }));
    else for (const line of solutionLines(solution, lang, out.style)) out.line(line);
  });
}
