// What hw5 computes, to the last bit: every case of the gradient check in single precision with its outputs and gradients,
// and some training steps of every workload at small odd sizes with their losses and weights. Runs in any engine.
import { cases } from '../packages/core/dist/gradcheck-all.js';
import {
  add,
  backward,
  mul,
  RandomStream,
  scope,
  sum,
  withKernel,
  zeros,
} from '../packages/core/dist/index.js';
import { prepare } from './peers/hw5/training.mjs';
import { WORKLOADS } from './workloads/index.mjs';
import { makeProblem } from './workloads/problem.mjs';

/** Sizes around lanes and tiles. */
const SMALL = { T: 6, S: 7, B: 5, V: 33, E: 9, I: 7, H: 17, D: 24, heads: 3 };
const STEPS = 3;

/** Outputs, then gradients, of one case under a random weighting. */
function caseNumbers({ inputs, range = [-1, 1], run }, seed) {
  return scope(() => {
    const random = new RandomStream(0, `bits-${seed}`);
    const given = Object.values(inputs).map((shape) => {
      const input = zeros(shape, { requiresGrad: true });
      random.fillUniform(input, ...range);
      return input;
    });
    const outputs = [run(given)].flat();
    const terms = outputs.map((output) => {
      const weights = zeros(output.shape);
      random.fillUniform(weights, -1, 1);
      return sum(mul(output, weights));
    });
    backward(terms.reduce((total, term) => add(total, term)));
    const gradients = given.filter((input) => input.grad !== undefined).map((input) => input.grad);
    const numbers = [...outputs, ...gradients].flatMap((tensor) => [...tensor.data]);
    for (const gradient of gradients) gradient.dispose();
    return numbers;
  });
}

/** Losses of the first steps, and the weights after them. */
function workloadNumbers({ sizes, ...workload }) {
  const small = Object.fromEntries(Object.entries(sizes).map(([key, value]) => [key, SMALL[key] ?? value]));
  const { model, step, after = (loss) => loss } = prepare(makeProblem({ sizes: small, ...workload }));
  const losses = Array.from({ length: STEPS }, (_, k) => after(step(k), k));
  return { losses, weights: model.parameters().flatMap((parameter) => [...parameter.data]) };
}

/**
 * Numbers by name: `results` may differ between builds by rounding, `all` is what must have the same bits everywhere.
 * (Adam turns the rounding of a gradient near zero into a step of another sign, so weights are no measure between builds.)
 */
export function numbersOf(kernel) {
  return withKernel(kernel, () => {
    const ops = cases.map((candidate, i) => {
      const results = caseNumbers(candidate, i);
      return [`${String(i).padStart(3, '0')} ${candidate.op}`, { results, all: results }];
    });
    const steps = Object.entries(WORKLOADS).map(([name, workload]) => {
      const { losses, weights } = workloadNumbers(workload);
      return [name, { results: losses, all: [...losses, ...weights] }];
    });
    return Object.fromEntries([...ops, ...steps]);
  });
}

/** Two FNV-1a hashes of the single-precision bits, 16 hex digits. */
function hash(numbers) {
  const bytes = new Uint8Array(Float32Array.from(numbers).buffer);
  const fnv = (seed) => {
    let state = seed;
    for (const byte of bytes) state = Math.imul(state ^ byte, 0x01000193);
    return (state >>> 0).toString(16).padStart(8, '0');
  };
  return fnv(0x811c9dc5) + fnv(0x9e3779b9);
}

/** The hash of every name in `kernel`. */
export const hashesOf = (kernel) =>
  Object.fromEntries(Object.entries(numbersOf(kernel)).map(([name, { all }]) => [name, hash(all)]));

/** How far `other` is from `kernel`: the name with the largest |a - b| / max(1, max |a|). */
export function farthest(kernel, other) {
  const theirs = numbersOf(other);
  const errors = Object.entries(numbersOf(kernel)).map(([name, { results }]) => {
    const scale = results.reduce((max, value) => Math.max(max, Math.abs(value)), 1);
    const error = results.reduce(
      (max, value, i) => Math.max(max, Math.abs(value - theirs[name].results[i])),
      0,
    );
    return { name, error: error / scale };
  });
  return errors.reduce((a, b) => (b.error > a.error ? b : a));
}
