import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWithText, hw5, jsonLines, type Line, lastLine, recordedSteps, tiny } from './cli.js';

test('train 20 steps: one JSON line per step, the last one done, and a complete run folder', async () => {
  const cwd = folderWithText();
  const run = await hw5(
    ['train', 'char-lm', '--data', 'text.txt', '--steps', '20', '--eval-every', '10', '--json', ...tiny],
    { cwd },
  );
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const lines = jsonLines(run.stdout);
  expect(lines.slice(0, -1).map((line) => line.step)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  for (const line of lines.slice(0, -1)) {
    expect(line.loss).toBeGreaterThan(0);
    expect(line.tokensPerSecond).toBeGreaterThan(0);
    expect('valLoss' in line).toBe(line.step % 10 === 0);
  }
  const last = lines.at(-1)!;
  expect(last).toMatchObject({
    done: true,
    run: 'runs/text-0',
    checkpoint: 'runs/text-0/checkpoint.safetensors',
  });
  expect(last.hash).toMatch(/^[0-9a-f]{16}$/);
  expect(last.loss).toBe(lines.at(-2)?.loss);
  expect(last.valLoss).toBeGreaterThan(0);
  const files = readdirSync(join(cwd, 'runs/text-0')).sort();
  expect(files).toEqual([
    'checkpoint.json',
    'checkpoint.previous.safetensors',
    'checkpoint.safetensors',
    'config.json',
    'metrics.jsonl',
  ]);
  expect(recordedSteps(join(cwd, 'runs/text-0'))).toHaveLength(20);
  const config = JSON.parse(readFileSync(join(cwd, 'runs/text-0/config.json'), 'utf8'));
  expect(config).toMatchObject({ steps: 20, model: { hiddenSize: 8, numLayers: 2, seed: 0 } });
});

test('the same command gives the same hash in a second folder; another seed gives another', async () => {
  const cwd = folderWithText();
  const command = ['train', 'char-lm', '--data', 'text.txt', '--steps', '5', '--json', ...tiny];
  const first = lastLine(await hw5(command, { cwd }));
  const again = lastLine(await hw5(command, { cwd }));
  const other = lastLine(await hw5([...command, '--seed', '1'], { cwd }));
  expect(again).toMatchObject({ run: 'runs/text-0-2', hash: first.hash });
  expect(other.run).toBe('runs/text-1');
  expect(other.hash).not.toBe(first.hash);
});

test('--workers: part of the run, kept when it is resumed, shown by inspect', async () => {
  const cwd = folderWithText();
  const command = ['train', 'char-lm', '--data', 'text.txt', '--json', ...tiny];
  const train = async (...options: string[]): Promise<Line> =>
    lastLine(await hw5([...command, ...options], { cwd }));
  const whole = await train('--steps', '20', '--workers', '2');
  expect(whole.workers).toBe(2);
  expect((await train('--steps', '20')).hash).not.toBe(whole.hash);
  await train('--steps', '7', '--workers', '2', '--out', 'half');
  const resume = ['train', 'char-lm', '--resume', 'half', '--steps', '20', '--json'];
  const refused = await hw5([...resume, '--workers', '1'], { cwd });
  expect(lastLine(refused).error?.message).toBe("resume: --workers must stay 2, the run's own, got 1");
  expect(lastLine(await hw5([...resume, '--workers', 'auto'], { cwd })).hash).toBe(whole.hash);
  expect((await hw5(['inspect', 'half'], { cwd })).stdout).toMatch(
    /batch 2 x 8 \(stream\), 2 workers, seed 0/,
  );
});

test('--workers auto takes a worker per core, but no more than there are streams', async () => {
  const cwd = folderWithText();
  const command = ['train', 'char-lm', '--data', 'text.txt', '--steps', '2', '--workers', 'auto', ...tiny];
  const run = await hw5(command, { cwd });
  const workers = Math.min(availableParallelism(), 2);
  expect(run.stderr.includes('2 workers')).toBe(workers === 2);
  const tooMany = await hw5([...command, '--workers', '3', '--json'], { cwd });
  expect(lastLine(tooMany).error?.message).toBe('config: workers must be at most batchSize (2), got 3');
});

test.each(['rnn', 'gru'])('--cell %s is kept by the run', async (cell) => {
  const cwd = folderWithText();
  const start = ['train', 'char-lm', '--data', 'text.txt', '--json', ...tiny];
  const whole = lastLine(await hw5([...start, '--cell', cell, '--steps', '6'], { cwd }));
  await hw5([...start, '--cell', cell, '--steps', '2', '--out', 'half'], { cwd });
  const resumed = await hw5(['train', 'char-lm', '--resume', 'half', '--steps', '6', '--json'], { cwd });
  expect(lastLine(resumed).hash).toBe(whole.hash);
  const inspected = await hw5(['inspect', 'half'], { cwd });
  expect(inspected.stdout).toContain(`${cell.toUpperCase()}, 2 layers, hidden 8`);
  const refused = await hw5(['train', 'char-lm', '--resume', 'half', '--cell', 'lstm', '--steps', '9'], {
    cwd,
  });
  expect(refused.stderr).toContain(`resume: --cell must stay ${cell}, the run's own, got lstm`);
});

test('a run of before --cell had a choice goes on as an LSTM', async () => {
  const cwd = folderWithText();
  await hw5(['train', 'char-lm', '--data', 'text.txt', '--steps', '2', ...tiny], { cwd });
  const path = join(cwd, 'runs/text-0/config.json');
  const config = JSON.parse(readFileSync(path, 'utf8'));
  expect(config.model.cell).toBe('lstm');
  delete config.model.cell;
  writeFileSync(path, JSON.stringify({ ...config, cell: 'lstm' }));
  const resumed = await hw5(['train', 'char-lm', '--resume', '--steps', '4', '--json'], { cwd });
  expect(lastLine(resumed)).toMatchObject({ done: true });
});

test('for people: samples before and after, the curve, the checkpoint and what to try next', async () => {
  const cwd = folderWithText();
  const run = await hw5(
    [
      'train',
      'char-lm',
      '--data',
      'text.txt',
      '--steps',
      '20',
      '--eval-every',
      '10',
      '--sample-every',
      '10',
      ...tiny,
    ],
    { cwd },
  );
  expect(run.code).toBe(0);
  for (const part of [
    'sample at step 0',
    'sample at step 20',
    'loss, nats per character',
    'step 20 of 20',
    'runs/text-0/checkpoint.safetensors',
    'hw5 generate runs/text-0',
    'hw5 train char-lm --resume runs/text-0 --steps 40',
  ]) {
    expect(run.stdout).toContain(part);
  }
  expect(run.stderr).toMatch(
    /step 20\/20 {2}loss \d\.\d{4} {2}validation \d\.\d{4} {2}\S+ char\/s {2}ETA 0:00/,
  );
  expect(run.stderr).toContain('sample at step 10');
});

test('--quiet prints one line and nothing on stderr', async () => {
  const cwd = folderWithText();
  const run = await hw5(['train', 'char-lm', '--data', 'text.txt', '--steps', '3', '-q', ...tiny], { cwd });
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout).toMatch(
    /^runs\/text-0\/checkpoint\.safetensors {2}step 3 {2}loss \S+ {2}validation \S+\n$/,
  );
});

