/**
 * Recurrent networks and attention on a WebAssembly kernel.
 *
 * {@includeCode ../examples/lstm.ts}
 *
 * @module @hw5/core
 */
export { Vocabulary } from './data/vocabulary.js';
export { parseVocabulary } from './data/vocabulary-file.js';
export * from './errors.js';
export type * from './experiments/experiment.js';
export * as safetensors from './formats/safetensors.js';
export * as tensorboard from './formats/tensorboard.js';
export { type GradcheckOptions, type GradcheckResult, gradcheck } from './gradcheck.js';
export type { Kernel, Precision, RealArray } from './kernel/kernel.js';
export { currentKernel, type InitOptions, init, type Variant, withKernel } from './kernel/load.js';
export {
  bitsPerCharacter,
  type ClassScores,
  ConfusionMatrix,
  editDistance,
  errorRate,
  exactMatch,
  perplexity,
} from './metrics.js';
export { type BeamSearchOptions, type BeamStep, beamSearch, type Hypothesis } from './models/beam-search.js';
export { CharLM, type CharLMOptions, type CharLMState } from './models/char-lm.js';
export type { Decoder } from './models/decoder.js';
export { LanguageDecoder, type LanguageModel } from './models/language-decoder.js';
export { Seq2Seq, type Seq2SeqForwardOptions, type Seq2SeqOptions } from './models/seq2seq.js';
export { type Answer, answer, Seq2SeqDecoder } from './models/seq2seq-decoder.js';
export {
  type Pooling,
  poolings,
  SequenceClassifier,
  type SequenceClassifierOptions,
} from './models/sequence-classifier.js';
export type { Steps } from './models/sequence-model.js';
export { Tagger, type TaggerOptions } from './models/tagger.js';
export { TransformerDecoder } from './models/transformer-decoder.js';
export { TransformerLM, type TransformerLMOptions } from './models/transformer-lm.js';
export * as nn from './nn/index.js';
export { type AttentionResult, additiveAttention, attention, type Heads } from './ops/attention.js';
export {
  type AttentionMode,
  type AttentionOptions,
  attentionModes,
  type Weights,
} from './ops/attention-options.js';
export { type CtcOptions, ctcLoss } from './ops/ctc.js';
export { dropout } from './ops/dropout.js';
export {
  add,
  div,
  exp,
  log,
  mul,
  neg,
  relu,
  scale,
  sigmoid,
  sqrt,
  square,
  sub,
  tanh,
} from './ops/elementwise.js';
export { embedding } from './ops/embedding.js';
export { gru } from './ops/gru.js';
export { chunk, concat, narrow, reshape, swapAxes } from './ops/layout.js';
export {
  type BinaryCrossEntropyOptions,
  binaryCrossEntropyWithLogits,
  type CrossEntropyOptions,
  crossEntropy,
  type LossOptions,
  mseLoss,
} from './ops/loss.js';
export { type LSTMOptions, type LSTMResult, lstm } from './ops/lstm.js';
export { linear, matmul } from './ops/matmul.js';
export { type LayerNormWeights, layerNorm } from './ops/norm.js';
export { maxOverTime, meanOverTime } from './ops/pooling.js';
export type { RecurrentOptions, RecurrentResult, RecurrentWeights } from './ops/recurrent.js';
export { expand, mean, sum } from './ops/reduce.js';
export { type RNNOptions, rnn } from './ops/rnn.js';
export { type CellResult, type ScanOptions, scan, type Tensors } from './ops/scan.js';
export { logSoftmax, softmax } from './ops/softmax.js';
export { stack, unbind } from './ops/steps.js';
export { where } from './ops/where.js';
export * as optim from './optim/index.js';
export type { ParallelRun, Share, StepResult } from './parallel/run.js';
export { RandomStream } from './random.js';
export { Sampler, type SamplingOptions, sample } from './sample.js';
export * from './session/index.js';
export type { Rank, Shape } from './shape.js';
export { backward, grad, noGrad } from './tape.js';
export { type DType, full, ids, keep, scope, Tensor, tensor, zeros } from './tensor.js';
export { CharLMRun } from './train/char-lm-run.js';
export { loadCheckpoint, saveCheckpoint } from './train/checkpoint.js';
export { charLMDefaults, resolveConfig } from './train/config.js';
export { Run } from './train/run.js';
export { hasStalled, train } from './train/train.js';
