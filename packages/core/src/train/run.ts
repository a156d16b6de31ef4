/**
 * A training run, whatever it learns: the model, its optimiser, its place in the data, its random streams. Whoever holds
 * the run steps it; the whole state goes into a checkpoint and comes back bit for bit (checkpoint.ts). What is learned
 * and from what is said by the classes below this one.
 */
import { ArgumentError, DivergedError } from '../errors.js';
import type { Kernel, RealArray } from '../kernel/kernel.js';
import { currentKernel, withKernel } from '../kernel/load.js';
import type { FlatParameters } from '../nn/flat.js';
import type { Module } from '../nn/module.js';
import type { Optimizer } from '../optim/optimizer.js';
import { type PlateauState, plateauNext, plateauStart } from '../optim/plateau.js';
import { learningRate, type Schedule } from '../optim/schedule.js';
import { stepInTurn } from '../parallel/in-turn.js';
import type { ParallelRun, Share, StepResult } from '../parallel/run.js';
import { RandomStream } from '../random.js';
import type { CharLMConfig } from '../session/protocol.js';
import { backward, noGrad } from '../tape.js';
import { allocate, full, scope, type Tensor } from '../tensor.js';
import type { RunTask } from './open.js';
import { type OptimizerName, optimizerOf } from './optimizers.js';
import { changeAt, type RateChange, withChange } from './rate-changes.js';
import type { RecurrentConfig } from './task-config.js';

/** What every run is defined by, beside what its kind adds. */
export interface TrainingConfig {
  /** B */
  readonly batchSize: number;
  /** What turns gradients into steps. Defaults to `'adam'`. */
  readonly optimizer: OptimizerName;
  /** Step size. */
  readonly learningRate: number;
  /** Step sizes that take its place during the run, by step, ascending; a schedule goes on from them. None when left out. */
  readonly rateChanges?: readonly RateChange[];
  /** Share of the last direction that `'momentum'` keeps, in (0, 1). Defaults to 0.9. */
  readonly momentum: number;
  /** Pull of the weights towards 0, >= 0; apart from the gradient with `'adamw'`. Defaults to 0. */
  readonly weightDecay: number;
  /** Share of each target that is spread over all classes while training, in [0, 1). Defaults to 0. */
  readonly labelSmoothing: number;
  /** How the step size changes over the steps, or with validations. Constant when left out. */
  readonly schedule?: RunSchedule;
  /** Largest global gradient norm; 0 turns clipping off. */
  readonly clipNorm: number;
  /** Steps between validations; 0 = only at the end. */
  readonly evaluateEvery: number;
  /** Workers that share each batch: part of the run's identity, since sums have their order. */
  readonly workers: number;
  /** Seed of all random streams. */
  readonly seed: number;
}

/** A schedule of steps, or smaller steps when validations no longer improve; its options are those of `optim.plateauNext`. */
export type RunSchedule =
  | Schedule
  | {
      readonly kind: 'plateau';
      readonly patience?: number;
      readonly factor?: number;
      readonly minimum?: number;
    };

/** The best validation so far. */
export interface Best {
  readonly step: number;
  readonly loss: number;
}

/** What a checkpoint restores beside weights and moments. */
export interface RunProgress {
  readonly step: number;
  readonly streams: { readonly data: number; readonly dropout: number };
  /** The place in the data, as whole numbers by name. */
  readonly batches: object;
  /** FNV-1a 64 of the data, so that a resumed run is known to learn from the same. */
  readonly textHash: string;
  readonly best?: Best;
  /** With the schedule `plateau`. */
  readonly plateau?: PlateauState;
}

/** What a freshly created or reloaded run looks like, whatever its kind. */
export interface RunFacts {
  readonly task: RunTask;
  readonly config: RecurrentConfig | CharLMConfig;
  /** Steps done so far. */
  readonly step: number;
  readonly parameters: number;
  /** Steps in one pass over the training part. */
  readonly stepsPerEpoch: number;
  /** False when a checkpoint was loaded without what it learned from. */
  readonly trainable: boolean;
  /** Characters or examples. */
  readonly sizes: { readonly train: number; readonly validation: number };
  /** What the checkpoint holds beside config and progress: vocabularies, labels, how the data is made. */
  readonly description: object;
  readonly best?: Best;
}

export interface Streams {
  readonly data: RandomStream;
  readonly dropout: RandomStream;
}

/** The loss of some rows of a batch. */
export interface RowsLoss {
  /** Mean over what these rows predict. */
  readonly loss: Tensor;
  /** Their share of the whole batch's mean: what these rows predict over what all do. */
  readonly weight: number;
}

/** What a validation found. */
export interface Validation {
  readonly loss: number;
  /** Whatever else was counted, by name: accuracy, F1, exact matches. */
  readonly metrics?: Readonly<Record<string, number>>;
}

