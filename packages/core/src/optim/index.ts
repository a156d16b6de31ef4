/**
 * Optimisers and schedules of the learning rate.
 *
 * {@includeCode ../../examples/optim.ts}
 *
 * @module @hw5/core/optim
 */
export { Adagrad, type AdagradOptions } from './adagrad.js';
export { Adam, type AdamOptions, AdamW } from './adam.js';
export { Optimizer, type OptimizerState, type StepOptions } from './optimizer.js';
export { type PlateauOptions, type PlateauState, plateauNext, plateauStart } from './plateau.js';
export { RMSprop, type RMSpropOptions } from './rmsprop.js';
export { learningRate, type Schedule } from './schedule.js';
export { SGD, type SGDOptions } from './sgd.js';