test('text from stdin is kept in the run folder, so that the run can go on', async () => {
  const cwd = folderWithText();
  // With a byte order mark, which is not part of the text but part of the file.
  const input = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), readFileSync(join(cwd, 'text.txt'))]);
  const command = ['train', 'char-lm', '--data', '-', '--json', ...tiny];
  const half = await hw5([...command, '--steps', '5', '--out', 'half'], { cwd, input });
  expect(half.code).toBe(0);
  expect(readFileSync(join(cwd, 'half/text.txt'))).toEqual(input);
  const resumed = await hw5(['train', 'char-lm', '--resume', 'half', '--steps', '10', '--json'], { cwd });
  const whole = await hw5([...command, '--steps', '10', '--out', 'whole'], { cwd, input });
  expect(lastLine(resumed).hash).toBe(lastLine(whole).hash);
});

test('resume equals never having stopped, and metrics follow the checkpoint', async () => {
  const cwd = folderWithText();
  const command = ['train', 'char-lm', '--data', 'text.txt', '--json', '--eval-every', '7', ...tiny];
  await hw5([...command, '--steps', '15', '--out', 'a'], { cwd });
  const resumed = await hw5(['train', 'char-lm', '--resume', 'a', '--steps', '30', '--json'], { cwd });
  const whole = await hw5([...command, '--steps', '30', '--out', 'b'], { cwd });
  expect(resumed.code).toBe(0);
  expect(jsonLines(resumed.stdout)[0]?.step).toBe(16);
  expect(lastLine(resumed)).toMatchObject({ hash: lastLine(whole).hash, valLoss: lastLine(whole).valLoss });
  expect(recordedSteps(join(cwd, 'a'))).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  const losses = (run: typeof whole) => jsonLines(run.stdout).map((line) => line.loss);
  expect(losses(resumed)).toEqual(losses(whole).slice(15));
});

test('--resume without a name continues the newest run', async () => {
  const cwd = folderWithText();
  const command = ['train', 'char-lm', '--data', 'text.txt', '--steps', '3', '--json', ...tiny];
  await hw5(command, { cwd });
  await hw5(command, { cwd });
  const resumed = await hw5(['train', 'char-lm', '--resume', '--steps', '4', '--json'], { cwd });
  expect(lastLine(resumed)).toMatchObject({ done: true, run: 'runs/text-0-2', step: 4 });
});

test.each([
  ['--hidden', '16', '--hidden must stay 8'],
  ['--lr', '0.5', '--lr must stay 0.002'],
  ['--seed', '3', '--seed must stay 0'],
  ['--precision', 'f64', '--precision must stay f32'],
  ['--steps', '3', '--steps must be more than the 3 steps'],
])('resume refuses %s %s', async (flag, value, message) => {
  const cwd = folderWithText();
  await hw5(['train', 'char-lm', '--data', 'text.txt', '--steps', '3', '--out', 'a', '--json', ...tiny], {
    cwd,
  });
  const before = readFileSync(join(cwd, 'a/checkpoint.safetensors'));
  const refused = await hw5(['train', 'char-lm', '--resume', 'a', '--steps', '6', flag, value], { cwd });
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain(message);
  expect(readFileSync(join(cwd, 'a/checkpoint.safetensors'))).toEqual(before);
  expect(existsSync(join(cwd, 'a/lock'))).toBe(false);
});
