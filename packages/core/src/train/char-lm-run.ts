/**
 * One run of a character model: the model, its optimiser, its place in the text, its random streams. Whoever
 * holds the run steps it; the whole state goes into a checkpoint and comes back bit for bit (checkpoint.ts).
 */
import { type Batch, type Batcher, RandomBatches, StreamBatches, windows } from '../data/batches.js';
import { Vocabulary } from '../data/vocabulary.js';
import { ArgumentError, CheckpointError, DataError, DivergedError } from '../errors.js';
import type { Kernel, RealArray } from '../kernel/kernel.js';
import { currentKernel, withKernel } from '../kernel/load.js';
import { CharLM, type CharLMState } from '../models/char-lm.js';
import type { FlatParameters } from '../nn/flat.js';
import { crossEntropy } from '../ops/loss.js';
import { Adam } from '../optim/adam.js';
import { stepInTurn } from '../parallel/in-turn.js';
import { type Rows, rowsOf } from '../parallel/rows.js';
import type { ParallelRun, Share, StepResult } from '../parallel/run.js';
import { RandomStream } from '../random.js';
import { checkSampling, sample } from '../sample.js';
import type { CharLMConfig, Evaluation, GenerateOptions, RunInfo } from '../session/protocol.js';
import { backward, noGrad } from '../tape.js';
import { full, ids, keep, scope } from '../tensor.js';
import { CarriedState } from './carried-state.js';
import { resolveConfig } from './config.js';

/** The text of a run, split and encoded. */
interface RunText {
  readonly batches: Batcher;
  readonly train: Int32Array;
  readonly validation: Int32Array;
  /** FNV-1a 64 of the ids, so that a resumed run is known to read the same text. */
  readonly hash: string;
}

/** What a checkpoint restores beside weights and moments. */
export interface RunProgress {
  readonly step: number;
  readonly streams: { readonly data: number; readonly dropout: number };
  readonly batches: { readonly window: number; readonly offset: number };
  readonly textHash: string;
}

/** Windows of this many characters when evaluating and reading prompts; the result does not depend on it. */
const EVALUATION_WINDOW = 64;

