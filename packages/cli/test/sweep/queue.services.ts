/** Sweeps over real queues: everything twice, over Redis and over PostgreSQL. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Service, startPostgres, startRedis } from '../../../../scripts/services.mjs';
import { folder, hw5, type Running, start } from '../cli.js';
import { startObjectStore } from './object-store.js';
import { endedTrials, folderWithSweep, keptRuns, parity, sweepLines, untilTraining } from './sweeps.js';

/** Long enough that it is in work when somebody is killed. */
const slow = { train: { ...parity.train, steps: 2000 }, trials: 3, workers: undefined };

describe.each([
  ['Redis', startRedis],
  ['PostgreSQL', startPostgres],
])('over %s', (_name, open) => {
  let service: Service;
  const workers: Running[] = [];
  beforeAll(async () => {
    service = await open();
  });
  // One that stays would take the runs of the next test into its own folder.
  afterEach(async () => {
    for (const { child } of workers) child.kill('SIGKILL');
    await Promise.all(workers.splice(0).map(({ finished }) => finished));
  });
  afterAll(() => service.remove());

  const worker = async (cwd: string, ...args: string[]): Promise<Running> => {
    const all = ['worker', '--queue', service.url, '--artifacts', 'art', '--lease', '2', '--json', ...args];
    const running = start(all, { cwd });
    workers.push(running);
    await running.until(/"ready"/);
    return running;
  };
  const sweep = (cwd: string, ...args: string[]): Running =>
    start(['sweep', 'sweep.json', '--queue', service.url, '--artifacts', 'art', '--json', ...args], { cwd });

  test('two workers train what this machine alone would, bit for bit', async () => {
    const cwd = folderWithSweep();
    const one = await worker(cwd);
    const two = await worker(cwd, '--concurrency', '2');
    const done = await sweep(cwd).finished;
    expect(done).toMatchObject({ code: 0, stderr: '' });
    const alone = await hw5(['sweep', 'sweep.json', '--out', 'alone', '--json'], { cwd });
    const valuesOf = (stdout: string) => endedTrials(stdout).map(({ value, params }) => [params, value]);
    expect(valuesOf(done.stdout)).toEqual(valuesOf(alone.stdout));
    expect(keptRuns(join(cwd, 'art'))).toEqual(keptRuns(join(cwd, 'alone')));
    for (const { child, finished } of [one, two]) {
      child.kill('SIGTERM');
      expect((await finished).code).toBe(0);
    }
  });

  test('a worker that is killed: its runs go to another one, which goes on from their checkpoints', async () => {
    const cwd = folderWithSweep(slow);
    const victim = await worker(cwd);
    const running = sweep(cwd);
    await untilTraining(join(cwd, 'art'));
    victim.child.kill('SIGKILL');
    await worker(cwd);
    const done = await running.finished;
    expect(sweepLines(done.stdout).at(-1)).toMatchObject({ done: true, complete: 3, failed: 0 });
    expect(keptRuns(join(cwd, 'art'))).toMatchObject({ finished: { length: 3 }, attempts: [] });
  });

  test('a worker told to stop gives its run back, saved where it is', async () => {
    const cwd = folderWithSweep({ ...slow, trials: 1 });
    const leaving = await worker(cwd);
    const running = sweep(cwd);
    await untilTraining(join(cwd, 'art'));
    leaving.child.kill('SIGTERM');
    const left = await leaving.finished;
    expect(left.code).toBe(0);
    expect(left.stdout).toContain('"give back"');
    const [attempt] = keptRuns(join(cwd, 'art')).attempts;
    expect(existsSync(join(cwd, 'art/runs', attempt!, 'checkpoint.safetensors'))).toBe(true);
    await worker(cwd);
    expect(sweepLines((await running.finished).stdout).at(-1)).toMatchObject({ done: true, complete: 1 });
  });

  test('a worker that was stopped and comes back late is refused', async () => {
    const cwd = folderWithSweep({ ...slow, trials: 1 });
    const late = await worker(cwd);
    const running = sweep(cwd);
    await untilTraining(join(cwd, 'art'));
    const { pid } = late.child;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').match(/\d+/g) ?? [];
    const stopped = [pid!, ...children.map(Number)];
    expect(stopped.length).toBe(2);
    for (const each of stopped) process.kill(each, 'SIGSTOP');
    await worker(cwd);
    const done = await running.finished;
    expect(sweepLines(done.stdout).at(-1)).toMatchObject({ done: true, complete: 1 });
    const result = join(cwd, 'art/runs', keptRuns(join(cwd, 'art')).finished[0]!, 'result.json');
    const before = readFileSync(result, 'utf8');
    for (const each of stopped) process.kill(each, 'SIGCONT');
    await sleep(3000);
    expect(readFileSync(result, 'utf8')).toBe(before);
    expect(keptRuns(join(cwd, 'art'))).toMatchObject({ finished: { length: 1 }, attempts: [] });
  });

  test('a sweep that was stopped finds, resumed, what the workers did meanwhile', async () => {
    const cwd = folderWithSweep({ ...slow, trials: 2 });
    const first = sweep(cwd);
    const serving = await worker(cwd);
    await serving.until(/"begin"/);
    first.child.kill('SIGINT');
    expect((await first.finished).code).toBe(130);
    await serving.until(/"end"/);
    const resumed = await sweep(cwd, '--resume').finished;
    expect(sweepLines(resumed.stdout).at(-1)).toMatchObject({ done: true, complete: 2 });
  });

  test('metrics say what is going on', async () => {
    const cwd = folderWithSweep({ trials: 2 });
    const serving = await worker(cwd, '--metrics-port', '0');
    await sweep(cwd).finished;
    await serving.until(/"end"[\s\S]*"end"/);
    const address = /http:[^"]*metrics/.exec(serving.seen())?.[0];
    const text = await (await fetch(address!)).text();
    expect(text).toMatch(/^hw5_runs_total\{outcome="done"\} 2$/m);
    expect(text).toMatch(/^hw5_queue_up 1$/m);
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"\})? -?[\d.e+]+)$/);
    }
    expect((await fetch(address!.replace('/metrics', '/healthz'))).status).toBe(200);
  });
});

