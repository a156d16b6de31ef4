/**
 * Encoder-decoder with attention (Bahdanau et al. 2015): an encoder reads the source; every step of the decoder attends
 * to what it wrote, with the state before as query, and reads the last id beside the context.
 *
 * s_0 = the encoder's last state (of both directions: tanh(W [forward; backward] + b));
 * c_t, p_t = attend(s_(t-1), memory); s_t = cell([embedding(y_(t-1)); c_t], s_(t-1)); logits_t = W s_t + b.
 */
import { ArgumentError, ShapeError } from '../errors.js';
import { AdditiveAttention, type AttentionMemory, DotAttention } from '../nn/decoder-attention.js';
import { Embedding } from '../nn/embedding.js';
import { GRU } from '../nn/gru.js';
import { Linear } from '../nn/linear.js';
import { LSTM } from '../nn/lstm.js';
import { Module } from '../nn/module.js';
import { RNN } from '../nn/rnn.js';
import { tanh } from '../ops/elementwise.js';
import { concat, narrow, reshape, swapAxes } from '../ops/layout.js';
import { CELLS, type RecurrentWeights, recurrentLayer } from '../ops/recurrent.js';
import { stack, unbind } from '../ops/steps.js';
import type { RandomStream } from '../random.js';
import { expectRank, formatShape } from '../shape.js';
import { noGrad } from '../tape.js';
import { ids as idsOf, scope, type Tensor } from '../tensor.js';
import { type AttentionEdit, contextOf, editWeights } from './attention-edit.js';

type Matrix = Tensor<[number, number]>;
type Cube = Tensor<[number, number, number]>;

const ENCODERS = { rnn: RNN, gru: GRU, lstm: LSTM } as const;
const KERNEL_CELLS = { rnn: 'rnn tanh', gru: 'gru', lstm: 'lstm' } as const;

export interface Seq2SeqOptions {
  readonly sourceVocabularySize: number;
  /** V */
  readonly targetVocabularySize: number;
  /** E */
  readonly embeddingSize: number;
  /** H, of encoder (per direction) and decoder. */
  readonly hiddenSize: number;
  /** Defaults to 'gru'. */
  readonly cell?: 'rnn' | 'gru' | 'lstm';
  /** Read the source from both ends; the memory is then 2H wide. Defaults to false. */
  readonly bidirectional?: boolean;
  /** `'dot'` becomes `'general'` (q^T W k) where query and memory differ in size. Defaults to 'additive'. */
  readonly attention?: 'additive' | 'dot';
  /** Stream of the first weights. */
  readonly random: RandomStream;
}

/** The decoder's state, [B, H] each; c for the LSTM. */
export interface Seq2SeqState {
  readonly h: Matrix;
  readonly c: Matrix | undefined;
}

/** A source as the decoder sees it. */
export interface Encoded {
  readonly memory: AttentionMemory;
  /** Steps of each source, [B]; all when undefined. */
  readonly lengths: Tensor<[number]> | undefined;
  readonly state: Seq2SeqState;
}

export interface Seq2SeqForwardOptions {
  /** Steps of each source, B whole numbers in [1, S]; all S when left out. */
  readonly lengths?: ArrayLike<number> | undefined;
  /** Give the alignment, [B, T, S]. Defaults to false. */
  readonly returnAlignment?: boolean;
  /**
   * Scheduled sampling (Bengio et al. 2015): with this probability a row reads its own likeliest id instead of the given
   * one; no gradient flows through that choice.
   */
  readonly sampling?: { readonly probability: number; readonly random: RandomStream };
  /** What is done to the weights of some steps, by step from 0. */
  readonly edits?: ReadonlyMap<number, AttentionEdit>;
}

export interface Seq2SeqStepOptions {
  /** Give p_t. Defaults to false. */
  readonly returnWeights?: boolean;
  /** What is done to p_t before it makes c_t; the weights returned are the edited ones. */
  readonly edit?: AttentionEdit | undefined;
}

