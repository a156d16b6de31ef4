/** `hw5 hunt`: a derivation with one mistake in it; find the line. */
import type { Hunt, Language } from '@hw5/core/homework';
import type { Command } from 'commander';
import { oneOf, wholeNumber } from '../args.js';
import { addExamples, addJson } from '../help.js';
import { withSession } from '../session.js';
import { out, self } from '../terminal.js';

interface Options {
  readonly seed: number;
  readonly level: number;
  readonly answer?: number;
  readonly reveal?: true;
  readonly lang: Language;
  readonly json?: true;
}

export function define(command: Command): void {
  command
    .option('--seed <n>', 'which hunt', wholeNumber('--seed'), 0)
    .option(
      '--level <n>',
      '1: one layer; 2: two states or a gate; 3: LSTM and GRU',
      wholeNumber('--level', { min: 1, max: 3 }),
      1,
    )
    .option('--answer <line>', 'the line that is wrong', wholeNumber('--answer', { min: 1 }))
    .option('--reveal', 'show the mistake in any case')
    .option('--lang <language>', 'en or fa', oneOf('--lang', ['en', 'fa']), 'en');
  addJson(command, 'lines, verdict and solution');
  addExamples(command, [
    ['hunt', 'the lines of a derivation, one of them wrong'],
    ['hunt --answer 2', 'is it the second one?'],
    ['hunt --level 3 --seed 7 --lang fa', 'an LSTM or a GRU, in Persian'],
  ]);
  command.action(async ({ seed, level, answer, reveal, lang, json }: Options) => {
    const asked = {
      seed,
      level,
      ...(answer === undefined ? {} : { answer }),
      ...(reveal === undefined ? {} : { reveal }),
    };
    const puzzle = await withSession({}, (session) => session.hunt(asked));
    if (json) out.line(JSON.stringify(puzzle));
    else print(puzzle, lang);
  });
}

const rtl = (text: string): string => `\u2067${text}\u2069`;
const ltr = (text: string): string => `\u2066${text}\u2069`;

const words = {
  en: {
    given: 'given, and right',
    find: (wrt: string, steps: number) =>
      `dJ/d${wrt} for T = ${steps}, J = J[1] + ... + J[${steps}]; psi is tanh, h[0] = 0. One line is wrong: which?`,
    right: (line: number) => `✓ line ${line} is wrong`,
    wrong: (line: number, apart: string) =>
      `✗ line ${line} holds: its sides differ by ${apart} of the largest entry`,
    shouldBe: 'it should be',
    numbers: (where: string, said: string, truth: string) =>
      `in numbers, ${where}: it says ${said}, true is ${truth}`,
    at: (t: number | undefined, entry: string) =>
      t === undefined ? `entry ${entry}` : `at t = ${t}, entry ${entry}`,
    tell: 'name the line with --answer N, or see it with --reveal',
  },
  fa: {
    given: 'داده‌شده و درست',
    find: (wrt: string, steps: number) =>
      rtl(
        `استخراج ${ltr(`dJ/d${wrt}`)} برای ${ltr(`T = ${steps}`)} و ${ltr(`J = J[1] + ... + J[${steps}]`)}؛ ${ltr('psi')} همان ${ltr('tanh')} است و ${ltr('h[0] = 0')}. یک سطر نادرست است: کدام؟`,
      ),
    right: (line: number) => `✓ ${rtl(`سطر ${line} نادرست است`)}`,
    wrong: (line: number, apart: string) =>
      `✗ ${rtl(`سطر ${line} برقرار است: دو طرف آن تنها ${ltr(apart)} برابرِ بزرگ‌ترین درایه فرق دارند`)}`,
    shouldBe: rtl('درست آن:'),
    numbers: (where: string, said: string, truth: string) =>
      rtl(`در عدد، ${where}: می‌گوید ${ltr(said)}، درست ${ltr(truth)} است`),
    at: (t: number | undefined, entry: string) =>
      t === undefined ? `درایهٔ ${ltr(entry)}` : `در ${ltr(`t = ${t}`)} و درایهٔ ${ltr(entry)}`,
    tell: rtl(`شمارهٔ سطر را با ${ltr('--answer N')} بگویید یا با ${ltr('--reveal')} ببینید`),
  },
} as const;

function print({ seed, level, given, wrt, steps, lines, verdict, solution }: Hunt, lang: Language): void {
  const say = words[lang];
  const { style } = out;
  out.line(say.find(wrt, steps));
  out.line(`\n${style.dim(lang === 'fa' ? rtl(say.given) : say.given)}`);
  for (const equation of given) out.line(`      ${equation}`);
  out.line();
  for (const { number, text } of lines) {
    const shown = `${String(number).padStart(4)}  ${text}`;
    out.line(solution?.line === number ? style.red(shown) : shown);
  }
  if (verdict !== null && verdict.answer !== null) {
    const { answer, correct, deviation } = verdict;
    out.line();
    out.line(
      correct ? style.green(say.right(answer)) : style.red(say.wrong(answer, deviation!.toExponential(1))),
    );
  }
  if (solution === null) {
    out.line(`\n${style.dim(`${say.tell}: ${self} hunt --seed ${seed} --level ${level} --answer N`)}`);
    return;
  }
  const { text, right, deviation } = solution;
  const entry = `(${deviation.row + 1}, ${deviation.column + 1})`;
  const [said, truth] = [deviation.said, deviation.truth].map((x) => String(Number(x.toPrecision(6)))) as [
    string,
    string,
  ];
  out.line(`\n${lang === 'fa' ? rtl(text.fa) : text.en}`);
  out.line(`${say.shouldBe}\n      ${right.text}`);
  out.line(say.numbers(say.at(deviation.t, entry), said, truth));
}
