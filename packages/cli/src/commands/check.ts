/** `hw5 check`: is an answer right, and if not, which slip does it look like? */
import type { Command } from 'commander';
import { oneOf } from '../args.js';
import { addExamples, addJson } from '../help.js';
import { located } from '../homework/located.js';
import type { Language } from '../homework/markup.js';
import { out } from '../terminal.js';

/** The checker of the core says the same; named here so that the help needs no core. */
const available = ['q1a', 'q1b', 'q1c', 'q2a', 'q2b', 'q2c', 'q2d', 'q3a'];

interface Options {
  readonly answer: string;
  readonly lang: Language;
  readonly json?: true;
}

export function define(command: Command): void {
  command
    .argument('<question>', `the question: ${available.join(', ')}`, oneOf('question', available))
    .requiredOption(
      '--answer <text>',
      'the options ("b, c"), the formula, or the vector ("[6, 1, 2]"); Persian works too',
    )
    .option('--lang <language>', 'en or fa', oneOf('--lang', ['en', 'fa']), 'en');
  addJson(command, 'correct, mistake and counterExample');
  addExamples(command, [
    ['check q1a --answer "b, c"', 'options by letter or number'],
    ["check q2b --answer '(W_hh^T)^(t-i) W_yh^T g_o'", 'a formula, in any usual notation'],
    ['check q3a --answer "6 1 0" --lang fa', 'a vector, answered in Persian'],
  ]);
  command.action(async (question: string, { answer, lang, json }: Options) => {
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
    const { verdictWords, wordsIn } = await import('../homework/words.js');
    const words = verdictWords[lang];
    const { style } = out;
    const options = questions.find(({ id }) => id === question)?.options ?? [];
    const letters = options.filter(({ id }) => verdict.understood.split(', ').includes(id));
    const persian = lang === 'fa' && letters.length > 0;
    const understood = persian ? letters.map(({ letter }) => letter).join('، ') : verdict.understood;
    out.line(
      correct
        ? style.green(`✓ ${isolated(words.right, lang)}`)
        : style.red(`✗ ${isolated(words.wrong, lang)}`),
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
  });
}
