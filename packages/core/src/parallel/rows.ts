/** How a batch is divided. */

/** Consecutive rows of a batch. */
export interface Rows {
  readonly start: number;
  readonly count: number;
}

/** The rows of a batch of `batch` that belong to `rank`: as even as can be, the first ranks have one more. */
export function rowsOf(rank: number, ranks: number, batch: number): Rows {
  const least = Math.floor(batch / ranks);
  const longer = batch % ranks;
  return { start: rank * least + Math.min(rank, longer), count: least + (rank < longer ? 1 : 0) };
}
