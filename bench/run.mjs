// One training step of a character model: @hw5/core beside other libraries, interleaved in one run; then kernel figures.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SIZES, writeProblem } from './problem.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const peer = (file) => join(here, 'peers', file);

const HELP = `npm run bench [-- OPTIONS]

One training step of a character model, @hw5/core beside other libraries, interleaved in one run; then kernel figures.

  --quick          fewer rounds
  --sizes LIST     some of ${Object.keys(SIZES).join(', ')}; all of them by default
  --only LIST      some of the contestants
  --no-peers       kernel figures only
  --json           one JSON object on stdout

HW5_PYTHON names a Python that has torch; python3 is tried otherwise.`;

const { values: options } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    sizes: { type: 'string', default: Object.keys(SIZES).join(',') },
    only: { type: 'string', default: '' },
    'no-peers': { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit();
}
const note = (text) => process.stderr.write(`${text}\n`);

/** Every contestant: a child process each, so that none can end the run or heat another's caches while it is timed. */
const CONTESTANTS = [
  { id: 'hw5', command: [process.execPath, peer('hw5.mjs')], variant: 'strict' },
  { id: 'hw5-fast', command: [process.execPath, peer('hw5.mjs')], variant: 'fast' },
  {
    id: 'jaxjs',
    command: [process.execPath, peer('jaxjs.mjs')],
    variant: 'tuned',
    javascript: true,
    tuned: true,
  },
  {
    id: 'jaxjs-demo',
    command: [process.execPath, peer('jaxjs.mjs')],
    variant: 'demo',
    javascript: true,
    slow: true,
  },
  {
    id: 'tfjs',
    command: [process.execPath, peer('tfjs.mjs')],
    variant: 'tuned',
    javascript: true,
    tuned: true,
  },
  { id: 'tfjs-layers', command: [process.execPath, peer('tfjs.mjs')], variant: 'layers', javascript: true },
  {
    id: 'tfjs-cpu',
    command: [process.execPath, peer('tfjs.mjs')],
    variant: 'cpu',
    javascript: true,
    slow: true,
  },
  { id: 'torch', command: [findPython(), peer('pytorch.py')], variant: '' },
];

/** A Python that has torch, or null. */
function findPython() {
  for (const python of [process.env.HW5_PYTHON, 'python3'].filter(Boolean)) {
    try {
      execFileSync(python, ['-c', 'import torch'], { stdio: 'ignore', timeout: 120_000 });
      return python;
    } catch {}
  }
  return null;
}

