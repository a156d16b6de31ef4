/** A run of a character model: a text in windows, the state carried from one to the next, evaluation and sampling. */
import {
  type Batch,
  type Batcher,
  type BatchPosition,
  RandomBatches,
  StreamBatches,
  windows,
} from '../data/batches.js';
import { Vocabulary } from '../data/vocabulary.js';
import { ArgumentError, CheckpointError, DataError } from '../errors.js';
import type { RealArray } from '../kernel/kernel.js';
import { withKernel } from '../kernel/load.js';
import { CharLM, type CharLMState } from '../models/char-lm.js';
import { crossEntropy } from '../ops/loss.js';
import { type Rows, rowsOf } from '../parallel/rows.js';
import { RandomStream } from '../random.js';
import { checkSampling, Sampler } from '../sample.js';
import type { CharLMConfig, Evaluation, GenerateOptions, RunInfo } from '../session/protocol.js';
import { ids, keep, scope, type Tensor } from '../tensor.js';
import { CarriedState } from './carried-state.js';
import { resolveConfig } from './config.js';
import { type RowsLoss, Run, type RunProgress } from './run.js';

/** The text of a run, split and encoded. */
interface RunText {
  readonly batches: Batcher;
  readonly train: Int32Array;
  readonly validation: Int32Array;
  /** FNV-1a 64 of the ids, so that a resumed run is known to read the same text. */
  readonly hash: string;
}

/** Windows of this many characters when evaluating and reading prompts; the result does not depend on it. */
const EVALUATION_WINDOW = 64;

export class CharLMRun extends Run<Batch> {
  readonly task = 'char-lm';
  readonly config: CharLMConfig;
  readonly vocabulary: Vocabulary;
  readonly model: CharLM;
  readonly #text: RunText | undefined;
  protected readonly dataHash: string;
  readonly #carried: CarriedState;

  /** A new run on `text`. @throws DataError when the text is too short, ArgumentError for a bad config */
  static create(text: string, config: Partial<CharLMConfig> = {}): CharLMRun {
    if (text.length === 0) throw new DataError('text: must have characters, got an empty text');
    return new CharLMRun(resolveConfig(config), Vocabulary.of(text), text);
  }

  /** A run as a checkpoint describes it; weights, moments and state are filled in by the caller. */
  static restore(
    config: Partial<CharLMConfig>,
    characters: readonly string[],
    progress: RunProgress,
    text: string | undefined,
  ): CharLMRun {
    const run = new CharLMRun(resolveConfig(config), new Vocabulary(characters), text, progress);
    if (run.#text !== undefined) {
      if (run.#text.hash !== progress.textHash) {
        run.dispose();
        throw new CheckpointError(
          `resume: the text must be the one of the run (hash ${progress.textHash}), got another (hash ${run.#text.hash})`,
        );
      }
      run.#text.batches.position = progress.batches as BatchPosition;
    }
    return run;
  }

  private constructor(
    config: CharLMConfig,
    vocabulary: Vocabulary,
    text: string | undefined,
    progress?: RunProgress,
  ) {
    super(config.seed, progress);
    this.config = config;
    this.vocabulary = vocabulary;
    // The text first: a text that does not fit must not cost a model.
    this.#text = text === undefined ? undefined : this.#split(vocabulary.encode(text));
    this.dataHash = this.#text?.hash ?? progress?.textHash ?? '';
    const model = new CharLM({
      vocabularySize: vocabulary.size,
      embeddingSize: config.embeddingSize,
      hiddenSize: config.hiddenSize,
      cell: config.cell,
      numLayers: config.numLayers,
      dropout: config.dropout,
      random: new RandomStream(config.seed, 'init'),
      dropoutRandom: this.random.dropout,
    });
    this.model = this.learn(model, config.learningRate);
    const { cell, numLayers, batchSize, hiddenSize } = config;
    this.#carried = new CarriedState(this.kernel, [numLayers, batchSize, hiddenSize], cell === 'lstm');
  }

