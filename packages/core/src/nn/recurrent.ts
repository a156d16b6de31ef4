/** Stacked recurrent layers in one or both directions: what nn.RNN, nn.GRU and nn.LSTM share. */
import { ArgumentError, ShapeError } from '../errors.js';
import { dropout } from '../ops/dropout.js';
import { concat, narrow, reshape, swapAxes } from '../ops/layout.js';
import { type RecurrentCell, type RecurrentWeights, recurrentLayer } from '../ops/recurrent.js';
import type { RandomStream } from '../random.js';
import { expectRank, expectShape } from '../shape.js';
import { ids, type Tensor } from '../tensor.js';
import { defaultInit } from './init.js';
import { expectSize } from './linear.js';
import { Module } from './module.js';

type Cube = Tensor<[number, number, number]>;

export interface RecurrentOptions {
  /** I */
  readonly inputSize: number;
  /** H */
  readonly hiddenSize: number;
  /** L, stacked layers. Defaults to 1. */
  readonly numLayers?: number;
  /** A second direction per layer that reads from the end; D = 2, else 1. Defaults to false. */
  readonly bidirectional?: boolean;
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

export interface RecurrentInput {
  /** First state of all layers and directions, [L*D, B, H]; zeros when left out. */
  readonly h0?: Cube | undefined;
  /**
   * Steps of each row, B whole numbers in [0, T]; all T when left out. Steps behind a row's end have output zero and
   * gradient zero, and `h` is the state at each row's own end, as with PyTorch's packed sequences.
   */
  readonly lengths?: ArrayLike<number> | undefined;
}

export interface RecurrentOutput {
  /** h_t of the last layer, the directions side by side: [B, T, D*H], or [T, B, D*H] without batchFirst. */
  readonly output: Cube;
  /** The last h of all layers and directions, [L*D, B, H]: layer 0, layer 0 reverse, layer 1, ... */
  readonly h: Cube;
}

export abstract class Recurrent extends Module {
  readonly options: Required<Omit<RecurrentOptions, 'random' | 'dropoutRandom'>>;
  readonly #name: string;
  readonly cell: RecurrentCell;
  /** Weights by layer, by direction. */
  readonly layers: readonly (readonly RecurrentWeights[])[];
  readonly #dropoutRandom: RandomStream | undefined;

  /** @param gates - G, blocks of H rows in a weight */
  protected constructor(name: string, cell: RecurrentCell, gates: number, options: RecurrentOptions) {
    super();
    const { inputSize, hiddenSize, numLayers = 1, dropout: p = 0, bias = true, batchFirst = true } = options;
    const { bidirectional = false } = options;
    expectSize(name, 'inputSize', inputSize);
    expectSize(name, 'hiddenSize', hiddenSize);
    expectSize(name, 'numLayers', numLayers);
    if (!(p >= 0 && p < 1)) throw new ArgumentError(`${name}: dropout must be in [0, 1), got ${p}`);
    if (p > 0 && numLayers > 1 && options.dropoutRandom === undefined) {
      throw new ArgumentError(`${name}: dropoutRandom must be given with dropout > 0, got none`);
    }
    this.options = { inputSize, hiddenSize, numLayers, dropout: p, bias, batchFirst, bidirectional };
    this.#name = name;
    this.cell = cell;
    this.#dropoutRandom = options.dropoutRandom;
    const random = options.random ?? defaultInit();
    const bound = 1 / Math.sqrt(hiddenSize);
    const fill = (target: Tensor): void => random.fillUniform(target, -bound, bound);
    const rows = gates * hiddenSize;
    const suffixes = bidirectional ? ['', '_reverse'] : [''];
    this.layers = Array.from({ length: numLayers }, (_, layer) =>
      suffixes.map((suffix) => {
        const of = `l${layer}${suffix}`;
        const size = layer === 0 ? inputSize : suffixes.length * hiddenSize;
        return {
          weightIh: this.parameter(`weight_ih_${of}`, [rows, size], fill),
          weightHh: this.parameter(`weight_hh_${of}`, [rows, hiddenSize], fill),
          biasIh: bias ? this.parameter(`bias_ih_${of}`, [rows], fill) : undefined,
          biasHh: bias ? this.parameter(`bias_hh_${of}`, [rows], fill) : undefined,
        };
      }),
    );
  }

  /** All layers over the whole sequence. */
  protected run(
    x: Cube,
    { h0, c0, lengths }: RecurrentInput & { readonly c0?: Cube | undefined },
  ): RecurrentOutput & { readonly c: Cube | undefined } {
    const { inputSize: I, hiddenSize: H, numLayers: L, batchFirst, dropout: p } = this.options;
    const name = this.#name;
    const D = this.layers[0]!.length;
    expectRank(name, 'x', batchFirst ? '[B, T, I]' : '[T, B, I]', 3, x.shape);
    let sequence = batchFirst ? swapAxes(x) : x;
    const [T, B] = sequence.shape;
    expectShape(name, 'x', 'time-major [T, B, I]', [T, B, I], sequence.shape);
    const letters = D === 1 ? '[L, B, H]' : '[L*D, B, H]';
    for (const [key, state] of Object.entries({ h0, c0 })) {
      if (state !== undefined) expectShape(name, key, letters, [L * D, B, H], state.shape);
    }
    if (lengths !== undefined && lengths.length !== B) {
      throw new ShapeError(`${name}: lengths must be B = ${B} numbers, got ${lengths.length}`);
    }
    const ends = lengths === undefined ? undefined : ids(lengths, [B]);
    const of = (all: Cube | undefined, row: number): Tensor<[number, number]> | undefined =>
      all === undefined ? undefined : reshape(narrow(all, row, 1), [B, H]);
    const h: Cube[] = [];
    const c: Cube[] = [];
    for (const [layer, weights] of this.layers.entries()) {
      if (layer > 0 && this.training && p > 0) sequence = dropout(sequence, p, this.#dropoutRandom!);
      const directions = weights.map((direction, d) => ({
        ...direction,
        h0: of(h0, layer * D + d),
        c0: of(c0, layer * D + d),
        reverse: d === 1,
      }));
      const { output, last } = recurrentLayer(name, this.cell, sequence, directions, ends);
      sequence = output;
      for (const state of last) {
        h.push(reshape(state.h, [1, B, H]));
        if (state.c !== undefined) c.push(reshape(state.c, [1, B, H]));
      }
    }
    const joined = (parts: readonly Cube[]): Cube => (parts.length === 1 ? parts[0]! : concat(parts));
    return {
      output: batchFirst ? swapAxes(sequence) : sequence,
      h: joined(h),
      c: c.length === 0 ? undefined : joined(c),
    };
  }
}