function installPeers() {
  if (existsSync(join(here, 'node_modules', '@jax-js', 'jax'))) return;
  note('installing the peers into bench/node_modules (once)');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  execFileSync('npm', args, { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** A child that answers one JSON line, marked with '@', to each JSON line it is sent. */
class Child {
  constructor(command, args) {
    this.process = spawn(command[0], [...command.slice(1), ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.errors = '';
    this.waiting = [];
    this.process.stderr.on('data', (data) => {
      this.errors = (this.errors + data).slice(-2000);
    });
    this.process.stdin.on('error', () => {});
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      if (line.startsWith('@')) this.waiting.shift()?.(JSON.parse(line.slice(1)));
    });
    const end = (reason) => {
      for (const give of this.waiting.splice(0)) give({ error: `${reason}\n${this.errors}`.trim() });
    };
    this.process.on('error', (error) => end(error.message));
    this.process.on('close', (code) => end(`child ended with code ${code}`));
  }

  answer() {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
    });
  }

  ask(message) {
    const answer = this.answer();
    this.process.stdin.write(`${JSON.stringify(message)}\n`);
    return answer;
  }

  stop() {
    this.process.stdin.end();
    this.process.kill('SIGKILL');
  }
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const firstLine = (text) => String(text).split('\n').slice(0, 2).join(' ');

/** Measure all contestants on one size: start and warm up one after another, then rounds in turn. */
async function compare(label, folder, contestants) {
  const problem = writeProblem(join(folder, label), SIZES[label]);
  const rounds = options.quick ? 3 : 6;
  const budget = options.quick ? 500 : 1200;
  const entries = [];
  for (const contestant of contestants) {
    if (contestant.slow && options.quick) continue;
    const entry = { ...contestant, times: [], losses: [] };
    entries.push(entry);
    if (contestant.command[0] === null) {
      entry.error = 'no python with torch found (set HW5_PYTHON)';
      continue;
    }
    note(`${label}: ${contestant.id} starts and warms up`);
    entry.child = new Child(contestant.command, [join(folder, label), contestant.variant]);
    const ready = await entry.child.answer();
    Object.assign(entry, { library: ready.library, how: ready.how, biases: ready.biases });
    const warm = ready.error ? ready : await entry.child.ask({ steps: entry.slow ? 2 : 4 });
    if (warm.error) entry.error = warm.error;
    else {
      entry.losses.push(...warm.losses);
      entry.last = warm.times.at(-1);
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const entry of entries) {
      if (entry.error || (entry.slow && round >= 1)) continue;
      const result = await entry.child.ask({
        steps: Math.max(1, Math.min(200, Math.round(budget / entry.last))),
      });
      if (result.error) entry.error = result.error;
      else {
        entry.times.push(...result.times);
        entry.last = median(result.times);
      }
    }
  }
  for (const entry of entries) entry.child?.stop();

  const tokens = problem.T * problem.B;
  const rows = entries.map(({ id, library, how, biases, javascript, tuned, slow, error, times, losses }) =>
    error
      ? { id, library, how, error: firstLine(error) }
      : {
          id,
          library,
          how,
          javascript: javascript === true,
          tuned: tuned === true,
          best: Math.min(...times),
          median: median(times),
          steps: times.length,
          tokensPerSecond: (tokens / median(times)) * 1000,
          biases,
          losses: losses.slice(0, slow ? 2 : 4),
        },
  );
  return { label, size: SIZES[label], rows, disagreements: disagreements(rows) };
}

/**
 * All must agree on the first loss to 1e-4. The next ones prove gradients, clipping and Adam; nets with one bias vector
 * per gate learn a little differently from those with two (PyTorch's form), so those are compared among themselves.
 */
function disagreements(rows) {
  const good = rows.filter((row) => row.losses);
  const found = [];
  for (const row of good) {
    const first = good[0];
    if (Math.abs(row.losses[0] - first.losses[0]) > 1e-4) {
      found.push(`${row.id}: first loss ${row.losses[0]}, ${first.id} has ${first.losses[0]}`);
    }
    const like = good.find((other) => other.biases === row.biases);
    row.losses.forEach((loss, k) => {
      if (k < like.losses.length && !(Math.abs(loss - like.losses[k]) <= 5e-4)) {
        found.push(`${row.id}: loss ${k + 1} is ${loss}, ${like.id} has ${like.losses[k]}`);
      }
    });
  }
  return found;
}

/** Kernel figures in a child of their own; see kernel.mjs. */
async function kernelFigures(folder) {
  note('kernel figures');
  const problem = join(folder, 'kernel');
  writeProblem(problem, SIZES.medium);
  const command = [process.execPath, join(here, 'kernel.mjs')];
  const child = new Child(command, [problem, options.quick ? 'quick' : 'full']);
  const result = await child.answer();
  child.stop();
  return result;
}

/** Why this run's numbers should not be trusted, or nothing. */
function doubts({ comparisons, loads, cores }) {
  const found = [];
  const load = Math.max(...loads);
  // The run itself keeps one core busy.
  if (load > cores) found.push(`load average reached ${number(load)} on ${cores} cores`);
  for (const { label, rows } of comparisons) {
    const shaky = rows.filter((row) => row.median > 1.3 * row.best).map((row) => row.id);
    if (shaky.length > 0) found.push(`${label}: median far above best for ${shaky.join(', ')}`);
  }
  return found;
}

const number = (value, digits = 1) => value.toFixed(digits);

function print(report) {
  const out = [];
  for (const { label, size, rows, disagreements: found } of report.comparisons) {
    const { T, B, V, E, H } = size;
    out.push(
      '',
      `One training step, ${label}: T${T} B${B} V${V} E${E} H${H} (forward, loss, BPTT, clip, Adam)`,
    );
    const hw5 = rows.find((row) => row.id === 'hw5' && !row.error);
    out.push('  contestant      best ms  median ms   / hw5   tokens/s  how');
    for (const row of rows) {
      if (row.error) {
        out.push(`  ${row.id.padEnd(14)} failed: ${row.error}`);
        continue;
      }
      const ratio = hw5 ? `${number(row.best / hw5.best, 2)}x` : '-';
      const cells = [number(row.best).padStart(8), number(row.median).padStart(10), ratio.padStart(8)];
      const rate = String(Math.round(row.tokensPerSecond)).padStart(10);
      out.push(`  ${row.id.padEnd(14)}${cells.join(' ')} ${rate}  ${row.library}: ${row.how}`);
    }
    out.push(
      ...(found.length > 0
        ? found.map((text) => `  DISAGREE ${text}`)
        : ['  all agree on the losses of the first steps']),
    );
  }
  if (report.kernel?.error) out.push('', `kernel figures failed: ${firstLine(report.kernel.error)}`);
  else if (report.kernel) out.push('', ...report.kernel.lines);
  out.push('');
  for (const doubt of report.doubts) out.push(`  BUSY   ${doubt}: measure again on a quiet machine`);
  for (const goal of report.goals) out.push(`  ${goal.met ? 'met   ' : 'MISSED'} ${goal.text}`);
  process.stdout.write(`${out.join('\n')}\n`);
}

/** The figures the project promises, judged on best times of this run. */
function judge({ comparisons, kernel }) {
  const goals = [];
  const rows =
    comparisons.find((comparison) => comparison.label === 'medium')?.rows.filter((row) => row.best) ?? [];
  const peers = rows.filter((row) => row.javascript);
  const groups = {
    'as its own guide writes it': peers.filter((row) => !row.tuned),
    'the fastest form we found': peers.filter((row) => row.tuned),
  };
  for (const hw5 of rows.filter((row) => row.id.startsWith('hw5'))) {
    for (const [group, members] of Object.entries(groups)) {
      if (members.length === 0) continue;
      const fastest = members.reduce((a, b) => (a.best < b.best ? a : b));
      const value = fastest.best / hw5.best;
      const text = `${hw5.id} is ${number(value, 2)}x as fast as ${fastest.id}, ${group} (>= 5)`;
      goals.push({ text, value, met: value >= 5 });
    }
  }
  return goals.concat(kernel?.goals ?? []);
}

/** A comma-separated option whose entries must be known. */
function chosen(name, known) {
  const entries = options[name].split(',').filter(Boolean);
  const strange = entries.find((entry) => !known.includes(entry));
  if (strange === undefined) return entries;
  note(`bench: --${name} must name some of ${known.join(', ')}, got ${strange}`);
  process.exit(1);
}

const sizes = chosen('sizes', Object.keys(SIZES));
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
    ({ id, javascript }) =>
      (only.length === 0 || only.includes(id)) && !(options['no-peers'] && (javascript || id === 'torch')),
  );
  const report = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    node: process.version,
    comparisons: [],
    loads: [],
  };
  for (const label of sizes) report.comparisons.push(await compare(label, folder, contestants));
  report.kernel = await kernelFigures(folder);
  report.loads.push(loadavg()[0]);
  report.doubts = doubts(report);
  report.goals = judge(report);
  if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else print(report);
  if (report.comparisons.some((comparison) => comparison.disagreements.length > 0)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
