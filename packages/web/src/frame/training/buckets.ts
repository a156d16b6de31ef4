/** A loss curve thinned to so many points. */
import type { Columns } from './history.js';

/** One stretch of steps: its last step, the mean training loss over it, and its newest validation loss. */
export interface Bucket {
  readonly from: number;
  readonly to: number;
  readonly loss: number;
  readonly validation: number | null;
}

/**
 * At most `most` buckets of equally many steps. The last one holds what is left and may be shorter.
 * A validation loss is never averaged: each bucket keeps the newest that was measured in it.
 */
export function buckets(columns: Columns, most: number): readonly Bucket[] {
  const count = columns.step.length;
  const size = Math.max(1, Math.ceil(count / most));
  const result: Bucket[] = [];
  for (let start = 0; start < count; start += size) {
    const end = Math.min(start + size, count);
    let sum = 0;
    let validation: number | null = null;
    for (let at = start; at < end; at += 1) {
      sum += columns.loss[at] as number;
      const measured = columns.validation[at] as number;
      if (!Number.isNaN(measured)) validation = measured;
    }
    result.push({
      from: columns.step[start] as number,
      to: columns.step[end - 1] as number,
      loss: sum / (end - start),
      validation,
    });
  }
  return result;
}
