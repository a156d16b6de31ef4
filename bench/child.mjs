// The child's side of the benchmark: read the problem, answer commands on stdin, one JSON line each, marked with '@'.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The problem with its arrays as typed arrays: sizes, `weights` (names) and `arrays: { name: { shape, data } }`. */
export function readProblem(folder) {
  const problem = JSON.parse(readFileSync(join(folder, 'problem.json'), 'utf8'));
  for (const [name, array] of Object.entries(problem.arrays)) {
    const bytes = readFileSync(join(folder, `${name}.bin`));
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    array.data = array.dtype === 'int32' ? new Int32Array(buffer) : new Float32Array(buffer);
  }
  return problem;
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

const say = (message) => process.stdout.write(`@${JSON.stringify(message)}\n`);

function fail(error) {
  say({ error: String(error?.stack ?? error) });
  process.exit(1);
}

/**
 * Serve `build(problem, variant) -> { library, how, biases, step, after }`: `step(k)` does what is timed, and `after(result, k)`,
 * untimed, gives the step's loss (`step`'s result when left out). Commands: `{ steps }` -> `{ times, losses }` in ms.
 */
export async function serve(build) {
  let model;
  let done = 0;
  try {
    model = await build(readProblem(process.argv[2]), process.argv[3]);
    say({ ready: true, library: model.library, how: model.how, biases: model.biases });
  } catch (error) {
    fail(error);
  }
  for await (const line of createInterface({ input: process.stdin })) {
    const { steps } = JSON.parse(line);
    const times = [];
    const losses = [];
    try {
      for (let i = 0; i < steps; i++) {
        const start = performance.now();
        const result = await model.step(done);
        times.push(performance.now() - start);
        losses.push(model.after ? await model.after(result, done) : result);
        done++;
      }
      say({ times, losses });
    } catch (error) {
      fail(error);
    }
  }
  process.exit(0);
}