  get info(): RunInfo {
    return {
      config: this.config,
      step: this.step,
      vocabulary: this.vocabulary.characters,
      parameters: this.model.parameterCount,
      trainCharacters: this.sizes.train,
      validationCharacters: this.sizes.validation,
      stepsPerEpoch: this.stepsPerEpoch,
      trainable: this.trainable,
    };
  }

  get trainable(): boolean {
    return this.#text !== undefined;
  }

  get stepsPerEpoch(): number {
    return this.#text?.batches.stepsPerEpoch ?? 0;
  }

  get tokensPerStep(): number {
    return this.config.batchSize * this.config.sequenceLength;
  }

  get hasValidation(): boolean {
    return this.#text !== undefined && this.#text.validation.length >= 2;
  }

  get sizes(): { readonly train: number; readonly validation: number } {
    return { train: this.#text?.train.length ?? 0, validation: this.#text?.validation.length ?? 0 };
  }

  describe(): { readonly vocabulary: readonly string[] } {
    return { vocabulary: this.vocabulary.characters };
  }

  /** The recurrent state carried to the next window; undefined when the next one starts from zero. */
  get state(): CharLMState | undefined {
    return this.#carried.state;
  }

  /** Takes over a copy. */
  set state(state: CharLMState | undefined) {
    this.#carried.state = state;
  }

  *carriedTensors(): Generator<readonly [string, Tensor]> {
    const { state } = this;
    if (state === undefined) return;
    yield ['h', state.h];
    if (state.c !== undefined) yield ['c', state.c];
  }

  protected get batchPosition(): BatchPosition {
    return this.#text?.batches.position ?? { window: 0, offset: 0 };
  }

  protected set batchPosition(position: BatchPosition) {
    if (this.#text !== undefined) this.#text.batches.position = position;
  }

  protected nextBatch(): Batch {
    return this.#text!.batches.next();
  }

  protected rowsLoss(batch: Batch, rank: number): RowsLoss {
    const { batchSize: B, sequenceLength: T } = this.config;
    const rows = rowsOf(rank, this.ranks, B);
    const state = batch.fresh ? undefined : this.#carried.read(rows);
    const shape = [T, rows.count] as const;
    const { logits, h, c } = this.model.forward(ids(columns(batch.inputs, B, rows), shape), state);
    const loss = crossEntropy(logits, ids(columns(batch.targets, B, rows), shape));
    this.#carried.write(rows, { h, c });
    return { loss, weight: rows.count / B };
  }

  protected advance(): void {
    this.#carried.advance();
  }

  carried(rank: number): RealArray | undefined {
    return this.#carried.give(rowsOf(rank, this.ranks, this.config.batchSize));
  }

  carry(rank: number, carried: RealArray | undefined): void {
    if (carried !== undefined) this.#carried.take(rowsOf(rank, this.ranks, this.config.batchSize), carried);
  }

  *validating(): Generator<void, Evaluation> {
    return yield* this.evaluating();
  }

  /**
   * Mean cross-entropy per character, state carried over the whole text; never touches the run's streams.
   * @param text - defaults to the validation part
   * @throws DataError for fewer than 2 characters, or characters outside the vocabulary
   */
  evaluate(text?: string): Evaluation {
    const windows = this.evaluating(text);
    for (;;) {
      const { done, value } = windows.next();
      if (done === true) return value;
    }
  }

  /** {@link evaluate} in pieces: yields after each window, so that other work gets in between; ending it early is fine. */
  *evaluating(text?: string): Generator<void, Evaluation> {
    const part = text === undefined ? this.#text?.validation : this.vocabulary.encode(text);
    if (part === undefined || part.length < 2) {
      throw new DataError(`evaluate: the text must have at least 2 characters, got ${part?.length ?? 0}`);
    }
    // As many parallel streams as keep each at least a window long.
    const streams = Math.max(
      1,
      Math.min(this.config.batchSize, Math.floor((part.length - 1) / EVALUATION_WINDOW)),
    );
    const length = Math.floor((part.length - 1) / streams);
    let total = 0;
    let state: CharLMState | undefined;
    try {
      for (let at = 0; at < length; at += EVALUATION_WINDOW) {
        const time = Math.min(EVALUATION_WINDOW, length - at);
        const starts = Array.from({ length: streams }, (_, b) => b * length + at);
        const { inputs, targets } = windows(part, starts, time);
        total += this.inference(() => {
          const result = scope(() => {
            const { logits, h, c } = this.model.forward(ids(inputs, [time, streams]), state);
            const loss = crossEntropy(logits, ids(targets, [time, streams]));
            return { loss: loss.item(), ...kept({ h, c }) };
          });
          disposeState(state);
          state = result;
          return result.loss * time * streams;
        });
        yield;
      }
    } finally {
      disposeState(state);
    }
    const characters = length * streams;
    const loss = total / characters;
    return { loss, perplexity: Math.exp(loss), bitsPerCharacter: loss / Math.LN2, characters };
  }

  /**
   * Write on from a prompt, a character at a time; never touches the run's streams or state.
   * @throws DataError for a prompt with unknown characters, ArgumentError for options outside their domains
   */
  *generate(options: Omit<GenerateOptions, 'onText' | 'signal'> = {}): Generator<string, void> {
    const { length = 200, seed = 0 } = options;
    const sampling = checkSampling(options);
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new ArgumentError(`generate: length must be a whole number >= 0, got ${length}`);
    }
    const start = this.vocabulary.has('\n') ? '\n' : this.vocabulary.characters[0]!;
    const prompt = this.vocabulary.encode(options.prompt || start);
    if (length === 0) return;
    const random = new RandomStream(seed, 'sampling');
    const { decoder, sampler } = withKernel(this.kernel, () => ({
      decoder: this.model.decoder(),
      sampler: new Sampler(this.vocabulary.size, random, sampling),
    }));
    try {
      let step = this.step;
      let next = this.inference(() =>
        scope(() => {
          const { logits, h, c } = this.model.forward(ids(prompt, [prompt.length, 1]));
          decoder.start({ h, c });
          return sampler.draw(logits.part(logits.size - this.vocabulary.size, [this.vocabulary.size]));
        }),
      );
      for (let written = 1; ; written += 1) {
        yield this.vocabulary.characters[next]!;
        if (written === length) return;
        // Whoever reads slowly may train in between.
        if (step !== this.step) decoder.forget();
        step = this.step;
        next = withKernel(this.kernel, () => sampler.draw(decoder.step([next])));
      }
    } finally {
      decoder.dispose();
      sampler.dispose();
    }
  }

  override dispose(): void {
    this.#carried.dispose();
    super.dispose();
  }

  #split(text: Int32Array): RunText {
    const { batchSize, sequenceLength, batching, validationFraction } = this.config;
    const cut = text.length - Math.floor(text.length * validationFraction);
    const train = text.subarray(0, cut);
    const Batches = batching === 'stream' ? StreamBatches : RandomBatches;
    return {
      train,
      validation: text.subarray(cut),
      batches: new Batches(train, batchSize, sequenceLength, this.random.data),
      hash: this.hashOf(text),
    };
  }
}

/** Some columns of an array [T, B]. */
function columns(array: Int32Array, batch: number, { start, count }: Rows): Int32Array {
  if (count === batch) return array;
  const part = new Int32Array((array.length / batch) * count);
  for (let from = start, to = 0; to < part.length; from += batch, to += count) {
    part.set(array.subarray(from, from + count), to);
  }
  return part;
}

function disposeState(state: CharLMState | undefined): void {
  state?.h.dispose();
  state?.c?.dispose();
}

/** A copy that outlives the scope. */
function kept({ h, c }: CharLMState): CharLMState {
  return { h: keep(h), c: c && keep(c) };
}
