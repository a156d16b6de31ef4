/** A run of a language model: a text in windows, the state carried from one to the next, evaluation and sampling. */
import type { Batch, BatchPosition } from '../data/batches.js';
import { CharacterTokens, type TextTokens, type TextTokensState, WordTokens } from '../data/text-tokens.js';
import { ArgumentError, DataError } from '../errors.js';
import type { RealArray } from '../kernel/kernel.js';
import { withKernel } from '../kernel/load.js';
import { CharLM, type CharLMState } from '../models/char-lm.js';
import { TransformerLM } from '../models/transformer-lm.js';
import { crossEntropy } from '../ops/loss.js';
import { type Rows, rowsOf } from '../parallel/rows.js';
import { RandomStream } from '../random.js';
import { checkSampling, Sampler } from '../sample.js';
import type { CharLMConfig, Evaluation, GenerateOptions, RunInfo } from '../session/protocol.js';
import { ids, scope, type Tensor } from '../tensor.js';
import { CarriedState } from './carried-state.js';
import { resolveConfig } from './config.js';
import { languageLoss, type TextWindow, wholeWindow } from './language-evaluation.js';
import { type RowsLoss, Run, type RunProgress } from './run.js';
import { continueText, type RunText, splitText } from './run-text.js';

export class CharLMRun extends Run<Batch> {
  readonly task = 'char-lm';
  readonly config: CharLMConfig;
  readonly vocabulary: TextTokens;
  readonly model: CharLM | TransformerLM;
  readonly #text: RunText | undefined;
  protected readonly dataHash: string;
  /** Undefined for a Transformer, which carries nothing. */
  readonly #carried: CarriedState | undefined;

  /**
   * A new run on `text`.
   * @param tokens - of a `tokenizer.json` that was loaded, for the unit `'hugging-face'`
   * @throws DataError when the text is too short, ArgumentError for a bad config
   */
  static create(text: string, config: Partial<CharLMConfig> = {}, tokens?: TextTokens): CharLMRun {
    if (text.length === 0) throw new DataError('text: must have characters, got an empty text');
    const resolved = resolveConfig(config);
    return new CharLMRun(resolved, tokens ?? tokensOf(text, resolved), text);
  }

  /** A run over these tokens, whatever a text has: for weights that were learned elsewhere. Without a text it cannot train. */
  static withTokens(config: Partial<CharLMConfig>, tokens: TextTokens, text: string | undefined): CharLMRun {
    return new CharLMRun(resolveConfig(config), tokens, text);
  }

