/** A seq2seq model's answers to one source: step by step, greedy or by beam search, with alignments. */
import { embedding } from '../ops/embedding.js';
import { expand } from '../ops/reduce.js';
import { noGrad } from '../tape.js';
import { ids, keep, scope, type Tensor } from '../tensor.js';
import type { AttentionEdit } from './attention-edit.js';
import { type BeamSearchOptions, beamSearch, type Hypothesis } from './beam-search.js';
import type { Decoder } from './decoder.js';
import type { Encoded, Seq2Seq, Seq2SeqState } from './seq2seq.js';

type Matrix = Tensor<[number, number]>;
type Cube = Tensor<[number, number, number]>;

/** Rows are hypotheses about the same source. */
export class Seq2SeqDecoder implements Decoder {
  readonly vocabularySize: number;
  readonly #model: Seq2Seq;
  /** Of one row, [1, S, ...]. */
  readonly #keys: Cube;
  readonly #values: Cube;
  readonly #edits: ReadonlyMap<number, AttentionEdit> | undefined;
  #state: Seq2SeqState;
  #logits: Matrix | undefined;
  #steps = 0;

  /** @param edits - what is done to the attention of some steps, of all rows, by step from 0 */
  constructor(model: Seq2Seq, source: ArrayLike<number>, edits?: ReadonlyMap<number, AttentionEdit>) {
    this.#model = model;
    this.#edits = edits;
    this.vocabularySize = model.head.weight.shape[0];
    const { keys, values, state } = noGrad(() =>
      scope(() => {
        const encoded = model.encode(ids(source, [source.length, 1]));
        const { memory } = encoded;
        return { keys: keep(memory.keys), values: keep(memory.values), state: kept(encoded.state) };
      }),
    );
    this.#keys = keys;
    this.#values = values;
    this.#state = state;
  }

  step(chosen: ArrayLike<number>): Matrix {
    const model = this.#model;
    const { state, logits } = noGrad(() =>
      scope(() => {
        const x = model.targetEmbedding.forward(ids(chosen, [chosen.length]));
        const edit = this.#edits?.get(this.#steps);
        const after = model.step(x, this.#state, this.#memory(chosen.length), { edit }).state;
        return { logits: keep(model.head.forward<[number]>(after.h)), state: kept(after) };
      }),
    );
    this.#replace(state);
    this.#steps += 1;
    this.#logits?.dispose();
    this.#logits = logits;
    return logits;
  }

  select(from: ArrayLike<number>): void {
    const state = noGrad(() =>
      scope(() => {
        const rows = ids(from, [from.length]);
        const { h, c } = this.#state;
        return kept({ h: embedding(rows, h), c: c && embedding(rows, c) });
      }),
    );
    this.#replace(state);
  }

  dispose(): void {
    for (const each of [this.#keys, this.#values, this.#state.h, this.#state.c, this.#logits])
      each?.dispose();
  }

  #memory(rows: number): Pick<Encoded, 'memory' | 'lengths'> {
    const memory = { keys: expand(this.#keys, 0, rows), values: expand(this.#values, 0, rows) };
    return { memory, lengths: undefined };
  }

  #replace(state: Seq2SeqState): void {
    this.#state.h.dispose();
    this.#state.c?.dispose();
    this.#state = state;
  }
}

export interface Answer extends Hypothesis {
  /** How much each id written attended to each id of the source, [T_out][T_in]; rows sum to 1. */
  readonly alignment: readonly (readonly number[])[];
}

/** The best answers of a model to a source, best first; `width` 1 is greedy. Options: see {@link beamSearch}. */
export function answer(
  model: Seq2Seq,
  source: ArrayLike<number>,
  startId: number,
  options: BeamSearchOptions,
): Answer[] {
  const decoder = new Seq2SeqDecoder(model, source);
  try {
    return beamSearch(decoder, startId, options).map((hypothesis) => {
      const read = [startId, ...hypothesis.ids.slice(0, -1)];
      const alignment = noGrad(() =>
        scope(() => {
          const [from, input] = [ids(source, [source.length, 1]), ids(read, [read.length, 1])];
          return model.forward(from, input, { returnAlignment: true }).alignment!.toArray();
        }),
      ) as number[][][];
      return { ...hypothesis, alignment: alignment[0]! };
    });
  } finally {
    decoder.dispose();
  }
}

/** A copy that outlives the scope. */
function kept({ h, c }: Seq2SeqState): Seq2SeqState {
  return { h: keep(h), c: c && keep(c) };
}
