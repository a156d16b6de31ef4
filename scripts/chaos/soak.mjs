/**
 * Trains for a long time and watches the memory: `npm run soak -- --steps 100000`.
 *
 * Once it has warmed up, the bytes of live tensors and the kernel's memory must be what they were, and the process must
 * not grow by more than `--slope` megabytes per 10,000 steps. Checkpoints are taken and the model is asked on the way.
 * `--task classify`, `tag` and `seq2seq` are the other kinds of run.
 */
import { parseArgs } from 'node:util';
import { openSession } from '../../packages/core/dist/index.js';

const { values } = parseArgs({
  options: {
    task: { type: 'string', default: 'char-lm' },
    steps: { type: 'string', default: '100000' },
    samples: { type: 'string', default: '20' },
    slope: { type: 'string', default: '1' },
  },
});
const steps = Number(values.steps);
const samples = Number(values.samples);
const text = 'what is held for a step is let go after it, and what is kept is kept once.\n'.repeat(60);
const small = { hiddenSize: 16, embeddingSize: 8, batchSize: 4, dropout: 0.1, evaluateEvery: 500 };
const generated = (task) => ({ task, train: 64, validation: 8 });
const requests = {
  'char-lm': { data: text, config: { ...small, sequenceLength: 16, numLayers: 2 } },
  classify: { data: generated('sentiment'), config: small },
  tag: { data: generated('part-of-speech'), config: small },
  seq2seq: { data: generated('dates'), config: { ...small, dropout: 0 } },
};
const { task } = values;

const session = await openSession();
await session.createRun({ task, ...requests[task] });

async function sample(step) {
  global.gc?.();
  const { liveBytes, memoryBytes } = await session.kernel();
  return { step, liveBytes, memoryBytes, rssMB: process.memoryUsage.rss() / 1e6 };
}

const seen = [];
for (let i = 1; i <= samples; i += 1) {
  const goal = Math.round((steps * i) / samples);
  let checkpoints = 0;
  await session.train({
    steps: goal,
    checkpointEvery: 500,
    onCheckpoint: () => {
      checkpoints += 1;
    },
  });
  if (task === 'char-lm') await session.generate({ length: 50 });
  else await session.predict(['3 May 1999', 'so good', '']);
  if (checkpoints === 0 && goal >= 500 * i) throw new Error('soak: checkpoints must be offered, got none');
  seen.push(await sample(goal));
  console.error(JSON.stringify(seen.at(-1)));
}
await session.close();

/**
 * Megabytes per 10,000 steps: the highest of the second half over the highest of the first. Engines take and give memory
 * in large pieces as they please; what leaks makes new heights.
 */
const half = Math.floor(seen.length / 2);
const highest = (part) => Math.max(...part.map(({ rssMB }) => rssMB));
const slope = (highest(seen.slice(half)) - highest(seen.slice(0, half))) / (steps / 2 / 10_000);
const complaints = ['liveBytes', 'memoryBytes'].flatMap((key) =>
  seen.some((point) => point[key] !== seen[0][key])
    ? [`${key} must stay ${seen[0][key]}, got ${seen.at(-1)[key]}`]
    : [],
);
if (slope > Number(values.slope))
  complaints.push(`memory must grow by at most ${values.slope} MB, got ${slope}`);
const { liveBytes, memoryBytes } = seen.at(-1);
console.log(
  JSON.stringify(
    { task, steps, liveBytes, memoryBytes, rssMBPer10000Steps: Number(slope.toFixed(3)), complaints },
    undefined,
    2,
  ),
);
process.exitCode = complaints.length === 0 ? 0 : 1;
