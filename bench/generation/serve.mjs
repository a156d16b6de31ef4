// A contestant's side: answers every line `{ length, samples }` on stdin with the characters of the last sample and the
// milliseconds that each sample took.
import { createInterface } from 'node:readline';

const say = (message) => process.stdout.write(`@${JSON.stringify(message)}\n`);

/** `build(folder, H, variant) -> { how, generate(length) -> Promise<number[]> | number[] }`. */
export async function serve(build) {
  const [folder, H, variant] = process.argv.slice(2);
  try {
    const { how, generate } = await build(folder, Number(H), variant);
    say({ how });
    for await (const line of createInterface({ input: process.stdin })) {
      const { length, samples } = JSON.parse(line);
      const milliseconds = [];
      let characters;
      for (let sample = 0; sample < samples; sample += 1) {
        const start = performance.now();
        characters = await generate(length);
        milliseconds.push(performance.now() - start);
      }
      say({ milliseconds, characters });
    }
  } catch (error) {
    say({ error: String(error?.stack ?? error) });
    process.exitCode = 1;
  }
}

/** The first of the largest. */
export function argmax(values) {
  let best = 0;
  for (let i = 1; i < values.length; i += 1) if (values[i] > values[best]) best = i;
  return best;
}
