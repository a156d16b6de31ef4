import { attend } from '@hw5/core/homework';
import { expect, test } from 'vitest';
import { folder, hw5, lastLine } from './cli.js';

const run = (...args: string[]) => hw5(['attend', ...args], { cwd: folder() });

test('without options: question 3, argmax, a Jacobian of zeros', async () => {
  const { code, stdout } = await run();
  expect(code).toBe(0);
  expect(stdout).toContain('keys[3]·q = 0×3 + (−2)×(−1) + (−4)×(−1) = 0 + 2 + 4 = 6');
  expect(stdout).toContain('Output  o = values[3] = [6, 1, 2]');
  expect(stdout).toContain('All zeros: no gradient reaches the scores');
});

test.each(['argmax', 'softmax', 'sparsemax', 'entmax15', 'straight-through', 'gumbel'] as const)(
  '--mode %s --json is what the library gives',
  async (mode) => {
    const { code, stdout } = await run('--mode', mode, '--temperature', '2', '--seed', '5', '--json');
    expect(code).toBe(0);
    const expected = attend(undefined, { mode, temperature: 2, seed: 5, temperatures: [] });
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(expected)));
  },
);

test('own numbers, in Persian digits too', async () => {
  const { stdout } = await run(
    '--keys',
    '۱،۰؛ ۰،۱',
    '--values',
    '[[10],[20]]',
    '--query',
    '[2; 2]',
    '--ties',
    'all',
    '--json',
  );
  expect(JSON.parse(stdout)).toMatchObject({
    scores: [2, 2],
    ties: [0, 1],
    weights: [0.5, 0.5],
    output: [15],
    differentiable: false,
  });
});

test('--temperature-sweep: a table, over the usual temperatures or a list', async () => {
  const { stdout } = await run('--mode', 'softmax', '--temperature-sweep');
  expect(stdout).toMatch(/T +weight +output +largest slope\n +0\.1 /);
  const { stdout: json } = await run('--mode', 'softmax', '--temperature-sweep', '1, 2.5', '--json');
  expect(JSON.parse(json).sweep.map((row: { temperature: number }) => row.temperature)).toEqual([1, 2.5]);
});

test('in Persian', async () => {
  const { stdout } = await run('--mode', 'straight-through', '--lang', 'fa');
  expect(stdout).toContain('\u2067خروجی\u2069  \u2066o = values[3] = [6, 1, 2]\u2069');
  expect(stdout).toContain('رفت');
});

test.each([
  [
    ['--keys', '1,2;x'],
    'ARGUMENT',
    '--keys: entries must be finite numbers, got "x" in row 2, entry 1 (character 5)',
  ],
  [['--query', '1 2'], 'SHAPE', "attend: key 0 must have the query's 2 entries, got 3"],
  [['--values', '1;2'], 'SHAPE', 'attend: keys and values must be equally many, got 4 and 2'],
  [['--query', '1 2; 3 4'], 'SHAPE', '--query: must be one row or one column, got 2 rows of 2, 2 numbers'],
  [['--mode', 'reinforce'], 'UNAVAILABLE', '--mode: reinforce is not available yet'],
  [['--mode', 'max'], 'USAGE', '--mode: must be one of argmax'],
  [['--temperature', '0'], 'USAGE', '--temperature: must be a number greater than 0, got 0'],
  [
    ['--temperature-sweep', '1,-1'],
    'ARGUMENT',
    'attend: temperature must be a finite number greater than 0, got -1',
  ],
  [['--keys', ''], 'ARGUMENT', '--keys: must hold numbers, got ""'],
])('%j is refused', async (args, code, message) => {
  const refused = await run(...args, '--json');
  expect(refused.code).toBe(1);
  expect(lastLine(refused).error).toMatchObject({ code });
  expect(lastLine(refused).error?.message).toContain(message);
});
