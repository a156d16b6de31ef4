/**
 * Breaks a sweep in every way that happens, again and again: `npm run chaos:sweep`.
 *
 * A sweep of many short runs goes on while its trial processes, workers and the sweep itself are killed, workers are
 * stopped for longer than their lease and wake up late, and Redis or PostgreSQL restart. In the end there must be one
 * result for each trial, none lost, none twice, and the weights must be those of `hw5 train` with the same settings.
 *
 *   --queue none|redis|postgres   where runs are trained: in this machine's pool, or by workers (default: redis)
 *   --trials 500 --kills 100 --restarts 20 --stops 20 --workers 4 --verify 10 --seed 1
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { root } from '../process.mjs';
import { startPostgres, startRedis } from '../services.mjs';

const { values } = parseArgs({
  options: {
    queue: { type: 'string', default: 'redis' },
    trials: { type: 'string', default: '500' },
    kills: { type: 'string', default: '100' },
    restarts: { type: 'string', default: '20' },
    stops: { type: 'string', default: '20' },
    workers: { type: 'string', default: '4' },
    verify: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
  },
});
const numbers = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
const { trials } = numbers;
const queued = values.queue !== 'none';
/** Seconds; a stopped worker stays so for longer. */
const LEASE = 2;
const STOP_MS = 5000;
/** Attempts may be lost far more often than in life. */
const RETRIES = 1000;

const hw5 = join(root, 'packages', 'cli', 'dist', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'hw5-chaos-'));
const sweepFolder = join(folder, 'sweep');
const train = { task: 'parity', examples: 100, hidden: 4, embed: 4, steps: 150, 'checkpoint-every': 20 };
writeFileSync(
  join(folder, 'sweep.json'),
  JSON.stringify({
    task: 'classify',
    train,
    space: { lr: { float: [0.001, 0.1], log: true, points: trials } },
    sampler: 'grid',
    retries: RETRIES,
  }),
);

/** mulberry32: the order of faults, from the seed. */
let state = numbers.seed;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const pick = (list) => list[Math.floor(random() * list.length)];

const service = !queued ? undefined : values.queue === 'redis' ? await startRedis() : await startPostgres();
const address = queued ? ['--queue', service.url, '--artifacts', sweepFolder] : [];
/** @type {Set<import('node:child_process').ChildProcess>} */
const workers = new Set();
const counts = { kill: 0, restart: 0, stop: 0, sweepKills: 0 };
let over = false;

