/**
 * Breaks workers in the middle of training, again and again: `npm run chaos -- --faults 1000`.
 *
 * Three runs (one, two and three workers) are trained in sessions; at random moments a worker, the session's or a
 * replica, is killed, exits, throws, hangs, fills its heap or gets messages that mean nothing. Each time every pending
 * promise must settle, with SessionLostError or a value; no thread may stay; and the run must go on from its last
 * checkpoint. In the end its weights must be those of a run that nothing disturbed.
 */
import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { BroadcastChannel } from 'node:worker_threads';
import { CharLMRun, init, openSession, resumeSession } from '../../packages/core/dist/index.js';
import { CHANNEL } from './faults.mjs';
import { randomFrom } from './random.mjs';

const { values: options } = parseArgs({
  options: {
    faults: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    // How long promises may take to settle once a fault is detected, and silence that counts as hanging; ms.
    settle: { type: 'string', default: '1000' },
    hang: { type: 'string', default: '1500' },
    kinds: { type: 'string', default: 'kill,exit,throw,reject,hang,heap,garbage,memory' },
  },
});
const settleMs = Number(options.settle);
const hangTimeoutMs = Number(options.hang);

const KINDS = options.kinds.split(',');
const EXCHANGES = ['shared', 'messages'];
const LONGEST_WAIT_MS = 300;
const text = 'whatever breaks, what was learnt up to the checkpoint is kept.\n'.repeat(60);
const config = {
  hiddenSize: 24,
  embeddingSize: 8,
  batchSize: 6,
  sequenceLength: 16,
  dropout: 0.1,
  evaluateEvery: 50,
};

/** The order of faults, from the seed. */
const random = randomFrom(Number(options.seed));
const pick = (list) => list[Math.floor(random() * list.length)];

const channel = new BroadcastChannel(CHANNEL);
/** Threads of the present session: its own worker first, then replicas. */
let threads = [];
/** Those that can be broken from inside. */
const listening = new Set();
const workers = new Map();
process.on('worker', (worker) => {
  threads = [worker.threadId];
  workers.set(worker.threadId, worker);
  worker.once('exit', () => workers.delete(worker.threadId));
});
channel.onmessage = ({ data }) => {
  if (data.listening !== undefined) listening.add(data.listening);
  // News of a replica may come when its session is already gone.
  if (data.owner === threads[0]) threads.push(data.born);
};
channel.unref();

function inflict(fault, thread) {
  const own = workers.get(thread);
  if (fault === 'kill' && own !== undefined) void own.terminate();
  else channel.postMessage({ to: thread, fault });
}

/** Of this process; always 0 where the system does not tell. */
const TASKS = '/proc/self/task';
const threadCount = () => (existsSync(TASKS) ? readdirSync(TASKS).length : 0);

/** @type {string[]} */
const complaints = [];
const counts = Object.fromEntries(KINDS.map((kind) => [kind, 0]));
let slowest = 0;

/** All results, or undefined when one is still pending after `ms`. */
async function allSettled(promises, ms) {
  const all = Promise.allSettled(promises);
  const late = new AbortController();
  const result = await Promise.race([
    all,
    sleep(ms, undefined, { signal: late.signal }).catch(() => undefined),
  ]);
  late.abort();
  return result;
}

