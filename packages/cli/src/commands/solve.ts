/** `hw5 solve`: homework questions, worked out, as a text, a document or data. */
import { writeFileSync } from 'node:fs';
import type { Language } from '@hw5/core/homework';
import type { Command } from 'commander';
import { oneOf, shown } from '../args.js';
import { CliError, fileError } from '../errors.js';
import { addExamples, addJson } from '../help.js';
import { out, type Style } from '../terminal.js';

const formats = ['text', 'json', 'markdown', 'latex', 'html'] as const;
type Format = (typeof formats)[number];

interface Options {
  readonly lang: Language;
  readonly format: Format;
  readonly out?: string;
  readonly json?: true;
}

/** Width of a text that goes to a file, columns. */
const FILE_COLUMNS = 80;

export function define(command: Command): void {
  command
    .argument('<question>', 'q1 to q4, a part such as q2b, or all')
    .option('--lang <language>', 'en or fa', oneOf('--lang', ['en', 'fa']), 'en')
    .option('--format <format>', formats.join(', '), oneOf('--format', formats), 'text')
    .option('--out <file>', 'write to this file');
  addJson(command, 'questions, answers and steps (q3: scores, index, output)');
  addExamples(command, [
    ['solve q3', 'argmax attention, each product written out'],
    ['solve all --lang fa --format html --out answers.html', 'a handout in Persian'],
    ['solve q2 --format latex --out q2.tex', 'for pdflatex or xelatex'],
    ['solve q3 --json', 'for programs'],
  ]);
  command.action(async (question: string, { lang, format, out: file, json }: Options) => {
    if (json && command.getOptionValueSource('format') === 'cli' && format !== 'json') {
      throw new CliError('USAGE', `solve: --json and --format must agree, got --format ${format}`);
    }
    const text = await solved(question, lang, json ? 'json' : format, file !== undefined);
    if (file === undefined) {
      out.line(text);
      return;
    }
    try {
      writeFileSync(file, `${text}\n`);
    } catch (error) {
      throw fileError('out', file, error);
    }
  });
}

async function solved(question: string, lang: Language, format: Format, toFile: boolean): Promise<string> {
  const { nearestName, questionName, questionNames, solutionLatex, solutionMarkdown, solve } = await import(
    '@hw5/core/homework'
  );
  if (questionName(question) === undefined) {
    const message = `question: must be one of ${questionNames.join(', ')}, got ${shown(question)}`;
    throw new CliError('USAGE', message, `did you mean ${nearestName(question)}?`);
  }
  const solution = solve(question);
  switch (format) {
    case 'json':
      return JSON.stringify(solution);
    case 'text': {
      const { solutionText } = await import('../homework/text.js');
      return solutionText(
        solution,
        lang,
        toFile ? { style: await plainStyle(), columns: FILE_COLUMNS } : out,
      );
    }
    case 'markdown':
      return solutionMarkdown(solution, lang).trimEnd();
    case 'latex':
      return solutionLatex(solution, lang);
    case 'html': {
      const { solutionHtml } = await import('../homework/html.js');
      return solutionHtml(solution, lang);
    }
  }
}

async function plainStyle(): Promise<Style> {
  const { Ansis } = await import('ansis');
  return new Ansis(0);
}
