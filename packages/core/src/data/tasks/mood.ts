/**
 * Question 1b: a cat's mood from the weather. y_t depends on today and the last few days and on nothing later, so reading
 * in one direction is enough; with `future` days it is not, and only a bidirectional model can know.
 */
import type { RandomStream } from '../../random.js';
import type { TaggedTokens } from '../examples.js';
import { chance, pick, type Task } from './task.js';

export interface MoodOptions {
  /** Days in a sequence. */
  readonly length: number;
  /** Days before today that matter. */
  readonly past: number;
  /** Days after today that matter. */
  readonly future: number;
}

/** How each weather feels to a cat, in units of sunshine. */
export const comfort: Readonly<Record<string, number>> = {
  sun: 2,
  cloud: 0,
  wind: -1,
  fog: -1,
  snow: -1,
  rain: -2,
  storm: -3,
};

/** Fair days are more frequent, so that all moods are seen. */
const CLIMATE = [
  'sun',
  'sun',
  'sun',
  'sun',
  'cloud',
  'cloud',
  'wind',
  'fog',
  'snow',
  'snow',
  'rain',
  'storm',
];
/** Tomorrow is as today with this probability. */
const STAYS = 0.4;

/** Least score of each mood, for weights that sum to 6. */
const MOODS = [
  [10, 'blissful'],
  [4, 'playful'],
  [-2, 'calm'],
  [-7, 'sleepy'],
  [Number.NEGATIVE_INFINITY, 'grumpy'],
] as const;

export const mood: Task<TaggedTokens, MoodOptions> = {
  name: 'mood',
  kind: 'tag',
  summary: "a cat's mood from the weather of the last days (question 1b)",
  defaults: { length: 30, past: 2, future: 0 },
  example(random, options) {
    const tokens = weatherOf(random, options.length);
    return { tokens, tags: tokens.map((_, t) => moodAt(tokens, t, options)) };
  },
  key: ({ tokens }) => tokens.join(' '),
};

function weatherOf(random: RandomStream, days: number): string[] {
  const weather: string[] = [];
  for (let t = 0; t < days; t += 1) {
    weather.push(t > 0 && chance(random, STAYS) ? weather[t - 1]! : pick(random, CLIMATE));
  }
  return weather;
}

/**
 * score_t = sum_k w_k comfort_{t+k}, where w falls by one per day of distance and is past + 1 (or future + 1, if more)
 * today; days outside the sequence count as cloudy. Snow after a time without is a wonder.
 */
function moodAt(weather: readonly string[], t: number, { past, future }: MoodOptions): string {
  const largest = Math.max(past, future) + 1;
  let score = 0;
  let weights = 0;
  let snowBefore = false;
  for (let k = -past; k <= future; k += 1) {
    const weight = largest - Math.abs(k);
    const day = weather[t + k] ?? 'cloud';
    score += weight * comfort[day]!;
    weights += weight;
    if (k < 0 && day === 'snow') snowBefore = true;
  }
  if (weather[t] === 'snow' && past > 0 && !snowBefore) return 'curious';
  return MOODS.find(([least]) => score * 6 >= least * weights)![1];
}
