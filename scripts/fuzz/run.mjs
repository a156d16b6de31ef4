/**
 * Mutates the seeds of every parser and feeds them to it:
 *
 *     npm run fuzz -- [--seconds 60] [--target NAME]... [--seed 1] [--parallel 2] [--json]
 *
 * A parser may return, or throw an error with a code of ours; anything else, an input that takes more than 5 s, or a changed
 * Object.prototype is a finding. Its input is kept in scripts/fuzz/corpus/TARGET/found-HASH, a seed from then on. Exit code 1
 * when there were findings.
 */
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pollution } from '../hostile/readers.mjs';
import { root } from '../process.mjs';
import { generator, mutate } from './mutate.mjs';

const MOST_MILLISECONDS = 5000;
const OURS = new Set(
  'ARGUMENT DATA SHAPE CHECKPOINT OUT_OF_MEMORY KERNEL DIVERGED FILE RUN USAGE LOCKED'.split(' '),
);

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    target: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
    parallel: { type: 'string', default: String(availableParallelism()) },
    json: { type: 'boolean', default: false },
    // Set by the command itself: this process fuzzes one target.
    only: { type: 'string' },
  },
});
const seconds = Number(options.seconds);

/** Fuzz one target until its time is up. */
async function fuzz(name) {
  const [{ targets }, { init }] = await Promise.all([import('./targets.mjs'), import('@hw5/core')]);
  await init();
  const { seeds: read, run } = targets[name];
  const seeds = read();
  const random = generator(Number(options.seed));
  const prototype = pollution();
  const findings = [];
  let [executions, accepted, slowest] = [0, 0, 0];
  const end = performance.now() + seconds * 1000;
  const one = async (bytes) => {
    const started = performance.now();
    let problem;
    try {
      await run(bytes);
      accepted += 1;
    } catch (error) {
      if (!OURS.has(error?.code)) problem = `${error?.stack ?? error}`.split('\n').slice(0, 3).join(' ');
    }
    const milliseconds = performance.now() - started;
    slowest = Math.max(slowest, milliseconds);
    executions += 1;
    if (milliseconds > MOST_MILLISECONDS) problem ??= `took ${milliseconds.toFixed(0)} ms`;
    if (pollution() !== prototype) problem ??= 'changed Object.prototype';
    if (problem === undefined) return;
    const known = findings.some((finding) => finding.problem === problem);
    if (!known && findings.length < 10) findings.push({ problem, file: keep(name, bytes) });
  };
  for (const seed of seeds) await one(Uint8Array.from(seed));
  while (performance.now() < end) {
    const pick = () => seeds[Math.floor(random() * seeds.length)];
    await one(mutate(pick(), pick(), random));
  }
  return { target: name, executions, accepted, slowest, findings };
}

function keep(target, bytes) {
  const folder = join(root, 'scripts/fuzz/corpus', target);
  const file = join(folder, `found-${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, bytes);
  return file;
}

/** Run the targets in processes of their own, some at a time. */
async function all(names) {
  const results = [];
  const queue = [...names];
  const work = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const result = await inProcess(name);
      results.push(result);
      if (options.json) continue;
      const { target, executions, accepted, slowest, findings } = result;
      console.log(
        `${target.padEnd(14)} ${String(executions).padStart(9)} inputs, ${accepted} accepted, slowest ${slowest.toFixed(0)} ms, ${findings.length} findings`,
      );
      for (const { problem, file } of findings) console.log(`  ${problem}\n  kept in ${file}`);
    }
  };
  await Promise.all(Array.from({ length: Number(options.parallel) }, work));
  return results;
}

function inProcess(target) {
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(import.meta.url), [
      '--only',
      target,
      '--seconds',
      options.seconds,
      '--seed',
      options.seed,
    ]);
    let result;
    // An input that never ends would keep the process.
    const limit = setTimeout(() => child.kill('SIGKILL'), (seconds + 60) * 1000);
    child.on('message', (message) => {
      result = message;
    });
    child.on('exit', (code, signal) => {
      clearTimeout(limit);
      const lost = { problem: `the process ended with ${signal ?? code}`, file: '(unknown)' };
      resolve(result ?? { target, executions: 0, accepted: 0, slowest: 0, findings: [lost] });
    });
  });
}

if (options.only !== undefined) {
  process.send(await fuzz(options.only), () => process.exit(0));
} else {
  const { targets } = await import('./targets.mjs');
  const names = options.target ?? Object.keys(targets);
  const unknown = names.find((name) => !Object.hasOwn(targets, name));
  if (unknown !== undefined) {
    console.error(`fuzz: target must be one of ${Object.keys(targets).join(', ')}, got ${unknown}`);
    process.exit(1);
  }
  const results = await all(names);
  const failed = results.filter(({ findings }) => findings.length > 0).length;
  if (options.json) console.log(JSON.stringify(results));
  console.log(`${results.length - failed} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}
