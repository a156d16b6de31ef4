/** Defaults and domains of a character-model run. */
import type { CharLMConfig } from '../session/protocol.js';
import { type Domains, half, layers, oneOf, probability, resolve, size, trainingDomains } from './domains.js';

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

const domains: Domains<CharLMConfig> = {
  cell: oneOf('rnn', 'gru', 'lstm'),
  embeddingSize: size,
  hiddenSize: size,
  numLayers: layers,
  dropout: probability,
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
  return resolve(domains, charLMDefaults, given);
}
