/** Parity: is the number of ones odd? One wrong bit anywhere turns the answer, so a state must carry it all the way. */
import type { LabelledText } from '../examples.js';
import { between, type Task } from './task.js';

export interface ParityOptions {
  readonly minLength: number;
  readonly maxLength: number;
}

export const parity: Task<LabelledText, ParityOptions> = {
  name: 'parity',
  kind: 'classify',
  summary: 'is the number of ones odd or even?',
  defaults: { minLength: 4, maxLength: 16 },
  example(random, { minLength, maxLength }) {
    const bits = Array.from({ length: between(random, minLength, maxLength) }, () => random.integer(2));
    const ones = bits.reduce((sum, bit) => sum + bit, 0);
    return { text: bits.join(''), label: ones % 2 === 1 ? 'odd' : 'even' };
  },
  key: ({ text }) => text,
};
