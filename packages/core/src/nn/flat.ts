/**
 * One buffer for all weights of a model and one for all gradients, so that clipping, the optimiser, hashing and
 * checkpoints are flat loops. Each parameter starts on a 64-byte line; the gaps stay zero.
 */
import { DivergedError } from '../errors.js';
import type { Kernel } from '../kernel/kernel.js';
import { Tensor } from '../tensor.js';
import type { Module } from './module.js';

const LINE_BYTES = 64;
const flattened = new WeakMap<Module, FlatParameters>();

export interface FlatSlot {
  readonly name: string;
  readonly parameter: Tensor;
  /** First entry in the flat buffers. */
  readonly start: number;
}

export class FlatParameters {
  readonly kernel: Kernel;
  readonly slots: readonly FlatSlot[];
  /** All weights, [N]. */
  readonly values: Tensor<[number]>;
  /** All gradients, [N]. */
  readonly grads: Tensor<[number]>;

  /** Move the parameters of `model` into one buffer; called twice it gives the same buffer. */
  static of(model: Module): FlatParameters {
    let flat = flattened.get(model);
    if (flat === undefined) {
      flat = new FlatParameters(model);
      flattened.set(model, flat);
    }
    return flat;
  }

  private constructor(model: Module) {
    const named = [...model.namedParameters()];
    const kernel = named[0]![1].kernel;
    const line = LINE_BYTES / kernel.realBytes;
    let start = 0;
    this.kernel = kernel;
    this.slots = named.map(([name, parameter]) => {
      const slot = { name, parameter, start };
      start += Math.ceil(parameter.size / line) * line;
      return slot;
    });
    this.values = heapZeros(kernel, start);
    this.grads = heapZeros(kernel, start);
    for (const slot of this.slots) {
      const { parameter } = slot;
      const place = this.values.part(slot.start, parameter.shape);
      kernel.check('flat', kernel.calls.copy(place.offset, parameter.offset, parameter.size));
      parameter.dispose();
      parameter.moveTo(place.storage);
      parameter.grad = this.grads.part(slot.start, parameter.shape);
    }
  }

  /** A further buffer of the same layout (an optimiser's moments), zeros. */
  like(): Tensor<[number]> {
    return heapZeros(this.kernel, this.values.size);
  }

  zeroGrad(): void {
    this.kernel.check('zeroGrad', this.kernel.calls.fill(this.grads.offset, this.grads.size, 0));
  }

  /**
   * Euclidean norm of all gradients, summed in f64.
   * @throws DivergedError naming the first parameter that is NaN or infinite, or else whose gradient is
   */
  gradientNorm(step: number): number {
    const norm = this.kernel.calls.global_norm(this.grads.offset, this.grads.size);
    if (!Number.isFinite(norm)) {
      this.expectFinite(step);
      this.#diverged(this.grads, 'gradient', step);
    }
    return norm;
  }

  /** @throws DivergedError naming the first parameter that holds NaN or infinity */
  expectFinite(step: number): void {
    if (this.kernel.calls.first_non_finite(this.values.offset, this.values.size) >= 0) {
      this.#diverged(this.values, 'weight', step);
    }
  }

  #diverged(buffer: Tensor, what: string, step: number): never {
    const at = this.kernel.calls.first_non_finite(buffer.offset, buffer.size);
    const slot = this.slots.findLast((candidate) => candidate.start <= at);
    const value = at < 0 ? Number.POSITIVE_INFINITY : buffer.view()[at]!;
    const name = slot?.name ?? 'all parameters';
    throw new DivergedError(`train: every ${what} must be finite, got ${value} in ${name} at step ${step}`, {
      step,
      tensor: name,
    });
  }

  /** FNV-1a 64 of all weights in order of their names, 16 hex digits. */
  hash(): string {
    return this.kernel.hash(this.values.offset, this.values.bytes);
  }
}

function heapZeros(kernel: Kernel, size: number): Tensor<[number]> {
  const storage = kernel.memory.allocateHeap(size * kernel.realBytes);
  const result = new Tensor<[number]>(kernel, [size], 'real', storage);
  kernel.check('flat', kernel.calls.fill(result.offset, size, 0));
  return result;
}
