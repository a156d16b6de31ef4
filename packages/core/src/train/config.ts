/** Defaults and domains of a character-model run. */
import { ArgumentError } from '../errors.js';
import type { CharLMConfig } from '../session/protocol.js';
import {
  type Domains,
  half,
  layers,
  learningDefaults,
  oneOf,
  probability,
  resolve,
  size,
  trainingDomains,
  whole,
} from './domains.js';

export const charLMDefaults: CharLMConfig = {
  cell: 'lstm',
  embeddingSize: 64,
  hiddenSize: 256,
  numLayers: 1,
  numHeads: 4,
  positions: 'learned',
  dropout: 0,
  unit: 'characters',
  maxWords: 10_000,
  batchSize: 32,
  sequenceLength: 64,
  batching: 'stream',
  ...learningDefaults,
  learningRate: 0.002,
  clipNorm: 1,
  validationFraction: 0.1,
  evaluateEvery: 100,
  workers: 1,
  seed: 0,
};

const domains: Domains<CharLMConfig> = {
  cell: oneOf('rnn', 'gru', 'lstm', 'transformer'),
  embeddingSize: size,
  hiddenSize: size,
  numLayers: layers,
  numHeads: size,
  positions: oneOf('learned', 'sinusoidal'),
  dropout: probability,
  unit: oneOf('characters', 'words', 'hugging-face'),
  maxWords: whole(1, 1 << 24),
  sequenceLength: size,
  batching: oneOf('stream', 'random'),
  validationFraction: half,
  ...trainingDomains,
};

/**
 * Fill in defaults and check every value.
 * @throws ArgumentError naming the first setting outside its domain, or unknown
 */
export function resolveConfig(given: Partial<CharLMConfig>): CharLMConfig {
  const config = resolve(domains, charLMDefaults, given);
  const { cell, embeddingSize, numHeads } = config;
  if (cell === 'transformer' && embeddingSize % numHeads !== 0) {
    throw new ArgumentError(
      `config: embeddingSize must be a multiple of numHeads (${numHeads}), got ${embeddingSize}`,
      { setting: 'embeddingSize' },
    );
  }
  return config;
}
