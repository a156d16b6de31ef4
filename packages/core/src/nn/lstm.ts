import { ArgumentError } from '../errors.js';
import { dropout } from '../ops/dropout.js';
import { concat, narrow, reshape, swapAxes } from '../ops/layout.js';
import { type LSTMWeights, lstm } from '../ops/lstm.js';
import type { RandomStream } from '../random.js';
import { expectRank, expectShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { defaultInit } from './init.js';
import { expectSize } from './linear.js';
import { Module } from './module.js';

export interface LSTMOptions {
  /** I */
  readonly inputSize: number;
  /** H */
  readonly hiddenSize: number;
  /** Stacked layers. Defaults to 1. */
  readonly numLayers?: number;
  /** Dropout on the output of every layer but the last, in [0, 1). Defaults to 0. */
  readonly dropout?: number;
  /** Defaults to true. */
  readonly bias?: boolean;
  /** x and output as [B, T, ...]; false: [T, B, ...], one copy cheaper. Defaults to true. */
  readonly batchFirst?: boolean;
  /** Stream of the first weights; defaults to the one of `manualSeed`. */
  readonly random?: RandomStream;
  /** Stream of dropout masks; required when dropout > 0. */
  readonly dropoutRandom?: RandomStream;
}

/** h and c of all layers, [numLayers, B, H] each. */
export interface LSTMState {
  readonly h0?: Tensor<[number, number, number]>;
  readonly c0?: Tensor<[number, number, number]>;
}

export interface LSTMOutput {
  /** h_t of the last layer: [B, T, H], or [T, B, H] without batchFirst. */
  readonly output: Tensor<[number, number, number]>;
  /** h_T of all layers, [numLayers, B, H]. */
  readonly h: Tensor<[number, number, number]>;
  /** c_T of all layers, [numLayers, B, H]. */
  readonly c: Tensor<[number, number, number]>;
}

/**
 * Stacked LSTM in PyTorch's layout: `weight_ih_l{k} [4*H, I or H]`, `weight_hh_l{k} [4*H, H]`, `bias_ih_l{k}`,
 * `bias_hh_l{k} [4*H]`, gates i, f, g, o. First weights: U(-1/sqrt(H), 1/sqrt(H)).
 * Equations: see {@link lstm}.
 */
export class LSTM extends Module {
  readonly options: Required<
    Pick<LSTMOptions, 'inputSize' | 'hiddenSize' | 'numLayers' | 'dropout' | 'batchFirst'>
  >;
  readonly #layers: readonly LSTMWeights[];
  readonly #dropoutRandom: RandomStream | undefined;

  constructor(options: LSTMOptions) {
    super();
    const { inputSize, hiddenSize, numLayers = 1, dropout: p = 0, bias = true, batchFirst = true } = options;
    expectSize('LSTM', 'inputSize', inputSize);
    expectSize('LSTM', 'hiddenSize', hiddenSize);
    expectSize('LSTM', 'numLayers', numLayers);
    if (!(p >= 0 && p < 1)) throw new ArgumentError(`LSTM: dropout must be in [0, 1), got ${p}`);
    if (p > 0 && numLayers > 1 && options.dropoutRandom === undefined) {
      throw new ArgumentError('LSTM: dropoutRandom must be given with dropout > 0, got none');
    }
    this.options = { inputSize, hiddenSize, numLayers, dropout: p, batchFirst };
    this.#dropoutRandom = options.dropoutRandom;
    const random = options.random ?? defaultInit();
    const bound = 1 / Math.sqrt(hiddenSize);
    const fill = (target: Tensor): void => random.fillUniform(target, -bound, bound);
    const rows = 4 * hiddenSize;
    this.#layers = Array.from({ length: numLayers }, (_, layer) => ({
      weightIh: this.parameter(`weight_ih_l${layer}`, [rows, layer === 0 ? inputSize : hiddenSize], fill),
      weightHh: this.parameter(`weight_hh_l${layer}`, [rows, hiddenSize], fill),
      biasIh: bias ? this.parameter(`bias_ih_l${layer}`, [rows], fill) : undefined,
      biasHh: bias ? this.parameter(`bias_hh_l${layer}`, [rows], fill) : undefined,
    }));
  }

  /** Run the whole sequence; a state left out is zero. Both gradients flow through h0, c0, h and c. */
  forward(x: Tensor<[number, number, number]>, state: LSTMState = {}): LSTMOutput {
    const { inputSize: I, hiddenSize: H, numLayers: L, batchFirst, dropout: p } = this.options;
    expectRank('LSTM', 'x', batchFirst ? '[B, T, I]' : '[T, B, I]', 3, x.shape);
    let sequence = batchFirst ? swapAxes(x) : x;
    const [T, B] = sequence.shape;
    expectShape('LSTM', 'x', 'time-major [T, B, I]', [T, B, I], sequence.shape);
    for (const [name, tensor] of Object.entries(state)) {
      if (tensor !== undefined) expectShape('LSTM', name, '[L, B, H]', [L, B, H], tensor.shape);
    }
    const h: Tensor<[number, number, number]>[] = [];
    const c: Tensor<[number, number, number]>[] = [];
    for (const [layer, weights] of this.#layers.entries()) {
      const of = (all?: Tensor<[number, number, number]>): Tensor<[number, number]> | undefined =>
        all === undefined ? undefined : reshape(narrow(all, layer, 1), [B, H]);
      if (layer > 0 && this.training && p > 0) sequence = dropout(sequence, p, this.#dropoutRandom!);
      const result = lstm(sequence, weights, of(state.h0), of(state.c0));
      sequence = result.output;
      h.push(reshape(result.h, [1, B, H]));
      c.push(reshape(result.c, [1, B, H]));
    }
    return {
      output: batchFirst ? swapAxes(sequence) : sequence,
      h: L === 1 ? h[0]! : concat(h),
      c: L === 1 ? c[0]! : concat(c),
    };
  }
}
