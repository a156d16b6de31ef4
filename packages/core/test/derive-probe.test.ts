/** One step size by hand, the V over all of them, and all parameters at once. */
import { expect, test } from 'vitest';
import { derive } from '../src/homework/derive/derive.js';
import { checkAll, probe } from '../src/homework/derive/probe.js';
import { randomCell } from './derive-cells.js';

test('each entry by central differences, beside the derived one, in both precisions', async () => {
  const { exact, f32, f64, curve, floor } = await probe({}, { epsilon: 1e-5 });
  const { gradient } = await derive();
  expect(exact).toEqual(gradient);
  const rows = gradient as readonly (readonly number[])[];
  for (const [r, row] of rows.entries()) {
    for (const [c, a] of row.entries()) {
      const n = (f64.gradient as number[][])[r]![c]!;
      expect(n).toBeCloseTo(a, 8);
      const error = (f64.errors as number[][])[r]![c]!;
      expect(error).toBeCloseTo(Math.abs(a - n) / Math.max(Math.abs(a), Math.abs(n), floor), 15);
    }
  }
  expect(f64.worst).toBeLessThan(1e-6);
  // In f32 the loss itself has seven digits, and a step of 1e-5 leaves two of them.
  expect(f32.worst).toBeGreaterThan(1e-2);
  expect(curve[0]!.epsilon).toBe(0.1);
  expect(curve.at(-1)!.epsilon).toBeCloseTo(1e-12, 20);
  const best = (key: 'f32' | 'f64'): number => curve.reduce((a, b) => (b[key] < a[key] ? b : a)).epsilon;
  expect(best('f32')).toBeGreaterThan(100 * best('f64'));
});

test('is asked for a step that is none', async () => {
  await expect(probe({}, { epsilon: 0 })).rejects.toThrow('probe: epsilon must be a number in (0, 1], got 0');
  await expect(probe({}, { epsilon: Number.NaN })).rejects.toThrow('got NaN');
});

test('all parameters and the first state, three methods each', async () => {
  const { passed, parameters } = await checkAll({ start: 'drawn' });
  expect(passed).toBe(true);
  expect(parameters.map(({ name }) => name)).toEqual(['W_hh', 'W_hx', 'W_yh', 'h[0]']);
  for (const { rows, worst, name } of parameters) {
    expect(rows.map(({ method }) => method)).toEqual(['reverse', 'forward', 'differences']);
    const differences = rows.find(({ method }) => method === 'differences')!;
    expect(worst.relative, name).toBeCloseTo(differences.relative, 12);
    expect(worst.differences, name).toBeCloseTo(worst.derived, 6);
  }
});

test('all parameters of random cells pass', async () => {
  for (let seed = 0; seed < 25; seed += 1) {
    const { cell, loss, sizes, steps, at } = randomCell(seed + 300);
    const { passed, parameters } = await checkAll({ cell, loss, sizes, steps, at });
    expect(passed, cell).toBe(true);
    expect(parameters.length).toBeGreaterThan(0);
  }
});
