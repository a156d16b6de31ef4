// The child's side of the benchmark: read the problem, answer commands on stdin, one JSON line each, marked with '@'.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The problem with its arrays as typed arrays: `{ T, B, V, E, H, ..., arrays: { name: { shape, data } } }`. */
export function readProblem(folder) {
  const problem = JSON.parse(readFileSync(join(folder, 'problem.json'), 'utf8'));
  for (const [name, array] of Object.entries(problem.arrays)) {
    const bytes = readFileSync(join(folder, `${name}.bin`));
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    array.data = array.dtype === 'int32' ? new Int32Array(buffer) : new Float32Array(buffer);
  }
  return problem;
}

/** Ids and targets of step `k`: slices of length T*B, laid out [T, B]. */
export function batchOf(problem, k) {
  const size = problem.T * problem.B;
  const at = (k % problem.batches) * size;
  return {
    x: problem.arrays.x.data.subarray(at, at + size),
    targets: problem.arrays.targets.data.subarray(at, at + size),
  };
}

const say = (message) => process.stdout.write(`@${JSON.stringify(message)}\n`);

/**
 * Serve `build(problem) -> { library, how, step(k) -> Promise<number> | number }` where `step` does one whole training
 * step and returns its loss. Commands: `{ steps }` -> `{ times, losses }` in ms.
 */
export async function serve(build) {
  let model;
  let done = 0;
  try {
    model = await build(readProblem(process.argv[2]), process.argv[3]);
    say({ ready: true, library: model.library, how: model.how, biases: model.biases });
  } catch (error) {
    say({ error: String(error?.stack ?? error) });
    process.exit(1);
  }
  for await (const line of createInterface({ input: process.stdin })) {
    const { steps } = JSON.parse(line);
    const times = [];
    const losses = [];
    try {
      for (let i = 0; i < steps; i++) {
        const start = performance.now();
        losses.push(await model.step(done++));
        times.push(performance.now() - start);
      }
      say({ times, losses });
    } catch (error) {
      say({ error: String(error?.stack ?? error) });
      process.exit(1);
    }
  }
  process.exit(0);
}
