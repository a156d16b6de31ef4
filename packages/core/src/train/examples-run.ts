/** A run that learns from separate examples, in batches of similar length: what classifying, tagging and translating share. */
import { BucketBatches, type BucketPosition } from '../data/buckets.js';
import { CheckpointError, DataError } from '../errors.js';
import type { RealArray } from '../kernel/kernel.js';
import { rowsOf } from '../parallel/rows.js';
import { scope, type Tensor } from '../tensor.js';
import { type RowsLoss, Run, type RunProgress, type TrainingConfig, type Validation } from './run.js';
import type { TaskData } from './task-data.js';

/** An example as the model reads it. */
export interface Encoded {
  /** Steps of the longest sequence in it: examples of similar length share a batch. */
  readonly length: number;
  /** What it predicts: 1 for a class, one per token for tags. */
  readonly predictions: number;
  /** Everything in it as whole numbers, so that equal data has an equal hash. */
  readonly numbers: Iterable<number>;
}

export interface Parts<T> {
  readonly train: readonly T[];
  readonly validation: readonly T[];
}

/** Both parts, example by example; none of none. */
export function mapParts<T, E>(parts: Parts<T> | undefined, of: (example: T) => E): Parts<E> | undefined {
  return parts && { train: parts.train.map(of), validation: parts.validation.map(of) };
}

/** A wrong answer, for people to look at. */
export interface Mistake {
  readonly input: string;
  readonly expected: string;
  readonly got: string;
}

/** What a model says to an input; what there is depends on the kind of run. */
export interface Prediction {
  readonly input: string;
  /** The class, the tags or the text, as one line. */
  readonly output: string;
  /** A forecast's numbers, of every step or of the end. */
  readonly numbers?: readonly number[];
  readonly tokens?: readonly string[];
  readonly tags?: readonly string[];
  /** By tag, for each token. */
  readonly tagProbabilities?: readonly (readonly (readonly [tag: string, probability: number])[])[];
  /** How much each written token attended to each read one: rows of `weights` are of `target`. */
  readonly alignment?: Alignment;
  /** By class. */
  readonly probabilities?: readonly (readonly [label: string, probability: number])[];
}

export interface Alignment {
  readonly source: readonly string[];
  readonly target: readonly string[];
  /** [target][source], rows sum to 1. */
  readonly weights: readonly (readonly number[])[];
}

/** What an evaluation on examples gives. */
export interface TaskReport extends Validation {
  readonly metrics: Readonly<Record<string, number>>;
  readonly examples: number;
  /** The classes or tags, in the order of the matrix. */
  readonly labels?: readonly string[];
  /** counts[i][j]: how often i was taken for j. */
  readonly confusion?: readonly (readonly number[])[];
  /** The first wrong answers. */
  readonly mistakes: readonly Mistake[];
  /** The first texts, right or wrong, to ask about. */
  readonly texts: readonly string[];
}

/** Wrong answers that a report shows. */
const MISTAKES = 10;
/** Texts that it names. */
const TEXTS = 4;

/** Adds up what an evaluation counts, batch by batch. */
export interface Tally<E> {
  /** Called inside a scope, without gradients. @returns the summed loss over what the batch predicts */
  add(batch: readonly E[], mistake: (mistake: Mistake) => void): number;
  result(): Pick<TaskReport, 'metrics' | 'labels' | 'confusion'>;
}

export abstract class ExamplesRun<E extends Encoded> extends Run<readonly E[]> {
  protected readonly dataHash: string;
  readonly #parts: Parts<E> | undefined;
  readonly #batches: BucketBatches | undefined;
  #tokens = 0;

