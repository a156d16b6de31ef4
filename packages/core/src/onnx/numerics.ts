/**
 * The kernel as the operators use it. An operator calls the kernel where its element type is the kernel's, and has a
 * plain loop for all other types. A graph's weights are copied into kernel memory once, on first use.
 */
import type { Kernel } from '../kernel/kernel.js';
import { withKernel } from '../kernel/load.js';
import { sizeOf } from '../shape.js';
import { noGrad } from '../tape.js';
import { keep, scope, type Tensor, tensor } from '../tensor.js';
import type { ElementType, Value, ValueData } from './value.js';

export class Numerics {
  readonly #kernel: Kernel;
  /** What was kept of each weight, by the form it was brought into. */
  readonly #resident = new Map<ValueData, Map<string, Tensor>>();

  constructor(kernel: Kernel, weights: Iterable<Value>) {
    this.#kernel = kernel;
    for (const { data } of weights) this.#resident.set(data, new Map());
  }

  /** Can the kernel compute with this type? */
  fits(type: ElementType): boolean {
    return type === (this.#kernel.precision === 'f64' ? 'float64' : 'float32');
  }

  /** Runs `fn`, which may use ops; gives back all that it allocates. */
  run<T>(fn: () => T): T {
    return withKernel(this.#kernel, () => noGrad(() => scope(fn)));
  }

  /**
   * The value in kernel memory, inside `run`.
   * @param form - names what `bring` does, e.g. `'gates'`; the result is kept by this name where the value is a weight
   */
  tensor<const S extends readonly number[]>(
    value: Value,
    shape: S,
    form = '',
    bring: (data: ValueData) => ArrayLike<number> = (data) => data,
  ): Tensor<{ -readonly [K in keyof S]: number }> {
    const forms = this.#resident.get(value.data);
    if (forms === undefined) return tensor(bring(value.data), shape);
    let kept = forms.get(form);
    if (kept === undefined) {
      kept = keep(tensor(bring(value.data), [sizeOf(shape)]) as Tensor);
      forms.set(form, kept);
    }
    return kept.part(0, shape as unknown as { -readonly [K in keyof S]: number });
  }

  dispose(): void {
    for (const forms of this.#resident.values()) {
      for (const kept of forms.values()) kept.dispose();
      forms.clear();
    }
  }
}
