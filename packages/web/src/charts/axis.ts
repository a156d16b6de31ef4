/** Positions and ticks of an axis. Pure arithmetic. */

export interface Axis {
  /** Position of a value, px. */
  readonly at: (value: number) => number;
  /** The value at a position. */
  readonly value: (at: number) => number;
  readonly ticks: readonly number[];
}

/** Round numbers (1, 2, 5 times a power of ten) inside [from, to], about `count` of them. */
export function linearTicks(from: number, to: number, count: number): number[] {
  const span = to - from;
  if (!(span > 0) || !Number.isFinite(span)) return Number.isFinite(from) ? [from] : [];
  const raw = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= raw * (1 - 1e-9)) ?? 10) * power;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  // Multiplied, not added up: 0.1 + 0.2 would be a tick of 0.30000000000000004.
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

/** Powers of ten inside [from, to], thinned to about `count`. */
export function logTicks(from: number, to: number, count: number): number[] {
  const first = Math.ceil(Math.log10(from) - 1e-9);
  const last = Math.floor(Math.log10(to) + 1e-9);
  const every = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, count)));
  const ticks: number[] = [];
  for (let power = first; power <= last; power += every) ticks.push(Number(`1e${power}`));
  return ticks;
}

/** An axis from `domain` (values) to `range` (px). */
export function axis(
  kind: 'linear' | 'log',
  domain: readonly [number, number],
  range: readonly [number, number],
  ticks: number,
): Axis {
  const [low, high] = domain;
  const [start, end] = range;
  if (kind === 'log') {
    const span = Math.log(high / low) || 1;
    return {
      at: (value) => start + (Math.log(value / low) / span) * (end - start),
      value: (at) => low * Math.exp(((at - start) / (end - start)) * span),
      ticks: logTicks(low, high, ticks),
    };
  }
  const span = high - low || 1;
  return {
    at: (value) => start + ((value - low) / span) * (end - start),
    value: (at) => low + ((at - start) / (end - start)) * span,
    ticks: linearTicks(low, high, ticks),
  };
}

/** The smallest interval that holds all finite values, widened by `margin` of itself; [0, 1] when there are none. */
export function extent(values: Iterable<number>, margin = 0): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  const room = (high - low) * margin || (low === high ? Math.abs(low) * 0.1 || 1 : 0);
  return [low - room, high + room];
}
