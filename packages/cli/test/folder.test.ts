import { execFileSync, fork } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, type TestContext, test } from 'vitest';
import { lockRun } from '../src/run/lock.js';
import { folder, folderWithText, hw5, lastLine, start, tiny } from './cli.js';

const train = ['train', 'char-lm', '--data', 'text.txt', '--out', 'run', '--json'];

test('two runs in one folder: the second is refused and names the first', async () => {
  const cwd = folderWithText();
  const first = start([...train, '--steps', '1000000', ...tiny], { cwd });
  await first.until(/"step":5,/);
  const second = await hw5([...train, '--steps', '5', ...tiny], { cwd });
  expect(second.code).toBe(1);
  expect(lastLine(second).error).toMatchObject({ code: 'LOCKED' });
  expect(lastLine(second).error?.message).toContain(`process ${first.child.pid}`);
  const resumed = await hw5(['train', 'char-lm', '--resume', 'run', '--json'], { cwd });
  expect(lastLine(resumed).error).toMatchObject({ code: 'LOCKED' });
  first.child.kill('SIGINT');
  expect((await first.finished).code).toBe(130);
  expect(existsSync(join(cwd, 'run/lock'))).toBe(false);
});

test('a folder that holds a run is not overwritten', async () => {
  const cwd = folderWithText();
  await hw5([...train, '--steps', '2', ...tiny], { cwd });
  const before = readFileSync(join(cwd, 'run/checkpoint.safetensors'));
  const again = await hw5([...train, '--steps', '5', ...tiny], { cwd });
  expect(again.code).toBe(1);
  expect(lastLine(again).error?.message).toMatch(/out: folder must not hold a run already, got run\//);
  expect(lastLine(again).error?.hint).toContain('--resume run');
  expect(readFileSync(join(cwd, 'run/checkpoint.safetensors'))).toEqual(before);
});

test.each([
  ['a process that is gone', { pid: 2 ** 22 + 1, host: hostname(), started: '1', token: 'x' }],
  ['a process number that was reused', { pid: process.pid, host: hostname(), started: '1', token: 'x' }],
])('the lock of %s does not count', (_what, owner) => {
  const run = folder();
  writeFileSync(join(run, 'lock'), `${JSON.stringify(owner)}\n`);
  const lock = lockRun(run);
  expect(JSON.parse(readFileSync(join(run, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
  lock.release();
  expect(readdirSync(run)).toEqual([]);
});

test.each([
  ['a living process', { pid: process.pid, host: hostname(), started: '', token: 'x' }],
  ['a process on another machine', { pid: 1, host: 'elsewhere', started: '1', token: 'x' }],
])('the lock of %s counts, and stays', (_what, owner) => {
  const run = folder();
  const content = `${JSON.stringify(owner)}\n`;
  writeFileSync(join(run, 'lock'), content);
  expect(() => lockRun(run)).toThrow(/run: folder must not be in use, got .* held by process/);
  expect(readFileSync(join(run, 'lock'), 'utf8')).toBe(content);
});

test('a lock file that is just being written counts', () => {
  const run = folder();
  writeFileSync(join(run, 'lock'), '');
  expect(() => lockRun(run)).toThrow('held by another process');
});

test.each([
  ['long ago', -1],
  ['in the future, by a clock that was set back since', 1],
])('an empty lock file, left by a crash %s, does not count', (_when, direction) => {
  const run = folder();
  const path = join(run, 'lock');
  writeFileSync(path, '');
  const time = Date.now() / 1000 + direction * 3600;
  utimesSync(path, time, time);
  lockRun(run).release();
  expect(existsSync(path)).toBe(false);
});

test('many that find a dead owner at once: one takes the folder, the others are refused', async () => {
  const rivals = Array.from({ length: 5 }, () => fork(new URL('./lock-rival.mjs', import.meta.url)));
  onTestFinished(() => rivals.forEach((rival) => void rival.kill()));
  const answers = (question?: string): Promise<unknown[]> =>
    Promise.all(
      rivals.map((rival) => {
        const answer = new Promise((resolve) => rival.once('message', resolve));
        if (question !== undefined) rival.send(question);
        return answer;
      }),
    );
  await answers();
  const run = folder();
  const dead = { pid: 2 ** 22 + 1, host: hostname(), started: '1', token: 'x' };
  for (let round = 0; round < 200; round += 1) {
    writeFileSync(join(run, 'lock'), `${JSON.stringify(dead)}\n`);
    expect((await answers(run)).sort()).toEqual(['LOCKED', 'LOCKED', 'LOCKED', 'LOCKED', 'taken']);
    await answers('release');
    expect(readdirSync(run)).toEqual([]);
  }
});

/** Mount a small memory disk; tells why when this machine does not allow it. */
function mountDisk(context: TestContext, path: string, options: string): void {
  mkdirSync(path, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', path], { stdio: 'ignore' });
  } catch {
    context.skip(`mounting a disk (${options}) needs root on Linux`);
  }
  onTestFinished(() => void execFileSync('umount', ['-l', path]));
}

test('a read-only folder: refused before the first step, nothing left behind', async (context) => {
  const cwd = folderWithText();
  const closed = join(cwd, 'closed');
  mkdirSync(closed);
  // Permissions do not stop root; a read-only mount does.
  if (process.getuid?.() === 0) mountDisk(context, closed, 'ro,size=1m');
  else chmodSync(closed, 0o555);
  const run = await hw5([...train, '--out', 'closed/run', '--steps', '5', ...tiny], { cwd });
  expect(run.code).toBe(1);
  expect(lastLine(run).error).toMatchObject({ code: 'FILE' });
  expect(lastLine(run).error?.message).toMatch(
    /out: (folder must be writable|path must be open).* closed\/run/,
  );
  expect(run.stdout).not.toContain('"step"');
  const direct = await hw5([...train, '--out', 'closed', '--steps', '5', ...tiny], { cwd });
  expect(direct.code).toBe(1);
  expect(lastLine(direct).error).toMatchObject({ code: 'FILE' });
  expect(readdirSync(closed)).toEqual([]);
});

test('a disk too small for the checkpoints: refused before the first step, nothing left behind', async (context) => {
  const cwd = folderWithText();
  mountDisk(context, join(cwd, 'disk'), 'size=1m');
  const run = await hw5([...train, '--out', 'disk/run', '--steps', '5', '--hidden', '96', '--embed', '16'], {
    cwd,
  });
  expect(run.code).toBe(1);
  expect(lastLine(run).error?.message).toMatch(
    /checkpoint: disk must have room, got a full disk at disk\/run/,
  );
  expect(run.stdout).not.toContain('"step"');
  expect(readdirSync(join(cwd, 'disk'))).toEqual([]);
});

test('a disk that fills while training: stops, and the last checkpoint is whole and named', async (context) => {
  const cwd = folderWithText();
  const disk = join(cwd, 'disk');
  mountDisk(context, disk, 'size=1m');
  const endless = [...train, '--out', 'disk/run', '--steps', '1000000', '--checkpoint-every', '20', ...tiny];
  const run = start(endless, { cwd });
  await run.until(/"step":100,/);
  try {
    writeFileSync(join(disk, 'filler'), new Uint8Array(2 ** 20));
  } catch {
    // as intended: it took what was left
  }
  const failed = await run.finished;
  expect(failed.code).toBe(1);
  const { error } = lastLine(failed);
  expect(error?.message).toMatch(/disk must have room, got a full disk/);
  const kept = Number(error?.hint?.match(/the checkpoint of step (\d+) is kept in disk\/run/)?.[1]);
  const inspected = await hw5(['inspect', 'disk/run', '--json'], { cwd });
  expect(JSON.parse(inspected.stdout)).toMatchObject({ step: kept });
});
