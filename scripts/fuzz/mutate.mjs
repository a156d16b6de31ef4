/** Seeded mutations of bytes: the same seed gives the same inputs. */

/** Numbers in [0, 1): mulberry32. */
export function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Bytes that parsers treat in a way of their own. */
const TELLING = [
  0, 1, 0x0a, 0x0d, 0x20, 0x22, 0x27, 0x28, 0x2c, 0x2d, 0x2e, 0x39, 0x3a, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0x7f,
  0x80, 0xfe, 0xff,
];
const MOST_BYTES = 64 * 1024;

const mutations = [
  (bytes, at, random) => void bytes.fill(random() * 256, at, at + 1),
  (bytes, at, random) => void bytes.fill(bytes[at] ^ (1 << Math.floor(random() * 8)), at, at + 1),
  (bytes, at, random) => void bytes.fill(TELLING[Math.floor(random() * TELLING.length)], at, at + 1),
  (bytes, at, random) => cut(bytes, at, Math.ceil(random() * 16)),
  (bytes, at) => bytes.slice(0, at),
  (bytes, at, random) =>
    joined(bytes.slice(0, at), bytes.slice(at, at + Math.ceil(random() * 64)), bytes.slice(at)),
  (bytes, at, random) =>
    joined(
      bytes.slice(0, at),
      Uint8Array.of(TELLING[Math.floor(random() * TELLING.length)]),
      bytes.slice(at),
    ),
  (bytes, at) => void bytes.fill(0xff, at, at + 4),
  (bytes, at) => void bytes.fill(0, at, at + 8),
  (bytes, at, random, other) => joined(bytes.slice(0, at), other.slice(Math.floor(random() * other.length))),
];

const cut = (bytes, at, count) => joined(bytes.slice(0, at), bytes.slice(at + count));

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** One to six changes of a seed; the second is spliced in. */
export function mutate(seed, other, random) {
  let bytes = Uint8Array.from(seed);
  const count = 1 + Math.floor(random() * 6);
  for (let i = 0; i < count; i += 1) {
    const mutation = mutations[Math.floor(random() * mutations.length)];
    bytes = mutation(bytes, Math.floor(random() * (bytes.length + 1)), random, other) ?? bytes;
  }
  return bytes.subarray(0, MOST_BYTES);
}
