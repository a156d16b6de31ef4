// One workload, all contestants in turn, and whether they computed the same.
import { Child } from './contestants.mjs';
import { writeProblem } from './workloads/files.mjs';
import { TRAINING, WORKLOADS } from './workloads/index.mjs';

const WARM_STEPS = 4;
const ROUNDS = 8;
/** A peer this many times slower than hw5 is measured in fewer rounds: its place is clear. */
const SLOW = { times: 5, rounds: 2 };
const HOPELESS = { times: 20, rounds: 1 };

export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** The message of a stack trace or of a Python traceback. */
function reason(error) {
  const lines = String(error).split('\n').filter(Boolean);
  return (lines.find((line) => /^\w*(Error|Exception)\b/.test(line)) ?? lines[0]).slice(0, 200);
}

/** Start and warm up one after another, then rounds in turn; `note` tells progress. */
export async function compare(name, folder, contestants, { quick, note }) {
  const workload = WORKLOADS[name];
  writeProblem(folder, workload);
  const rounds = quick ? 3 : ROUNDS;
  const budget = quick ? 400 : 900;
  const entries = [];
  for (const contestant of contestants) {
    if (contestant.only !== undefined && contestant.only !== workload.training) continue;
    const entry = { ...contestant, times: [], losses: [] };
    entries.push(entry);
    note(`${name}: ${contestant.id} starts and warms up`);
    try {
      entry.child = new Child([...contestant.start(), folder, contestant.variant]);
    } catch (error) {
      entry.error = reason(error);
      continue;
    }
    Object.assign(entry, await entry.child.answer());
    // The first step alone: it tells how many more are affordable.
    if (!entry.error) await ask(entry, 1, false);
    const hw5 = entries[0].last;
    if (!entry.error) await ask(entry, entry.last > HOPELESS.times * hw5 * 2 ? 1 : WARM_STEPS - 1, false);
    entry.behind = [HOPELESS, SLOW].find(({ times }) => entry.last > times * hw5);
  }
  for (let round = 0; round < rounds; round++) {
    for (const entry of entries) {
      if (entry.error || round >= (entry.behind?.rounds ?? rounds)) continue;
      await ask(entry, Math.max(1, Math.min(200, Math.round(budget / entry.last))), true);
    }
  }
  for (const entry of entries) entry.child?.stop();
  const rows = entries.map(({ id, library, how, biases, form, error, behind, times, losses }) => ({
    id,
    library,
    how,
    form,
    ...(error
      ? { error: reason(error) }
      : {
          best: Math.min(...times),
          median: median(times),
          steps: times.length,
          behind: behind !== undefined,
          biases,
          losses: losses.slice(0, WARM_STEPS),
        }),
  }));
  const { training, sizes, goals } = workload;
  return { name, training: TRAINING[training], sizes, goals, rows, disagreements: disagreements(rows) };
}

async function ask(entry, steps, measured) {
  const result = await entry.child.ask({ steps });
  if (result.error) {
    entry.error = result.error;
    return;
  }
  if (measured) entry.times.push(...result.times);
  else entry.losses.push(...result.losses);
  entry.last = median(result.times);
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
    if (!(Math.abs(row.losses[0] - first.losses[0]) <= 1e-4)) {
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
