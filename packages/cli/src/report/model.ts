/** A run's model and how it learns, in a line each. */
import type { RunFacts } from '@hw5/core';

type Config = RunFacts['config'];

/** E.g. `LSTM, 2 layers, hidden 256, embedding 64`. */
export function modelLine(config: Config): string {
  const { cell, numLayers, hiddenSize, embeddingSize, dropout } = config;
  const heads = 'numHeads' in config && cell === 'transformer' ? [`${config.numHeads} heads`] : [];
  return [
    cell === 'transformer' ? 'Transformer' : cell.toUpperCase(),
    `${numLayers} layer${numLayers === 1 ? '' : 's'}`,
    ...heads,
    `hidden ${hiddenSize}`,
    `embedding ${embeddingSize}`,
    ...(dropout > 0 ? [`dropout ${dropout}`] : []),
  ].join(', ');
}

/** E.g. `Adam 0.002, clip 1, batch 32`. */
export function learningLine(config: Config): string {
  const { optimizer, learningRate, rateChanges = [], weightDecay, schedule, clipNorm, batchSize } = config;
  return [
    `${OPTIMIZERS[optimizer]} ${learningRate}`,
    ...rateChanges.map((change) => `${change.learningRate} after step ${change.step}`),
    ...(weightDecay > 0 ? [`weight decay ${weightDecay}`] : []),
    ...(schedule === undefined ? [] : [schedule.kind]),
    `clip ${clipNorm}`,
    `batch ${batchSize}`,
  ].join(', ');
}

const OPTIMIZERS = {
  sgd: 'SGD',
  momentum: 'SGD with momentum',
  adam: 'Adam',
  adamw: 'AdamW',
  rmsprop: 'RMSprop',
  adagrad: 'Adagrad',
} as const;
