/**
 * Modules with weights: recurrent layers, attention, and what stands around them. A cell of one's own is a module, too.
 *
 * {@includeCode ../../examples/own-cell.ts}
 *
 * @module @hw5/core/nn
 */
export {
  AttentionPooling,
  type AttentionPoolingOptions,
  type AttentionPoolingOutput,
} from './attention-pooling.js';
export {
  AdditiveAttention,
  type AdditiveAttentionOptions,
  type AttentionMemory,
  type DecoderAttentionOutput,
  DotAttention,
  type DotAttentionOptions,
  type DotScore,
} from './decoder-attention.js';
export { Dropout, type DropoutOptions } from './dropout.js';
export { Embedding, type EmbeddingOptions } from './embedding.js';
export { FlatParameters, type FlatSlot } from './flat.js';
export { GRU } from './gru.js';
export { manualSeed } from './init.js';
export * as init from './initializers.js';
export { KeyValueCache } from './key-value-cache.js';
export { LayerNorm, type LayerNormOptions } from './layer-norm.js';
export { Linear, type LinearOptions } from './linear.js';
export { LSTM, type LSTMInput, type LSTMOutput } from './lstm.js';
export { type LoadableWeight, Module, type StateDict, type Weight } from './module.js';
export {
  MultiHeadAttention,
  type MultiHeadAttentionOptions,
  type MultiHeadAttentionOutput,
} from './multi-head-attention.js';
export { type PositionKind, Positions, type PositionsOptions, positionKinds } from './positions.js';
export type { RecurrentInput, RecurrentOptions, RecurrentOutput } from './recurrent.js';
export { RecurrentSteps } from './recurrent-steps.js';
export { RNN, type RNNOptions } from './rnn.js';
export {
  TransformerBlock,
  type TransformerBlockOptions,
  type TransformerBlockOutput,
} from './transformer-block.js';
