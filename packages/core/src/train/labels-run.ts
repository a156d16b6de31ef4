/** A run that learns the class of each example, whatever an example is read from: many-to-one. */
import type { Vocabulary } from '../data/vocabulary.js';
import { ConfusionMatrix } from '../metrics.js';
import { crossEntropy } from '../ops/loss.js';
import { softmax } from '../ops/softmax.js';
import { ids, scope, type Tensor } from '../tensor.js';
import { type Encoded, ExamplesRun, type Prediction, rowsOfMatrix, type Tally } from './examples-run.js';
import type { RecurrentConfig } from './task-config.js';

export interface Labelled extends Encoded {
  readonly label: number;
}

/** @typeParam X - what the model reads of an example */
export abstract class LabelsRun<X, E extends Labelled & X> extends ExamplesRun<E> {
  readonly task = 'classify';
  abstract override readonly config: RecurrentConfig;
  abstract readonly labels: Vocabulary;
  /** [B, C] */
  protected abstract logits(batch: readonly X[]): Tensor<[number, number]>;
  /** An input of `predict` as the model reads it. */
  protected abstract reading(input: string): X;

  predict(inputs: readonly string[]): Prediction[] {
    const { characters: labels } = this.labels;
    return inputs.map((input) =>
      this.inference(() =>
        scope(() => {
          const probabilities = [...softmax(this.logits([this.reading(input)])).data];
          const best = probabilities.indexOf(Math.max(...probabilities));
          return {
            input,
            output: labels[best]!,
            probabilities: labels.map((label, i) => [label, probabilities[i]!] as const),
          };
        }),
      ),
    );
  }

  protected lossOf(batch: readonly E[]): Tensor {
    const { labelSmoothing } = this.config;
    return crossEntropy(this.logits(batch), targetsOf(batch), { labelSmoothing });
  }

  protected tally(): Tally<E> {
    const { characters: labels } = this.labels;
    const matrix = new ConfusionMatrix(labels.length);
    return {
      add: (batch, mistake) => {
        const logits = this.logits(batch);
        const { data } = logits;
        for (const [b, example] of batch.entries()) {
          const { label } = example;
          const row = data.subarray(b * labels.length, (b + 1) * labels.length);
          const said = row.indexOf(Math.max(...row));
          matrix.add(label, said);
          if (said !== label) {
            mistake({ input: this.inputOf(example), expected: labels[label]!, got: labels[said]! });
          }
        }
        return crossEntropy(logits, targetsOf(batch)).item() * batch.length;
      },
      result: () => ({
        metrics: { accuracy: matrix.accuracy, macroF1: matrix.macroF1 },
        labels,
        confusion: rowsOfMatrix(matrix.counts, labels.length),
      }),
    };
  }
}

/** All labels of the examples, sorted. */
export function labelsOf(examples: readonly { readonly label: string }[]): string[] {
  return [...new Set(examples.map(({ label }) => label))].sort();
}

function targetsOf(batch: readonly Labelled[]): Tensor {
  return ids(
    batch.map(({ label }) => label),
    [batch.length],
  );
}