export abstract class Run<Batch = unknown> implements ParallelRun {
  /** Name of the kind, in checkpoints and on the command line. */
  abstract readonly task: RunTask;
  /** Replaced by {@link setLearningRate}. */
  abstract config: RecurrentConfig | CharLMConfig;
  readonly kernel: Kernel = currentKernel();
  readonly random: Streams;
  /** Measure how far each step moves the weights. Costs a copy of them. */
  measuresUpdates = false;
  #optimizer: Optimizer | undefined;
  #model: Module | undefined;
  #step: number;
  #best: Best | undefined;
  #plateau: PlateauState | undefined;
  #batch: Batch | undefined;
  /** Where the run stood when the step in flight began. */
  #before: RunProgress | undefined;

  protected constructor(seed: number, progress: RunProgress | undefined) {
    this.#step = progress?.step ?? 0;
    this.#best = progress?.best;
    this.#plateau = progress?.plateau;
    this.random = {
      data: new RandomStream(seed, 'data', progress?.streams.data),
      dropout: new RandomStream(seed, 'dropout', progress?.streams.dropout),
    };
  }

  /** Hand over the model; its weights move into the optimiser's buffer. */
  protected learn<M extends Module>(model: M, config: TrainingConfig): M {
    this.#model = model;
    this.#optimizer = optimizerOf(model, config);
    return model;
  }

  /** The data of the next batch; the place moves on. */
  protected abstract nextBatch(): Batch;
  /** The loss of `rank`'s rows, inside a scope, with gradients recorded. */
  protected abstract rowsLoss(batch: Batch, rank: number): RowsLoss;
  /** The place in the data. */
  protected abstract batchPosition: object;
  protected abstract readonly dataHash: string;
  /** Called when a step has been taken. */
  protected abstract advance(): void;
  /** True when the run has what it learns from. */
  abstract readonly trainable: boolean;
  abstract readonly hasValidation: boolean;
  abstract readonly stepsPerEpoch: number;
  /** Tokens that the last step read, for reports of speed. */
  abstract readonly tokensPerStep: number;
  /** Measure on the validation part, in pieces, so that other work gets in between; ending it early is fine. */
  abstract validating(): Generator<void, Validation>;
  /** What defines the run beside its config: vocabularies, labels. Plain JSON, by key of the checkpoint's header. */
  abstract describe(): object;
  abstract carried(rank: number): RealArray | undefined;
  abstract carry(rank: number, carried: RealArray | undefined): void;
  /** Characters or examples that it learns from, and those it is validated on. */
  abstract readonly sizes: { readonly train: number; readonly validation: number };
  /** Tensors that the next step starts from, by name. */
  abstract carriedTensors(): Iterable<readonly [string, Tensor]>;

  get optimizer(): Optimizer {
    return this.#optimizer!;
  }

  get weights(): Module {
    return this.#model!;
  }

  get flat(): FlatParameters {
    return this.optimizer.flat;
  }

  get ranks(): number {
    return this.config.workers;
  }

  /** Steps done. */
  get step(): number {
    return this.#step;
  }

  /** Passes over the training part so far. */
  get epoch(): number {
    return this.stepsPerEpoch === 0 ? 0 : this.#step / this.stepsPerEpoch;
  }

