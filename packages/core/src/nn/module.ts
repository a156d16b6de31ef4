/**
 * Module: named parameters and named children, as in PyTorch. Parameters live until `dispose()`; the optimiser
 * moves them into one flat buffer (flat.ts).
 */
import { CheckpointError, DataError } from '../errors.js';
import type { RealArray } from '../kernel/kernel.js';
import { currentKernel } from '../kernel/load.js';
import { formatShape, type Rank, type Shape, sameShape, sizeOf } from '../shape.js';
import { Tensor } from '../tensor.js';

/** A weight's entries and shape, outside kernel memory. */
export interface Weight {
  readonly shape: Shape;
  readonly data: ArrayLike<number>;
}

/** Weights by their dotted names, e.g. `lstm.weight_ih_l0`. `safetensors.write` takes them as they are. */
export type StateDict = Map<string, Weight & { readonly data: RealArray }>;

/** What `loadStateDict` takes: a state dict, or the tensors of a file, whose numbers may be of any type. */
export interface LoadableWeight {
  readonly shape: Shape;
  readonly data: ArrayLike<number | bigint>;
}

export abstract class Module {
  /** Dropout acts only while true. */
  training = true;
  readonly #parameters = new Map<string, Tensor>();
  readonly #children = new Map<string, Module>();

  /** Register a parameter under PyTorch's name; `fill` sets its first values. */
  protected parameter<const S extends Shape>(
    name: string,
    shape: S,
    fill: (target: Tensor) => void,
  ): Tensor<Rank<S>> {
    const kernel = currentKernel();
    const sizes = shape as unknown as Rank<S>;
    const storage = kernel.memory.allocateHeap(sizeOf(shape) * kernel.realBytes);
    const parameter = new Tensor(kernel, sizes, 'real', storage);
    parameter.requiresGrad = true;
    fill(parameter);
    this.#parameters.set(name, parameter);
    return parameter;
  }

  /** Register a child under its name. */
  protected child<M extends Module>(name: string, module: M): M {
    this.#children.set(name, module);
    return module;
  }

  /** All parameters by dotted name, own ones first, in order of registration. */
  namedParameters(prefix = ''): Map<string, Tensor> {
    const all = new Map<string, Tensor>();
    for (const [name, parameter] of this.#parameters) all.set(prefix + name, parameter);
    for (const [name, child] of this.#children) {
      for (const [key, parameter] of child.namedParameters(`${prefix}${name}.`)) all.set(key, parameter);
    }
    return all;
  }

  parameters(): Tensor[] {
    return [...this.namedParameters().values()];
  }

  /** Number of weights. */
  get parameterCount(): number {
    return this.parameters().reduce((sum, parameter) => sum + parameter.size, 0);
  }

  /** Switch to training (dropout on), this module and all below. */
  train(training = true): this {
    this.training = training;
    for (const child of this.#children.values()) child.train(training);
    return this;
  }

  /** Switch to evaluation (dropout off). */
  eval(): this {
    return this.train(false);
  }

  /** Set all gradients to zero. */
  zeroGrad(): void {
    for (const { grad, kernel } of this.parameters()) {
      if (grad !== undefined) kernel.check('zeroGrad', kernel.calls.fill(grad.offset, grad.size, 0));
    }
  }

  /** A copy of all weights. */
  stateDict(): StateDict {
    const state: StateDict = new Map();
    for (const [name, { shape, data }] of this.namedParameters()) {
      state.set(name, { shape, data: data as RealArray });
    }
    return state;
  }

  /**
   * Overwrite all weights, from another module's state dict or a file's tensors. Nothing is written unless every name
   * and shape fits.
   * @throws CheckpointError that names the first missing, unexpected or misshapen weight
   * @throws DataError for an entry that is NaN, infinite or a 64-bit integer
   */
  loadStateDict(state: ReadonlyMap<string, LoadableWeight>): void {
    const parameters = this.namedParameters();
    for (const [name, parameter] of parameters) {
      const weight = state.get(name);
      if (weight === undefined) throw new CheckpointError(`loadStateDict: ${name} must be there, got none`);
      if (!sameShape(weight.shape, parameter.shape) || weight.data.length !== parameter.size) {
        throw new CheckpointError(
          `loadStateDict: ${name} must be ${formatShape(parameter.shape)}, got ${formatShape(weight.shape)}`,
        );
      }
      expectReal(name, weight.data);
    }
    for (const name of state.keys()) {
      if (!parameters.has(name))
        throw new CheckpointError(`loadStateDict: ${name} must be a weight of this model`);
    }
    for (const [name, parameter] of parameters) {
      parameter.set(state.get(name)!.data as ArrayLike<number>);
    }
  }

  /** Give all weights back. */
  dispose(): void {
    for (const parameter of this.parameters()) {
      parameter.grad?.dispose();
      parameter.dispose();
    }
  }
}

function expectReal(name: string, data: ArrayLike<number | bigint>): asserts data is ArrayLike<number> {
  if (typeof data[0] === 'bigint') {
    throw new DataError(`loadStateDict: ${name} must be real numbers, got 64-bit integers`);
  }
  for (let i = 0; i < data.length; i += 1) {
    if (!Number.isFinite(data[i])) {
      throw new DataError(`loadStateDict: ${name} must be finite, got ${data[i]} at ${i}`);
    }
  }
}
