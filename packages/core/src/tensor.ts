/**
 * Tensor: a shape and a handle to kernel memory. Dense, row-major; reals in the kernel's precision, or 32-bit ids.
 */
import { ArgumentError, ShapeError, UseAfterFreeError } from './errors.js';
import type { Kernel, RealArray } from './kernel/kernel.js';
import { currentKernel } from './kernel/load.js';
import type { Allocation } from './kernel/memory.js';
import { checkSizes, formatShape, type Rank, type Shape, sizeOf } from './shape.js';
import type { TapeNode } from './tape.js';

export type DType = 'real' | 'int32';
export type NestedArray = number | NestedArray[];

export class Tensor<S extends Shape = Shape> {
  readonly shape: S;
  readonly dtype: DType;
  readonly kernel: Kernel;
  /** Number of entries. */
  readonly size: number;
  /** Asks the tape to record operations on this tensor. */
  requiresGrad = false;
  /** Where `backward` left the gradient of this leaf; same shape. */
  grad: Tensor<S> | undefined;
  /** The operation that made this tensor, when it was recorded. */
  node: TapeNode | undefined;
  #storage: Allocation;

  constructor(kernel: Kernel, shape: S, dtype: DType, storage: Allocation) {
    this.kernel = kernel;
    this.shape = shape;
    this.dtype = dtype;
    this.size = sizeOf(shape);
    this.#storage = storage;
  }

  /** Byte offset for a kernel call made now. @throws UseAfterFreeError when the memory was given back. */
  get offset(): number {
    const { region, generation, offset } = this.#storage;
    if (region.generation !== generation) {
      throw new UseAfterFreeError(
        `tensor: memory of ${formatShape(this.shape)} must be alive, got a tensor whose ${
          region.scoped ? 'scope has ended; try keep()' : 'dispose() was called'
        }`,
      );
    }
    return offset;
  }

  /** False once the memory was given back. */
  get alive(): boolean {
    return this.#storage.region.generation === this.#storage.generation;
  }

  get storage(): Allocation {
    return this.#storage;
  }

  /** Point at other memory of the same size (parameters move into one flat buffer). */
  moveTo(storage: Allocation): void {
    this.#storage = storage;
  }

  /** Bytes of all entries. */
  get bytes(): number {
    return this.size * (this.dtype === 'real' ? this.kernel.realBytes : 4);
  }

  /** A copy of the entries, row-major. */
  get data(): RealArray | Int32Array {
    return this.view().slice();
  }

  /** The entries in place: for immediate use only, dead after the next kernel call. */
  view(): RealArray | Int32Array {
    return this.dtype === 'real'
      ? this.kernel.real(this.offset, this.size)
      : this.kernel.int32(this.offset, this.size);
  }

  /** The single entry of a tensor of size 1. */
  item(): number {
    if (this.size !== 1) throw new ShapeError(`item: size must be 1, got ${formatShape(this.shape)}`);
    return this.view()[0]!;
  }

  /** Nested arrays of the tensor's shape; a scalar gives a number. */
  toArray(): NestedArray {
    const data = this.view();
    let at = 0;
    const nest = (axis: number): NestedArray =>
      axis === this.shape.length
        ? data[at++]!
        : Array.from({ length: this.shape[axis]! }, () => nest(axis + 1));
    return nest(0);
  }

  /** Overwrite the entries. @throws ShapeError when the lengths differ. */
  set(data: ArrayLike<number>): this {
    if (data.length !== this.size) {
      throw new ShapeError(`set: data must have ${this.size} entries, got ${data.length}`);
    }
    this.view().set(data);
    return this;
  }

  /** A tensor over part of the same memory: `shape` entries from entry `start` on. Not recorded by the tape. */
  part<P extends Shape>(start: number, shape: P): Tensor<P> {
    const size = sizeOf(shape);
    if (start < 0 || start + size > this.size) {
      throw new ShapeError(
        `part: entries ${start}..${start + size} must lie inside ${formatShape(this.shape)}`,
      );
    }
    const bytes = this.dtype === 'real' ? this.kernel.realBytes : 4;
    const { region, generation, offset } = this.#storage;
    return new Tensor(this.kernel, shape, this.dtype, { region, generation, offset: offset + start * bytes });
  }

  /** A tensor with the same memory that the tape does not follow. */
  detach(): Tensor<S> {
    return this.part(0, this.shape);
  }

