/** What all optimisers share: one flat buffer of weights, clipping, and state that a checkpoint can hold. */
import { ArgumentError, CheckpointError } from '../errors.js';
import { FlatParameters } from '../nn/flat.js';
import type { Module } from '../nn/module.js';
import type { Tensor } from '../tensor.js';

export interface StepOptions {
  /** Scale gradients so that their global norm is at most this; 0 = off. Defaults to 0. */
  readonly clipNorm?: number;
}

export interface OptimizerState {
  /** Updates done. */
  readonly step: number;
  /** The running sums and averages of each parameter, by PyTorch's name and the parameter's: `exp_avg.head.bias`. */
  readonly moments: Map<string, Tensor>;
}

/** What one update is computed with. */
export interface Update {
  /** 1 for the first. */
  readonly step: number;
  /** Every gradient is multiplied by this first. */
  readonly gradientScale: number;
}

export abstract class Optimizer {
  readonly flat: FlatParameters;
  learningRate: number;
  readonly #buffers = new Map<string, Tensor<[number]>>();
  #step = 0;

  /** @param learningRate - > 0; may be changed between steps */
  constructor(model: Module, learningRate: number) {
    this.expect('learningRate', learningRate, learningRate > 0 && learningRate < Infinity, 'a number > 0');
    this.flat = FlatParameters.of(model);
    this.learningRate = learningRate;
  }

  /** Updates done. */
  get steps(): number {
    return this.#step;
  }

  zeroGrad(): void {
    this.flat.zeroGrad();
  }

  /**
   * One update from the gradients in `.grad`.
   * @returns the global gradient norm before clipping
   * @throws DivergedError when a gradient is NaN or infinite; weights and moments are then untouched
   */
  step(options: StepOptions = {}): number {
    const { clipNorm = 0 } = options;
    const norm = this.flat.gradientNorm(this.#step + 1);
    // PyTorch's clip_grad_norm_: coefficient max_norm / (norm + 1e-6), never above 1.
    const gradientScale = clipNorm > 0 ? Math.min(1, clipNorm / (norm + 1e-6)) : 1;
    this.#step += 1;
    const status = this.update({ step: this.#step, gradientScale });
    this.flat.kernel.check(this.constructor.name, status);
    return norm;
  }

  /** Call the kernel; its status. */
  protected abstract update(update: Update): number;

  /** A buffer of the parameters' layout, zeros, that belongs to the state under PyTorch's name. */
  protected buffer(name: string): Tensor<[number]> {
    const buffer = this.flat.like();
    this.#buffers.set(name, buffer);
    return buffer;
  }

  protected expect(name: string, value: number, inside: boolean, range: string): void {
    if (!inside) throw new ArgumentError(`${this.constructor.name}: ${name} must be ${range}, got ${value}`);
  }

  protected expectNonNegative(values: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(values)) {
      this.expect(name, value, value >= 0 && value < Infinity, 'a number >= 0');
    }
  }

  stateDict(): OptimizerState {
    const moments = new Map<string, Tensor>();
    for (const { name, parameter, start } of this.flat.slots) {
      for (const [key, buffer] of this.#buffers) {
        moments.set(`${key}.${name}`, buffer.part(start, parameter.shape));
      }
    }
    return { step: this.#step, moments };
  }

  /** Inverse of {@link stateDict}. @throws CheckpointError when a moment is missing, unexpected or misshapen */
  loadStateDict(step: number, saved: ReadonlyMap<string, { readonly data: ArrayLike<number> }>): void {
    const { moments } = this.stateDict();
    for (const [name, moment] of moments) {
      const data = saved.get(name)?.data;
      if (data?.length !== moment.size) {
        throw new CheckpointError(
          `${this.constructor.name}: ${name} must have ${moment.size} entries, got ${data?.length ?? 'none'}`,
        );
      }
    }
    for (const name of saved.keys()) {
      if (!moments.has(name)) {
        throw new CheckpointError(
          `${this.constructor.name}: ${name} must belong to its state, got a stranger`,
        );
      }
    }
    for (const [name, moment] of moments) moment.set(saved.get(name)!.data);
    this.#step = step;
  }

  /** Give the moments and the flat buffers back (the model's weights are then gone too). */
  dispose(): void {
    for (const buffer of [...this.#buffers.values(), this.flat.values, this.flat.grads]) buffer.dispose();
  }
}
