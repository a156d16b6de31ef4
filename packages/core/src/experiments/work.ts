/** Work that is made of parts. */
import type { Work } from './experiment.js';

/** `work` as part number `at` (from 0) of `of` equal ones. */
export function* part<T>(work: Work<T>, at: number, of: number): Work<T> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    yield (at + step.value) / of;
  }
}
