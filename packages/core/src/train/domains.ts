/** Settings with their domains: filled with defaults, checked, and refused by name. */
import { ArgumentError } from '../errors.js';
import { plateauNext, plateauStart } from '../optim/plateau.js';
import { learningRate } from '../optim/schedule.js';
import { type OptimizerName, optimizerNames, usualRates } from './optimizers.js';
import { areRateChanges } from './rate-changes.js';
import type { RunSchedule, TrainingConfig } from './run.js';

/** What a setting must be, in words and as a test. */
export type Domain = readonly [what: string, holds: (value: unknown) => boolean];
export type Domains<C> = { readonly [K in keyof C]-?: Domain };

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

export const whole = (low: number, high: number): Domain => [
  `a whole number in [${low}, ${high}]`,
  (v) => isCount(v) && v >= low && v <= high,
];
export const real = (what: string, holds: (value: number) => boolean): Domain => [
  what,
  (v) => typeof v === 'number' && Number.isFinite(v) && holds(v),
];
export const oneOf = (...words: readonly string[]): Domain => [
  `'${words.join("', '")}'`.replace(/, (?='[^']*'$)/, ' or '),
  (v) => words.includes(v as string),
];
export const boolean: Domain = ['true or false', (v) => typeof v === 'boolean'];

export const size: Domain = whole(1, 65536);
export const layers: Domain = whole(1, 64);
export const probability: Domain = real('in [0, 1)', (v) => v >= 0 && v < 1);
export const half: Domain = real('in [0, 0.5]', (v) => v >= 0 && v <= 0.5);

/** Left out, or one that `learningRate` accepts. */
function isSchedule(value: unknown): boolean {
  try {
    const schedule = value as RunSchedule | undefined;
    if (schedule?.kind === 'plateau') return plateauNext(plateauStart(1), 0, schedule).learningRate === 1;
    return schedule === undefined || learningRate(schedule, 1, 0) >= 0;
  } catch {
    return false;
  }
}

/** Of how every run learns. */
export const learningDefaults = {
  optimizer: 'adam',
  momentum: 0.9,
  weightDecay: 0,
  labelSmoothing: 0,
} as const;

/** Of the settings that every run has. */
export const trainingDomains: Domains<TrainingConfig> = {
  batchSize: size,
  optimizer: oneOf(...optimizerNames),
  momentum: real('in (0, 1)', (v) => v > 0 && v < 1),
  weightDecay: real('a number >= 0', (v) => v >= 0),
  labelSmoothing: probability,
  learningRate: real('a number > 0', (v) => v > 0),
  rateChanges: [
    'steps >= 1, ascending, with a learningRate > 0 each',
    (v) => v === undefined || areRateChanges(v),
  ],
  schedule: ['a schedule of optim', isSchedule],
  clipNorm: real('a number >= 0', (v) => v >= 0),
  evaluateEvery: ['a whole number >= 0', isCount],
  workers: layers,
  seed: ['a whole number in [0, 2^53)', isCount],
};

/**
 * Fill in defaults and check every value.
 * @throws ArgumentError naming the first setting outside its domain, or unknown
 */
export function resolve<C extends TrainingConfig>(domains: Domains<C>, defaults: C, given: Partial<C>): C {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(domains, name)) {
      throw new ArgumentError(
        `config: settings must be among ${Object.keys(domains).join(', ')}, got ${JSON.stringify(name)}`,
      );
    }
  }
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  const rate = given.optimizer === undefined ? undefined : usualRates[given.optimizer as OptimizerName];
  const usual = rate === undefined ? {} : { learningRate: rate };
  const config: C = { ...defaults, ...usual, ...Object.fromEntries(set) };
  for (const name of Object.keys(domains) as (keyof C & string)[]) {
    const [what, holds] = domains[name];
    if (!holds(config[name])) {
      throw new ArgumentError(`config: ${name} must be ${what}, got ${String(config[name])}`, {
        setting: name,
      });
    }
  }
  if (config.workers > config.batchSize) {
    throw new ArgumentError(
      `config: workers must be at most batchSize (${config.batchSize}), got ${config.workers}`,
      { setting: 'workers' },
    );
  }
  return config;
}
