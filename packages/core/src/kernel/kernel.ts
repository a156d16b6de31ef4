/**
 * The only importer of the WebAssembly kernel. A Kernel owns one instance: its calls, its memory, its errors.
 *
 * `memory.grow` detaches every typed array over the memory, silently. So no view is kept: `real()`, `int32()` and
 * `bytes()` make one for immediate use, and nobody holds it across a kernel call.
 */
import {
  ArgumentError,
  DataError,
  type Hw5Error,
  InternalError,
  KernelError,
  OutOfMemoryError,
} from '../errors.js';
import type { KernelExports, Variant } from './load.js';
import { Memory } from './memory.js';

export type RealArray = Float32Array | Float64Array;
export type Precision = 'f32' | 'f64';

/** Status codes of kernel calls, as in kernel-wasm's error.rs. */
const Status = {
  outOfMemory: 1,
  outOfBounds: 2,
  misaligned: 3,
  overlap: 4,
  sizeOverflow: 5,
  indexOutOfRange: 6,
  invalidArgument: 7,
} as const;

export class Kernel {
  readonly variant: Variant;
  readonly precision: Precision;
  /** Bytes of one real number: 4 or 8. */
  readonly realBytes: 4 | 8;
  /**
   * The kernel's functions; each returns a status that goes through {@link check}.
   * @internal
   */
  readonly calls: KernelExports;
  readonly memory: Memory;
  readonly #linear: WebAssembly.Memory;

  /** @internal */
  constructor(variant: Variant, calls: KernelExports, linear: WebAssembly.Memory) {
    this.variant = variant;
    this.precision = variant === 'f64' ? 'f64' : 'f32';
    this.realBytes = variant === 'f64' ? 8 : 4;
    this.calls = calls;
    this.#linear = linear;
    this.memory = new Memory(this);
  }

  /** The same kernel and memory with every call wrapped, for measuring where time goes. */
  instrumented(wrap: (call: (...args: number[]) => unknown) => (...args: number[]) => unknown): Kernel {
    const calls = Object.fromEntries(
      Object.entries(this.calls).map(([name, call]) => [name, wrap(call as (...args: number[]) => unknown)]),
    );
    return new Kernel(this.variant, calls as unknown as KernelExports, this.#linear);
  }

  /** A view of `length` reals at byte `offset`, valid until the next kernel call. */
  real(offset: number, length: number): RealArray {
    return this.realBytes === 8
      ? new Float64Array(this.#linear.buffer, offset, length)
      : new Float32Array(this.#linear.buffer, offset, length);
  }

  /** A view of `length` 32-bit integers at byte `offset`, valid until the next kernel call. */
  int32(offset: number, length: number): Int32Array {
    return new Int32Array(this.#linear.buffer, offset, length);
  }

  /** A view of raw bytes, valid until the next kernel call. */
  bytes(offset: number, length: number): Uint8Array {
    return new Uint8Array(this.#linear.buffer, offset, length);
  }

  /** Bytes of linear memory; grows, never shrinks. */
  get memoryBytes(): number {
    return this.#linear.buffer.byteLength;
  }

  /** Bytes given out for tensors and not returned yet. */
  get liveBytes(): number {
    return this.calls.live_bytes();
  }

  /** FNV-1a 64 of `length` bytes at byte `offset`, 16 hex digits. */
  hash(offset: number, length: number): string {
    const out = this.memory.allocateHeap(8);
    this.check('hash', this.calls.hash(out.offset, offset, length));
    const halves = [...this.int32(out.offset, 2)];
    this.memory.free(out.region);
    return halves.map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }

  /** Throws the typed error behind a non-zero status of `op`. */
  check(op: string, status: number): void {
    if (status !== 0) throw this.#error(op, status);
  }

  #error(op: string, status: number): Hw5Error {
    const [a, b, c] = [0, 1, 2].map((i) => this.calls.error_detail(i)) as [number, number, number];
    switch (status) {
      case Status.outOfMemory:
        return new OutOfMemoryError(
          `${op}: ${a} bytes must fit into the kernel's memory, got out of memory`,
          {
            bytes: a,
          },
        );
      case Status.indexOutOfRange:
        return new DataError(`${op}: ids must be in [0, ${c}), got ${b} at position ${a}`, {
          position: a,
          value: b,
          limit: c,
        });
      case Status.invalidArgument:
        return new ArgumentError(`${op}: kernel argument ${a} must be in its domain, got ${b}`, {
          argument: a,
          value: b,
        });
      case Status.sizeOverflow:
        return new OutOfMemoryError(`${op}: the sizes' product must fit into 32 bits, got an overflow`);
      case Status.outOfBounds:
      case Status.misaligned:
      case Status.overlap:
        return new InternalError(`${op}: kernel status ${status} (${a}, ${b}, ${c})`, { status });
      default:
        return new KernelError(`${op}: the kernel must return a known status, got ${status}`, { status });
    }
  }
}
