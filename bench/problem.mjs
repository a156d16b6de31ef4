// The job that every library does: one training step of a character model, from the same weights on the same batches.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Sizes: T steps, B rows, V classes, E embedding, H hidden. */
export const SIZES = {
  medium: { T: 64, B: 32, V: 65, E: 64, H: 256 },
  small: { T: 64, B: 32, V: 65, E: 64, H: 64 },
};

export const OPTIMISER = { lr: 2e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8, clip: 1 };
const BATCHES = 4;

/** Uniform numbers in [-bound, bound) from a 32-bit mixing counter; the seed is fixed. */
function uniforms(seed) {
  let state = seed;
  return (count, bound) => {
    const out = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      state = (state + 0x9e3779b9) | 0;
      let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      out[i] = (((z ^ (z >>> 15)) >>> 8) / 2 ** 23 - 1) * bound;
    }
    return out;
  };
}

/**
 * Write `problem.json` and one `.bin` (little-endian float32 or int32) per array into `folder`.
 * Weights have PyTorch's names and layouts; `x` and `targets` are [batches, T, B].
 */
export function writeProblem(folder, { T, B, V, E, H }) {
  mkdirSync(folder, { recursive: true });
  const draw = uniforms(7);
  const bound = 1 / Math.sqrt(H);
  const shapes = {
    'embedding.weight': [V, E],
    'lstm.weight_ih_l0': [4 * H, E],
    'lstm.weight_hh_l0': [4 * H, H],
    'lstm.bias_ih_l0': [4 * H],
    'lstm.bias_hh_l0': [4 * H],
    'head.weight': [V, H],
    'head.bias': [V],
  };
  const arrays = {};
  const put = (name, shape, data) => {
    writeFileSync(join(folder, `${name}.bin`), data);
    arrays[name] = { shape, dtype: data instanceof Int32Array ? 'int32' : 'float32' };
  };
  for (const [name, shape] of Object.entries(shapes)) {
    const count = shape.reduce((a, b) => a * b, 1);
    put(name, shape, draw(count, name === 'embedding.weight' ? 1 : bound));
  }
  // A text with structure: each character mostly decides the next, so that the loss falls.
  const x = new Int32Array(BATCHES * T * B);
  const targets = new Int32Array(BATCHES * T * B);
  const noise = draw(BATCHES * B * (T + 1), 1);
  let k = 0;
  for (let batch = 0; batch < BATCHES; batch++) {
    for (let b = 0; b < B; b++) {
      let id = (b * 13 + batch * 7) % V;
      for (let t = 0; t <= T; t++) {
        if (t < T) x[(batch * T + t) * B + b] = id;
        if (t > 0) targets[(batch * T + t - 1) * B + b] = id;
        id = noise[k++] > 0.5 ? Math.floor(Math.abs(noise[k - 1]) * 1e6) % V : (id * 5 + 3) % V;
      }
    }
  }
  put('x', [BATCHES, T, B], x);
  put('targets', [BATCHES, T, B], targets);
  const problem = { T, B, V, E, H, batches: BATCHES, ...OPTIMISER, arrays };
  writeFileSync(join(folder, 'problem.json'), JSON.stringify(problem));
  return problem;
}
