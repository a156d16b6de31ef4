// Every workload, @hw5/core beside other libraries, interleaved in one run; then kernel figures.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare } from './compare.mjs';
import { Child, CONTESTANTS, installPeers } from './contestants.mjs';
import { limits } from './limits.mjs';
import { doubts, judge, print, printComparison } from './report.mjs';
import { writeProblem } from './workloads/files.mjs';
import { WORKLOADS } from './workloads/index.mjs';

const here = dirname(fileURLToPath(import.meta.url));

const HELP = `npm run bench [-- OPTIONS]

Training steps and inference of several nets, @hw5/core beside other libraries, interleaved in one run; then kernel figures.

  --quick            fewer rounds, without the slowest peers
  --workloads LIST   some of ${Object.keys(WORKLOADS).join(', ')}; all of them by default
  --only LIST        some of ${CONTESTANTS.map(({ id }) => id).join(', ')}
  --no-peers         only hw5
  --json             one JSON object on stdout

HW5_PYTHON names a Python that has torch; python3 is tried otherwise.`;

const { values: options } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    workloads: { type: 'string', default: Object.keys(WORKLOADS).join(',') },
    only: { type: 'string', default: CONTESTANTS.map(({ id }) => id).join(',') },
    'no-peers': { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit();
}
const note = (text) => process.stderr.write(`${text}\n`);

/** A comma-separated option whose entries must be known. */
function chosen(name, known) {
  const entries = options[name].split(',').filter(Boolean);
  const strange = entries.find((entry) => !known.includes(entry));
  if (strange === undefined) return entries;
  note(`bench: --${name} must name some of ${known.join(', ')}, got ${strange}`);
  process.exit(1);
}

/** Kernel figures in a child of their own; see kernel.mjs. */
async function kernelFigures(folder) {
  note('kernel figures');
  writeProblem(folder, WORKLOADS.lstm);
  const command = [process.execPath, join(here, 'kernel.mjs'), folder, options.quick ? 'quick' : 'full'];
  const child = new Child(command);
  const result = await child.answer();
  child.stop();
  return result;
}

const workloads = chosen('workloads', Object.keys(WORKLOADS));
const only = chosen(
  'only',
  CONTESTANTS.map(({ id }) => id),
);
if (!existsSync(join(here, '..', 'packages', 'core', 'dist', 'index.js'))) {
  note('bench: packages/core/dist must be built, got none: run `npm run build` first');
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'hw5-bench-'));
try {
  if (!options['no-peers']) installPeers();
  const contestants = CONTESTANTS.filter(
    ({ id, slow }) =>
      only.includes(id) &&
      !(options['no-peers'] && !id.startsWith('hw5')) &&
      !(options.quick && slow === true),
  );
  const report = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    node: process.version,
    comparisons: [],
    loads: [],
  };
  for (const name of workloads) {
    const settings = { quick: options.quick, note };
    const comparison = await compare(name, join(folder, name), contestants, settings);
    if (!options.json) printComparison(comparison);
    report.comparisons.push(comparison);
    report.loads.push(loadavg()[0]);
  }
  report.kernel = await kernelFigures(join(folder, 'kernel'));
  report.loads.push(loadavg()[0]);
  report.doubts = doubts(report);
  report.goals = judge(report);
  report.limits = limits(report);
  if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else print(report);
  if (report.comparisons.some((comparison) => comparison.disagreements.length > 0)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
