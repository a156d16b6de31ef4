// The job: a character model (embedding, LSTM, linear layer) writes `length` characters greedily from character 0.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const V = 65;
export const E = 64;

/** Names and shapes of PyTorch's weights. */
export const shapesOf = (H) => ({
  'embedding.weight': [V, E],
  'lstm.weight_ih_l0': [4 * H, E],
  'lstm.weight_hh_l0': [4 * H, H],
  'lstm.bias_ih_l0': [4 * H],
  'lstm.bias_hh_l0': [4 * H],
  'head.weight': [V, H],
  'head.bias': [V],
});

/** One little-endian float32 file per weight, from a 32-bit mixing counter with a fixed seed. */
export function writeProblem(folder, H) {
  let state = 7;
  const uniform = (bound) => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (((z ^ (z >>> 15)) >>> 8) / 2 ** 23 - 1) * bound;
  };
  for (const [name, shape] of Object.entries(shapesOf(H))) {
    // Recurrent weights twice PyTorch's bound: the state then wanders, and the text does not settle into one letter.
    const bound = name.startsWith('embedding') ? 1 : (name.includes('_hh') ? 2 : 1) / Math.sqrt(H);
    const size = shape.reduce((a, b) => a * b, 1);
    writeFileSync(
      join(folder, `${name}.bin`),
      Float32Array.from({ length: size }, () => uniform(bound)),
    );
  }
}

/** `{ name: { shape, data } }` as `loadStateDict` takes it. */
export function readProblem(folder, H) {
  return Object.fromEntries(
    Object.entries(shapesOf(H)).map(([name, shape]) => {
      const bytes = readFileSync(join(folder, `${name}.bin`));
      const data = new Float32Array(
        bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
      );
      return [name, { shape, data }];
    }),
  );
}
