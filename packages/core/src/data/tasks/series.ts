/**
 * Series to predict one step ahead: target_t = x_{t+1}. Only + - * / are used, so that every engine makes the same bits.
 */
import type { SeriesPair } from '../examples.js';
import type { Task } from './task.js';

export interface SineOptions {
  /** T */
  readonly length: number;
  /** Standard deviation of the noise on inputs and targets. */
  readonly noise: number;
}

/** A sine of random frequency and phase. x_{t+1} = 2 cos(w) x_t - x_{t-1}: two values determine the rest. */
export const sine: Task<SeriesPair, SineOptions> = {
  name: 'sine',
  kind: 'regress',
  summary: 'the next value of a sine of unknown frequency',
  defaults: { length: 50, noise: 0 },
  example(random, { length, noise }) {
    const frequency = 0.1 + 0.4 * random.uniform();
    const phase = 6.283185307179586 * random.uniform();
    const values = new Float64Array(length + 1);
    const twice = 2 * cosine(frequency);
    let [before, now] = [sineOf(phase - frequency), sineOf(phase)];
    for (let t = 0; t <= length; t += 1) {
      // Twelve uniforms have variance 1 together, and need no logarithm.
      let sum = -6;
      if (noise > 0) for (let i = 0; i < 12; i += 1) sum += random.uniform();
      values[t] = noise > 0 ? now + noise * sum : now;
      [before, now] = [now, twice * now - before];
    }
    return nextStep(values);
  },
};

export interface MackeyGlassOptions {
  /** T */
  readonly length: number;
  /** Delay; chaotic from about 17. */
  readonly tau: number;
}

/** Integration step, and steps per sample. */
const STEP = 0.1;
const STEPS_PER_SAMPLE = 10;
/** Samples that are thrown away at the start, for the trajectory to reach the attractor. */
const WARM_UP = 100;

/**
 * Mackey & Glass 1977: dx/dt = 0.2 x(t-tau) / (1 + x(t-tau)^10) - 0.1 x(t), from a random constant past, integrated by the
 * midpoint rule and sampled once per unit of time.
 */
export const mackeyGlass: Task<SeriesPair, MackeyGlassOptions> = {
  name: 'mackey-glass',
  kind: 'regress',
  summary: 'the next value of a chaotic series with delay',
  defaults: { length: 100, tau: 17 },
  example(random, { length, tau }) {
    const lag = Math.round(tau / STEP);
    const past = 0.5 + random.uniform();
    const steps = (WARM_UP + length) * STEPS_PER_SAMPLE;
    const x = new Float64Array(lag + steps + 1).fill(past, 0, lag + 1);
    for (let n = lag; n < lag + steps; n += 1) {
      const delayed = growth(x[n - lag]!);
      const middle = x[n]! + (STEP / 2) * (delayed - 0.1 * x[n]!);
      const delayedMiddle = growth((x[n - lag]! + x[n - lag + 1]!) / 2);
      x[n + 1] = x[n]! + STEP * (delayedMiddle - 0.1 * middle);
    }
    return nextStep(
      Float64Array.from({ length: length + 1 }, (_, t) => x[lag + (WARM_UP + t) * STEPS_PER_SAMPLE]!),
    );
  },
};

/** 0.2 x / (1 + x^10) */
function growth(x: number): number {
  const x2 = x * x;
  const x4 = x2 * x2;
  return (0.2 * x) / (1 + x4 * x4 * x2);
}

function nextStep(values: Float64Array): SeriesPair {
  return { inputs: values.slice(0, -1), inputSize: 1, targets: values.slice(1), targetSize: 1 };
}

/** sin by its series, for |x| up to 2 pi: engines' own differ in the last bit. */
function sineOf(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 1; k <= 15; k += 1) {
    term *= (-x * x) / (2 * k * (2 * k + 1));
    sum += term;
  }
  return sum;
}

/** cos x = 1 - 2 sin^2(x/2) */
function cosine(x: number): number {
  const half = sineOf(x / 2);
  return 1 - 2 * half * half;
}
