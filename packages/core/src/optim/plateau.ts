/** Reduce the learning rate when a measure no longer improves: PyTorch's ReduceLROnPlateau, as a pure function. */
import { ArgumentError } from '../errors.js';

export interface PlateauOptions {
  /** Whether a smaller or a larger measure is better. Defaults to `'min'`. */
  readonly mode?: 'min' | 'max';
  /** The rate is multiplied by this, in [0, 1). Defaults to 0.1. */
  readonly factor?: number;
  /** Measurements without improvement that are put up with. Defaults to 10. */
  readonly patience?: number;
  /** An improvement is more than this share of the best (1e-4), or with `absolute` more than this. Defaults to 1e-4. */
  readonly threshold?: number;
  /** Compare differences instead of shares. Defaults to false. */
  readonly absolute?: boolean;
  /** Measurements after a reduction that do not count. Defaults to 0. */
  readonly cooldown?: number;
  /** The rate never falls below this. Defaults to 0. */
  readonly minimum?: number;
}

/** Plain data: saved as JSON it resumes exactly. */
export interface PlateauState {
  readonly learningRate: number;
  /** null before the first measurement. */
  readonly best: number | null;
  /** Measurements since the best. */
  readonly bad: number;
  /** Measurements that still do not count. */
  readonly cooling: number;
}

export function plateauStart(learningRate: number): PlateauState {
  return { learningRate, best: null, bad: 0, cooling: 0 };
}

/**
 * The state after one more measurement; `learningRate` is the one to go on with.
 * @throws ArgumentError for options outside their domains, or a measure that is no number
 */
export function plateauNext(
  state: PlateauState,
  measure: number,
  options: PlateauOptions = {},
): PlateauState {
  const { mode = 'min', factor = 0.1, patience = 10, threshold = 1e-4, absolute = false } = options;
  const { cooldown = 0, minimum = 0 } = options;
  const expect = (name: string, value: number, inside: boolean, range: string): void => {
    if (!inside) throw new ArgumentError(`plateau: ${name} must be ${range}, got ${value}`);
  };
  expect('measure', measure, !Number.isNaN(measure), 'a number');
  expect('factor', factor, factor >= 0 && factor < 1, 'in [0, 1)');
  expect('patience', patience, Number.isSafeInteger(patience) && patience >= 0, 'a whole number >= 0');
  expect('cooldown', cooldown, Number.isSafeInteger(cooldown) && cooldown >= 0, 'a whole number >= 0');
  expect('threshold', threshold, threshold >= 0 && threshold < Infinity, 'a number >= 0');
  expect('minimum', minimum, minimum >= 0 && minimum < Infinity, 'a number >= 0');

  const sign = mode === 'min' ? -1 : 1;
  const better = (best: number): boolean => {
    const bar = absolute ? best + sign * threshold : best * (1 + sign * threshold);
    return mode === 'min' ? measure < bar : measure > bar;
  };
  const improved = state.best === null || better(state.best);
  const cooling = Math.max(state.cooling - 1, 0);
  // The measurement that is being cooled off from counts neither way.
  const bad = improved || state.cooling > 0 ? 0 : state.bad + 1;
  const best = improved ? measure : state.best;
  if (bad <= patience) return { learningRate: state.learningRate, best, bad, cooling };
  const learningRate = Math.max(state.learningRate * factor, minimum);
  return { learningRate, best, bad: 0, cooling: cooldown };
}
