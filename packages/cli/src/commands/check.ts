/** `hw5 check`: is an answer right, and if not, which slip does it look like? Also for a class at once. */

import type { Language } from '@hw5/core/homework';
import type { Command } from 'commander';
import { oneOf } from '../args.js';
import { CliError, EXIT } from '../errors.js';
import { addExamples, addJson } from '../help.js';
import { located } from '../homework/located.js';
import { out } from '../terminal.js';

/** The checker of the core says the same; named here so that the help needs no core. */
const available = ['q1a', 'q1b', 'q1c', 'q2a', 'q2b', 'q2c', 'q2d', 'q3a', 'q3b'];

interface Options {
  readonly answer?: string;
  readonly batch?: string;
  readonly out?: string;
  readonly lang: Language;
  readonly json?: true;
}

export function define(command: Command): void {
  command
    .argument('[question]', `the question: ${available.join(', ')}`, oneOf('question', available))
    .option(
      '--answer <text>',
      'the options ("b, c"), the formula, the vector ("[6, 1, 2]") or the words; Persian works too',
    )
    .option('--batch <file>', 'mark a class: CSV or JSON lines with student, question and answer')
    .option('--out <file>', 'with --batch: write the marks of every answer to this .csv or .jsonl')
    .option('--lang <language>', 'en or fa', oneOf('--lang', ['en', 'fa']), 'en');
  addJson(command, 'correct, mistake and counterExample');
  addExamples(command, [
    ['check q1a --answer "b, c"', 'options by letter or number'],
    ["check q2b --answer '(W_hh^T)^(t-i) W_yh^T g_o'", 'a formula, in any usual notation'],
    ['check q3a --answer "6 1 0" --lang fa', 'a vector, answered in Persian'],
    ['check --batch class.csv --out marks.csv', 'marks, feedback, and what went wrong how often'],
  ]);
  command.action(async (question: string | undefined, options: Options) => {
    const { answer, batch, out: file } = options;
    if (batch !== undefined) {
      if (question !== undefined || answer !== undefined) {
        throw new CliError('USAGE', 'check: --batch must stand without a question and --answer, got both');
      }
      await checkClass(batch, options);
    } else if (file !== undefined)
      throw new CliError('USAGE', 'check: --out must come with --batch, got it alone');
    else if (question === undefined || answer === undefined) {
      const missing = question === undefined ? 'argument <question>' : 'option --answer <text>';
      throw new CliError('USAGE', `check: ${missing} must be given, got none`, 'or --batch FILE for a class');
    } else await checkOne(question, answer, options);
  });
}

async function checkClass(batch: string, { out: file, lang, json }: Options): Promise<void> {
  const { markBatch, openRecords } = await import('../homework/batch.js');
  const records = file === undefined ? undefined : openRecords(file);
  const result = await markBatch(batch, lang, async (answer) => {
    await records?.write(answer);
    if (json) out.line(JSON.stringify(answer));
  });
  await records?.close(result);
  if (json) out.line(JSON.stringify({ done: true, ...result }));
  else {
    const { batchText } = await import('../homework/batch-text.js');
    out.line(batchText(result, lang, out, file === undefined));
  }
  // The rest is marked all the same; rows that nobody's marks come from are for the teacher to mend.
  if (result.badRows.length > 0) process.exitCode = EXIT.user;
}

async function checkOne(question: string, answer: string, { lang, json }: Options): Promise<void> {
  const { check, questions } = await import('@hw5/core/homework');
  const { plainProse } = await import('../homework/plain-math.js');
  const verdict = await located(json === true, async () => check(question, answer));
  const { correct, mistake, counterExample, remark, place } = verdict;
  if (json) {
    const said = (text: typeof mistake): string | null => (text === null ? null : plainProse(text[lang]));
    const told = { ...verdict, mistake: said(mistake), counterExample: said(counterExample) };
    out.line(JSON.stringify(remark === undefined ? told : { ...told, remark: plainProse(remark[lang]) }));
    return;
  }
  const { proseText } = await import('../homework/text.js');
  const { isolated } = await import('../homework/wrap.js');
  const { wordsIn } = await import('@hw5/core/homework');
  const { verdictWords } = await import('../homework/words.js');
  const words = verdictWords[lang];
  const { style } = out;
  const options = questions.find(({ id }) => id === question)?.options ?? [];
  const letters = options.filter(({ id }) => verdict.understood.split(', ').includes(id));
  const persian = lang === 'fa' && letters.length > 0;
  const understood = persian ? letters.map(({ letter }) => letter).join('، ') : verdict.understood;
  out.line(
    correct ? style.green(`✓ ${isolated(words.right, lang)}`) : style.red(`✗ ${isolated(words.wrong, lang)}`),
  );
  out.line(
    `  ${style.dim(`${isolated(words.understood, lang)} ${isolated(understood, persian ? 'fa' : 'en', lang)}`)}`,
  );
  if (mistake !== null) out.line(`\n${proseText(mistake[lang], lang, out, 2)}`);
  if (remark !== undefined) out.line(`\n${proseText(remark[lang], lang, out, 2)}`);
  if (place !== undefined) out.line(`\n${place.replace(/^/gm, '    ')}`);
  if (counterExample !== null) {
    // What was missed is followed by why it is right, which is no counter-example.
    const label = verdict.code?.startsWith('missed') ? '' : `${wordsIn[lang].counterExample} `;
    out.line(`\n${proseText(label + counterExample[lang], lang, out, 2)}`);
  }
}