export class CharLMRun implements ParallelRun {
  readonly config: CharLMConfig;
  readonly vocabulary: Vocabulary;
  readonly model: CharLM;
  readonly optimizer: Adam;
  readonly kernel: Kernel;
  readonly #random: { readonly data: RandomStream; readonly dropout: RandomStream };
  readonly #text: RunText | undefined;
  readonly #textHash: string;
  readonly #carried: CarriedState;
  #step = 0;
  /** Where the run stood when the step in flight began, and its batch. */
  #before: RunProgress | undefined;
  #batch: Batch | undefined;

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
      run.#text.batches.position = progress.batches;
    }
    return run;
  }

  private constructor(
    config: CharLMConfig,
    vocabulary: Vocabulary,
    text: string | undefined,
    progress?: RunProgress,
  ) {
    this.config = config;
    this.vocabulary = vocabulary;
    this.kernel = currentKernel();
    this.#random = {
      data: new RandomStream(config.seed, 'data', progress?.streams.data),
      dropout: new RandomStream(config.seed, 'dropout', progress?.streams.dropout),
    };
    this.#step = progress?.step ?? 0;
    // The text first: a text that does not fit must not cost a model.
    this.#text = text === undefined ? undefined : this.#split(vocabulary.encode(text));
    this.#textHash = this.#text?.hash ?? progress?.textHash ?? '';
    this.model = new CharLM({
      vocabularySize: vocabulary.size,
      embeddingSize: config.embeddingSize,
      hiddenSize: config.hiddenSize,
      numLayers: config.numLayers,
      dropout: config.dropout,
      random: new RandomStream(config.seed, 'init'),
      dropoutRandom: this.#random.dropout,
    });
    this.optimizer = new Adam(this.model, { learningRate: config.learningRate });
    this.#carried = new CarriedState(this.kernel, [config.numLayers, config.batchSize, config.hiddenSize]);
  }

  get info(): RunInfo {
    return {
      config: this.config,
      step: this.#step,
      vocabulary: this.vocabulary.characters,
      parameters: this.model.parameterCount,
      trainCharacters: this.#text?.train.length ?? 0,
      validationCharacters: this.#text?.validation.length ?? 0,
      stepsPerEpoch: this.#text?.batches.stepsPerEpoch ?? 0,
      trainable: this.#text !== undefined,
    };
  }

  /** Steps done. */
  get step(): number {
    return this.#step;
  }

  get progress(): RunProgress {
    return {
      step: this.#step,
      streams: { data: this.#random.data.position, dropout: this.#random.dropout.position },
      batches: this.#text?.batches.position ?? { window: 0, offset: 0 },
      textHash: this.#textHash,
    };
  }

  /** The recurrent state carried to the next window; undefined when the next one starts from zero. */
  get state(): CharLMState | undefined {
    return this.#carried.state;
  }

  /** Takes over a copy. */
  set state(state: CharLMState | undefined) {
    this.#carried.state = state;
  }

  /** True when `step` is one of those that `evaluateEvery` asks to validate. */
  get evaluationDue(): boolean {
    const { evaluateEvery } = this.config;
    return evaluateEvery > 0 && this.#step % evaluateEvery === 0 && this.hasValidation;
  }

  get hasValidation(): boolean {
    return this.#text !== undefined && this.#text.validation.length >= 2;
  }

  get flat(): FlatParameters {
    return this.optimizer.flat;
  }

  get ranks(): number {
    return this.config.workers;
  }

  /**
   * One step, all ranks in turn: forward, loss, backpropagation through time, clipping, Adam.
   * @throws DivergedError when the loss or a gradient is NaN or infinite; the run then stands where it stood
   */
  trainStep(): StepResult {
    return stepInTurn(this);
  }

  begin(): void {
    const text = this.#text;
    if (text === undefined) throw new ArgumentError('train: the run must have its text, got a model alone');
    this.#before = this.progress;
    this.#batch = withKernel(this.kernel, () => text.batches.next());
  }

  gradients(rank: number): Share {
    const [batch, before] = [this.#batch!, this.#before!];
    const { batchSize: B, sequenceLength: T } = this.config;
    const rows = rowsOf(rank, this.ranks, B);
    const weight = rows.count / B;
    const { dropout } = this.#random;
    // Every rank has masks of its own.
    dropout.branch = rank;
    dropout.position = before.streams.dropout;
    return scope(() => {
      this.model.train();
      const state = batch.fresh ? undefined : this.#carried.read(rows);
      const shape = [T, rows.count] as const;
      const { logits, h, c } = this.model.forward(ids(columns(batch.inputs, B, rows), shape), state);
      const loss = crossEntropy(logits, ids(columns(batch.targets, B, rows), shape));
      const value = loss.item();
      // Otherwise `finish` refuses the step.
      if (Number.isFinite(value)) backward(loss, full([], weight));
      this.#carried.write(rows, { h, c });
      return { loss: value * weight, position: dropout.position };
    });
  }

  finish(shares: readonly Share[]): StepResult {
    const step = this.#step + 1;
    const loss = shares.reduce((sum, share) => sum + share.loss, 0);
    if (!Number.isFinite(loss)) {
      this.flat.expectFinite(step);
      throw new DivergedError(`train: the loss must be finite, got ${loss} at step ${step}`, {
        step,
        tensor: 'loss',
      });
    }
    const gradientNorm = this.optimizer.step({ clipNorm: this.config.clipNorm });
    this.#random.dropout.branch = 0;
    this.#random.dropout.position = Math.max(...shares.map((share) => share.position));
    this.#carried.advance();
    this.#step = step;
    this.#before = undefined;
    return { step, loss, gradientNorm };
  }

  undo(): void {
    if (this.#before === undefined || this.#text === undefined) return;
    const { streams, batches } = this.#before;
    this.#text.batches.position = batches;
    this.#random.data.position = streams.data;
    this.#random.dropout.branch = 0;
    this.#random.dropout.position = streams.dropout;
    this.#before = undefined;
  }

  carried(rank: number): RealArray | undefined {
    return this.#carried.give(rowsOf(rank, this.ranks, this.config.batchSize));
  }

  carry(rank: number, carried: RealArray | undefined): void {
    if (carried !== undefined) this.#carried.take(rowsOf(rank, this.ranks, this.config.batchSize), carried);
  }

  /** Passes over the training part so far. */
  get epoch(): number {
    return this.#text === undefined ? 0 : this.#step / this.#text.batches.stepsPerEpoch;
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
        total += this.#inference(() => {
          const result = scope(() => {
            const { logits, h, c } = this.model.forward(ids(inputs, [time, streams]), state);
            const loss = crossEntropy(logits, ids(targets, [time, streams]));
            return { loss: loss.item(), h: keep(h), c: keep(c) };
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
    let input = this.vocabulary.encode(options.prompt || start);
    const random = new RandomStream(seed, 'sampling');
    let state: CharLMState | undefined;
    try {
      for (let written = 0; written < length; written += 1) {
        const next = this.#inference(() => {
          const result = scope(() => {
            const { logits, h, c } = this.model.forward(ids(input, [input.length, 1]), state);
            const last = logits.part(logits.size - this.vocabulary.size, [this.vocabulary.size]);
            return { id: sample(last, random, sampling), h: keep(h), c: keep(c) };
          });
          disposeState(state);
          state = result;
          return result.id;
        });
        yield this.vocabulary.characters[next]!;
        input = Int32Array.of(next);
      }
    } finally {
      disposeState(state);
    }
  }

  /** FNV-1a 64 of all weights, 16 hex digits. */
  hash(): string {
    return this.optimizer.flat.hash();
  }

  dispose(): void {
    this.#carried.dispose();
    this.optimizer.dispose();
  }

  #inference<R>(fn: () => R): R {
    this.model.eval();
    return withKernel(this.kernel, () => noGrad(fn));
  }

  #split(text: Int32Array): RunText {
    const { batchSize, sequenceLength, batching, validationFraction } = this.config;
    const cut = text.length - Math.floor(text.length * validationFraction);
    const train = text.subarray(0, cut);
    const Batches = batching === 'stream' ? StreamBatches : RandomBatches;
    return {
      train,
      validation: text.subarray(cut),
      batches: new Batches(train, batchSize, sequenceLength, this.#random.data),
      hash: this.#hashOf(text),
    };
  }

  #hashOf(text: Int32Array): string {
    const { memory } = this.kernel;
    const { region, offset } = memory.allocateHeap(text.byteLength);
    this.kernel.int32(offset, text.length).set(text);
    const hash = this.kernel.hash(offset, text.byteLength);
    memory.free(region);
    return hash;
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
  state?.c.dispose();
}