export class Seq2Seq extends Module {
  readonly sourceEmbedding: Embedding;
  readonly encoder: RNN | GRU | LSTM;
  readonly targetEmbedding: Embedding;
  readonly attention: AdditiveAttention | DotAttention;
  readonly head: Linear;
  readonly #cell: NonNullable<Seq2SeqOptions['cell']>;
  readonly #decoder: DecoderCell;
  readonly #bridges: { readonly h: Linear; readonly c: Linear | undefined } | undefined;

  constructor(options: Seq2SeqOptions) {
    super();
    const { embeddingSize: E, hiddenSize: H, random } = options;
    const { cell = 'gru', bidirectional = false, attention = 'additive' } = options;
    if (!Object.hasOwn(ENCODERS, cell)) {
      throw new ArgumentError(`Seq2Seq: cell must be rnn, gru or lstm, got ${String(cell)}`);
    }
    if (attention !== 'additive' && attention !== 'dot') {
      throw new ArgumentError(`Seq2Seq: attention must be additive or dot, got ${String(attention)}`);
    }
    this.#cell = cell;
    const M = bidirectional ? 2 * H : H;
    this.sourceEmbedding = this.child(
      'source_embedding',
      new Embedding(options.sourceVocabularySize, E, { random }),
    );
    this.encoder = this.child(
      'encoder',
      new ENCODERS[cell]({ inputSize: E, hiddenSize: H, bidirectional, batchFirst: false, random }),
    );
    const bridge = (name: string): Linear => this.child(name, new Linear(M, H, { random }));
    this.#bridges = bidirectional
      ? { h: bridge('bridge'), c: cell === 'lstm' ? bridge('bridge_c') : undefined }
      : undefined;
    this.targetEmbedding = this.child(
      'target_embedding',
      new Embedding(options.targetVocabularySize, E, { random }),
    );
    this.attention = this.child(
      'attention',
      attention === 'additive'
        ? new AdditiveAttention(H, M, H, { bias: false, random })
        : new DotAttention({ score: M === H ? 'dot' : 'general', querySize: H, keySize: M, random }),
    );
    this.#decoder = this.child('decoder', new DecoderCell(CELLS[KERNEL_CELLS[cell]].gates, E + M, H, random));
    this.head = this.child('head', new Linear(H, options.targetVocabularySize, { random }));
  }

  /** Read sources, ids [S, B]. */
  encode(source: Matrix, lengths?: ArrayLike<number>): Encoded {
    expectRank('Seq2Seq', 'source', '[S, B]', 2, source.shape);
    return this.encodeVectors(this.sourceEmbedding.forward(source), lengths);
  }

