/** Numbers with mean 0 and deviation 1: what a network learns from, whatever units its data has. */

/** Of each of the N numbers of a step, over the training part. Plain JSON, kept in checkpoints. */
export interface Standardization {
  /** [N] */
  readonly mean: readonly number[];
  /** [N], > 0: 1 for a number that never changes. */
  readonly deviation: readonly number[];
}

/** @param series - rows of `size` numbers each, one after the other */
export function standardizationOf(series: readonly Float64Array[], size: number): Standardization {
  const steps = series.reduce((sum, { length }) => sum + length, 0) / size;
  const meanOf = (of: (value: number, column: number) => number): number[] => {
    const sums = new Array<number>(size).fill(0);
    for (const numbers of series) {
      for (const [i, value] of numbers.entries()) sums[i % size]! += of(value, i % size);
    }
    return sums.map((sum) => sum / steps);
  };
  const mean = meanOf((value) => value);
  const variance = meanOf((value, column) => (value - mean[column]!) ** 2);
  return { mean, deviation: variance.map((square) => Math.sqrt(square) || 1) };
}

/** (value - mean) / deviation. As they are where `by` is left out. */
export function standardized(numbers: Float64Array, by: Standardization | undefined): Float64Array {
  if (by === undefined) return numbers;
  const { mean, deviation } = by;
  return numbers.map((value, i) => (value - mean[i % mean.length]!) / deviation[i % mean.length]!);
}

/** value * deviation + mean: back in the data's units. */
export function restored(numbers: ArrayLike<number>, by: Standardization | undefined): number[] {
  if (by === undefined) return Array.from(numbers);
  const { mean, deviation } = by;
  return Array.from(numbers, (value, i) => value * deviation[i % mean.length]! + mean[i % mean.length]!);
}
