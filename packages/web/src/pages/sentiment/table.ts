/** The page's settings, and the run that they define. */
import type { RunRequest } from '@hw5/core';
import { trainingRows } from '../../examples/rows.js';
import { configOf, dataOf, type ExamplesSource } from '../../examples/source.js';
import { choice, line, toggle } from '../../state/rows.js';
import type { Values as ValuesOf } from '../../state/table.js';

export const table = {
  task: choice('data.task', 'sentiment', ['sentiment'], '--task'),
  pooling: choice('model.pooling', 'attention', ['last', 'mean', 'max', 'attention'], '--pooling'),
  bidirectional: toggle('model.bi', false, '--bidirectional'),
  ...trainingRows({
    cell: 'lstm',
    examples: 4000,
    hidden: 32,
    embed: 16,
    steps: 400,
    evaluateEvery: 50,
    lookEvery: 10,
  }),
  input: line('ask.text', '', 300),
} as const;

export type SentimentTable = typeof table;
export type Values = ValuesOf<SentimentTable>;

export function requestOf(values: Values, source: ExamplesSource): RunRequest {
  const { pooling, bidirectional } = values;
  return {
    task: 'classify',
    data: dataOf(source, values),
    config: { ...configOf(values), pooling, bidirectional },
  };
}

/** Sentences to ask about; the first is asked when nothing was typed. */
export const samples = [
  'the film was not bad, but the ending was slow',
  'although the hotel was noisy, our room was lovely',
  'غذا عالی بود، اما خدمات خیلی کند بود',
  'با اینکه فیلم خسته‌کننده بود، پایان فیلم بد نبود',
] as const;

/** Sentences that differ in one thing each, and what they say by the rule that made the examples. */
export interface Pair {
  readonly id: 'negation' | 'contrast' | 'order' | 'degree' | 'double';
  readonly language: 'en' | 'fa';
  readonly sentences: readonly (readonly [text: string, label: 'positive' | 'negative'])[];
}

export const pairs: readonly Pair[] = [
  {
    id: 'negation',
    language: 'en',
    sentences: [
      ['the film was good', 'positive'],
      ['the film was not good', 'negative'],
    ],
  },
  {
    id: 'negation',
    language: 'fa',
    sentences: [
      ['فیلم خوب بود', 'positive'],
      ['فیلم خوب نبود', 'negative'],
    ],
  },
  {
    id: 'contrast',
    language: 'en',
    sentences: [
      ['the food was fresh, but the service was slow', 'negative'],
      ['although the food was fresh, the service was slow', 'negative'],
    ],
  },
  {
    id: 'contrast',
    language: 'fa',
    sentences: [
      ['غذا تازه بود، اما خدمات کند بود', 'negative'],
      ['با اینکه غذا تازه بود، خدمات کند بود', 'negative'],
    ],
  },
  {
    id: 'order',
    language: 'en',
    sentences: [
      ['the hotel was cold, but the music was great', 'positive'],
      ['the music was great, but the hotel was cold', 'negative'],
    ],
  },
  {
    id: 'order',
    language: 'fa',
    sentences: [
      ['هتل سرد بود، ولی موسیقی عالی بود', 'positive'],
      ['موسیقی عالی بود، ولی هتل سرد بود', 'negative'],
    ],
  },
  {
    id: 'degree',
    language: 'en',
    sentences: [
      ['this book was dull', 'negative'],
      ['this book was very dull', 'negative'],
    ],
  },
  {
    id: 'degree',
    language: 'fa',
    sentences: [
      ['این کتاب کسالت‌آور بود', 'negative'],
      ['این کتاب خیلی کسالت‌آور بود', 'negative'],
    ],
  },
  {
    id: 'double',
    language: 'en',
    sentences: [
      ['the story was not boring', 'positive'],
      ['the story was not boring, but the ending was not good', 'negative'],
    ],
  },
  {
    id: 'double',
    language: 'fa',
    sentences: [
      ['داستان خسته‌کننده نبود', 'positive'],
      ['داستان خسته‌کننده نبود، اما پایان فیلم خوب نبود', 'negative'],
    ],
  },
];
