/** `hw5 experiment`: a claim of the homework, trained over several seeds. */
import { writeFile } from 'node:fs/promises';
import type { ExperimentResult } from '@hw5/core';
import type { Language } from '@hw5/core/homework';
import type { Command } from 'commander';
import { oneOf, wholeNumber } from '../args.js';
import { fileError } from '../errors.js';
import { addExamples, addJson } from '../help.js';
import { isolated } from '../homework/wrap.js';
import { withSession } from '../session.js';
import { err, out } from '../terminal.js';

const available = ['mood', 'future', 'leak', 'chain', 'argmax'];

interface Options {
  readonly seeds: number;
  readonly firstSeed: number;
  readonly svg?: string;
  readonly lang: Language;
  readonly json?: true;
}

export function define(command: Command): void {
  command
    .argument('<name>', available.join(', '), oneOf('experiment', available))
    .option('--seeds <n>', 'how many', wholeNumber('--seeds', { min: 2, max: 50 }), 5)
    .option('--first-seed <n>', 'the others follow it', wholeNumber('--first-seed'), 0)
    .option('--svg <file>', 'write the drawing to this file')
    .option('--lang <language>', 'en or fa', oneOf('--lang', ['en', 'fa']), 'en');
  addJson(command, 'rows, findings, curves and table');
  addExamples(command, [
    ['experiment mood', "question 1b: the cat's mood needs no future"],
    ['experiment future', 'where the future matters, two directions win'],
    ['experiment leak', 'a bidirectional language model reads its own answer'],
    ['experiment chain', 'question 1c: conditional probabilities multiply to the whole'],
    ['experiment argmax --svg argmax.svg', 'question 3b: argmax stands still, its remedies learn'],
  ]);
  command.action(async (name: string, { seeds, firstSeed, svg, lang, json }: Options) => {
    const onProgress = (share: number): void => {
      if (err.isTTY) err.write(`\r${name} ${Math.round(100 * share)} %`);
    };
    const result = await withSession({}, (session) =>
      session.experiment(name, { seeds, firstSeed, onProgress }),
    );
    if (err.isTTY) err.write('\r\u001b[K');
    if (svg !== undefined) await writeSvg(svg, result, lang);
    if (json) out.line(JSON.stringify(result));
    else await print(result, lang);
  });
}

async function writeSvg(path: string, result: ExperimentResult, lang: Language): Promise<void> {
  const { curvesSvg, stripsSvg } = await import('../report/svg.js');
  const { question, metric, curves, rows } = result;
  const drawing =
    curves.length > 0
      ? curvesSvg(
          question[lang],
          metric[lang],
          curves.map(({ name, points }) => ({ name: name[lang], points })),
        )
      : stripsSvg(
          question[lang],
          metric[lang],
          rows.map(({ name, values, mean }) => ({ name: name[lang], values, mean })),
        );
  try {
    await writeFile(path, drawing);
  } catch (error) {
    throw fileError('svg', path, error);
  }
}

const words = {
  en: { mean: 'mean', spread: 'spread', least: 'least', most: 'most', seeds: (n: number) => `${n} seeds` },
  fa: {
    mean: 'میانگین',
    spread: 'پراکندگی',
    least: 'کمترین',
    most: 'بیشترین',
    seeds: (n: number) => `${n} بذر`,
  },
} as const;

async function print(result: ExperimentResult, lang: Language): Promise<void> {
  const { linesChart } = await import('../report/lines.js');
  const { table } = await import('../report/table.js');
  const { style } = out;
  const say = words[lang];
  const said = (text: { readonly en: string; readonly fa: string }): string => isolated(text[lang], lang);
  const number = (value: number): string => String(Number(value.toPrecision(4)));
  const { question, metric, seeds, rows, findings, curves, table: second } = result;
  const right = (title: string): { title: string; align: 'right' } => ({ title, align: 'right' });
  out.line(style.bold(said(question)));
  out.line(style.dim(`${said(metric)}; ${isolated(say.seeds(seeds.length), lang)}`));
  out.line();
  out.line(
    table(
      [{ title: '' }, ...[say.mean, say.spread, say.least, say.most].map(right)],
      rows.map(({ name, mean, spread, values }) => [
        said(name),
        ...[mean, spread, Math.min(...values), Math.max(...values)].map(number),
      ]),
      style,
    ),
  );
  if (curves.length > 0) {
    out.line(
      `\n${linesChart(
        curves.map(({ name, points }) => ({ name: said(name), points })),
        style,
      )}`,
    );
  }
  if (second !== undefined) {
    out.line(`\n${said(second.title)}`);
    out.line(
      table(
        [{ title: '' }, ...second.columns.map((title) => right(title[lang]))],
        second.rows.map(({ name, values }) => [said(name), ...values.map(number)]),
        style,
      ),
    );
  }
  out.line();
  for (const { holds, text } of findings) {
    out.line(`${holds ? style.green('✓') : style.red('✗')} ${said(text)}`);
  }
}
