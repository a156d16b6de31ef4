/** `hw5 route`: which architecture suits a task, and why not the others. */
import type { Language, Route, Task } from '@hw5/core/homework';
import type { Command } from 'commander';
import { oneOf, wholeNumber } from '../args.js';
import { CliError } from '../errors.js';
import { addExamples, addJson } from '../help.js';
import { isolated } from '../homework/wrap.js';
import { out } from '../terminal.js';

/** The core knows these by their properties; named here so that the help needs no core. */
const known = [
  'sentiment',
  'gender',
  'speech',
  'live-captions',
  'cat-mood',
  'language-model',
  'tagging',
  'frame-labels',
  'anomaly',
  'translation',
  'captioning',
];

interface Options {
  readonly inputs?: Task['inputs'];
  readonly outputs?: Task['outputs'];
  readonly needs?: Task['needs'];
  readonly ahead?: number;
  readonly delay?: Task['delay'];
  readonly feedback?: boolean;
  readonly predictsNext?: boolean;
  readonly long?: boolean;
  readonly lang: Language;
  readonly json?: true;
}

const wholeDelay = wholeNumber('--delay', { max: 5 });

export function define(command: Command): void {
  command
    .argument('[task]', `a known task to begin with: ${known.join(', ')}`, oneOf('task', known))
    .option('--inputs <kind>', 'one or sequence', oneOf('--inputs', ['one', 'sequence']))
    .option(
      '--outputs <kind>',
      'one; each (one for each input); monotone (fewer, in order); free',
      oneOf('--outputs', ['one', 'each', 'monotone', 'free']),
    )
    .option(
      '--needs <range>',
      'what y_t depends on: now (x_t), past (x_1..x_t), ahead (--ahead more), all',
      oneOf('--needs', ['now', 'past', 'ahead', 'all']),
    )
    .option('--ahead <n>', 'steps for --needs ahead', wholeNumber('--ahead', { min: 1, max: 5 }))
    .option('--delay <n|all>', 'later inputs that y_t may wait for', (text) =>
      text === 'all' ? text : wholeDelay(text),
    )
    .option('--feedback', 'outputs depend on the outputs before them')
    .option('--no-feedback')
    .option('--predicts-next', 'the answer at t is x_{t+1}')
    .option('--long', 'hundreds of steps between what belongs together')
    .option('--lang <language>', 'en or fa', oneOf('--lang', ['en', 'fa']), 'en');
  addJson(command, 'task, chosen, alternatives and refused');
  addExamples(command, [
    ['route cat-mood', 'question 1b'],
    ['route --outputs each --needs ahead --ahead 2 --delay 2', 'a task of your own'],
    ['route translation --lang fa', 'in Persian'],
  ]);
  command.action(async (name: string | undefined, options: Options) => {
    const { knownTasks, route } = await import('@hw5/core/homework');
    const { lang, json, ...changes } = options;
    if (name === undefined && Object.keys(changes).length === 0) {
      throw new CliError(
        'USAGE',
        'route: a task must be named or described, got neither',
        'hw5 route --help',
      );
    }
    const begun = knownTasks.find(({ id }) => id === name)?.task ?? plain;
    const found = route({ ...begun, ...changes });
    if (json) out.line(JSON.stringify(found));
    else print(found, lang);
  });
}

/** What is meant where nothing is said. */
const plain: Task = { inputs: 'sequence', outputs: 'one', needs: 'all', delay: 'all', feedback: false };

const words = {
  en: {
    none: 'no architecture that hw5 knows can do this',
    sees: 'what y_t (row) sees of x_s (column)',
    alternatives: 'would do as well, but',
    refused: 'refused',
  },
  fa: {
    none: 'هیچ‌یک از معماری‌هایی که hw5 می‌شناسد از پس این کار برنمی‌آید',
    sees: 'آنچه y_t (سطر) از x_s (ستون) می‌بیند',
    alternatives: 'این‌ها هم می‌توانند، اما',
    refused: 'ردشده‌ها',
  },
} as const;

function print({ chosen, alternatives, refused }: Route, lang: Language): void {
  const say = words[lang];
  const { style } = out;
  const said = (text: { readonly en: string; readonly fa: string }): string => isolated(text[lang], lang);
  if (chosen === null) out.line(style.red(isolated(say.none, lang)));
  else {
    out.line(style.bold(style.green(said(chosen.name))));
    for (const reason of chosen.reasons) out.line(`  ${said(reason)}`);
    out.line(`\n  ${style.dim(isolated(say.sees, lang))}`);
    for (const row of chosen.sees) out.line(`    ${row.map((seen) => (seen ? '■' : '·')).join(' ')}`);
  }
  for (const [title, list] of [
    [say.alternatives, alternatives],
    [say.refused, refused],
  ] as const) {
    if (list.length === 0) continue;
    out.line(`\n${style.dim(isolated(title, lang))}`);
    for (const { name, reasons } of list) out.line(`  ${style.bold(said(name))}\n    ${said(reasons[0]!)}`);
  }
}
