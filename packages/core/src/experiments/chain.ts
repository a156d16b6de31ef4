/**
 * Question 1c, trained: what a language model estimates at step t is P(y_t | y_1 ... y_{t-1}), so the product over t is the
 * sequence's probability. Computed in three ways in double precision: step by step with the state carried along; in one
 * pass over the whole sequence; and as ratios of prefix probabilities, each a sum over all sequences that begin so.
 */

import * as nn from '../nn/index.js';
import { crossEntropy } from '../ops/loss.js';
import { logSoftmax } from '../ops/softmax.js';
import { Adam } from '../optim/adam.js';
import { RandomStream } from '../random.js';
import { backward, noGrad } from '../tape.js';
import { ids, scope, type Tensor } from '../tensor.js';
import type { Experiment, Work } from './experiment.js';
import { measured, shown } from './statistics.js';
import { part } from './work.js';

const SYMBOLS = 3;
/** 3^6 = 729 sequences: all of them. */
const LENGTH = 6;
const HIDDEN = 12;
const STEPS = 200;
const BATCH = 16;
const TOLERANCE = 1e-12;

type State = Tensor<[number, number, number]>;

/** P(y_1) from a start symbol, then one symbol in and the distribution of the next one out. */
class LanguageModel extends nn.Module {
  readonly embedding: nn.Embedding;
  readonly rnn: nn.RNN;
  readonly head: nn.Linear;

  constructor(seed: number) {
    super();
    const random = new RandomStream(seed, 'experiment.weights');
    this.embedding = this.child('embedding', new nn.Embedding(SYMBOLS + 1, 4, { random }));
    this.rnn = this.child('rnn', new nn.RNN({ inputSize: 4, hiddenSize: HIDDEN, random }));
    this.head = this.child('head', new nn.Linear(HIDDEN, SYMBOLS, { random }));
  }

  /** Shapes: x [B, T], logits [B, T, V]. */
  forward(x: Tensor<[number, number]>, h0?: State): { logits: Tensor<[number, number, number]>; h: State } {
    const { output, h } = this.rnn.forward(this.embedding.forward(x), h0 === undefined ? {} : { h0 });
    return { logits: this.head.forward<[number, number]>(output), h };
  }
}

export const chainExperiment: Experiment = {
  name: 'chain',
  precision: 'f64',
  question: {
    fa: 'آیا حاصل‌ضرب احتمال‌های شرطی یک مدل آموزش‌دیده احتمال دنباله است؟',
    en: "Is the product of a trained model's conditional probabilities the probability of the sequence?",
  },
  *run(seeds) {
    const product: number[] = [];
    const ratio: number[] = [];
    const total: number[] = [];
    const gain: number[] = [];
    for (const [at, seed] of seeds.entries()) {
      const model = new LanguageModel(seed);
      const optimiser = yield* part(train(model, seed), at, seeds.length);
      const every = allSequences();
      const joint = wholeSequences(model, every);
      const conditionals = stepByStep(model, every);
      product.push(
        worst(
          joint,
          conditionals.map((list) => list.reduce((a, b) => a * b, 1)),
        ),
      );
      ratio.push(worst(conditionals.flat(), ratios(every, joint)));
      total.push(Math.abs(joint.reduce((a, b) => a + b, 0) - 1));
      gain.push(entropyGain(joint));
      optimiser.dispose();
    }
    const rows = [
      measured(
        { fa: 'حاصل‌ضرب گام به گام، در برابر یک‌جا', en: 'product step by step, against one pass' },
        product,
      ),
      measured(
        {
          fa: 'احتمال شرطی، در برابر نسبت احتمال دو پیشوند',
          en: 'conditional probability, against the ratio of two prefixes',
        },
        ratio,
      ),
      measured({ fa: 'جمع احتمال همهٔ دنباله‌ها، منهای ۱', en: 'sum over all sequences, less 1' }, total),
    ];
    const most = Math.max(...product, ...ratio, ...total);
    const learnt = gain.every((value) => value > 0.1);
    return {
      name: 'chain',
      question: chainExperiment.question,
      metric: {
        fa: `بیشترین خطای نسبی روی هر ${SYMBOLS ** LENGTH} دنبالهٔ ${LENGTH} نمادی`,
        en: `largest relative error over all ${SYMBOLS ** LENGTH} sequences of ${LENGTH} symbols`,
      },
      seeds,
      rows,
      findings: [
        {
          holds: most < TOLERANCE,
          text: {
            fa: `بیشترین خطا ${most.toExponential(1)} است؛ مرز ${TOLERANCE.toExponential(0)}.`,
            en: `The largest error is ${most.toExponential(1)}; the limit is ${TOLERANCE.toExponential(0)}.`,
          },
        },
        {
          holds: learnt,
          text: {
            fa: `مدل‌ها چیزی آموخته‌اند: آنتروپی دنباله دست‌کم ${shown(Math.min(...gain))} نَت کمتر از توزیع یکنواخت است.`,
            en: `The models have learnt something: a sequence's entropy is at least ${shown(Math.min(...gain))} nats below that of even odds.`,
          },
        },
      ],
      curves: [],
    };
  },
};

