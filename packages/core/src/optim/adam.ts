/** Adam and AdamW over the flat buffers of a model. */
import { ArgumentError, CheckpointError } from '../errors.js';
import { FlatParameters } from '../nn/flat.js';
import type { Module } from '../nn/module.js';
import type { Tensor } from '../tensor.js';

export interface AdamOptions {
  /** Step size. Defaults to 0.001. */
  readonly learningRate?: number;
  /** Decay of the first and second moment, in [0, 1). Defaults to [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Added to the root of the second moment. Defaults to 1e-8. */
  readonly epsilon?: number;
  /** Adam: added to the gradient as weightDecay * w; AdamW: w shrinks by learningRate * weightDecay. Defaults to 0. */
  readonly weightDecay?: number;
}

export interface StepOptions {
  /** Scale gradients so that their global norm is at most this; 0 = off. Defaults to 0. */
  readonly clipNorm?: number;
}

/**
 * m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
 * w -= learningRate / (1 - b1^t) * m / (sqrt(v) / sqrt(1 - b2^t) + epsilon).
 * Source: Kingma & Ba 2015; AdamW: Loshchilov & Hutter 2019; both as PyTorch computes them.
 */
export class Adam {
  readonly flat: FlatParameters;
  learningRate: number;
  readonly #beta1: number;
  readonly #beta2: number;
  readonly #epsilon: number;
  readonly #weightDecay: number;
  readonly #expAvg: Tensor<[number]>;
  readonly #expAvgSq: Tensor<[number]>;
  /** Updates done. */
  #step = 0;

  constructor(model: Module, options: AdamOptions = {}) {
    const { learningRate = 1e-3, betas = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0 } = options;
    const domain = (name: string, value: number, inside: boolean, range: string): void => {
      if (!inside) throw new ArgumentError(`Adam: ${name} must be ${range}, got ${value}`);
    };
    domain('learningRate', learningRate, learningRate > 0 && learningRate < Infinity, 'a number > 0');
    domain('betas[0]', betas[0], betas[0] >= 0 && betas[0] < 1, 'in [0, 1)');
    domain('betas[1]', betas[1], betas[1] >= 0 && betas[1] < 1, 'in [0, 1)');
    domain('epsilon', epsilon, epsilon > 0 && epsilon < Infinity, 'a number > 0');
    domain('weightDecay', weightDecay, weightDecay >= 0 && weightDecay < Infinity, 'a number >= 0');
    this.flat = FlatParameters.of(model);
    this.learningRate = learningRate;
    [this.#beta1, this.#beta2] = betas;
    this.#epsilon = epsilon;
    this.#weightDecay = weightDecay;
    this.#expAvg = this.flat.like();
    this.#expAvgSq = this.flat.like();
  }

  /** AdamW shrinks weights apart from the gradient. */
  protected get decoupled(): boolean {
    return false;
  }

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
    const { kernel, values, grads } = this.flat;
    const norm = this.flat.gradientNorm(this.#step + 1);
    // PyTorch's clip_grad_norm_: coefficient max_norm / (norm + 1e-6), never above 1.
    const scale = clipNorm > 0 ? Math.min(1, clipNorm / (norm + 1e-6)) : 1;
    this.#step += 1;
    kernel.check(
      'Adam',
      kernel.calls.adam_step(
        values.offset,
        this.#expAvg.offset,
        this.#expAvgSq.offset,
        grads.offset,
        values.size,
        this.learningRate,
        this.#beta1,
        this.#beta2,
        this.#epsilon,
        this.#weightDecay,
        this.decoupled,
        this.#step,
        scale,
      ),
    );
    return norm;
  }

  /** Moments by parameter name with PyTorch's suffixes: `exp_avg.<name>`, `exp_avg_sq.<name>`. */
  stateDict(): { readonly step: number; readonly moments: Map<string, Tensor> } {
    const moments = new Map<string, Tensor>();
    for (const { name, parameter, start } of this.flat.slots) {
      moments.set(`exp_avg.${name}`, this.#expAvg.part(start, parameter.shape));
      moments.set(`exp_avg_sq.${name}`, this.#expAvgSq.part(start, parameter.shape));
    }
    return { step: this.#step, moments };
  }

  /** Inverse of {@link stateDict}. @throws CheckpointError when a moment is missing or misshapen */
  loadStateDict(step: number, saved: ReadonlyMap<string, { readonly data: ArrayLike<number> }>): void {
    const { moments } = this.stateDict();
    for (const [name, moment] of moments) {
      const data = saved.get(name)?.data;
      if (data?.length !== moment.size) {
        throw new CheckpointError(
          `Adam: ${name} must have ${moment.size} entries, got ${data?.length ?? 'none'}`,
        );
      }
    }
    for (const [name, moment] of moments) moment.set(saved.get(name)!.data);
    this.#step = step;
  }

  /** Give the moments and the flat buffers back (the model's weights are then gone too). */
  dispose(): void {
    for (const buffer of [this.#expAvg, this.#expAvgSq, this.flat.values, this.flat.grads]) buffer.dispose();
  }
}

/** Adam with decoupled weight decay. */
export class AdamW extends Adam {
  protected override get decoupled(): boolean {
    return true;
  }
}
