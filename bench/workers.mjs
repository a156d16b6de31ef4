// Several workers against one: the same model and batch in sessions that take turns, and where the time goes.
//
//   node bench/workers.mjs [--hidden 256,512] [--workers 2] [--rounds 12] [--json]
//
// ratio: best step of one worker / best step of several. CPU ratio: the same of the processor time that the busiest
// thread needs for a step (Linux): what several cores would give that nothing else uses. `share` and `update` are measured in this thread, alone: the
// gradients of one rank's rows, and clipping with Adam, which every rank does. `exchange` is the rest of the step.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { CharLMRun, init, openSession } from '../packages/core/dist/index.js';

const { values: options } = parseArgs({
  options: {
    hidden: { type: 'string', default: '256,512' },
    workers: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '12' },
    json: { type: 'boolean', default: false },
  },
});
const workers = Number(options.workers);
const rounds = Number(options.rounds);
/** Steps before the clock counts, and in each turn. */
const WARM_STEPS = 4;
const TURN_STEPS = 4;

const text = 'the quick brown fox jumps over the lazy dog, 0123456789 times.\n'.repeat(4000);
const config = (hiddenSize, count) => ({
  embeddingSize: 64,
  hiddenSize,
  batchSize: 32,
  sequenceLength: 64,
  evaluateEvery: 0,
  validationFraction: 0,
  workers: count,
});

/** Milliseconds of processor time of each thread of this process; empty where the system does not tell. */
function threadTimes() {
  const tasks = '/proc/self/task';
  if (!existsSync(tasks)) return new Map();
  return new Map(
    readdirSync(tasks).map((thread) => {
      const [nanoseconds] = readFileSync(`${tasks}/${thread}/schedstat`, 'utf8').split(' ');
      return [thread, Number(nanoseconds) / 1e6];
    }),
  );
}

/** A session in training, and the milliseconds of its best step so far, by the clock and of the busiest thread. */
async function contestant(name, hidden, count, exchange) {
  const session = await openSession({ exchange });
  await session.createCharLM(text, config(hidden, count));
  let { step, hash } = await session.train({ steps: WARM_STEPS });
  let best = Number.POSITIVE_INFINITY;
  let cpu = Number.POSITIVE_INFINITY;
  return {
    name,
    async turn() {
      const before = threadTimes();
      const summary = await session.train({ steps: step + TURN_STEPS });
      ({ step, hash } = summary);
      best = Math.min(best, (1000 * 32 * 64) / summary.tokensPerSecond);
      const spent = [...threadTimes()].map(([thread, time]) => time - (before.get(thread) ?? 0));
      cpu = Math.min(cpu, Math.max(...spent) / TURN_STEPS);
    },
    result: () => ({ name, best, cpu, hash }),
    close: () => session.close(),
  };
}

/** Best milliseconds of a rank's gradients and of the update, of a run whose ranks this thread computes in turn. */
function parts(hidden, count) {
  const run = CharLMRun.create(text, config(hidden, count));
  const best = { share: Number.POSITIVE_INFINITY, update: Number.POSITIVE_INFINITY };
  for (let round = 0; round < WARM_STEPS + rounds; round += 1) {
    run.flat.zeroGrad();
    run.begin();
    const start = performance.now();
    const share = run.gradients(0);
    const middle = performance.now();
    run.finish([share]);
    if (round < WARM_STEPS) continue;
    best.share = Math.min(best.share, middle - start);
    best.update = Math.min(best.update, performance.now() - middle);
  }
  run.dispose();
  return best;
}

await init();
const rows = [];
for (const hidden of options.hidden.split(',').map(Number)) {
  const contestants = [
    await contestant('one', hidden, 1, 'auto'),
    await contestant('shared', hidden, workers, 'shared'),
    await contestant('messages', hidden, workers, 'messages'),
  ];
  for (let round = 0; round < rounds; round += 1) for (const each of contestants) await each.turn();
  const [one, shared, messages] = contestants.map((each) => each.result());
  for (const each of contestants) await each.close();
  const whole = parts(hidden, 1);
  const divided = parts(hidden, workers);
  rows.push({
    hidden,
    workers,
    one: one.best,
    shared: shared.best,
    messages: messages.best,
    ratio: one.best / shared.best,
    ratioMessages: one.best / messages.best,
    cpuRatio: one.cpu / shared.cpu,
    cpuRatioMessages: one.cpu / messages.cpu,
    sameBits: shared.hash === messages.hash,
    wholeShare: whole.share,
    share: divided.share,
    update: divided.update,
    exchange: shared.best - divided.share - divided.update,
  });
}

if (options.json) {
  console.log(JSON.stringify({ cores: availableParallelism(), node: process.version, rows }));
} else {
  const ms = (value) => `${value.toFixed(2)} ms`.padStart(11);
  for (const row of rows) {
    console.log(`H ${row.hidden}, ${row.workers} workers on ${availableParallelism()} cores, B 32, T 64`);
    console.log(`  one worker       ${ms(row.one)}   of it gradients ${ms(row.wholeShare)}`);
    console.log(
      `  shared memory    ${ms(row.shared)}   ratio ${row.ratio.toFixed(2)}, CPU ratio ${row.cpuRatio.toFixed(2)}`,
    );
    console.log(
      `  messages         ${ms(row.messages)}   ratio ${row.ratioMessages.toFixed(2)}, CPU ratio ${row.cpuRatioMessages.toFixed(2)}`,
    );
    console.log(
      `  of a step        share ${ms(row.share)}, update ${ms(row.update)}, exchange ${ms(row.exchange)}`,
    );
    console.log(`  same bits by both exchanges: ${row.sameBits ? 'yes' : 'NO'}`);
  }
}
if (rows.some((row) => !row.sameBits)) process.exitCode = 1;
