import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWithText, hw5, jsonLines, lastLine, recordedSteps, start, tiny } from './cli.js';

const preload = { NODE_OPTIONS: `--import ${new URL('./kill-worker.mjs', import.meta.url).href}` };

test('a worker killed in mid-step: a clear error, exit 1, the last checkpoint kept and named', async () => {
  const cwd = folderWithText();
  const command = [
    'train',
    'char-lm',
    '--data',
    'text.txt',
    '--out',
    'run',
    '--checkpoint-every',
    '10',
    '--json',
    ...tiny,
  ];
  const run = start([...command, '--steps', '1000000', '--restarts', '0'], { cwd, env: preload });
  await run.until(/"step":1000,/);
  run.child.kill('SIGUSR2');
  const failed = await run.finished;
  expect(failed.code).toBe(1);
  const { error } = lastLine(failed);
  expect(error).toMatchObject({
    code: 'SESSION_LOST',
    message: expect.stringContaining('the worker must be alive'),
  });
  const kept = Number(
    error?.hint?.match(/the checkpoint of step (\d+) is kept in run\/checkpoint\.safetensors/)?.[1],
  );
  expect(kept).toBeGreaterThan(0);

  const steps = String(kept + 20);
  const resumed = await hw5(['train', 'char-lm', '--resume', 'run', '--steps', steps, '--json'], { cwd });
  const whole = await hw5([...command, '--out', 'whole', '--steps', steps], { cwd });
  expect(lastLine(resumed).hash).toBe(lastLine(whole).hash);
});

test('a worker killed in mid-step: with a restart left, training goes on and ends with the same weights', async () => {
  const cwd = folderWithText();
  const steps = ['--steps', '800', '--checkpoint-every', '10', '--workers', '2', '--json', ...tiny];
  const command = ['train', 'char-lm', '--data', 'text.txt', ...steps];
  const run = start([...command, '--out', 'run', '--restarts', '1'], { cwd, env: preload });
  await run.until(/"step":300,/);
  run.child.kill('SIGUSR2');
  const finished = await run.finished;
  expect(finished.code).toBe(0);
  const lines = jsonLines(finished.stdout);
  const restart = lines.findIndex((line) => line.restarted);
  expect(lines[restart]).toMatchObject({ reason: expect.stringContaining('the worker must be alive') });
  expect(lines[restart]!.step % 10).toBe(0);
  expect(lines[restart + 1]!.step).toBe(lines[restart]!.step + 1);
  expect(recordedSteps(join(cwd, 'run'))).toEqual(Array.from({ length: 800 }, (_, i) => i + 1));
  const whole = await hw5([...command, '--out', 'whole'], { cwd });
  expect(lines.at(-1)?.hash).toBe(lastLine(whole).hash);
});

test('a worker killed while generating: a clear error, exit 1', async () => {
  const cwd = folderWithText();
  await hw5(['train', 'char-lm', '--data', 'text.txt', '--out', 'run', '--steps', '3', '--json', ...tiny], {
    cwd,
  });
  const run = start(['generate', 'run', '--length', '100000000'], { cwd, env: preload });
  await run.until(/.{20}/s);
  run.child.kill('SIGUSR2');
  expect(await run.finished).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('the worker must be alive'),
  });
});

test('diverged training: names step and tensor, exit 1, the checkpoint is from before', async () => {
  const cwd = folderWithText();
  const command = ['train', 'char-lm', '--data', 'text.txt', '--out', 'run', '--steps', '50', ...tiny];
  const failed = await hw5([...command, '--lr', '1e38', '--checkpoint-every', '1', '--json'], { cwd });
  expect(failed.code).toBe(1);
  const { error } = lastLine(failed);
  expect(error?.code).toBe('DIVERGED');
  expect(error?.message).toMatch(/step \d+/);
  expect(error?.hint).toMatch(
    /the checkpoint of step \d+ is kept in run\/checkpoint\.safetensors; try a smaller --lr/,
  );
  const { step } = JSON.parse((await hw5(['inspect', 'run', '--json'], { cwd })).stdout);
  expect(error?.hint).toContain(`step ${step} `);
  // The weights that were kept are usable, not the ones that were about to fail.
  const kept = await hw5(['evaluate', 'run', '--data', 'text.txt', '--json'], { cwd });
  expect(JSON.parse(kept.stdout).loss).toBeLessThan(20);
});

test('a clock that jumps changes nothing: the same weights, all metrics, a good end', async () => {
  const cwd = folderWithText();
  const command = [
    'train',
    'char-lm',
    '--data',
    'text.txt',
    '--steps',
    '30',
    '--tensorboard',
    '--json',
    ...tiny,
  ];
  const clock = new URL('./wild-clock.mjs', import.meta.url).href;
  const wild = await hw5([...command, '--out', 'wild'], { cwd, env: { NODE_OPTIONS: `--import ${clock}` } });
  const calm = await hw5([...command, '--out', 'calm'], { cwd });
  expect(wild).toMatchObject({ code: 0, stderr: '' });
  expect(lastLine(wild).hash).toBe(lastLine(calm).hash);
  expect(recordedSteps(join(cwd, 'wild'))).toEqual(recordedSteps(join(cwd, 'calm')));
});
