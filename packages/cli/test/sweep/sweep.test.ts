import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hw5, lastLine, start } from '../cli.js';
import { endedTrials, folderWithSweep, keptRuns, parity, sweepLines, untilTraining } from './sweeps.js';

test('a sweep trains every trial, and each is the run that hw5 train makes of its settings', async () => {
  const cwd = folderWithSweep();
  const done = await hw5(['sweep', 'sweep.json', '--json'], { cwd });
  expect(done).toMatchObject({ code: 0, stderr: '' });
  const trials = endedTrials(done.stdout);
  expect(trials.map(({ state }) => state)).toEqual(['complete', 'complete', 'complete', 'complete']);
  const last = sweepLines(done.stdout).at(-1)!;
  expect(last).toMatchObject({ done: true, complete: 4, failed: 0 });
  const values = trials.map(({ value }) => value!);
  expect(last.best?.value).toBe(Math.min(...values));
  expect(keptRuns(join(cwd, 'sweeps/parity'))).toMatchObject({ attempts: [] });

  const { params } = trials[last.best!.number]!;
  const flags = Object.entries({ ...parity.train, ...params }).flatMap(([flag, value]) => [
    `--${flag}`,
    `${value}`,
  ]);
  const alone = await hw5(['train', 'classify', ...flags, '--out', 'alone', '--json'], { cwd });
  const kept = JSON.parse(readFileSync(join(cwd, last.best!.runs[0]!, 'result.json'), 'utf8'));
  expect(lastLine(alone)).toMatchObject({ hash: kept.hash, valLoss: last.best!.value });
});

test('--dry-run prints the same points and trains nothing', async () => {
  const cwd = folderWithSweep();
  const dry = await hw5(['sweep', 'sweep.json', '--dry-run', '--json'], { cwd });
  expect(existsSync(join(cwd, 'sweeps'))).toBe(false);
  const done = await hw5(['sweep', 'sweep.json', '--json'], { cwd });
  const points = sweepLines(dry.stdout).filter(({ trial }) => trial !== undefined);
  expect(points.map(({ params }) => params)).toEqual(endedTrials(done.stdout).map(({ params }) => params));
});

test('Ctrl-C keeps what was trained; resumed, the sweep ends as if never stopped', async () => {
  const changes = { train: { ...parity.train, steps: 1500 }, trials: 2 };
  const cwd = folderWithSweep(changes);
  const running = start(['sweep', 'sweep.json', '--json'], { cwd });
  await untilTraining(join(cwd, 'sweeps/parity'));
  running.child.kill('SIGINT');
  const stopped = await running.finished;
  expect(stopped.code).toBe(130);
  expect(sweepLines(stopped.stdout).at(-1)).toMatchObject({ done: false, stopped: 'signal' });
  expect(keptRuns(join(cwd, 'sweeps/parity')).attempts.length).toBeGreaterThan(0);
  const again = await hw5(['sweep', 'sweep.json', '--json'], { cwd });
  expect(lastLine(again).error).toMatchObject({ code: 'RUN' });

  const resumed = await hw5(['sweep', 'sweeps/parity', '--resume', '--json'], { cwd });
  expect(resumed.code).toBe(0);
  const whole = await hw5(['sweep', 'sweep.json', '--json', '--out', 'whole', '--workers', '1'], { cwd });
  expect(sweepLines(resumed.stdout).at(-1)?.best?.value).toBe(sweepLines(whole.stdout).at(-1)?.best?.value);
  expect(keptRuns(join(cwd, 'sweeps/parity'))).toEqual(keptRuns(join(cwd, 'whole')));
});

test('halving: the rungs train as many as they should, and the survivor equals a run trained in one go', async () => {
  const cwd = folderWithSweep({
    sampler: { kind: 'halving', min: 2, factor: 3 },
    train: { ...parity.train, steps: 18 },
    trials: 9,
  });
  const done = await hw5(['sweep', 'sweep.json', '--json'], { cwd });
  const started = sweepLines(done.stdout).filter(({ state }) => state === 'running');
  const countOf = (steps: number): number => started.filter((line) => line.steps === steps).length;
  expect([2, 6, 18].map(countOf)).toEqual([9, 3, 1]);
  expect(sweepLines(done.stdout).at(-1)).toMatchObject({ done: true, complete: 1, pruned: 8 });
  const more = await hw5(['sweep', 'sweeps/parity', '--resume', '--trials', '12', '--json'], { cwd });
  expect(lastLine(more).error?.message).toBe('sweep: trials must stay 9, halving compared them all, got 12');
  const plain = folderWithSweep({ train: { ...parity.train, steps: 18 }, trials: 9 });
  const all = await hw5(['sweep', 'sweep.json', '--json'], { cwd: plain });
  const best = sweepLines(done.stdout).at(-1)!.best!;
  expect(endedTrials(all.stdout)[best.number]?.value).toBe(best.value);
});

