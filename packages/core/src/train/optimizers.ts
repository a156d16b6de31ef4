/** The optimisers that a run can learn with, by name. */
import type { Module } from '../nn/module.js';
import { Adagrad } from '../optim/adagrad.js';
import { Adam, AdamW } from '../optim/adam.js';
import type { Optimizer } from '../optim/optimizer.js';
import { RMSprop } from '../optim/rmsprop.js';
import { SGD } from '../optim/sgd.js';

export const optimizerNames = ['sgd', 'momentum', 'adam', 'adamw', 'rmsprop', 'adagrad'] as const;
export type OptimizerName = (typeof optimizerNames)[number];

/** What an optimiser is made of; the rest is PyTorch's defaults. */
export interface OptimizerConfig {
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
}

export function optimizerOf(model: Module, config: OptimizerConfig): Optimizer {
  const { optimizer, learningRate, momentum, weightDecay } = config;
  const options = { learningRate, weightDecay };
  switch (optimizer) {
    case 'sgd':
      return new SGD(model, options);
    case 'momentum':
      return new SGD(model, { ...options, momentum });
    case 'adam':
      return new Adam(model, options);
    case 'adamw':
      return new AdamW(model, options);
    case 'rmsprop':
      return new RMSprop(model, options);
    case 'adagrad':
      return new Adagrad(model, options);
  }
}

/** Step sizes to begin with where none is given; the others are content with a run's own default. */
export const usualRates: Readonly<Partial<Record<OptimizerName, number>>> = {
  sgd: 0.5,
  momentum: 0.1,
  adagrad: 0.05,
};
