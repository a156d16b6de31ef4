/** Sequences of different lengths as one matrix. */

export interface Padded {
  /** [T, B], time-major: entry (t, b) is at t*B + b. */
  readonly ids: Int32Array;
  /** [B] */
  readonly lengths: Int32Array;
  /** T, the longest. */
  readonly time: number;
}

/** Fill each sequence at its end with `fill` up to the longest. */
export function pad(sequences: readonly ArrayLike<number>[], fill: number): Padded {
  const lengths = Int32Array.from(sequences, ({ length }) => length);
  const time = lengths.reduce((a, b) => Math.max(a, b), 0);
  const batch = sequences.length;
  const ids = new Int32Array(time * batch).fill(fill);
  for (const [b, sequence] of sequences.entries()) {
    for (let t = 0; t < sequence.length; t += 1) ids[t * batch + b] = sequence[t]!;
  }
  return { ids, lengths, time };
}

export interface PaddedSteps {
  /** [T, B, I], time-major, zeros behind a row's end. */
  readonly steps: Float64Array;
  /** [B] */
  readonly lengths: Int32Array;
  /** T, the longest. */
  readonly time: number;
}

/** The same for steps of `size` numbers each: series [T, I], row by row. */
export function padSteps(series: readonly Float64Array[], size: number): PaddedSteps {
  const lengths = Int32Array.from(series, ({ length }) => length / size);
  const time = lengths.reduce((a, b) => Math.max(a, b), 1);
  const batch = series.length;
  const steps = new Float64Array(time * batch * size);
  for (const [b, numbers] of series.entries()) {
    for (let t = 0; t < lengths[b]!; t += 1) {
      steps.set(numbers.subarray(t * size, (t + 1) * size), (t * batch + b) * size);
    }
  }
  return { steps, lengths, time };
}
