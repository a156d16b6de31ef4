import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { folderWithText, hw5, jsonLines, lastLine, recordedSteps, start, tiny } from './cli.js';

const endless = ['train', 'char-lm', '--data', 'text.txt', '--steps', '1000000', '--out', 'run', ...tiny];

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s stops at a step, saves, exits 130; resumed, the run ends as if never stopped',
  async (name) => {
    const cwd = folderWithText();
    const run = start([...endless, '--json'], { cwd });
    await run.until(/"step":30,/);
    run.child.kill(name);
    const stopped = await run.finished;
    expect(stopped).toMatchObject({ code: 130, signal: null, stderr: '' });
    const last = lastLine(stopped);
    expect(last).toMatchObject({ done: false, stopped: true, run: 'run' });
    expect(recordedSteps(join(cwd, 'run')).at(-1)).toBe(last.step);

    const steps = String(last.step + 25);
    const resumed = await hw5(['train', 'char-lm', '--resume', 'run', '--steps', steps, '--json'], { cwd });
    const whole = await hw5([...endless, '--steps', steps, '--out', 'whole', '--json'], { cwd });
    expect(resumed.code).toBe(0);
    expect(jsonLines(resumed.stdout)[0]?.step).toBe(last.step + 1);
    expect(lastLine(resumed).hash).toBe(lastLine(whole).hash);
  },
);

test('the reader is told that it is saving, and how to go on', async () => {
  const cwd = folderWithText();
  const run = start(endless, { cwd });
  await sleep(1_500);
  run.child.kill('SIGINT');
  const stopped = await run.finished;
  expect(stopped.code).toBe(130);
  expect(stopped.stderr).toContain('stopping at the end of this step to save');
  expect(stopped.stdout).toMatch(/stopped +step \d+ of 1000000/);
  expect(stopped.stdout).toContain('hw5 train char-lm --resume run ');
});

test('a second signal leaves at once, and the checkpoint from before is whole', async () => {
  const cwd = folderWithText();
  // Steps of about a second, so that the second signal comes while the first one still waits for its step.
  const slow = '--hidden 512 --batch 64 --seq 200 --steps 100 --val-fraction 0'.split(' ');
  const lines = Array.from({ length: 3000 }, (_, i) => `${i} bottles on the wall\n`).join('');
  const run = start(['train', 'char-lm', '--data', '-', '--out', 'run', '--json', ...slow], {
    cwd,
    input: lines,
  });
  await run.until(/"step":1,/);
  // Well into the second step: at its very start the first signal could still be heard between the two.
  await sleep(300);
  run.child.kill('SIGINT');
  await sleep(100);
  const secondAt = performance.now();
  run.child.kill('SIGINT');
  const left = await run.finished;
  expect(performance.now() - secondAt).toBeLessThan(500);
  expect(left.code).toBe(130);
  expect(left.stdout).not.toContain('"stopped"');
  const inspected = await hw5(['inspect', 'run', '--json'], { cwd });
  expect(JSON.parse(inspected.stdout)).toMatchObject({ step: 0 });
});

test('one key press that arrives twice (from the terminal and relayed by npm) is one signal', async () => {
  const cwd = folderWithText();
  const run = start([...endless, '--json'], { cwd });
  await run.until(/"step":30,/);
  run.child.kill('SIGINT');
  await sleep(5);
  run.child.kill('SIGINT');
  const stopped = await run.finished;
  expect(stopped.code).toBe(130);
  expect(lastLine(stopped)).toMatchObject({ done: false, stopped: true });
});

test('a closed stdout: stops, saves, leaves without a word', async () => {
  const cwd = folderWithText();
  const run = start([...endless, '--json'], { cwd });
  await run.until(/"step":30,/);
  run.child.stdout.destroy();
  const left = await run.finished;
  expect(left).toMatchObject({ code: 130, stderr: '' });
  const { step } = JSON.parse((await hw5(['inspect', 'run', '--json'], { cwd })).stdout);
  expect(step).toBeGreaterThanOrEqual(30);
  expect(recordedSteps(join(cwd, 'run')).at(-1)).toBe(step);
});

test('a killed process leaves its last checkpoint and a lock that does not count', async () => {
  const cwd = folderWithText();
  const run = start([...endless, '--checkpoint-every', '10', '--json'], { cwd });
  await run.until(/"step":1000,/);
  run.child.kill('SIGKILL');
  await run.finished;
  expect(JSON.parse(readFileSync(join(cwd, 'run/lock'), 'utf8'))).toMatchObject({ pid: run.child.pid });
  const { step } = JSON.parse((await hw5(['inspect', 'run', '--json'], { cwd })).stdout);
  expect(step).toBeGreaterThanOrEqual(10);
  const steps = String(step + 20);
  const resumed = await hw5(['train', 'char-lm', '--resume', 'run', '--steps', steps, '--json'], { cwd });
  const whole = await hw5([...endless, '--steps', steps, '--out', 'whole', '--json'], { cwd });
  expect(lastLine(resumed).hash).toBe(lastLine(whole).hash);
  expect(recordedSteps(join(cwd, 'run'))).toEqual(Array.from({ length: step + 20 }, (_, i) => i + 1));
});