  /** A run as a checkpoint describes it; weights, moments and state are filled in by the caller. */
  static restore(
    config: Partial<CharLMConfig>,
    tokens: TextTokens,
    progress: RunProgress,
    text: string | undefined,
  ): CharLMRun {
    const run = new CharLMRun(resolveConfig(config), tokens, text, progress);
    try {
      if (run.#text !== undefined)
        continueText(run.#text, progress.textHash, progress.batches as BatchPosition);
      return run;
    } catch (error) {
      run.dispose();
      throw error;
    }
  }

  private constructor(
    config: CharLMConfig,
    tokens: TextTokens,
    text: string | undefined,
    progress?: RunProgress,
  ) {
    super(config.seed, progress);
    this.config = config;
    this.vocabulary = tokens;
    // The text first: a text that does not fit must not cost a model.
    this.#text = text === undefined ? undefined : this.#split(tokens.encode(text));
    this.dataHash = this.#text?.hash ?? progress?.textHash ?? '';
    this.model = this.learn(modelOf(config, tokens.size, this.random.dropout), config);
    const { cell, numLayers, batchSize, hiddenSize } = config;
    this.#carried =
      cell === 'transformer'
        ? undefined
        : new CarriedState(this.kernel, [numLayers, batchSize, hiddenSize], cell === 'lstm');
  }

  get info(): RunInfo {
    return {
      config: this.config,
      step: this.step,
      vocabulary: this.vocabulary.tokens,
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

  describe(): TextTokensState {
    return this.vocabulary.state;
  }

  /** The recurrent state carried to the next window; undefined when the next one starts from zero. */
  get state(): CharLMState | undefined {
    return this.#carried?.state;
  }

  /** Takes over a copy. */
  set state(state: CharLMState | undefined) {
    if (this.#carried !== undefined) this.#carried.state = state;
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
    const shape = [T, rows.count] as const;
    const inputs = ids(columns(batch.inputs, B, rows), shape);
    const targets = ids(columns(batch.targets, B, rows), shape);
    const { labelSmoothing } = this.config;
    const loss = crossEntropy(this.#logits(inputs, rows, batch.fresh), targets, { labelSmoothing });
    return { loss, weight: rows.count / B };
  }

  /** Of some rows; the state that a recurrent model leaves goes to the next step. */
  #logits(inputs: Tensor<[number, number]>, rows: Rows, fresh: boolean): Tensor {
    if (!(this.model instanceof CharLM)) return this.model.forward(inputs).logits;
    const before = fresh ? undefined : this.#carried?.read(rows);
    const { logits, h, c } = this.model.forward(inputs, before);
    this.#carried?.write(rows, { h, c });
    return logits;
  }

  protected advance(): void {
    this.#carried?.advance();
  }

  carried(rank: number): RealArray | undefined {
    return this.#carried?.give(rowsOf(rank, this.ranks, this.config.batchSize));
  }

  carry(rank: number, carried: RealArray | undefined): void {
    if (carried !== undefined) this.#carried?.take(rowsOf(rank, this.ranks, this.config.batchSize), carried);
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

  /**
   * The validation part as a recurrent model's {@link evaluate} reads it, and the loss on it: for other programs to check.
   * Shapes: inputs, targets [length, streams]. @param most - tokens; of a longer part the first ones
   * @returns undefined without a validation part, and for a Transformer, which reads overlapping windows
   */
  validationWindow(most = 200_000): (TextWindow & { readonly loss: number }) | undefined {
    const { model } = this;
    const part = this.#text?.validation.subarray(0, most + 1);
    if (part === undefined || part.length < 2 || !(model instanceof CharLM)) return undefined;
    const pieces = languageLoss(model, part, this.config.batchSize, (fn) => this.inference(fn));
    for (;;) {
      const { done, value } = pieces.next();
      if (done === true) {
        return { ...wholeWindow(part, this.config.batchSize), loss: value.total / value.tokens };
      }
    }
  }

  /** {@link evaluate} in pieces: yields after each window, so that other work gets in between; ending it early is fine. */
  *evaluating(text?: string): Generator<void, Evaluation> {
    const part = text === undefined ? this.#text?.validation : this.vocabulary.encode(text);
    if (part === undefined || part.length < 2) {
      throw new DataError(
        `evaluate: the text must have at least 2 ${this.vocabulary.unit === 'characters' ? 'characters' : 'tokens'}, got ${part?.length ?? 0}`,
      );
    }
    const { batchSize } = this.config;
    const { total, tokens } = yield* languageLoss(this.model, part, batchSize, (fn) => this.inference(fn));
    const loss = total / tokens;
    return { loss, perplexity: Math.exp(loss), bitsPerCharacter: loss / Math.LN2, characters: tokens };
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
    const { start } = this.vocabulary;
    const given = this.vocabulary.encode(options.prompt ?? '');
    const prompt = given.length === 0 ? Int32Array.of(start) : given;
    if (length === 0) return;
    const write = this.vocabulary.writer();
    const random = new RandomStream(seed, 'sampling');
    const { decoder, sampler } = withKernel(this.kernel, () => ({
      decoder: this.model.decoder(),
      sampler: new Sampler(this.vocabulary.size, random, sampling),
    }));
    try {
      let step = this.step;
      let next = this.inference(() => scope(() => sampler.draw(decoder.read(prompt))));
      for (let written = 1; ; written += 1) {
        yield write(next);
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
    this.#carried?.dispose();
    super.dispose();
  }

  #split(text: Int32Array): RunText {
    return splitText(text, this.config, this.random.data, this.hashOf(text));
  }
}

function tokensOf(text: string, { unit, maxWords }: CharLMConfig): TextTokens {
  if (unit === 'characters') return CharacterTokens.of(text);
  if (unit === 'words') return WordTokens.of(text, maxWords);
  throw new ArgumentError('config: unit hugging-face must come with a tokenizer.json, got none');
}

function modelOf(
  config: CharLMConfig,
  vocabularySize: number,
  dropoutRandom: RandomStream,
): CharLM | TransformerLM {
  const { cell, embeddingSize, hiddenSize, numLayers, numHeads, positions, dropout } = config;
  const random = new RandomStream(config.seed, 'init');
  const shared = { vocabularySize, embeddingSize, numLayers, dropout, random, dropoutRandom };
  return cell === 'transformer'
    ? new TransformerLM({
        ...shared,
        numHeads,
        positions,
        contextSize: config.sequenceLength,
        feedForwardSize: hiddenSize,
      })
    : new CharLM({ ...shared, cell, hiddenSize });
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
