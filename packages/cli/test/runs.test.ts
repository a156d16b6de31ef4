/** `hw5 runs`: listing, comparing and deleting what was trained. */
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Finished, folder, hw5 } from './cli.js';

interface Made {
  readonly task?: string;
  readonly steps?: number;
  readonly hidden?: number;
  /** Losses of validations, one per ten steps. */
  readonly validations?: readonly number[];
  readonly checkpoint?: boolean;
}

/** A run folder as training leaves it; the checkpoint's bytes are not looked at by `hw5 runs`. */
function makeRun(cwd: string, name: string, made: Made = {}): string {
  const { task = 'char-lm', steps = 20, hidden = 8, validations = [2, 1.5], checkpoint = true } = made;
  const run = join(cwd, 'runs', name);
  mkdirSync(run, { recursive: true });
  const model = { cell: 'lstm', hiddenSize: hidden, numLayers: 1, learningRate: 0.01 };
  const data = { source: '/text.txt', sha256: 'x' };
  const config = { format: 'hw5-run/1', task, steps, model, precision: 'f32', fast: false, data };
  writeFileSync(join(run, 'config.json'), JSON.stringify(config));
  const lines = validations.map((valLoss, i) => ({
    step: 10 * (i + 1),
    loss: valLoss + 0.1,
    valLoss,
    ...(task === 'classify' ? { valMetrics: { accuracy: 1 / (i + 2) } } : {}),
  }));
  writeFileSync(join(run, 'metrics.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  if (!checkpoint) return run;
  const step = 10 * validations.length;
  writeFileSync(join(run, 'checkpoint.safetensors'), 'x'.repeat(1000));
  const checkpoints = [{ step, bytes: 1000, sha256: 'x' }];
  writeFileSync(join(run, 'checkpoint.json'), JSON.stringify({ format: 'hw5-checkpoints/1', checkpoints }));
  return run;
}

const lines = ({ stdout }: Finished): Record<string, unknown>[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const names = (finished: Finished): unknown[] => lines(finished).map(({ name }) => name);

function three(): string {
  const cwd = folder();
  makeRun(cwd, 'poem-0');
  makeRun(cwd, 'poem-1', { hidden: 16, steps: 100, validations: [3, 0.5, 0.7] });
  makeRun(cwd, 'moods-0', { task: 'classify', validations: [1] });
  makeRun(cwd, 'failed', { checkpoint: false, validations: [] });
  mkdirSync(join(cwd, 'runs/notes'));
  symlinkSync(join(cwd, 'runs/poem-0'), join(cwd, 'runs/link'));
  return cwd;
}

describe('hw5 runs list', () => {
  test('finds runs, says how they stand, and sorts them', async () => {
    const cwd = three();
    const found = await hw5(['runs', '--json', '--sort', 'validation'], { cwd });
    expect(names(found)).toEqual(['poem-1', 'moods-0', 'poem-0', 'failed']);
    expect(lines(found)).toMatchObject([
      { status: 'stopped', step: 30, goal: 100, loss: 0.7 + 0.1, best: { step: 20, valLoss: 0.5 } },
      { status: 'stopped', task: 'classify', valMetrics: { accuracy: 0.5 } },
      { status: 'done', step: 20, goal: 20 },
      { status: 'broken', step: 0 },
    ]);
    expect(names(await hw5(['runs', 'list', '--json', '--sort', 'name'], { cwd }))).toEqual([
      'failed',
      'moods-0',
      'poem-0',
      'poem-1',
    ]);
  });

  test('filters, and prints a table', async () => {
    const cwd = three();
    expect(
      names(await hw5(['runs', 'list', '--match', 'poem', '--status', 'done', '--json'], { cwd })),
    ).toEqual(['poem-0']);
    expect(names(await hw5(['runs', 'list', '--task', 'classify', '--json'], { cwd }))).toEqual(['moods-0']);
    const { stdout } = await hw5(['runs'], { cwd });
    expect(stdout).toMatch(/^run +task +status +steps +loss +validation/);
    expect(stdout).toMatch(/poem-1 +char-lm +stopped +30\/100 +0\.8000 +0\.5000 +lstm 16 /);
  });

  test('without runs: says where it looked', async () => {
    const cwd = folder();
    const none = await hw5(['runs', 'list', '--dir', 'nowhere'], { cwd });
    expect(none.code).toBe(1);
    expect(none.stderr).toContain('runs: path must exist, got nowhere');
  });
});

test('hw5 runs show: everything about one', async () => {
  const cwd = three();
  const { stdout } = await hw5(['runs', 'show', 'poem-1', '--json'], { cwd });
  expect(JSON.parse(stdout)).toMatchObject({ run: 'runs/poem-1', config: { model: { hiddenSize: 16 } } });
  const text = await hw5(['runs', 'show', 'runs/poem-1'], { cwd });
  expect(text.stdout).toMatch(/validation +0\.5000 at step 20\n/);
  const notes = await hw5(['runs', 'show', 'notes'], { cwd });
  expect(notes.code).toBe(1);
});

test('hw5 runs diff: only settings that differ, and what came of them', async () => {
  const cwd = three();
  const { stdout } = await hw5(['runs', 'diff', 'poem-0', 'poem-1', '--json'], { cwd });
  expect(JSON.parse(stdout)).toEqual({
    runs: ['runs/poem-0', 'runs/poem-1'],
    config: { steps: [20, 100], 'model.hiddenSize': [8, 16] },
    metrics: {
      step: [20, 30],
      loss: [1.6, 0.7 + 0.1],
      validation: [1.5, 0.5],
      'validation at step': [20, 20],
    },
  });
  const same = await hw5(['runs', 'diff', 'poem-0', 'poem-0'], { cwd });
  expect(same.stdout).toContain('the settings are the same');
});

describe('hw5 runs prune', () => {
  test('says what it would delete, and deletes nothing', async () => {
    const cwd = three();
    const dry = await hw5(['runs', 'prune', '--keep', '1', '--sort', 'validation'], { cwd });
    expect(dry.stdout).toMatch(/would be deleted +\d+.* runs\/poem-0\n/);
    expect(dry.stdout).toMatch(/\d B would be freed|kB would be freed/);
    expect(readdirSync(join(cwd, 'runs'))).toHaveLength(6);
  });

  test('deletes what was chosen, whole, and tells the bytes', async () => {
    const cwd = three();
    const pruned = await hw5(['runs', 'prune', '--keep', '1', '--sort', 'validation', '--yes', '--json'], {
      cwd,
    });
    const last = lines(pruned).at(-1);
    expect(last).toMatchObject({ done: true, runs: 3 });
    expect(last?.bytes).toBe(
      lines(pruned)
        .slice(0, -1)
        .reduce((sum, line) => sum + Number(line.bytes), 0),
    );
    expect(readdirSync(join(cwd, 'runs')).sort()).toEqual(['link', 'notes', 'poem-1']);
  });

  test('never a run in use, and never a file of somebody else', async () => {
    const cwd = three();
    const owner = { pid: process.pid, host: hostname(), started: '', token: 'x' };
    writeFileSync(join(cwd, 'runs/poem-0/lock'), JSON.stringify(owner));
    writeFileSync(join(cwd, 'runs/poem-1/notes.txt'), 'mine');
    const pruned = await hw5(['runs', 'prune', 'poem-0', 'poem-1', '--yes', '--json'], { cwd });
    expect(
      lines(pruned)
        .slice(0, -1)
        .map(({ run, outcome }) => [run, outcome])
        .sort(),
    ).toEqual([
      ['runs/poem-0', 'in use'],
      ['runs/poem-1', 'other files left'],
    ]);
    expect(existsSync(join(cwd, 'runs/poem-0/checkpoint.safetensors'))).toBe(true);
    expect(readdirSync(join(cwd, 'runs/poem-1'))).toEqual(['notes.txt']);
  });

  test('nothing chosen: refused', async () => {
    const cwd = three();
    const refused = await hw5(['runs', 'prune', '--yes'], { cwd });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('prune: runs must be named or chosen');
    expect(readdirSync(join(cwd, 'runs'))).toHaveLength(6);
  });
});
