/** Defaults and domains of a character-model run. */
import { ArgumentError } from '../errors.js';
import type { CharLMConfig } from '../session/protocol.js';

export const charLMDefaults: CharLMConfig = {
  cell: 'lstm',
  embeddingSize: 64,
  hiddenSize: 256,
  numLayers: 1,
  dropout: 0,
  batchSize: 32,
  sequenceLength: 64,
  batching: 'stream',
  learningRate: 0.002,
  clipNorm: 1,
  validationFraction: 0.1,
  evaluateEvery: 100,
  workers: 1,
  seed: 0,
};

/** What each setting must be, in words and as a test. */
const domains: {
  readonly [K in keyof CharLMConfig]: readonly [what: string, holds: (value: unknown) => boolean];
} = {
  cell: ["'rnn', 'gru' or 'lstm'", (v) => v === 'rnn' || v === 'gru' || v === 'lstm'],
  embeddingSize: ['a whole number in [1, 65536]', (v) => isWhole(v, 1, 65536)],
  hiddenSize: ['a whole number in [1, 65536]', (v) => isWhole(v, 1, 65536)],
  numLayers: ['a whole number in [1, 64]', (v) => isWhole(v, 1, 64)],
  dropout: ['in [0, 1)', (v) => isReal(v) && v >= 0 && v < 1],
  batchSize: ['a whole number in [1, 65536]', (v) => isWhole(v, 1, 65536)],
  sequenceLength: ['a whole number in [1, 65536]', (v) => isWhole(v, 1, 65536)],
  batching: ["'stream' or 'random'", (v) => v === 'stream' || v === 'random'],
  learningRate: ['a number > 0', (v) => isReal(v) && v > 0],
  clipNorm: ['a number >= 0', (v) => isReal(v) && v >= 0],
  validationFraction: ['in [0, 0.5]', (v) => isReal(v) && v >= 0 && v <= 0.5],
  evaluateEvery: ['a whole number >= 0', (v) => isWhole(v, 0, Number.MAX_SAFE_INTEGER)],
  workers: ['a whole number in [1, 64]', (v) => isWhole(v, 1, 64)],
  seed: ['a whole number in [0, 2^53)', (v) => isWhole(v, 0, Number.MAX_SAFE_INTEGER)],
};

function isReal(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isWhole(value: unknown, low: number, high: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high;
}

/**
 * Fill in defaults and check every value.
 * @throws ArgumentError naming the first setting outside its domain, or unknown
 */
export function resolveConfig(given: Partial<CharLMConfig>): CharLMConfig {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(domains, name)) {
      throw new ArgumentError(
        `config: settings must be among ${Object.keys(domains).join(', ')}, got ${JSON.stringify(name)}`,
      );
    }
  }
  const config = { ...charLMDefaults, ...withoutUndefined(given) };
  for (const name of Object.keys(domains) as (keyof CharLMConfig)[]) {
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

function withoutUndefined(given: Partial<CharLMConfig>): Partial<CharLMConfig> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