test('Redis that is emptied, or dies with all it had: the runs are put in again', async () => {
  const redis = await startRedis({ durable: false });
  try {
    const cwd = folderWithSweep({ ...slow, trials: 6 });
    const args = ['--queue', redis.url, '--artifacts', 'art', '--json'];
    const serving = start(['worker', ...args, '--lease', '2'], { cwd });
    const running = start(['sweep', 'sweep.json', ...args], { cwd });
    await serving.until(/"end"/);
    await redis.restart('SIGKILL');
    const done = await running.finished;
    serving.child.kill('SIGKILL');
    expect(done.code).toBe(0);
    const lines = sweepLines(done.stdout);
    expect(lines.at(-1)).toMatchObject({ done: true, complete: 6 });
    expect(lines.some(({ note }) => note?.includes('put in again from the journal'))).toBe(true);
    expect(keptRuns(join(cwd, 'art'))).toMatchObject({ finished: { length: 6 }, attempts: [] });
  } finally {
    await redis.remove();
  }
});

test('Redis that may drop jobs is warned of', async () => {
  const redis = await startRedis({ policy: 'allkeys-lru' });
  try {
    const serving = start(['worker', '--queue', redis.url, '--json'], { cwd: folder() });
    await serving.until(/"ready"/);
    serving.child.kill('SIGTERM');
    const { stdout } = await serving.finished;
    expect(stdout).toContain('maxmemory-policy is allkeys-lru; set it to noeviction');
  } finally {
    await redis.remove();
  }
});

test('an object store in place of a folder: data there, results and weights back', async () => {
  const [redis, { address, objects }] = [await startRedis(), await startObjectStore({ failEvery: 9 })];
  try {
    const cwd = folderWithSweep({
      train: { data: 'table.csv', hidden: 4, embed: 4, steps: 6 },
      space: { lr: [0.01, 0.02] },
      sampler: 'grid',
    });
    const rows = Array.from({ length: 40 }, (_, n) => `${n % 2 ? 'good day' : 'bad night'} ${n},${n % 2}`);
    writeFileSync(join(cwd, 'table.csv'), `text,label\n${rows.join('\n')}\n`);
    const args = ['--queue', redis.url, '--artifacts', address, '--json'];
    // The worker has a folder of its own: it sees the table only in the store.
    const serving = start(['worker', ...args], { cwd: folder() });
    const done = await start(['sweep', 'sweep.json', ...args], { cwd }).finished;
    serving.child.kill('SIGKILL');
    expect(sweepLines(done.stdout).at(-1)).toMatchObject({ done: true, complete: 2 });
    expect([...objects.keys()].filter((key) => key.endsWith('/checkpoint.safetensors'))).toHaveLength(2);
  } finally {
    await redis.remove();
  }
});
