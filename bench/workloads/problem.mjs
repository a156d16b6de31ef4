// A workload with its arrays: what every contestant starts from. Plain data, in any engine.

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
 * Sizes, `weights` (names) and `arrays: { name: { shape, data } }`. Weights are drawn first, so that they are the same whatever
 * the batches are.
 */
export function makeProblem({ family, training, sizes, optimiser }) {
  const draw = uniforms(7);
  const weights = Object.entries(family.weights(sizes)).map(([name, { shape, bound }]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return [name, { shape, data: draw(size, bound) }];
  });
  return {
    family: family.name,
    training,
    ...sizes,
    ...optimiser,
    weights: weights.map(([name]) => name),
    arrays: { ...Object.fromEntries(weights), ...family.batches(sizes, draw) },
  };
}

/** The arrays of step `k`: `{ name: { shape, data } }` without the leading axis of batches. */
export function batchOf(problem, k) {
  const entries = Object.entries(problem.arrays).filter(([name]) => !problem.weights.includes(name));
  return Object.fromEntries(
    entries.map(([name, array]) => {
      if (problem.batches === undefined) return [name, array];
      const shape = array.shape.slice(1);
      const size = array.data.length / problem.batches;
      const at = (k % problem.batches) * size;
      return [name, { shape, data: array.data.subarray(at, at + size) }];
    }),
  );
}

/** The loss of an attention layer's `output`, for contestants that only infer. */
export function meanSquaredError(problem, output) {
  const targets = problem.arrays.targets.data;
  let sum = 0;
  for (let i = 0; i < targets.length; i++) sum += (output[i] - targets[i]) ** 2;
  return sum / targets.length;
}