  /** The same for embedded sources, x [S, B, E]. */
  encodeVectors(x: Cube, lengths?: ArrayLike<number>): Encoded {
    const { output, ...last }: { output: Cube; h: Cube; c?: Cube } = this.encoder.forward(
      x,
      lengths === undefined ? {} : { lengths },
    );
    const state = (all: Cube, bridge: Linear | undefined): Matrix => {
      const directions = unbind(all) as Matrix[];
      return bridge === undefined ? directions[0]! : tanh(bridge.forward<[number]>(concat(directions, 1)));
    };
    return {
      memory: this.attention.memory(swapAxes(output)),
      lengths: lengths === undefined ? undefined : idsOf(lengths, [lengths.length]),
      state: {
        h: state(last.h, this.#bridges?.h),
        c: last.c === undefined ? undefined : state(last.c, this.#bridges?.c),
      },
    };
  }

  /** One step for embedded ids x [B, E]: the state after it, and p_t, B x S numbers, when asked for. */
  step(
    x: Matrix,
    { h, c }: Seq2SeqState,
    { memory, lengths }: Pick<Encoded, 'memory' | 'lengths'>,
    { returnWeights = false, edit }: Seq2SeqStepOptions = {},
  ): { readonly state: Seq2SeqState; readonly weights: Tensor | undefined } {
    const attended = this.attention.forward(h, memory, {
      keyLengths: lengths,
      returnWeights: returnWeights || edit !== undefined,
    });
    const [B, S] = memory.values.shape;
    const weights =
      edit === undefined ? attended.weights : editWeights(reshape(attended.weights!, [B, S]), edit);
    const context = edit === undefined ? attended.output : contextOf(weights as Matrix, memory.values);
    const input = concat([x, context], 1);
    const { last } = recurrentLayer(
      'Seq2Seq',
      KERNEL_CELLS[this.#cell],
      reshape(input, [1, ...input.shape]),
      [{ ...this.#decoder.weights, h0: h, c0: c }],
    );
    return { state: last[0]!, weights };
  }

  /**
   * Teacher forcing: logits of what follows each of `input`, the target behind its start id.
   * Shapes: source [S, B], input [T, B], logits [T, B, V], alignment [B, T, S].
   */
  forward(
    source: Matrix,
    input: Matrix,
    options: Seq2SeqForwardOptions = {},
  ): { readonly logits: Cube; readonly alignment: Cube | undefined } {
    expectRank('Seq2Seq', 'input', '[T, B]', 2, input.shape);
    const [T, B] = input.shape;
    const { sampling, returnAlignment = false, edits } = options;
    if (T === 0 || B !== source.shape[1]) {
      throw new ShapeError(
        `Seq2Seq: input must be [T, B] with T >= 1 and B of source ${formatShape(source.shape)}, got ${formatShape(input.shape)}`,
      );
    }
    if (sampling !== undefined && !(sampling.probability >= 0 && sampling.probability <= 1)) {
      throw new ArgumentError(`Seq2Seq: probability must be in [0, 1], got ${sampling.probability}`);
    }
    const encoded = this.encode(source, options.lengths);
    let { state } = encoded;
    const states: Matrix[] = [];
    const weights: Tensor[] = [];
    const embedded = sampling === undefined ? unbind(this.targetEmbedding.forward(input)) : undefined;
    for (let t = 0; t < T; t += 1) {
      const x =
        embedded?.[t] ??
        this.targetEmbedding.forward(this.#mixed(narrow(input, t, 1), states.at(-1), sampling!));
      const result = this.step(reshape(x, [B, x.size / B]), state, encoded, {
        returnWeights: returnAlignment,
        edit: edits?.get(t),
      });
      state = result.state;
      states.push(state.h);
      if (result.weights !== undefined) weights.push(reshape(result.weights, [B, result.weights.size / B]));
    }
    const alignment = returnAlignment ? swapAxes(stack(weights) as Cube) : undefined;
    return { logits: this.head.forward<[number, number]>(stack(states) as Cube), alignment };
  }

  /** Ids [1, B] to read: the given ones, or with some probability what the model itself would write. */
  #mixed(
    given: Matrix,
    h: Matrix | undefined,
    { probability, random }: NonNullable<Seq2SeqForwardOptions['sampling']>,
  ): Matrix {
    if (h === undefined) return given;
    const logits = noGrad(() => scope(() => this.head.forward<[number]>(h).toArray())) as number[][];
    const own = logits.map((row) => row.indexOf(Math.max(...row)));
    const mixed = Array.from(given.data, (id, b) => (random.uniform() < probability ? own[b]! : id));
    return idsOf(mixed, [1, mixed.length]);
  }
}

/** The decoder's weights under PyTorch's names of a cell: `weight_ih [G*H, E+M]`, `weight_hh [G*H, H]`, biases. */
class DecoderCell extends Module {
  readonly weights: RecurrentWeights;

  constructor(gates: number, inputSize: number, hiddenSize: number, random: RandomStream) {
    super();
    const bound = 1 / Math.sqrt(hiddenSize);
    const fill = (target: Tensor): void => random.fillUniform(target, -bound, bound);
    const rows = gates * hiddenSize;
    this.weights = {
      weightIh: this.parameter('weight_ih', [rows, inputSize], fill),
      weightHh: this.parameter('weight_hh', [rows, hiddenSize], fill),
      biasIh: this.parameter('bias_ih', [rows], fill),
      biasHh: this.parameter('bias_hh', [rows], fill),
    };
  }
}
