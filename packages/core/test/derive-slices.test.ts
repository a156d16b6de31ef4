/** ds[t]/dW entry by entry: against finite differences of the state, against closed forms, and contracted to the gradient. */
import { describe, expect, test } from 'vitest';
import type { DerivationRequest, Numbers } from '../src/homework/derive/derivation.js';
import { derive } from '../src/homework/derive/derive.js';
import { readProblem } from '../src/homework/derive/problem.js';
import { run } from '../src/homework/derive/run.js';
import { slices } from '../src/homework/derive/slices.js';
import { randomCell } from './derive-cells.js';

const lstm =
  'i[t] = sigmoid(W_i x[t] + U_i h[t-1]); f[t] = sigmoid(W_f x[t] + U_f h[t-1]); g[t] = tanh(W_g x[t] + U_g h[t-1]); q[t] = sigmoid(W_q x[t] + U_q h[t-1]); c[t] = f[t] * c[t-1] + i[t] * g[t]; h[t] = q[t] * tanh(c[t])';
/** A matrix as state: its derivative by W has four indices. */
const fast = {
  cell: 'A[t] = 0.9 A[t-1] + (W x[t]) (V x[t])^T; h[t] = tanh(A[t] (U x[t]))',
  loss: 'squared_error(h[t], y[t])',
  wrt: 'W',
};

const flat = (value: Numbers): number[] => [value].flat(3) as number[];

/** Central differences of s[t] by each entry of a parameter: one column per entry, nothing of the engine's calculus. */
async function measured(request: DerivationRequest, of: string, t: number): Promise<number[][]> {
  const { model, values, variable, activation } = await readProblem(request);
  const before = values.parameters.get(variable.name)!;
  const state = (entry: number, offset: number): Float64Array => {
    const data = Float64Array.from(before.data);
    data[entry]! += offset;
    const parameters = new Map(values.parameters).set(variable.name, { ...before, data });
    return run(model.definitions, { ...values, parameters }, t, { activation }).read(of, t).data;
  };
  return Array.from(before.data, (_, entry) => {
    const [up, down] = [state(entry, 1e-5), state(entry, -1e-5)];
    return Array.from(up, (x, i) => (x - down[i]!) / 2e-5);
  });
}

const start = 'drawn' as const;

test.each([
  ['question 2', { start }, 'h', 3],
  ['question 2 before its last step', { start }, 'h', 2],
  ['logits by a state’s matrix', { start }, 'o', 3],
  ['an LSTM’s memory by its forget gate', { cell: lstm, wrt: 'U_f', start }, 'c', 4],
  ['four indices', { ...fast, start, sizes: { x: 2, h: 3, V: [2, 2] as [number, number] } }, 'A', 3],
])('%s: every entry is what differences of the state say', async (_, request, of, step) => {
  const asked = { steps: 4, ...request };
  const found = await slices(asked, { of, step });
  const columns = await measured(asked, of, step);
  expect(found.slices.length).toBe(columns[0]!.length);
  for (const [i, { whole, uses }] of found.slices.entries()) {
    for (const [j, entry] of flat(whole).entries()) {
      expect(entry).toBeCloseTo(columns[j]![i]!, 8);
      const sum = uses.reduce((total, { part }) => total + flat(part)[j]!, 0);
      expect(sum).toBeCloseTo(entry, 14);
    }
    expect(uses.map(({ k }) => k)).toEqual(Array.from({ length: step }, (_each, k) => k + 1));
  }
  expect(found.differences).toBeLessThan(1e-7);
});

test('the use of W in the same step: row i of slice i holds (1 - h_i^2) h[t-1], everything else is exactly 0', async () => {
  const request = { start, steps: 3 };
  const { slices: found, shape } = await slices(request, { of: 'h', step: 2 });
  expect(shape).toBe('[H] by [H, H] = 4 by 4×4');
  const { model, values } = await readProblem(request);
  const trace = run(model.definitions, values, 3, { activation: 'tanh' });
  const [before, now] = [trace.read('h', 1).data, trace.read('h', 2).data];
  for (const { row, uses } of found) {
    const own = uses.find(({ k }) => k === 2)!.part as readonly (readonly number[])[];
    for (const [r, line] of own.entries()) {
      for (const [c, entry] of line.entries())
        expect(entry).toBeCloseTo(r === row - 1 ? (1 - now[r]! ** 2) * before[c]! : 0, 15);
      if (r !== row - 1) expect(line.every((entry) => entry === 0)).toBe(true);
    }
  }
});

