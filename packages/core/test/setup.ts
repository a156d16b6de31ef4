/** `toBeAllclose`: every entry within rtol of the largest expected entry, plus atol. */
import { expect } from 'vitest';
import { Tensor } from '../src/tensor.js';

export interface Tolerance {
  /** Relative to the largest entry of the expected values. Defaults to 1e-5. */
  readonly rtol?: number;
  /** Defaults to 0. */
  readonly atol?: number;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: vitest declares the type parameter this way
  interface Matchers<T = any> {
    toBeAllclose(expected: ArrayLike<number>, tolerance?: Tolerance): T;
  }
}

expect.extend({
  toBeAllclose(received: ArrayLike<number> | Tensor, expected: ArrayLike<number>, tolerance: Tolerance = {}) {
    const { rtol = 1e-5, atol = 0 } = tolerance;
    const actual = received instanceof Tensor ? received.data : received;
    let largest = 0;
    for (let i = 0; i < expected.length; i += 1) largest = Math.max(largest, Math.abs(expected[i]!));
    const bound = atol + rtol * largest;
    let worst = 0;
    let at = -1;
    for (let i = 0; i < expected.length; i += 1) {
      const error = Math.abs(actual[i]! - expected[i]!);
      // NaN must fail, so the comparison is written the other way round.
      if (!(error <= worst)) {
        worst = error;
        at = i;
      }
    }
    const pass = actual.length === expected.length && worst <= bound;
    return {
      pass,
      message: () =>
        actual.length === expected.length
          ? `entry ${at}: ${actual[at]} must be within ${bound} of ${expected[at]}, off by ${worst}`
          : `length ${actual.length} must be ${expected.length}`,
    };
  },
});
