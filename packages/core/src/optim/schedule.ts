/**
 * Learning rates over time, as plain data: a schedule is JSON, and the rate of a step is a pure function of the step
 * count, so a resumed run goes on exactly. Only + - * / are used, which every engine rounds alike.
 */
import { ArgumentError } from '../errors.js';

export type Schedule =
  | { readonly kind: 'constant' }
  /** rate * factor^floor(step / every): PyTorch's StepLR. */
  | { readonly kind: 'step'; readonly every: number; readonly factor: number }
  /** From rate to rate * final (default 0) along half a cosine over `steps`, then constant: CosineAnnealingLR. */
  | { readonly kind: 'cosine'; readonly steps: number; readonly final?: number }
  /** From rate * start (default 0) in a straight line to rate over `steps`, then as `next` says, from its start. */
  | { readonly kind: 'warmup'; readonly steps: number; readonly start?: number; readonly next: Schedule };

/**
 * The learning rate of the update that follows `step` done ones.
 * @param rate - the rate that the schedule is about, > 0
 * @throws ArgumentError for a schedule outside its domain
 */
export function learningRate(schedule: Schedule, rate: number, step: number): number {
  if (!Number.isSafeInteger(step) || step < 0) {
    throw new ArgumentError(`schedule: step must be a whole number >= 0, got ${step}`);
  }
  return rate * factorAt(schedule, step);
}

function factorAt(schedule: Schedule, step: number): number {
  switch (schedule.kind) {
    case 'constant':
      return 1;
    case 'step': {
      const { every, factor } = schedule;
      expectSteps('step: every', every);
      expectFactor('step: factor', factor);
      return power(factor, Math.floor(step / every));
    }
    case 'cosine': {
      const { steps, final = 0 } = schedule;
      expectSteps('cosine: steps', steps);
      expectFactor('cosine: final', final);
      return final + (1 - final) * 0.5 * (1 + cosPi(Math.min(step / steps, 1)));
    }
    case 'warmup': {
      const { steps, start = 0, next } = schedule;
      expectSteps('warmup: steps', steps);
      expectFactor('warmup: start', start);
      if (step >= steps) return factorAt(next, step - steps);
      factorAt(next, 0); // refuses a bad continuation at once
      return start + (1 - start) * (step / steps);
    }
    default:
      schedule satisfies never;
      throw new ArgumentError(
        `schedule: kind must be constant, step, cosine or warmup, got ${String((schedule as Schedule).kind)}`,
      );
  }
}

/**
 * cos(pi x) for x in [0, 1], within 3e-16: Taylor polynomials on [0, 1/4], where their first term left out is below
 * 1e-17, and the rest of the range by symmetry. Engines do not agree on the last bit of `Math.cos`.
 */
function cosPi(x: number): number {
  if (x > 0.5) return -cosPi(1 - x);
  const angle = Math.PI * (x <= 0.25 ? x : 0.5 - x);
  const square = angle * angle;
  // cos a = 1 - a^2/2 (1 - a^2/12 (1 - ...)), sin a = a (1 - a^2/6 (1 - a^2/20 (1 - ...)))
  const first = x <= 0.25 ? 1 : 2;
  let sum = 1;
  for (let n = first + 14; n >= first; n -= 2) sum = 1 - (square / (n * (n + 1))) * sum;
  return x <= 0.25 ? sum : angle * sum;
}

/** base^exponent by repeated squaring. */
function power(base: number, exponent: number): number {
  let [result, square] = [1, base];
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

function expectSteps(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new ArgumentError(`schedule: ${name} must be a whole number >= 1, got ${value}`);
}

function expectFactor(name: string, value: number): void {
  if (value >= 0 && value < Infinity) return;
  throw new ArgumentError(`schedule: ${name} must be a number >= 0, got ${value}`);
}
