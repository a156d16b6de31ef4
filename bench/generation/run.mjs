// Greedy generation at batch 1: @hw5/core beside onnxruntime-web and PyTorch, one thread each, interleaved in one run.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Child, findPython, installPeers } from '../contestants.mjs';
import { E, V, writeProblem } from './problem.mjs';

const here = dirname(fileURLToPath(import.meta.url));

const HELP = `node bench/generation/run.mjs [OPTIONS]

A character model (V${V} E${E}, LSTM) writes greedily, one character at a time, from the same weights in every library.

  --quick    fewer rounds
  --json     one JSON object on stdout

HW5_PYTHON names a Python that has torch; python3 is tried otherwise.`;

const { values: options } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit();
}

/** H, and how many times the speed of onnxruntime-web is promised. */
const SIZES = [
  { H: 256, goal: 1.5 },
  { H: 512, goal: 1.3 },
];
/** Characters of one sample: a millisecond or two, so that on a busy machine some samples run undisturbed. */
const LENGTH = 20;
/** Samples of one turn, one after another, so that the contestant's weights are in the caches again. */
const SAMPLES = 20;
const WARM_LENGTH = 3000;
const rounds = options.quick ? 8 : 40;

function contestants() {
  const node = (file, variant = '') => ({ command: [process.execPath, join(here, file)], variant });
  const python = (variant) => ({ command: [findPython(), join(here, 'pytorch.py')], variant });
  const all = {
    hw5: node('hw5.mjs', 'strict'),
    'hw5-fast': node('hw5.mjs', 'fast'),
    onnxruntime: node('onnxruntime.mjs'),
  };
  try {
    return { ...all, 'torch-cell': python('cell'), 'torch-layer': python('layer') };
  } catch (error) {
    process.stderr.write(`${error.message}: without PyTorch\n`);
    return all;
  }
}

/** Best and median microseconds per character of every contestant that writes the same text as the first. */
async function race(H) {
  const folder = mkdtempSync(join(tmpdir(), 'hw5-generation-'));
  writeProblem(folder, H);
  const runners = [];
  try {
    for (const [id, { command, variant }] of Object.entries(contestants())) {
      const child = new Child([...command, folder, String(H), variant]);
      runners.push({ id, child, times: [] });
      const { how, error } = await child.answer();
      if (error !== undefined) throw new Error(`${id}: ${error}`);
      runners.at(-1).how = how;
    }
    const write = async ({ id, child }, length, samples) => {
      const answer = await child.ask({ length, samples });
      if (answer.error !== undefined) throw new Error(`${id}: ${answer.error}`);
      return answer;
    };
    let text;
    for (const runner of runners) {
      const { characters } = await write(runner, WARM_LENGTH, 1);
      text ??= characters;
      const at = characters.findIndex((character, i) => character !== text[i]);
      if (at >= 0)
        throw new Error(`${runner.id}: character ${at} must be ${text[at]}, got ${characters[at]}`);
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const runner of runners) {
        const { milliseconds } = await write(runner, LENGTH, SAMPLES);
        runner.times.push(...milliseconds.map((time) => (1000 * time) / LENGTH));
      }
    }
    const distinct = new Set(text.slice(0, 500).map((_, i) => text.slice(i, i + 4).join(' '))).size;
    const results = runners.map(({ id, how, times }) => {
      times.sort((a, b) => a - b);
      return { id, how, best: times[0], median: times[times.length >> 1] };
    });
    return { H, distinct, results };
  } finally {
    for (const { child } of runners) child.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (!existsSync(join(here, '..', '..', 'packages', 'core', 'dist', 'index.js'))) {
  process.stderr.write('bench: packages/core/dist must be built, got none: run `npm run build` first\n');
  process.exit(1);
}
installPeers();
const report = {
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  node: process.version,
  sizes: [],
  goals: [],
};
for (const { H, goal } of SIZES) {
  const size = await race(H);
  report.sizes.push(size);
  const best = Object.fromEntries(size.results.map((result) => [result.id, result.best]));
  const promise = (other, times) => {
    if (best[other] === undefined) return;
    const value = best[other] / best.hw5;
    report.goals.push({
      text: `H${H}: ${value.toFixed(2)} times the speed of ${other} (>= ${times})`,
      value,
      met: value >= times,
    });
  };
  promise('onnxruntime', goal);
  promise('torch-cell', 1);
  promise('torch-layer', 1);
}
report.load = loadavg()[0];
if (options.json) {
  console.log(JSON.stringify(report, null, 2));
} else {
  console.log(`${report.cpu}, ${report.cores} cores, Node ${report.node}, load ${report.load.toFixed(1)}`);
  for (const { H, distinct, results } of report.sizes) {
    console.log(`\nV${V} E${E} H${H}, same ${WARM_LENGTH} characters (${distinct} different fours in 500):`);
    for (const { id, how, best, median } of results) {
      const times = `${best.toFixed(1).padStart(8)} us best ${median.toFixed(1).padStart(8)} us median`;
      console.log(`  ${id.padEnd(12)} ${times}  ${how}`);
    }
  }
  console.log('\nGoals:');
  for (const { text, met } of report.goals) console.log(`  ${met ? 'met   ' : 'missed'} ${text}`);
}