test('a trial that diverges is a failed trial; one process that is killed costs nothing', async () => {
  const cwd = folderWithSweep({
    sampler: 'grid',
    space: { lr: [0.01, 1e30] },
    train: { ...parity.train, steps: 1500, clip: 0, 'eval-every': 0 },
    trials: undefined,
  });
  const running = start(['sweep', 'sweep.json', '--json', '--workers', '1'], { cwd });
  await untilTraining(join(cwd, 'sweeps/parity'));
  const { pid } = running.child;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  process.kill(Number(children[0]), 'SIGKILL');
  const done = await running.finished;
  expect(done.code).toBe(0);
  const lines = sweepLines(done.stdout);
  expect(lines.find(({ note }) => note !== undefined)?.note).toMatch(
    /process must live, got SIGKILL.*going on/,
  );
  expect(endedTrials(done.stdout)).toMatchObject([
    { state: 'complete' },
    { state: 'failed', failure: { code: 'DIVERGED' } },
  ]);
});

test('a journal with a torn last line goes on; a finished run that it lost is not trained again', async () => {
  const cwd = folderWithSweep({ workers: 1 });
  const first = await hw5(['sweep', 'sweep.json', '--json'], { cwd });
  const journal = join(cwd, 'sweeps/parity/journal.log');
  const lines = readFileSync(journal, 'utf8').trimEnd().split('\n');
  const cut = lines.findLastIndex((line) => line.includes('"run:'));
  truncateSync(journal, Buffer.byteLength(lines.slice(0, cut).join('\n')) + 1);
  appendFileSync(journal, '{"op_code":8,"worker_id":"x","trial');
  const run = Object.keys(JSON.parse(lines[cut]!).user_attr)[0]!.slice('run:'.length);
  const mark = join(cwd, 'sweeps/parity/runs', run, 'mark');
  writeFileSync(mark, '');
  const again = await hw5(['sweep', 'sweeps/parity', '--resume', '--json'], { cwd });
  expect(sweepLines(again.stdout).at(-1)?.best).toEqual(sweepLines(first.stdout).at(-1)?.best);
  expect(existsSync(mark)).toBe(true);
  for (const line of readFileSync(journal, 'utf8').trimEnd().split('\n')) JSON.parse(line);
});

test('a sweep that was killed while its journal began simply begins', async () => {
  const cwd = folderWithSweep({ trials: 1 });
  mkdirSync(join(cwd, 'sweeps/parity'), { recursive: true });
  const study = '{"op_code":0,"worker_id":"x","study_name":"parity","directions":[1]}';
  writeFileSync(join(cwd, 'sweeps/parity/journal.log'), `${study}\n{"op_code":2,"worker`);
  const done = await hw5(['sweep', 'sweep.json', '--json'], { cwd });
  expect(sweepLines(done.stdout).at(-1)).toMatchObject({ done: true, complete: 1 });
});

test('data are copied: a file that changes or goes does not reach the sweep', async () => {
  const cwd = folderWithSweep({
    name: 'own',
    train: { data: 'table.csv', hidden: 4, embed: 4, steps: 4 },
    space: { lr: [0.01, 0.02] },
    sampler: 'grid',
  });
  const rows = Array.from(
    { length: 40 },
    (_, n) => `${n % 2 ? 'good day' : 'bad night'} ${n},${n % 2 ? 'yes' : 'no'}`,
  );
  writeFileSync(join(cwd, 'table.csv'), `text,label\n${rows.join('\n')}\n`);
  const first = await hw5(['sweep', 'sweep.json', '--json', '--trials', '1'], { cwd });
  expect(first.code).toBe(0);
  rmSync(join(cwd, 'table.csv'));
  const more = await hw5(['sweep', 'sweeps/own', '--resume', '--trials', '2', '--json'], { cwd });
  expect(sweepLines(more.stdout).at(-1)).toMatchObject({ done: true, complete: 2 });
});

test('a metric that runs do not measure, and seeds that are averaged', async () => {
  const wrong = await hw5(['sweep', 'sweep.json', '--json'], { cwd: folderWithSweep({ metric: 'acuracy' }) });
  expect(wrong.code).toBe(1);
  expect(lastLine(wrong).error?.message).toBe(
    'sweep: metric must be one that a run measures (loss, valLoss, accuracy, macroF1), got acuracy',
  );
  const cwd = folderWithSweep({ metric: 'accuracy', seeds: 2, trials: 1 });
  const done = await hw5(['sweep', 'sweep.json', '--json'], { cwd });
  const { value, runs } = sweepLines(done.stdout).at(-1)!.best!;
  const each = runs.map(
    (run) => JSON.parse(readFileSync(join(cwd, run, 'result.json'), 'utf8')).valMetrics.accuracy,
  );
  expect(each.length).toBe(2);
  expect(value).toBe((each[0] + each[1]) / 2);
});

test('the time limit stops the sweep, which can go on', async () => {
  const cwd = folderWithSweep({ train: { ...parity.train, steps: 1e6 }, timeLimit: 2 });
  const done = await hw5(['sweep', 'sweep.json', '--json'], { cwd });
  expect(done.code).toBe(0);
  expect(sweepLines(done.stdout).at(-1)).toMatchObject({ done: false, stopped: 'time limit', complete: 0 });
});
