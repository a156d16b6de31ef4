/** `hw5 sweep report`, and the example of docs/sweeps.md. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { SweepConfig } from '../../src/sweep/config.js';
import { sweepHtml } from '../../src/sweep/report.js';
import { Study } from '../../src/sweep/study.js';
import { folder, hw5 } from '../cli.js';
import { sweepLines } from './sweeps.js';

const example = fileURLToPath(new URL('../../../../docs/sweep.yaml', import.meta.url));

test('the example of the documentation trains, and its page shows every trial', async () => {
  const cwd = folder();
  const done = await hw5(['sweep', example, '--json', '--trials', '9'], { cwd });
  expect(done).toMatchObject({ code: 0, stderr: '' });
  expect(sweepLines(done.stdout).at(-1)).toMatchObject({ done: true, complete: 1, pruned: 8 });
  const { stdout } = await hw5(['sweep', 'report', 'sweeps/sentiment', '--json'], { cwd });
  const { file } = JSON.parse(stdout) as { file: string };
  const html = readFileSync(join(cwd, file), 'utf8');
  expect(html.match(/<polyline /g)).toHaveLength(9);
  expect(html.match(/<tr[^>]*><td>\d+<\/td>/g)).toHaveLength(9);
  expect(html).toContain('accuracy of the best trials by step');
  expect(html).toContain('--task sentiment --examples 600 --steps 90');
});

test('the page loads nothing, and nothing in it is markup but ours; failures and open trials are shown', () => {
  const cwd = folder();
  mkdirSync(join(cwd, 'sweep'));
  const evil = '<img src=x onerror=alert(1)>';
  const config: SweepConfig = {
    name: evil,
    task: 'classify',
    train: { data: `${evil}.csv` },
    space: {
      cell: { kind: 'categorical', choices: ['rnn', evil] },
      lr: { kind: 'float', low: 0.01, high: 1, log: true, step: undefined, points: undefined },
    },
    sampler: { kind: 'random', seed: 0 },
    metric: { name: 'valLoss', direction: 'minimize', at: 'last' },
    trials: 4,
    seeds: 1,
    workers: 1,
    timeLimit: undefined,
    retries: 3,
  };
  const study = Study.create(join(cwd, 'journal.log'), config, undefined);
  const values = [0.5, 0.25, undefined];
  for (const [n, valLoss] of values.entries()) {
    study.create({ cell: n === 1 ? evil : 'rnn', lr: 0.1 });
    const trial = study.trials[n]!;
    const [{ id } = { id: '' }] = study.runsOf(trial);
    if (valLoss === undefined) {
      study.record(n, id, { failure: { code: 'DIVERGED', message: `train: ${evil}` } });
      study.finish(trial, 'failed', undefined, undefined);
      continue;
    }
    const result = {
      id,
      steps: 4,
      seconds: 1,
      hash: 'x',
      loss: 1,
      valLoss,
      validations: [],
      losses: [
        [1, 2],
        [4, 1],
      ] as const,
    };
    expect(study.record(n, id, { result })).toBe(true);
    expect(study.record(n, id, { result: { ...result, valLoss: 9 } })).toBe(false);
    study.finish(trial, 'complete', undefined, valLoss);
  }
  study.create({ cell: 'rnn', lr: 0.2 });
  const html = sweepHtml(evil, study);
  expect(html).not.toContain('<img');
  expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(
    /https?:|<script|<link|@import|url\(/,
  );
  expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(html).toContain('trial 1: valLoss 0.2500');
  expect(html).toContain('failed: train: &#60;img');
  expect(html).toContain('2 complete, 0 pruned, 1 failed, 1 open');
});
