/**
 * Counter-based random streams by name (init, data, dropout, sampling): the value at a position depends on seed,
 * name and position alone, so a stream is saved as one number and streams never disturb each other.
 * Generator: Philox4x32-10 (Salmon et al. 2011), in the kernel, so that all engines agree.
 */
import { ArgumentError } from './errors.js';
import { currentKernel } from './kernel/load.js';
import type { Tensor } from './tensor.js';

/** Words drawn at once for single numbers. */
const BUFFER_WORDS = 256;
/** Words of one Philox block. */
const BLOCK_WORDS = 4;
const TWO_32 = 2 ** 32;
/** Positions end at 2^53 words, 2^51 blocks: the counter's upper half has room for branches above bit 20. */
const BRANCH_BITS = 20;

export type PhiloxAddress = readonly [
  keyHigh: number,
  keyLow: number,
  counterHigh: number,
  counterLow: number,
];

export class RandomStream {
  readonly name: string;
  readonly #keyHigh: number;
  readonly #keyLow: number;
  /** Words consumed so far. */
  #position: number;
  #buffer = new Uint32Array(0);
  #bufferStart = 0;
  #branch = 0;

  /**
   * @param seed - a whole number in [0, 2^53)
   * @param name - which stream of that seed
   * @param position - words already consumed, from a stream's `position`; defaults to 0
   */
  constructor(seed: number, name: string, position = 0) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new ArgumentError(`random: seed must be a whole number in [0, 2^53), got ${seed}`);
    }
    this.name = name;
    [this.#keyHigh, this.#keyLow] = fnv1a64(`${name}:${seed}`);
    this.#position = position;
  }

  /** Words consumed so far: with seed and name, the whole state. */
  get position(): number {
    return this.#position;
  }

  /** Go to a position taken earlier. */
  set position(position: number) {
    this.#position = position;
  }

  /** Which of 4096 independent branches is read; all stand at the same position. Starts as 0. */
  get branch(): number {
    return this.#branch;
  }

  set branch(branch: number) {
    if (!Number.isSafeInteger(branch) || branch < 0 || branch >= 4096) {
      throw new ArgumentError(`random: branch must be a whole number in [0, 4096), got ${branch}`);
    }
    this.#branch = branch;
    this.#buffer = new Uint32Array(0);
  }

  /** Skip `words` words, starting at a block, and say where they lie. */
  reserve(words: number): PhiloxAddress {
    const block = Math.ceil(this.#position / BLOCK_WORDS);
    this.#position = (block + Math.ceil(words / BLOCK_WORDS)) * BLOCK_WORDS;
    return this.#address(block);
  }

  /** The next word, a whole number in [0, 2^32). */
  word(): number {
    const at = this.#position - this.#bufferStart;
    if (at < 0 || at >= this.#buffer.length) {
      this.#refill();
      return this.word();
    }
    this.#position += 1;
    return this.#buffer[at]!;
  }

  /** A number in [0, 1) with 32 random bits. */
  uniform(): number {
    return this.word() / TWO_32;
  }

  /** A whole number in [0, limit), without modulo bias. */
  integer(limit: number): number {
    if (!Number.isSafeInteger(limit) || limit < 1 || limit > TWO_32) {
      throw new ArgumentError(`random: limit must be a whole number in [1, 2^32], got ${limit}`);
    }
    const accepted = TWO_32 - (TWO_32 % limit);
    for (;;) {
      const word = this.word();
      if (word < accepted) return word % limit;
    }
  }

  /** Fill with numbers from U(low, high). */
  fillUniform(target: Tensor, low: number, high: number): void {
    const { kernel } = target;
    const address = this.reserve(target.size);
    kernel.check('random', kernel.calls.random_uniform(target.offset, target.size, low, high, ...address));
  }

  /** Fill with numbers from N(mean, deviation^2). */
  fillNormal(target: Tensor, mean: number, deviation: number): void {
    const { kernel } = target;
    const address = this.reserve(target.size);
    kernel.check(
      'random',
      kernel.calls.random_normal(target.offset, target.size, mean, deviation, ...address),
    );
  }

  #address(block: number): PhiloxAddress {
    return [
      this.#keyHigh,
      this.#keyLow,
      this.#branch * 2 ** BRANCH_BITS + Math.floor(block / TWO_32),
      block % TWO_32,
    ];
  }

  #refill(): void {
    const kernel = currentKernel();
    const block = Math.floor(this.#position / BLOCK_WORDS);
    const { region, offset } = kernel.memory.allocateHeap(BUFFER_WORDS * 4);
    kernel.check('random', kernel.calls.random_bits(offset, BUFFER_WORDS, ...this.#address(block)));
    this.#buffer = new Uint32Array(kernel.int32(offset, BUFFER_WORDS));
    this.#bufferStart = block * BLOCK_WORDS;
    kernel.memory.free(region);
  }
}

/** FNV-1a 64 of a string's UTF-8 bytes, as two 32-bit halves. */
function fnv1a64(text: string): [high: number, low: number] {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return [Number(hash >> 32n), Number(hash & 0xffffffffn)];
}
