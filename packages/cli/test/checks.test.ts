import { expect, test } from 'vitest';
import { folder, hw5 } from './cli.js';

test('gradcheck: a row per gradient, all of them agreeing', async () => {
  const { code, stdout } = await hw5(['gradcheck', '--json'], { cwd: folder() });
  expect(code).toBe(0);
  const { passed, rows } = JSON.parse(stdout);
  expect(passed).toBe(true);
  expect(new Set(rows.map((row: { op: string }) => row.op)).has('lstm')).toBe(true);
  for (const row of rows) expect(row.relativeError).toBeLessThan(1e-7);
});

test('gradcheck --op: a table of one operation', async () => {
  const { code, stdout } = await hw5(['gradcheck', '--op', 'lstm', '--seed', '3'], { cwd: folder() });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^operation +gradient of +entries +relative error\n/);
  expect(stdout).toMatch(/lstm +weight_hh +\d+ +\d\.\de-\d+ +ok/);
  expect(stdout).toMatch(/all \d+ gradients agree\n$/);
  expect(stdout).not.toContain('softmax');
});

test('bench --quick: rows with times and ratios', async () => {
  const { code, stdout, stderr } = await hw5(['bench', '--quick', '--json'], { cwd: folder() });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { rows, machine } = JSON.parse(stdout);
  expect(machine.node).toBe(process.version);
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(row.milliseconds).toBeGreaterThan(0);
});

test('info: versions and kernel', async () => {
  const { code, stdout } = await hw5(['info', '--json'], { cwd: folder() });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    node: process.version,
    kernel: { variant: 'strict', precision: 'f32' },
  });
});
