/**
 * Gumbel noise from the project's counter-based generator, in plain TypeScript so that the calculator needs no
 * kernel. The words are those of `RandomStream(seed, 'gumbel')`, bit for bit.
 */
import { ArgumentError } from '../../errors.js';

const TWO_32 = 2 ** 32;

/** `count` draws g = -log(-log u), u uniform in (0, 1). @throws ArgumentError for a seed outside [0, 2^53) */
export function gumbelNoise(seed: number, count: number): number[] {
  return philoxWords(seed, 'gumbel', count).map(gumbelOf);
}

/** g = -log(-log u) of a word of a random stream, u = (word + 1/2) / 2^32. */
export const gumbelOf = (word: number): number => -Math.log(-Math.log((word + 0.5) / TWO_32));

/** The first `count` words of the stream `name` of a seed. */
export function philoxWords(seed: number, name: string, count: number): number[] {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new ArgumentError(`attend: seed must be a whole number in [0, 2^53), got ${seed}`);
  }
  const key = fnv1a64(`${name}:${seed}`);
  const words: number[] = [];
  for (let block = 0; words.length < count; block += 1) {
    words.push(...philox([block, 0, 0, 0], [Number(key & 0xffffffffn), Number(key >> 32n)]));
  }
  return words.slice(0, count);
}

type Words = readonly [number, number, number, number];

/** Philox4x32-10. Source: Salmon, Moraes, Dror and Shaw 2011. */
export function philox(counter: Words, key: readonly [number, number]): Words {
  let [a, b, c, d] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round += 1) {
    const [high0, low0] = multiply(0xd2511f53, a);
    const [high1, low1] = multiply(0xcd9e8d57, c);
    [a, b, c, d] = [(high1 ^ b ^ k0) >>> 0, low1, (high0 ^ d ^ k1) >>> 0, low0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [a, b, c, d];
}

/** The 64 bits of a product of two 32-bit words, in halves of 16 bits: every sum stays below 2^53. */
function multiply(factor: number, word: number): [high: number, low: number] {
  const [factorLow, factorHigh, wordLow, wordHigh] = [
    factor & 0xffff,
    factor >>> 16,
    word & 0xffff,
    word >>> 16,
  ];
  const middle = factorHigh * wordLow + Math.floor((factorLow * wordLow) / 0x10000);
  const carried = factorLow * wordHigh + (middle % 0x10000);
  const high = factorHigh * wordHigh + Math.floor(middle / 0x10000) + Math.floor(carried / 0x10000);
  return [high, Math.imul(factor, word) >>> 0];
}

/** FNV-1a 64 of a string's UTF-8 bytes. */
function fnv1a64(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash;
}