  /** Give the memory back now. Tensors made inside a scope are given back by the scope instead. */
  dispose(): void {
    this.kernel.memory.free(this.#storage.region);
  }
}

export interface TensorOptions {
  /** Ask for gradients. Defaults to false. */
  readonly requiresGrad?: boolean;
}

/**
 * A tensor of reals with a copy of `data`.
 * @throws ShapeError when `data` does not fill `shape`.
 */
export function tensor<const S extends Shape>(
  data: ArrayLike<number>,
  shape: S,
  options: TensorOptions = {},
): Tensor<Rank<S>> {
  const result = allocate('tensor', shape as unknown as Rank<S>, 'real');
  fillFrom('tensor', result, data);
  result.requiresGrad = options.requiresGrad ?? false;
  return result;
}

/**
 * A tensor of ids (characters, classes, rows of an embedding).
 * @throws ShapeError when `data` does not fill `shape`, ArgumentError when an entry is no 32-bit whole number.
 */
export function ids<const S extends Shape>(data: ArrayLike<number>, shape: S): Tensor<Rank<S>> {
  for (let i = 0; i < data.length; i += 1) {
    if ((data[i]! | 0) !== data[i]) {
      throw new ArgumentError(`ids: entries must be 32-bit whole numbers, got ${data[i]} at ${i}`);
    }
  }
  const result = allocate('ids', shape as unknown as Rank<S>, 'int32');
  fillFrom('ids', result, data);
  return result;
}

export function zeros<const S extends Shape>(shape: S, options: TensorOptions = {}): Tensor<Rank<S>> {
  return full(shape, 0, options);
}

export function full<const S extends Shape>(
  shape: S,
  value: number,
  options: TensorOptions = {},
): Tensor<Rank<S>> {
  const result = allocate('full', shape as unknown as Rank<S>, 'real');
  result.kernel.check('full', result.kernel.calls.fill(result.offset, result.size, value));
  result.requiresGrad = options.requiresGrad ?? false;
  return result;
}

/** A copy that outlives every scope; give it back with `dispose()`. Not followed by the tape. */
export function keep<S extends Shape>(source: Tensor<S>): Tensor<S> {
  const { kernel } = source;
  const result = new Tensor(kernel, source.shape, source.dtype, kernel.memory.allocateHeap(source.bytes));
  kernel.bytes(0, kernel.memoryBytes).copyWithin(result.offset, source.offset, source.offset + source.bytes);
  return result;
}

/**
 * Run `fn`; everything it allocates is given back when it returns, except the tensors in its result, which move
 * to the surrounding scope. `fn` must be synchronous.
 */
export function scope<T>(fn: () => T): T {
  const { memory } = currentKernel();
  memory.enterScope();
  let open = true;
  try {
    const result = fn();
    if (result instanceof Promise) {
      throw new ArgumentError('scope: the function must be synchronous, got a promise');
    }
    const survivors = tensorsIn(result).filter((t) => t.storage.region.scoped);
    const contents = survivors.map((t) => t.data);
    memory.exitScope();
    open = false;
    for (const [i, survivor] of survivors.entries()) {
      if (survivor.alive) continue; // made in an outer scope
      survivor.moveTo(memory.allocate(survivor.bytes));
      survivor.node = undefined;
      survivor.view().set(contents[i]!);
    }
    return result;
  } finally {
    if (open) memory.exitScope();
  }
}

/** The tensors in a result: itself, or the entries of a plain array or object, one level deep. */
function tensorsIn(result: unknown): Tensor[] {
  if (result instanceof Tensor) return [result];
  if (Array.isArray(result)) return result.filter((entry) => entry instanceof Tensor);
  if (typeof result === 'object' && result !== null && Object.getPrototypeOf(result) === Object.prototype) {
    return Object.values(result).filter((entry) => entry instanceof Tensor);
  }
  return [];
}

/** Uninitialised memory of the current kernel, with the lifetime of the innermost scope. */
export function allocate<S extends Shape>(op: string, shape: S, dtype: DType): Tensor<S> {
  checkSizes(op, shape);
  const kernel = currentKernel();
  const bytes = sizeOf(shape) * (dtype === 'real' ? kernel.realBytes : 4);
  return new Tensor(kernel, shape, dtype, kernel.memory.allocate(bytes));
}

function fillFrom(op: string, target: Tensor, data: ArrayLike<number>): void {
  if (data.length !== target.size) {
    throw new ShapeError(
      `${op}: data must have ${target.size} entries for ${formatShape(target.shape)}, got ${data.length}`,
    );
  }
  target.view().set(data);
}
