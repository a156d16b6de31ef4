/** The page's settings, and the run that they define. */
import type { RunRequest } from '@hw5/core';
import { trainingRows } from '../../examples/rows.js';
import { configOf, dataOf, type ExamplesSource } from '../../examples/source.js';
import { choice, line, number, toggle } from '../../state/rows.js';
import type { Values as ValuesOf } from '../../state/table.js';

export const table = {
  task: choice(
    'data.task',
    'dates',
    ['dates', 'jalali-dates', 'transliteration', 'romanization', 'reverse', 'echo'],
    '--task',
  ),
  attention: choice('model.attention', 'additive', ['additive', 'dot'], '--attention'),
  bidirectional: toggle('model.bi', true, '--bidirectional'),
  ...trainingRows({
    cell: 'gru',
    examples: 8000,
    hidden: 64,
    embed: 32,
    steps: 300,
    evaluateEvery: 50,
    lookEvery: 10,
  }),
  input: line('ask.text', '', 80),
  forced: line('ask.forced', '', 80),
  /** See `edits.ts`. */
  edits: line('ask.edit', '', 200),
  beam: number('ask.beam', 4, { min: 1, max: 16 }),
} as const;

export type Seq2SeqTable = typeof table;
export type Values = ValuesOf<Seq2SeqTable>;

export function requestOf(values: Values, source: ExamplesSource): RunRequest {
  const { attention, bidirectional } = values;
  return {
    task: 'seq2seq',
    data: dataOf(source, values),
    config: { ...configOf(values), attention, bidirectional },
  };
}

/** What can be asked with one press, by task; the first is asked when nothing was typed. */
export const samples: Readonly<Record<Values['task'], readonly string[]>> = {
  dates: ['3 June 1999', 'Thursday, June 3, 1999', '۳ ژوئن ۱۹۹۹', '۱۹۹۹/۰۶/۰۳', '6/3/1999'],
  'jalali-dates': ['۱۳ خرداد ۱۳۷۸', '۱۴۰۳/۰۵/۱۲', '13 Khordad 1378'],
  transliteration: ['sohraab', 'rostam', 'behzaad', 'irandokht', 'zhaale', 'aarezu'],
  romanization: ['سهراب', 'رستم', 'بهزاد', 'ژاله', 'آرزو', 'منوچهر'],
  reverse: ['abcdefgh', 'jihgfedcba', 'aaabbbc', 'abcdefghijabcde'],
  echo: ['abcdefgh', 'jihgfedcba', 'aaabbbc', 'abcdefghijabcde'],
};

/** Lengths that a generated task trains on, where it has one. */
export const trainedLengths: Readonly<Partial<Record<string, readonly [number, number]>>> = {
  reverse: [3, 10],
  echo: [3, 10],
};