/** Sequences in which a symbol tends to be the one before it plus one. @returns what holds the model's weights */
function* train(model: LanguageModel, seed: number): Work<Adam> {
  const random = new RandomStream(seed, 'experiment.chain');
  const optimiser = new Adam(model, { learningRate: 0.02 });
  for (let step = 0; step < STEPS; step += 1) {
    const rows = Array.from({ length: BATCH }, () => {
      const row = [random.integer(SYMBOLS)];
      while (row.length < LENGTH) {
        row.push(random.uniform() < 0.8 ? (row.at(-1)! + 1) % SYMBOLS : random.integer(SYMBOLS));
      }
      return row;
    });
    scope(() => {
      const { logits } = model.forward(shifted(rows));
      const loss = crossEntropy(logits, ids(rows.flat(), [BATCH, LENGTH]));
      optimiser.zeroGrad();
      backward(loss);
      optimiser.step();
    });
    if (step % 20 === 19) yield (step + 1) / STEPS;
  }
  return optimiser;
}

/** The start symbol, then all but the last. */
function shifted(rows: readonly (readonly number[])[]): Tensor<[number, number]> {
  return ids(
    rows.flatMap((row) => [SYMBOLS, ...row.slice(0, -1)]),
    [rows.length, LENGTH],
  );
}

function allSequences(): number[][] {
  return Array.from({ length: SYMBOLS ** LENGTH }, (_, code) =>
    Array.from({ length: LENGTH }, (__, place) => Math.floor(code / SYMBOLS ** place) % SYMBOLS),
  );
}

/** P(y_1 ... y_T) from one pass: exp of the sum of the chosen log-probabilities. */
function wholeSequences(model: LanguageModel, rows: readonly (readonly number[])[]): number[] {
  return noGrad(() =>
    scope(() => {
      const logs = logSoftmax(model.forward(shifted(rows)).logits).data;
      return rows.map((row, b) =>
        Math.exp(row.reduce((sum, symbol, t) => sum + logs[(b * LENGTH + t) * SYMBOLS + symbol]!, 0)),
      );
    }),
  );
}

/** P(y_t | y_1 ... y_{t-1}) for each step, by giving the model one symbol at a time. */
function stepByStep(model: LanguageModel, rows: readonly (readonly number[])[]): number[][] {
  const count = rows.length;
  return noGrad(() =>
    scope(() => {
      const found: number[][] = rows.map(() => []);
      let h: State | undefined;
      for (let t = 0; t < LENGTH; t += 1) {
        const x = ids(
          rows.map((row) => (t === 0 ? SYMBOLS : row[t - 1]!)),
          [count, 1],
        );
        const step = model.forward(x, h);
        h = step.h;
        const { data } = step.logits;
        for (const [b, row] of rows.entries()) {
          const powers = Array.from({ length: SYMBOLS }, (_, v) => Math.exp(data[b * SYMBOLS + v]!));
          found[b]!.push(powers[row[t]!]! / powers.reduce((sum, p) => sum + p, 0));
        }
      }
      return found;
    }),
  );
}

/** P(y_1 ... y_t) / P(y_1 ... y_{t-1}), both as sums of the joint over what may follow. */
function ratios(rows: readonly (readonly number[])[], joint: readonly number[]): number[] {
  const prefix = new Map<string, number>();
  for (const [b, row] of rows.entries()) {
    for (let t = 0; t <= LENGTH; t += 1) {
      const key = row.slice(0, t).join('');
      prefix.set(key, (prefix.get(key) ?? 0) + joint[b]!);
    }
  }
  return rows.flatMap((row) =>
    row.map((_, t) => prefix.get(row.slice(0, t + 1).join(''))! / prefix.get(row.slice(0, t).join(''))!),
  );
}

function worst(a: readonly number[], b: readonly number[]): number {
  return a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!) / Math.abs(value)), 0);
}

/** ln(number of sequences) less the entropy: 0 for a model that gives all of them even odds. */
function entropyGain(joint: readonly number[]): number {
  return Math.log(joint.length) + joint.reduce((sum, p) => sum + p * Math.log(p), 0);
}
