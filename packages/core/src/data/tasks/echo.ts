/** Strings written again: the decoder looks at the same place of its input, so the alignment is a straight diagonal. */
import type { TextPair } from '../examples.js';
import { type ReverseOptions, reverse } from './reverse.js';
import type { Task } from './task.js';

export const echo: Task<TextPair, ReverseOptions> = {
  ...reverse,
  name: 'echo',
  summary: 'a string written again',
  example(random, options) {
    const { source } = reverse.example(random, options);
    return { source, target: source };
  },
};
