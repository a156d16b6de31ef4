/** A tagger small enough to train in a second: embedding, GRU in one or both directions, linear output. */

import * as nn from '../nn/index.js';
import { crossEntropy } from '../ops/loss.js';
import { Adam } from '../optim/adam.js';
import { RandomStream } from '../random.js';
import { backward, noGrad } from '../tape.js';
import { ids, scope, type Tensor } from '../tensor.js';
import type { Work } from './experiment.js';

export interface TaggerOptions {
  /** V, different inputs. */
  readonly inputs: number;
  /** C, different outputs. */
  readonly outputs: number;
  readonly bidirectional: boolean;
  /** H of the unidirectional model; the bidirectional one gets as many weights, so a smaller H. */
  readonly hiddenSize: number;
  readonly seed: number;
}

const EMBEDDING = 8;

export class Tagger extends nn.Module {
  readonly embedding: nn.Embedding;
  readonly gru: nn.GRU;
  readonly head: nn.Linear;

  constructor({ inputs, outputs, bidirectional, hiddenSize, seed }: TaggerOptions) {
    super();
    const random = new RandomStream(seed, 'experiment.weights');
    const size = bidirectional ? halved(hiddenSize, outputs) : hiddenSize;
    this.embedding = this.child('embedding', new nn.Embedding(inputs, EMBEDDING, { random }));
    this.gru = this.child(
      'gru',
      new nn.GRU({ inputSize: EMBEDDING, hiddenSize: size, bidirectional, random }),
    );
    this.head = this.child('head', new nn.Linear((bidirectional ? 2 : 1) * size, outputs, { random }));
  }

  /** Shapes: x [B, T] (ids), logits [B, T, C]. */
  forward(x: Tensor<[number, number]>): Tensor<[number, number, number]> {
    return this.head.forward<[number, number]>(this.gru.forward(this.embedding.forward(x)).output);
  }
}

/** The H of two directions whose weights are as many as those of one direction with `hiddenSize`, or just below. */
function halved(hiddenSize: number, outputs: number): number {
  const weights = (directions: number, size: number): number =>
    directions * 3 * size * (EMBEDDING + size + 2) + outputs * (directions * size + 1);
  let size = hiddenSize;
  while (size > 1 && weights(2, size) > weights(1, hiddenSize)) size -= 1;
  return size;
}

/** Rows of ids, [N, T] each. */
export interface Sequences {
  readonly length: number;
  readonly inputs: readonly Int32Array[];
  readonly targets: readonly Int32Array[];
}

const BATCH = 16;

/** A new tagger, trained by Adam on random batches and measured; its weights are given back at the end. */
export function* trainTagger<T>(
  options: TaggerOptions,
  data: Sequences,
  steps: number,
  measure: (model: Tagger) => T,
): Work<T> {
  const model = new Tagger(options);
  const optimiser = new Adam(model, { learningRate: 0.01 });
  try {
    const random = new RandomStream(options.seed, 'experiment.batches');
    for (let step = 0; step < steps; step += 1) {
      const rows = Array.from({ length: BATCH }, () => random.integer(data.inputs.length));
      scope(() => {
        const loss = lossOf(model, data, rows);
        optimiser.zeroGrad();
        backward(loss);
        optimiser.step({ clipNorm: 1 });
      });
      if (step % 20 === 19) yield (step + 1) / steps;
    }
    return measure(model);
  } finally {
    optimiser.dispose();
  }
}

/** Mean cross-entropy, nats per output. */
export function lossOn(model: Tagger, data: Sequences): number {
  return noGrad(() => scope(() => lossOf(model, data, [...data.inputs.keys()]).item()));
}

/** log P of every class at one place of one row. */
export function logitsAt(model: Tagger, rows: readonly Int32Array[], length: number): Float64Array {
  return noGrad(() => scope(() => Float64Array.from(model.forward(batchOf(rows, length)).data)));
}

function lossOf(model: Tagger, { inputs, targets, length }: Sequences, rows: readonly number[]): Tensor<[]> {
  const logits = model.forward(
    batchOf(
      rows.map((row) => inputs[row]!),
      length,
    ),
  );
  return crossEntropy(
    logits,
    batchOf(
      rows.map((row) => targets[row]!),
      length,
    ),
  );
}

function batchOf(rows: readonly Int32Array[], length: number): Tensor<[number, number]> {
  const flat = new Int32Array(rows.length * length);
  for (const [at, row] of rows.entries()) flat.set(row, at * length);
  return ids(flat, [rows.length, length]);
}