  protected constructor(
    config: TrainingConfig,
    parts: Parts<E> | undefined,
    progress: RunProgress | undefined,
  ) {
    super(config.seed, progress);
    this.#parts = parts;
    if (parts === undefined) {
      this.dataHash = progress?.textHash ?? '';
      return;
    }
    if (parts.train.length === 0) throw new DataError('train: there must be at least one example, got none');
    this.dataHash = this.hashOf(
      Int32Array.from([...parts.train, ...parts.validation].flatMap(({ numbers }) => [...numbers, -1])),
    );
    if (progress !== undefined && this.dataHash !== progress.textHash) {
      throw new CheckpointError(
        `resume: the data must be the one of the run (hash ${progress.textHash}), got another (hash ${this.dataHash})`,
      );
    }
    const { batchSize, seed } = config;
    this.#batches = new BucketBatches(
      parts.train.map(({ length }) => length),
      { batchSize, seed },
    );
    if (progress !== undefined) this.#batches.position = progress.batches as BucketPosition;
  }

  /** Mean loss over what `batch` predicts, with gradients. */
  protected abstract lossOf(batch: readonly E[]): Tensor;
  protected abstract tally(): Tally<E>;
  /** What `predict` would be given for this example. */
  protected abstract inputOf(example: E): string;
  /** Examples of a table or a task's validation part. @throws DataError for what the run does not know */
  protected abstract encoded(data: TaskData): readonly E[];
  /** What the model says to each input. */
  abstract predict(inputs: readonly string[]): readonly Prediction[];

  get trainable(): boolean {
    return this.#parts !== undefined;
  }

  get hasValidation(): boolean {
    return this.#parts !== undefined && this.#parts.validation.length > 0;
  }

  get stepsPerEpoch(): number {
    return this.#batches?.stepsPerEpoch ?? 0;
  }

  get tokensPerStep(): number {
    return this.#tokens;
  }

  get sizes(): { readonly train: number; readonly validation: number } {
    const { train, validation } = this.#parts ?? { train: [], validation: [] };
    return { train: train.length, validation: validation.length };
  }

  protected get batchPosition(): BucketPosition {
    return this.#batches?.position ?? { epoch: 0, batch: 0 };
  }

  protected set batchPosition(position: BucketPosition) {
    if (this.#batches !== undefined) this.#batches.position = position;
  }

  protected nextBatch(): readonly E[] {
    const batch = this.#batches!.next().map((index) => this.#parts!.train[index]!);
    this.#tokens = batch.reduce((sum, { length }) => sum + length, 0);
    return batch;
  }

  protected rowsLoss(batch: readonly E[], rank: number): RowsLoss {
    const { start, count } = rowsOf(rank, this.ranks, batch.length);
    // The last batch of an epoch may have fewer rows than ranks: a rank without one repeats a row that counts nothing.
    if (count === 0) return { loss: this.lossOf(batch.slice(0, 1)), weight: 0 };
    const rows = batch.slice(start, start + count);
    return { loss: this.lossOf(rows), weight: predictionsOf(rows) / predictionsOf(batch) };
  }

  protected advance(): void {}

  carried(): RealArray | undefined {
    return undefined;
  }

  carry(): void {}

  *carriedTensors(): Generator<readonly [string, Tensor]> {}

  validating(): Generator<void, TaskReport> {
    return this.reporting(this.#parts?.validation ?? []);
  }

  /** Measure on other data, or on the validation part when left out. @throws DataError for no examples */
  report(data?: TaskData): TaskReport {
    const pieces = data === undefined ? this.validating() : this.reporting(this.encoded(data));
    for (;;) {
      const { done, value } = pieces.next();
      if (done === true) return value;
    }
  }

  /** Measure on examples, yielding after each batch; never touches the run's streams. @throws DataError for none */
  *reporting(examples: readonly E[]): Generator<void, TaskReport> {
    if (examples.length === 0) throw new DataError('evaluate: there must be at least one example, got none');
    const { batchSize } = this.config;
    const sorted = examples.toSorted((a, b) => a.length - b.length);
    const tally = this.tally();
    const mistakes: Mistake[] = [];
    let loss = 0;
    for (let at = 0; at < sorted.length; at += batchSize) {
      const batch = sorted.slice(at, at + batchSize);
      loss += this.inference(() =>
        scope(() =>
          tally.add(batch, (mistake) => {
            if (mistakes.length < MISTAKES) mistakes.push(mistake);
          }),
        ),
      );
      yield;
    }
    const { length } = examples;
    const texts = examples.slice(0, TEXTS).map((example) => this.inputOf(example));
    return { loss: loss / predictionsOf(examples), examples: length, ...tally.result(), mistakes, texts };
  }
}

function predictionsOf(examples: readonly Encoded[]): number {
  return examples.reduce((sum, { predictions }) => sum + predictions, 0);
}

/** The rows of a confusion matrix. */
export function rowsOfMatrix(counts: ArrayLike<number>, classes: number): number[][] {
  return Array.from({ length: classes }, (_, i) =>
    Array.from({ length: classes }, (_, j) => counts[i * classes + j]!),
  );
}
