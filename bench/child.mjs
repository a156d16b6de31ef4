// The child's side of the benchmark: read the problem, answer commands on stdin, one JSON line each, marked with '@'.
import { createInterface } from 'node:readline';
import { readProblem } from './workloads/files.mjs';

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
