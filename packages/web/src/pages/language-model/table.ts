/** The settings of the page about language models: corpus, line, caret, how tokens are chosen, and the model. */
import type { CharLMConfig } from '@hw5/core';
import { choice, line, number } from '../../state/rows.js';
import type { Values as ValuesOf } from '../../state/table.js';
import { MOST_FUTURES } from './futures.js';

/** Longest line, characters. */
export const LONGEST = 120;

export const table = {
  corpus: choice('corpus', 'auto', ['auto', 'en', 'fa']),
  text: line('text', '', LONGEST),
  futures: line('futures', '', MOST_FUTURES * (LONGEST + 1)),
  caret: number('at', 12, { min: 0, max: LONGEST }),
  temperature: number('temperature', 1, { min: 0, max: 10, whole: false }),
  topK: number('topk', 0, { min: 0, max: 1000 }),
  topP: number('topp', 1, { min: 0.001, max: 1, whole: false }),
  sampleSeed: number('sample.seed', 0, { min: 0, max: Number.MAX_SAFE_INTEGER }),
  context: number('context', 4, { min: 0, max: 12 }),
  index: choice('index', 'y', ['y', 'x']),
  hidden: number('hidden', 64, { min: 1, max: 512, flag: '--hidden' }),
  steps: number('steps', 250, { min: 10, max: 5000, flag: '--steps' }),
  seed: number('seed', 0, { min: 0, max: Number.MAX_SAFE_INTEGER, flag: '--seed' }),
} as const;

export type LanguageModelTable = typeof table;
export type Values = ValuesOf<LanguageModelTable>;

/** What is the same for every model of this page: small enough to train in seconds. */
export const fixed = {
  cell: 'lstm',
  embeddingSize: 24,
  batchSize: 16,
  sequenceLength: 32,
  learningRate: 0.01,
  evaluateEvery: 0,
} as const satisfies Partial<CharLMConfig>;

export function modelConfig({ hidden, seed }: Pick<Values, 'hidden' | 'seed'>): Partial<CharLMConfig> {
  return { ...fixed, hiddenSize: hidden, seed };
}
