/** Reversed strings: the smallest task in which a decoder must look at one place of its input at a time. */
import type { TextPair } from '../examples.js';
import { between, pick, type Task } from './task.js';

export interface ReverseOptions {
  readonly minLength: number;
  readonly maxLength: number;
  readonly alphabet: string;
}

export const reverse: Task<TextPair, ReverseOptions> = {
  name: 'reverse',
  kind: 'seq2seq',
  summary: 'a string written backwards',
  defaults: { minLength: 3, maxLength: 10, alphabet: 'abcdefghij' },
  example(random, { minLength, maxLength, alphabet }) {
    const characters = [...alphabet];
    const source = Array.from({ length: between(random, minLength, maxLength) }, () =>
      pick(random, characters),
    );
    return { source: source.join(''), target: source.toReversed().join('') };
  },
  key: ({ source }) => source,
};
