/** The page's settings, and the two runs that they define: one reads forwards, the other in both directions. */
import type { RunRequest } from '@hw5/core';
import { trainingRows } from '../../examples/rows.js';
import { configOf, dataOf, type ExamplesSource } from '../../examples/source.js';
import { choice, line } from '../../state/rows.js';
import type { Values as ValuesOf } from '../../state/table.js';

export const table = {
  task: choice('data.task', 'part-of-speech', ['part-of-speech', 'mood', 'copy'], '--task'),
  ...trainingRows({
    cell: 'lstm',
    examples: 4000,
    hidden: 24,
    embed: 16,
    steps: 250,
    evaluateEvery: 25,
    lookEvery: 10,
  }),
  input: line('ask.text', '', 300),
} as const;

export type TaggingTable = typeof table;
export type Values = ValuesOf<TaggingTable>;

export type Reader = 'one' | 'both';

export function requestOf(reader: Reader, values: Values, source: ExamplesSource): RunRequest {
  return {
    task: 'tag',
    data: dataOf(source, values),
    config: { ...configOf(values), bidirectional: reader === 'both' },
  };
}

/** Sentences to ask about, by task; the first is asked when nothing was typed. Pairs differ in what follows a word. */
export const samples: Readonly<Record<Values['task'], readonly string[]>> = {
  'part-of-speech': [
    'she saw her book .',
    'she saw her .',
    'the light lamp saw her .',
    'the light saw her .',
    'این در بسته بود .',
    'مرد در باغ مرد .',
    'این کتاب را دید .',
    'این را دید .',
  ],
  mood: ['sun sun rain storm sun cloud fog rain sun sun', 'rain rain sun sun sun wind snow storm rain sun'],
  copy: ['a b c d e _ _ _ _ _ _ _ _ _ > _ _ _ _ _'],
};