async function oneFault(run, kind) {
  const exchange = pick(EXCHANGES);
  const limits =
    kind === 'heap' ? { heapMegabytes: 32 } : kind === 'memory' ? { kernelBytes: 8_000_000 } : {};
  // On a busy machine a healthy worker may be silent for longer than the short limit.
  const sessionOptions = { exchange, limits, ...(kind === 'hang' ? { hangTimeoutMs } : {}) };
  const { session, facts } = await resumeSession(run.checkpoint, text, sessionOptions);
  const complain = (what) => complaints.push(`${kind}, ${run.workers} workers, ${exchange}: ${what}`);
  if (kind === 'memory') {
    const refused = await session.createCharLM(text, { ...config, hiddenSize: 900 }).catch((error) => error);
    if (refused.code !== 'OUT_OF_MEMORY') complain(`must be out of memory, got ${refused}`);
  }
  const stop = new AbortController();
  const goal = facts.step + 20 + Math.floor(random() * 100);
  const training = session.train({
    steps: kind === 'memory' ? goal : 1e9,
    checkpointEvery: 10,
    onCheckpoint: (bytes) => {
      run.checkpoint = bytes;
    },
    signal: stop.signal,
  });
  const pending = [
    training,
    session.generate({ length: 1e6, signal: stop.signal }),
    session.checkpoint(),
    session.evaluate(),
  ];
  for (const promise of pending) promise.catch(() => {});
  await sleep(random() * LONGEST_WAIT_MS);
  const lethal = kind !== 'garbage' && kind !== 'memory';
  // Whoever loads its script can only be killed.
  const target = pick(kind === 'kill' ? threads : threads.filter((thread) => listening.has(thread)));
  const start = performance.now();
  if (kind !== 'memory') inflict(kind, target);
  if (!lethal) {
    await sleep(50);
    if (kind === 'memory') await training.catch(() => {});
    stop.abort();
  }
  // A hung worker is found after the limit and a beat, a full heap when it is full; what is not lost ends its work.
  const detection = kind === 'hang' ? hangTimeoutMs * 1.25 : kind === 'heap' || !lethal ? 20_000 : 0;
  const results = await allSettled(pending, detection + settleMs);
  const took = performance.now() - start - (kind === 'hang' ? hangTimeoutMs : 0);
  if (kind !== 'heap' && lethal) slowest = Math.max(slowest, took);
  if (results === undefined)
    complain(`promises must settle in ${detection + settleMs} ms, got one that hangs`);
  for (const [index, result] of (results ?? []).entries()) {
    if (result.status === 'fulfilled' && (index > 0 || !lethal)) continue;
    if (result.status === 'rejected' && lethal && result.reason.code === 'SESSION_LOST') continue;
    complain(
      `call ${index} must ${lethal ? 'be lost' : 'succeed'}, got ${result.reason?.message ?? 'a value'}`,
    );
  }
  await session.close();
  counts[kind] += 1;
}

async function main() {
  await init();
  const runs = [1, 2, 3].map((count) => ({ workers: count, checkpoint: undefined }));
  for (const run of runs) {
    const session = await openSession();
    await session.createCharLM(text, { ...config, workers: run.workers });
    await session.train({ steps: 5 });
    run.checkpoint = await session.checkpoint();
    await session.close();
  }
  await sleep(200);
  const threadsBefore = threadCount();
  const faults = Number(options.faults);
  for (let i = 0; i < faults; i += 1) {
    await oneFault(runs[i % runs.length], KINDS[i % KINDS.length]);
    if (i % 100 === 99) console.error(`${i + 1} faults, ${complaints.length} complaints`);
  }
  for (let tries = 0; threadCount() > threadsBefore && tries < 50; tries += 1) await sleep(100);
  const left = threadCount() - threadsBefore;
  if (left > 0) complaints.push(`no thread must be left, got ${left}`);
  const steps = [];
  for (const run of runs) {
    const { session, facts } = await resumeSession(run.checkpoint, text);
    const { hash, step } = await session.train({ steps: facts.step + 10 });
    await session.close();
    const alone = CharLMRun.create(text, { ...config, workers: run.workers });
    for (let i = 0; i < step; i += 1) alone.trainStep();
    if (alone.hash() !== hash)
      complaints.push(`${run.workers} workers: weights must be ${alone.hash()}, got ${hash}`);
    alone.dispose();
    steps.push(step);
  }
  console.log(
    JSON.stringify({ faults, counts, slowestSettleMs: Math.round(slowest), steps, complaints }, undefined, 2),
  );
  process.exitCode = complaints.length === 0 ? 0 : 1;
}

await main();
