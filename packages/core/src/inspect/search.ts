/**
 * Hidden-state search: where else in a text do the units that are on here come on?
 * Source: Strobelt, Gehrmann, Pfister & Rush 2018, "LSTMVis".
 */
import { ArgumentError, ShapeError } from '../errors.js';

export interface StateSearch {
  /** First step of the selection. */
  readonly from: number;
  /** Step behind the selection's last. */
  readonly to: number;
  /** A unit is on where its activation is at least this. Defaults to 0.3. */
  readonly threshold?: number;
  /** Only units that are off just before and just behind the selection. Defaults to false. */
  readonly tight?: boolean;
  /** Most matches to return. Defaults to 20. */
  readonly limit?: number;
}

export interface StateMatch {
  readonly from: number;
  readonly to: number;
  /** Units of the selection that are on throughout this range, too. */
  readonly shared: readonly number[];
  /** Units that are on throughout this range but not in the selection. */
  readonly extra: number;
}

export interface StateSearchResult {
  /** Units that are on throughout the selection. */
  readonly units: readonly number[];
  /** Ranges of the same length that overlap neither the selection nor each other: most shared units first, then fewest extra. */
  readonly matches: readonly StateMatch[];
}

/**
 * @param states - activations [T, H], row-major, e.g. `recordLayer(...).h` of one sequence
 * @throws ArgumentError for a selection outside the text
 */
export function searchStates(
  states: ArrayLike<number>,
  hidden: number,
  { from, to, threshold = 0.3, tight = false, limit = 20 }: StateSearch,
): StateSearchResult {
  const T = states.length / hidden;
  if (!Number.isInteger(T)) {
    throw new ShapeError(`searchStates: states must be [T, ${hidden}], got ${states.length} entries`);
  }
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= T)) {
    throw new ArgumentError(`searchStates: selection must lie in [0, ${T}), got ${from} to ${to}`);
  }
  const isOn = (t: number, unit: number): boolean =>
    t >= 0 && t < T && states[t * hidden + unit]! >= threshold;
  /** lengths[t][unit]: how many steps in a row the unit is on from t. */
  const runs = new Int32Array((T + 1) * hidden);
  for (let t = T - 1; t >= 0; t -= 1) {
    for (let unit = 0; unit < hidden; unit += 1) {
      runs[t * hidden + unit] = isOn(t, unit) ? runs[(t + 1) * hidden + unit]! + 1 : 0;
    }
  }
  const length = to - from;
  const onThroughout = (start: number): number[] => {
    const units: number[] = [];
    for (let unit = 0; unit < hidden; unit += 1) if (runs[start * hidden + unit]! >= length) units.push(unit);
    return units;
  };
  const units = onThroughout(from).filter((unit) => !tight || (!isOn(from - 1, unit) && !isOn(to, unit)));
  const selected = new Set(units);
  const candidates: StateMatch[] = [];
  for (let start = 0; start + length <= T && selected.size > 0; start += 1) {
    if (start < to && start + length > from) continue;
    const on = onThroughout(start);
    const shared = on.filter((unit) => selected.has(unit));
    if (shared.length > 0)
      candidates.push({ from: start, to: start + length, shared, extra: on.length - shared.length });
  }
  candidates.sort((a, b) => b.shared.length - a.shared.length || a.extra - b.extra || a.from - b.from);
  const matches: StateMatch[] = [];
  for (const candidate of candidates) {
    if (matches.length >= limit) break;
    if (matches.every((match) => candidate.to <= match.from || candidate.from >= match.to))
      matches.push(candidate);
  }
  return { units, matches };
}
