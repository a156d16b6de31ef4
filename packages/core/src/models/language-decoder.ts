/** A language model step by step: what it has read is a state per row, and each id gives logits of the next. */
import type { Embedding } from '../nn/embedding.js';
import type { GRU } from '../nn/gru.js';
import type { Linear } from '../nn/linear.js';
import type { LSTM } from '../nn/lstm.js';
import { PackedWeight } from '../nn/packed-weight.js';
import { RecurrentSteps } from '../nn/recurrent-steps.js';
import type { RNN } from '../nn/rnn.js';
import { ids as idsOf, keep, scope, type Tensor, zeros } from '../tensor.js';
import type { Decoder } from './decoder.js';

/** The parts of a recurrent language model: logits = head(recurrent(embedding(ids))). */
export interface LanguageModel {
  readonly embedding: Embedding;
  readonly recurrent: RNN | GRU | LSTM;
  readonly head: Linear;
}

type Cube = Tensor<[layers: number, rows: number, size: number]>;

/**
 * Steps cost a row of a table (the embedding's product with W_ih), one product with W_hh and one with the head; they
 * record nothing and allocate nothing. Logits equal those of the model read one id at a time, bit for bit.
 */
export class LanguageDecoder implements Decoder {
  readonly vocabularySize: number;
  readonly #model: LanguageModel;
  readonly #steps: RecurrentSteps;
  readonly #head: PackedWeight;
  /** [capacity, V] */
  readonly #all: Tensor<[number, number]>;
  #logits: Tensor<[number, number]>;

  /** @param capacity - rows at most; defaults to 1 */
  constructor(model: LanguageModel, capacity = 1) {
    this.#model = model;
    this.vocabularySize = model.head.weight.shape[0];
    this.#head = new PackedWeight(model.head.weight);
    this.#steps = new RecurrentSteps(model.recurrent, capacity, model.embedding.weight);
    this.#all = scope(() => keep(zeros([capacity, this.vocabularySize])));
    this.#logits = this.#all;
    this.#steps.start(1);
  }

  /** Stand where a model stands after reading: `state` as its forward gives it, [L, rows, H]; zeros, one row, without. */
  start(state?: { readonly h: Cube; readonly c?: Cube | undefined }): void {
    this.#steps.start(state?.h.shape[1] ?? 1, state);
  }

  /** Begin anew in one row and read a text. @returns logits [1, V] of what follows, in the scope around */
  read(prompt: ArrayLike<number>): Tensor<[rows: number, vocabulary: number]> {
    const { embedding, recurrent, head } = this.#model;
    const x = embedding.forward(idsOf(prompt, [prompt.length, 1]));
    const { output, ...last }: { output: Cube; h: Cube; c?: Cube } = recurrent.forward(x);
    this.start(last);
    const logits = head.forward<[number, number]>(output);
    const V = this.vocabularySize;
    return logits.part(logits.size - V, [1, V]);
  }

  step(ids: ArrayLike<number>): Tensor<[rows: number, vocabulary: number]> {
    const { head } = this.#model;
    this.#steps.stepIds(ids);
    const [V, H] = head.weight.shape;
    const { kernel } = this.#all;
    const { rows, output } = this.#steps;
    kernel.check(
      'LanguageDecoder',
      kernel.calls.linear_rows(
        this.#all.offset,
        output.offset,
        this.#head.offset,
        head.bias?.offset ?? 0,
        rows,
        H,
        V,
      ),
    );
    if (this.#logits.shape[0] !== rows) this.#logits = this.#all.part(0, [rows, V]);
    return this.#logits;
  }

  select(from: ArrayLike<number>): void {
    this.#steps.select(from);
  }

  /** The model's weights have changed since the last step. */
  forget(): void {
    this.#steps.forget();
    this.#head.forget();
  }

  dispose(): void {
    this.#steps.dispose();
    this.#head.dispose();
    this.#all.dispose();
  }
}
