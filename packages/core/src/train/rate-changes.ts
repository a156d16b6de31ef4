/**
 * Learning rates that take over during a run, as plain data. They are part of what defines the run, whether they were
 * planned or made by hand while it trained: the same config trains to the same bits.
 */

/** From the update that follows `step` done ones on, `learningRate` takes the place of the config's. */
export interface RateChange {
  /** A whole number >= 1. */
  readonly step: number;
  /** > 0 */
  readonly learningRate: number;
}

/** The newest change that holds for the update that follows `step` done ones. */
export function changeAt(changes: readonly RateChange[] | undefined, step: number): RateChange | undefined {
  return changes?.findLast((change) => change.step <= step);
}

/** The changes with one more; those planned for later are forgotten, and one that changes nothing is left out. */
export function withChange(
  rate: number,
  changes: readonly RateChange[] | undefined,
  change: RateChange,
): readonly RateChange[] {
  const earlier = (changes ?? []).filter(({ step }) => step < change.step);
  const before = earlier.at(-1)?.learningRate ?? rate;
  return before === change.learningRate ? earlier : [...earlier, change];
}

/** True for changes in ascending order, each within its domain. */
export function areRateChanges(value: unknown): value is readonly RateChange[] {
  return (
    Array.isArray(value) &&
    value.every((change: Partial<RateChange> | null, index) => {
      const { step = 0, learningRate = 0 } = change ?? {};
      const least = index === 0 ? 1 : ((value[index - 1] as RateChange | null)?.step ?? 0) + 1;
      return Number.isSafeInteger(step) && step >= least && Number.isFinite(learningRate) && learningRate > 0;
    })
  );
}
