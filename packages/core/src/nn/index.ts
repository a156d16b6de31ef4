export { Dropout, type DropoutOptions } from './dropout.js';
export { Embedding, type EmbeddingOptions } from './embedding.js';
export { FlatParameters, type FlatSlot } from './flat.js';
export { manualSeed } from './init.js';
export { LayerNorm, type LayerNormOptions } from './layer-norm.js';
export { Linear, type LinearOptions } from './linear.js';
export { LSTM, type LSTMOptions, type LSTMOutput, type LSTMState } from './lstm.js';
export { Module, type StateDict, type Weight } from './module.js';