describe('weighted by dJ_t/ds[t], the slices add up', () => {
  test.each([
    ['question 2', { start }],
    ['from a first state of zero', {}],
    ['by the first state', { start, wrt: 'h[0]' }],
    ['by an input', { start, wrt: 'x[1]' }],
    ['a loss at the last step alone', { start, at: 'last' as const }],
  ])('%s: to dJ_t/dW', async (_, request) => {
    const { contracted, slices: found } = await slices(request, { of: 'h', step: 3 });
    const { paths } = await derive(request);
    const rows = paths.filter(({ t }) => t === 3).map(({ contribution }) => flat(contribution!));
    const wanted = rows[0]!.map((__, j) => rows.reduce((sum, row) => sum + row[j]!, 0));
    expect(contracted!.isAll).toBe(true);
    for (const [j, entry] of wanted.entries()) {
      expect(flat(contracted!.through)[j]).toBeCloseTo(entry, 13);
      expect(found.reduce((sum, { whole, weight }) => sum + weight! * flat(whole)[j]!, 0)).toBeCloseTo(
        entry,
        13,
      );
    }
  });

  test('not to all of it where a way does not pass through the value', async () => {
    // The readout's own matrix is not in h at all.
    const readout = await slices({ start, wrt: 'W_yh' }, { of: 'h' });
    expect(readout.contracted!.isAll).toBe(false);
    expect(readout.slices.every(({ whole }) => flat(whole).every((x) => x === 0))).toBe(true);
    const withoutLoss = await slices({ start, at: 'last' }, { of: 'h', step: 2 });
    expect(withoutLoss.contracted).toBeNull();
    expect(withoutLoss.slices[0]!.weight).toBeNull();
  });
});

test('the numerator layout turns each slice over, with the same numbers', async () => {
  const cell = 'h[t] = tanh(W h[t-1] + U x[t])';
  const request = { cell, loss: 'squared_error(h[t], y[t])', wrt: 'U', sizes: { h: 2, x: 3 } };
  const plain = (await slices(request)).slices[1]!.whole as number[][];
  const turned = (await slices({ ...request, layout: 'numerator' })).slices[1]!.whole as number[][];
  expect([plain.length, plain[0]!.length]).toEqual([2, 3]);
  expect(turned).toEqual(plain[0]!.map((_, c) => plain.map((row) => row[c])));
});

test('random recurrences: differences agree, whatever is differentiated by whatever', async () => {
  for (let seed = 0; seed < 120; seed += 1) {
    const { cell, loss, sizes, steps, at } = randomCell(seed);
    const request: DerivationRequest = { cell, loss, sizes, steps, at, seed, start };
    const { model } = await readProblem(request);
    const { definitions, system } = model;
    const of = definitions[seed % definitions.length]!.name;
    const wrt = system.parameters[seed % system.parameters.length]!;
    const found = await slices({ ...request, wrt }, { of, step: 1 + (seed % steps) });
    expect(found.differences, `seed ${seed}: ${of} by ${wrt} in ${cell}`).toBeLessThan(1e-7);
  }
});

test('refuses what is not computed, and a picture of millions of numbers', async () => {
  await expect(slices({}, { of: 'x' })).rejects.toThrow(
    'slices: the value must be one that is computed (z, h, o, yhat), got "x"',
  );
  await expect(slices({}, { step: 4 })).rejects.toThrow(
    'slices: step must be a whole number from 1 to 3, got 4',
  );
  await expect(slices({ sizes: { h: 64 } })).rejects.toThrow(
    'slices: there must be at most 200000 numbers, got 262144',
  );
});
