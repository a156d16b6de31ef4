/**
 * Who owns which bytes. A Region is a stretch of kernel memory with one lifetime; a tensor remembers its region
 * and the region's generation, so a use after free is found by comparing two numbers and never reads other data.
 *
 * Outside a scope each tensor has a heap region of its own, freed by `dispose()` or, as a backstop, when the
 * garbage collector finds its last tensor gone. Inside a scope tensors are bumped from an arena that is rewound
 * when the scope ends: a training step allocates nothing after the first, and nobody disposes by hand.
 */
import { OutOfMemoryError } from '../errors.js';
import type { Kernel } from './kernel.js';

/** A lifetime: when it ends, `generation` moves on and every tensor that remembers the old one is dead. */
export interface Region {
  generation: number;
  readonly scoped: boolean;
}

export interface Allocation {
  readonly region: Region;
  readonly generation: number;
  /** Byte offset into linear memory. */
  readonly offset: number;
}

interface Block {
  readonly offset: number;
  readonly bytes: number;
}

/** Tensors start on cache lines. */
const ALIGNMENT = 64;
/** The arena's first block; later ones double. Half a megabyte holds a small model's step. */
const FIRST_BLOCK_BYTES = 1 << 19;

class HeapRegion implements Region {
  generation = 0;
  readonly scoped = false;
}

class ScopeRegion implements Region {
  generation = 0;
  readonly scoped = true;
  /** Where the arena stood when the scope began. */
  block = 0;
  used = 0;
}

export class Memory {
  /** Bytes that may be in use at once. Defaults to what the engine gives. */
  limit: number = Number.POSITIVE_INFINITY;
  readonly #kernel: Kernel;
  readonly #heap = new WeakMap<Region, Block>();
  readonly #lost: FinalizationRegistry<Block>;
  #blocks: Block[] = [];
  /** The block that serves the next allocation, and how much of it is used. */
  #block = 0;
  #used = 0;
  /** Scope regions by depth, reused so that a scope costs no garbage. */
  readonly #scopes: ScopeRegion[] = [];
  #depth = 0;
  /** Heap regions made inside {@link allOrNothing}. */
  #made: Region[] | undefined;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#lost = new FinalizationRegistry((block) => this.#dealloc(block));
  }

  get inScope(): boolean {
    return this.#depth > 0;
  }

  /** Bytes with the lifetime of the innermost scope, or of the heap when there is none. */
  allocate(bytes: number): Allocation {
    return this.#depth === 0 ? this.allocateHeap(bytes) : this.#allocateScoped(bytes);
  }

  /** Bytes that live until freed, also inside a scope (parameters, carried state). */
  allocateHeap(bytes: number): Allocation {
    const block = this.#alloc(bytes);
    const region = new HeapRegion();
    this.#heap.set(region, block);
    this.#lost.register(region, block, region);
    this.#made?.push(region);
    return { region, generation: 0, offset: block.offset };
  }

  /** Run `fn`; when it throws, the heap memory that it took is free at once, not when garbage is collected. */
  allOrNothing<T>(fn: () => T): T {
    const made: Region[] = [];
    this.#made = made;
    try {
      return fn();
    } catch (error) {
      for (const region of made) this.free(region);
      throw error;
    } finally {
      this.#made = undefined;
    }
  }

  /** Free a heap region; its tensors are dead from now on. Freeing twice, or a scoped region, does nothing. */
  free(region: Region): void {
    const block = this.#heap.get(region);
    if (block === undefined) return;
    this.#heap.delete(region);
    this.#lost.unregister(region);
    region.generation += 1;
    this.#dealloc(block);
  }

  enterScope(): void {
    let scope = this.#scopes[this.#depth];
    if (scope === undefined) {
      scope = new ScopeRegion();
      this.#scopes.push(scope);
    }
    scope.block = this.#block;
    scope.used = this.#used;
    this.#depth += 1;
  }

  exitScope(): void {
    this.#depth -= 1;
    const scope = this.#scopes[this.#depth]!;
    scope.generation += 1;
    this.#block = scope.block;
    this.#used = scope.used;
    if (this.#depth === 0 && this.#blocks.length > 1) this.#joinBlocks();
  }

  #allocateScoped(bytes: number): Allocation {
    const scope = this.#scopes[this.#depth - 1]!;
    const wanted = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    for (;;) {
      const block = this.#blocks[this.#block];
      if (block === undefined) {
        const last = this.#blocks.at(-1);
        this.#blocks.push(
          this.#alloc(Math.max(wanted, last === undefined ? FIRST_BLOCK_BYTES : 2 * last.bytes)),
        );
      } else if (this.#used + wanted <= block.bytes) {
        const offset = block.offset + this.#used;
        this.#used += wanted;
        return { region: scope, generation: scope.generation, offset };
      } else {
        this.#block += 1;
        this.#used = 0;
      }
    }
  }

  /** Several blocks after the outermost scope: make them one, so that the next step finds room in one piece. */
  #joinBlocks(): void {
    const bytes = this.#blocks.reduce((sum, block) => sum + block.bytes, 0);
    for (const block of this.#blocks) this.#dealloc(block);
    this.#blocks = [];
    this.#block = 0;
    this.#used = 0;
    try {
      this.#blocks.push(this.#alloc(bytes));
    } catch (error) {
      // No single piece that large: start over with small blocks.
      if (!(error instanceof OutOfMemoryError)) throw error;
    }
  }

  #alloc(bytes: number): Block {
    // A size beyond 32 bits would wrap around at the boundary and look small.
    const fits = bytes < 2 ** 32 && this.#kernel.liveBytes + bytes <= this.limit;
    const offset = fits ? this.#kernel.calls.alloc(bytes) : 0;
    if (offset === 0) {
      throw new OutOfMemoryError(
        `alloc: ${bytes} bytes must fit beside the ${this.#kernel.liveBytes} in use, got out of memory`,
        { bytes },
      );
    }
    return { offset, bytes };
  }

  #dealloc(block: Block): void {
    this.#kernel.calls.dealloc(block.offset, block.bytes);
  }
}
