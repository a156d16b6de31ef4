/** What is to be seen in two taggers' answers to the same tokens. */
import type { Prediction } from '@hw5/core';

export type TagRow = readonly (readonly [tag: string, probability: number])[];

/** How sure a tagger is of what it says at each token. */
export function confidences({ tagProbabilities = [] }: Prediction): readonly number[] {
  return tagProbabilities.map((row) => Math.max(...row.map(([, probability]) => probability)));
}

/** 1/2 sum |p - q|: 0 for the same distribution, 1 for ones that share nothing. */
export function apart(p: TagRow, q: TagRow): number {
  const other = new Map(q);
  return p.reduce((sum, [tag, probability]) => sum + Math.abs(probability - (other.get(tag) ?? 0)), 0) / 2;
}

/** The token where the two taggers differ most: there the right context speaks. */
export function mostApart(one: Prediction, both: Prediction): number {
  const distances = (one.tagProbabilities ?? []).map((row, at) =>
    apart(row, both.tagProbabilities?.[at] ?? []),
  );
  return distances.length === 0 ? 0 : distances.indexOf(Math.max(...distances));
}
