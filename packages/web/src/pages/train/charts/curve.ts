/** A loss curve thinned to what a screen can show. Pure functions of the reported columns. */
import { buckets } from '../../../frame/training/buckets.js';
import type { Columns } from '../../../frame/training/history.js';

/** Aligned series for the plot: steps, training loss, validation loss, and guessing's loss at both ends. */
export type Series = [number[], (number | null)[], (number | null)[], (number | null)[]];

/**
 * The curve of `columns` with at most `most` points.
 *
 * @param chance loss of guessing among all characters, ln V; `undefined` before the vocabulary is known
 * @param lastStep where the x axis ends, so that the curve grows into the plot
 */
export function lossSeries(
  columns: Columns,
  most: number,
  chance: number | undefined,
  lastStep: number,
): Series {
  const points = buckets(columns, most);
  const x = points.map((point) => point.to);
  const loss: (number | null)[] = points.map((point) => point.loss);
  const validation: (number | null)[] = points.map((point) => point.validation);
  // The dashed line runs over the whole axis, also where nothing is trained yet.
  if (x[0] !== 0) {
    x.unshift(0);
    loss.unshift(null);
    validation.unshift(null);
  }
  if ((x.at(-1) as number) < lastStep) {
    x.push(lastStep);
    loss.push(null);
    validation.push(null);
  }
  return [x, loss, validation, x.map(() => chance ?? null)];
}

/** The y axis: from 0 to just above the largest of guessing and everything finite that was measured. */
export function lossRange(series: Series): [number, number] {
  let top = 0;
  for (const column of [series[1], series[2], series[3]]) {
    for (const value of column) if (value !== null && Number.isFinite(value) && value > top) top = value;
  }
  return [0, top === 0 ? 1 : top * 1.06];
}
