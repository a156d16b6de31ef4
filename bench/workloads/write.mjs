// A workload on disk: `problem.json` with its sizes and one `.bin` per array (little-endian float32 or int32).
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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

/** Weights first, so that they are the same whatever the batches are. */
export function writeProblem(folder, { family, training, sizes, optimiser }) {
  mkdirSync(folder, { recursive: true });
  const draw = uniforms(7);
  const arrays = {};
  const put = (name, shape, data) => {
    writeFileSync(join(folder, `${name}.bin`), data);
    arrays[name] = { shape, dtype: data instanceof Int32Array ? 'int32' : 'float32' };
  };
  const weights = Object.entries(family.weights(sizes)).map(([name, { shape, bound }]) => {
    put(
      name,
      shape,
      draw(
        shape.reduce((a, b) => a * b, 1),
        bound,
      ),
    );
    return name;
  });
  for (const [name, { shape, data }] of Object.entries(family.batches(sizes, draw))) put(name, shape, data);
  const problem = { family: family.name, training, ...sizes, ...optimiser, weights, arrays };
  writeFileSync(join(folder, 'problem.json'), JSON.stringify(problem));
}