  get facts(): RunFacts {
    return {
      task: this.task,
      config: this.config,
      step: this.step,
      parameters: this.weights.parameterCount,
      stepsPerEpoch: this.stepsPerEpoch,
      trainable: this.trainable,
      sizes: this.sizes,
      description: this.describe(),
      ...(this.#best === undefined ? {} : { best: this.#best }),
    };
  }

  /** Of the next step. */
  get learningRate(): number {
    const { schedule, rateChanges } = this.config;
    const change = changeAt(rateChanges, this.#step);
    const rate = change?.learningRate ?? this.config.learningRate;
    if (schedule?.kind === 'plateau') {
      return change?.step === this.#step ? rate : (this.#plateau?.learningRate ?? rate);
    }
    return schedule === undefined ? rate : learningRate(schedule, rate, this.#step);
  }

  /**
   * Another learning rate from the update that follows `step` done ones on; changes planned for later are forgotten. It
   * becomes part of the config, so that the run stays a function of its config. `step` defaults to the next update's.
   * @throws ArgumentError for a rate that is not > 0, or a step that has been done
   */
  setLearningRate(rate: number, step: number = this.#step): void {
    if (!Number.isFinite(rate) || rate <= 0) {
      throw new ArgumentError(`setLearningRate: learningRate must be a number > 0, got ${rate}`);
    }
    if (!Number.isSafeInteger(step) || step < this.#step) {
      throw new ArgumentError(
        `setLearningRate: step must be a whole number >= ${this.#step}, the steps done, got ${step}`,
      );
    }
    const { rateChanges, ...config } = this.config;
    if (step === 0) {
      this.config = { ...config, learningRate: rate };
      return;
    }
    const changes = withChange(config.learningRate, rateChanges, { step, learningRate: rate });
    this.config = changes.length === 0 ? config : { ...config, rateChanges: changes };
  }

  get best(): Best | undefined {
    return this.#best;
  }

  get progress(): RunProgress {
    const { data, dropout } = this.random;
    return {
      step: this.#step,
      streams: { data: data.position, dropout: dropout.position },
      batches: this.batchPosition,
      textHash: this.dataHash,
      ...(this.#best === undefined ? {} : { best: this.#best }),
      ...(this.#plateau === undefined ? {} : { plateau: this.#plateau }),
    };
  }

  /** True when `step` is one of those that `evaluateEvery` asks to validate. */
  get evaluationDue(): boolean {
    const { evaluateEvery } = this.config;
    return evaluateEvery > 0 && this.#step % evaluateEvery === 0 && this.hasValidation;
  }

  /** Take note of a validation at this step. @returns true when it is the best so far */
  noteValidation(loss: number): boolean {
    const { schedule, learningRate: rate } = this.config;
    if (schedule?.kind === 'plateau' && !Number.isNaN(loss)) {
      this.#plateau = plateauNext(this.#plateau ?? plateauStart(rate), loss, schedule);
    }
    if (!(loss < (this.#best?.loss ?? Number.POSITIVE_INFINITY))) return false;
    this.#best = { step: this.#step, loss };
    return true;
  }

  /**
   * One step, all ranks in turn: forward, loss, backpropagation, clipping, update.
   * @throws DivergedError when the loss or a gradient is NaN or infinite; the run then stands where it stood
   */
  trainStep(): StepResult {
    return stepInTurn(this);
  }

  begin(): void {
    if (!this.trainable) throw new ArgumentError('train: the run must have its data, got a model alone');
    this.#before = this.progress;
    // What a plateau reduces from here on.
    if (
      this.config.schedule?.kind === 'plateau' &&
      changeAt(this.config.rateChanges, this.#step)?.step === this.#step
    ) {
      const { learningRate } = this;
      this.#plateau = { ...(this.#plateau ?? plateauStart(learningRate)), learningRate };
    }
    this.#batch = withKernel(this.kernel, () => this.nextBatch());
  }

  gradients(rank: number): Share {
    const { dropout } = this.random;
    // Every rank has masks of its own.
    dropout.branch = rank;
    dropout.position = this.#before!.streams.dropout;
    return scope(() => {
      this.weights.train();
      const { loss, weight } = this.rowsLoss(this.#batch!, rank);
      const value = loss.item();
      // Otherwise `finish` refuses the step.
      if (Number.isFinite(value)) backward(loss, full([], weight));
      return { loss: value * weight, position: dropout.position, learningRate: this.learningRate };
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
    this.optimizer.learningRate = shares[0]!.learningRate;
    const update = (): number => this.optimizer.step({ clipNorm: this.config.clipNorm });
    const norms = this.measuresUpdates ? this.#measured(update) : { gradientNorm: update() };
    const { dropout } = this.random;
    dropout.branch = 0;
    dropout.position = Math.max(...shares.map((share) => share.position));
    this.advance();
    this.#step = step;
    this.#before = undefined;
    return { step, loss, ...norms };
  }

  undo(): void {
    if (this.#before === undefined) return;
    const { streams, batches } = this.#before;
    this.batchPosition = batches;
    this.random.data.position = streams.data;
    this.random.dropout.branch = 0;
    this.random.dropout.position = streams.dropout;
    this.#before = undefined;
  }

  /** Inside a scope of this run's kernel, without dropout: to look into the model. Gradients are recorded. */
  looking<R>(fn: () => R): R {
    this.weights.eval();
    return withKernel(this.kernel, () => scope(fn));
  }

  /** FNV-1a 64 of all weights, 16 hex digits. */
  hash(): string {
    return this.flat.hash();
  }

  dispose(): void {
    this.#optimizer?.dispose();
  }

  /** Without gradients and dropout, in this run's kernel. */
  protected inference<R>(fn: () => R): R {
    this.weights.eval();
    return withKernel(this.kernel, () => noGrad(fn));
  }

  /** FNV-1a 64 of whole numbers, 16 hex digits. */
  protected hashOf(numbers: Int32Array): string {
    const { memory } = this.kernel;
    const { region, offset } = memory.allocateHeap(numbers.byteLength);
    this.kernel.int32(offset, numbers.length).set(numbers);
    const hash = this.kernel.hash(offset, numbers.byteLength);
    memory.free(region);
    return hash;
  }

  /** |change of the weights| / |weights| of an update, both Euclidean norms over all of them. */
  #measured(update: () => number): { readonly gradientNorm: number; readonly updateRatio: number } {
    const { values } = this.flat;
    const { calls } = this.kernel;
    return scope(() => {
      const before = allocate('train', values.shape, 'real');
      this.kernel.check('train', calls.copy(before.offset, values.offset, values.size));
      const norm = calls.global_norm(before.offset, before.size);
      const gradientNorm = update();
      this.kernel.check('train', calls.add_scaled(before.offset, values.offset, values.size, -1));
      const change = calls.global_norm(before.offset, before.size);
      return { gradientNorm, updateRatio: norm === 0 ? 0 : change / norm };
    });
  }
}