function startWorker() {
  const args = ['worker', ...address, '--lease', String(LEASE), '--retries', String(RETRIES), '--json'];
  const child = spawn(process.execPath, [hw5, ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  workers.add(child);
  child.once('exit', () => {
    workers.delete(child);
    if (!over) startWorker();
  });
}

function childrenOf(pid) {
  const path = `/proc/${pid}/task/${pid}/children`;
  return existsSync(path) ? (readFileSync(path, 'utf8').match(/\d+/g) ?? []).map(Number) : [];
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false; // it ended by itself
  }
}

let sweep;
let ended = 0;
/** One life of the sweep; the next one resumes. */
async function live(resume) {
  const own = queued ? address : ['--workers', values.workers, '--silence', '4'];
  const args = [
    'sweep',
    'sweep.json',
    '--out',
    sweepFolder,
    '--json',
    ...own,
    ...(resume ? ['--resume'] : []),
  ];
  sweep = spawn(process.execPath, [hw5, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let last;
  const gone = new Promise((resolve) => sweep.once('exit', resolve));
  for await (const line of createInterface({ input: sweep.stdout })) {
    const told = JSON.parse(line);
    if (told.error) throw new Error(told.error.message);
    if (told.trial !== undefined && told.state !== 'running') {
      ended += 1;
      if (ended % 100 === 0) console.error(`${ended} trials, ${JSON.stringify(counts)}`);
    }
    last = told;
  }
  await gone;
  return last?.done === true ? last : undefined;
}

async function kill() {
  // Now and then the sweep itself; else a trial process, or a worker with all that it has.
  if (counts.kill % 25 === 12 && signal(sweep.pid, 'SIGKILL')) counts.sweepKills += 1;
  else {
    const owners = queued ? [...workers].map(({ pid }) => pid) : [sweep.pid];
    const processes = owners.flatMap((pid) => [...childrenOf(pid), ...(queued ? [pid] : [])]);
    if (processes.length === 0 || !signal(pick(processes), 'SIGKILL')) return false;
  }
  counts.kill += 1;
  return true;
}

async function stop() {
  const victim = pick([...workers].map(({ pid }) => pid)) ?? pick(childrenOf(sweep.pid));
  if (victim === undefined) return false;
  const all = [victim, ...childrenOf(victim)];
  for (const pid of all) signal(pid, 'SIGSTOP');
  counts.stop += 1;
  setTimeout(() => {
    for (const pid of all) signal(pid, 'SIGCONT');
  }, STOP_MS);
  return true;
}

async function restart() {
  await service.restart(pick(['SIGKILL', undefined]));
  counts.restart += 1;
  return true;
}

/** Faults in a random order, spread evenly over the trials. */
async function breakThings() {
  const faults = [
    ...Array.from({ length: numbers.kills }, () => kill),
    ...Array.from({ length: queued ? numbers.restarts : 0 }, () => restart),
    ...Array.from({ length: numbers.stops }, () => stop),
  ].map((fault) => ({ fault, at: random() }));
  faults.sort((a, b) => a.at - b.at);
  for (const [n, { fault }] of faults.entries()) {
    while (!over && ended < ((n + 0.5) / (faults.length + 1)) * trials * 0.95) await sleep(20);
    while (!over && !(await fault())) await sleep(20);
  }
}

/** Everything that is not as it must be. */
function complaintsOf(end) {
  const complaints = [];
  const must = (what, is, wanted) => {
    if (is !== wanted) complaints.push(`${what}: must be ${wanted}, got ${is}`);
  };
  must('complete trials', end.complete, trials);
  must('failed trials', end.failed, 0);
  const logs = readFileSync(join(sweepFolder, 'journal.log'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const results = logs.filter((log) => log.op_code === 8 && Object.keys(log.user_attr)[0].startsWith('run:'));
  const finished = logs.filter((log) => log.op_code === 6);
  must('results in the journal', results.length, trials);
  must(
    'different runs among them',
    new Set(results.map((log) => Object.keys(log.user_attr)[0])).size,
    trials,
  );
  must('trials finished in the journal', finished.length, trials);
  must('different trials among them', new Set(finished.map((log) => log.trial_id)).size, trials);
  const names = readdirSync(join(sweepFolder, 'runs'));
  must('finished run folders', names.filter((name) => !name.includes('.')).length, trials);
  for (let n = 0; n < numbers.verify; n += 1) {
    const { result } = Object.values(pick(results).user_attr)[0];
    const { flags } = settingsOf(logs, result.id);
    const args = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
    const out = execFileSync(
      process.execPath,
      [hw5, 'train', 'classify', ...args, '--out', join(folder, `v${n}`), '--json'],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    );
    must(`weights of ${result.id}`, result.hash, JSON.parse(out.trimEnd().split('\n').at(-1)).hash);
  }
  return complaints;
}

/** Flags of the trial that a run belongs to. */
function settingsOf(logs, id) {
  const { trial_id: number } = logs.find(
    (log) => log.op_code === 8 && Object.keys(log.user_attr)[0] === `run:${id}`,
  );
  const created = logs.filter((log) => log.op_code === 4)[number];
  return { flags: { ...train, lr: created.params.lr, seed: 0 } };
}

const started = performance.now();
try {
  if (queued) for (let n = 0; n < numbers.workers; n += 1) startWorker();
  const breaking = breakThings();
  let end;
  for (let life = 0; end === undefined; life += 1) end = await live(life > 0);
  over = true;
  await breaking;
  const complaints = complaintsOf(end);
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(
    JSON.stringify(
      { queue: values.queue, trials, faults: counts, complete: end.complete, seconds, complaints },
      undefined,
      2,
    ),
  );
  process.exitCode = complaints.length === 0 ? 0 : 1;
} finally {
  over = true;
  for (const { pid } of workers) for (const each of [...childrenOf(pid), pid]) signal(each, 'SIGKILL');
  sweep?.kill('SIGKILL');
  await service?.remove();
  rmSync(folder, { recursive: true, force: true });
}
