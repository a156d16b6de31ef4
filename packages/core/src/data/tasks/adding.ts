/**
 * The adding problem (Hochreiter & Schmidhuber 1997): numbers in [0, 1) beside a marker that is 1 at two places, one in
 * each half; the answer at the end is the sum of the two marked numbers. Always answering 1 gives a mean squared error
 * of 1/6.
 */
import { ArgumentError } from '../../errors.js';
import type { SeriesPair } from '../examples.js';
import type { Task } from './task.js';

export interface AddingOptions {
  /** T, at least 2. */
  readonly length: number;
}

export const adding: Task<SeriesPair, AddingOptions> = {
  name: 'adding',
  kind: 'regress',
  summary: 'the sum of two marked numbers in a long row',
  defaults: { length: 50 },
  example(random, { length }) {
    if (!(Number.isSafeInteger(length) && length >= 2)) {
      throw new ArgumentError(`adding: length must be a whole number >= 2, got ${length}`);
    }
    const half = Math.floor(length / 2);
    const marked = [random.integer(half), half + random.integer(length - half)];
    const inputs = new Float64Array(length * 2);
    for (let t = 0; t < length; t += 1) inputs[2 * t] = random.uniform();
    let sum = 0;
    for (const t of marked) {
      inputs[2 * t + 1] = 1;
      sum += inputs[2 * t]!;
    }
    return { inputs, inputSize: 2, targets: Float64Array.of(sum), targetSize: 1 };
  },
};
