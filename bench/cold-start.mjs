// From the start of a process to its first finished training step of an LSTM (`lstm-small`), in fresh Node processes;
// beside it a process that does nothing, because that much is Node's own.
//
//     node bench/cold-start.mjs [--runs 15] [--json]
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WORKLOADS } from './workloads/index.mjs';

const GOAL_MS = 150;
const core = import.meta.resolve('@hw5/core');
const { T, B, I, H } = WORKLOADS['lstm-small'].sizes;

/** One step as a user writes it: nothing but the library is loaded. It tells the milliseconds since its process began. */
const program = `
const { backward, init, mean, nn, optim, RandomStream, scope, square, sub, tensor } = await import('${core}');
const imported = performance.now();
await init();
const ready = performance.now();
const lstm = new nn.LSTM({ inputSize: ${I}, hiddenSize: ${H}, batchFirst: false });
const adam = new optim.Adam(lstm);
const wave = (count) => Float32Array.from({ length: count }, (_, i) => (i % 17) / 17);
scope(() => {
  const { output } = lstm.forward(tensor(wave(${T * B * I}), [${T}, ${B}, ${I}]));
  backward(mean(square(sub(output, tensor(wave(${T * B * H}), [${T}, ${B}, ${H}])))));
  adam.step();
});
console.log(JSON.stringify({ imported, ready, stepped: performance.now() }));
`;

const { values: options } = parseArgs({
  options: { runs: { type: 'string', default: '15' }, json: { type: 'boolean', default: false } },
});

/** Wall clock of a whole process, and what it said. */
function timed(source) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`cold-start: the program must end with 0, got ${status}\n${stderr}`);
  return { whole: performance.now() - start, said: stdout };
}

const runs = Array.from({ length: Number(options.runs) }, () => {
  const empty = timed('').whole;
  return { empty, ...JSON.parse(timed(program).said) };
});
const summary = Object.fromEntries(
  ['empty', 'imported', 'ready', 'stepped'].map((key) => {
    const values = runs.map((run) => run[key]).sort((a, b) => a - b);
    return [key, { best: values[0], median: values[values.length >> 1] }];
  }),
);
const met = summary.stepped.median <= GOAL_MS;
if (options.json) console.log(JSON.stringify({ ...summary, goal: GOAL_MS, met }));
else {
  const WORDS = {
    empty: 'an empty process, start to end',
    imported: 'process start to @hw5/core imported',
    ready: '... kernel loaded',
    stepped: '... first training step finished',
  };
  for (const [key, { best, median }] of Object.entries(summary))
    console.log(
      `${WORDS[key].padEnd(38)} best ${best.toFixed(0).padStart(4)} ms, median ${median.toFixed(0).padStart(4)} ms`,
    );
  console.log(`${met ? 'met   ' : 'MISSED'} first step within ${GOAL_MS} ms (median)`);
}
