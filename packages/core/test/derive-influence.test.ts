/** ||ds_t/ds_k|| against finite differences of the states, spectral radii against closed forms. */
import { expect, test } from 'vitest';
import { derive } from '../src/homework/derive/derive.js';
import { influence } from '../src/homework/derive/influence.js';
import { readProblem } from '../src/homework/derive/problem.js';
import { run } from '../src/homework/derive/run.js';

const gru =
  'r[t] = sigmoid(W_r x[t] + U_r h[t-1]); z[t] = sigmoid(W_z x[t] + U_z h[t-1]); n[t] = tanh(W_n x[t] + r[t] * (U_n h[t-1])); h[t] = (1 - z[t]) * n[t] + z[t] * h[t-1]';
const lstm =
  'i[t] = sigmoid(W_i x[t] + U_i h[t-1]); f[t] = sigmoid(W_f x[t] + U_f h[t-1]); g[t] = tanh(W_g x[t] + U_g h[t-1]); q[t] = sigmoid(W_q x[t] + U_q h[t-1]); c[t] = f[t] * c[t-1] + i[t] * g[t]; h[t] = q[t] * tanh(c[t])';

test.each([
  ['a plain network', {}, 'h'],
  ['a GRU', { cell: gru, wrt: 'U_n' }, 'h'],
  ["an LSTM's memory", { cell: lstm, wrt: 'U_f' }, 'c'],
])('%s: from the first step to the last, as differences of the state say', async (_, request, name) => {
  const steps = 5;
  const { states } = await influence({ ...request, steps });
  const { model, values } = await readProblem({ ...request, steps });
  const size = model.shapes.get(name)!.rows.size;
  const end = (column: number, nudge: number): Float64Array => {
    const start = values.initial.get(name)!.map((m) => ({ ...m, data: Float64Array.from(m.data) }));
    start[0]!.data[column]! += nudge;
    const moved = { ...values, initial: new Map(values.initial).set(name, start) };
    return run(model.definitions, moved, steps, { activation: 'tanh' }).read(name, steps).data;
  };
  let squares = 0;
  for (let c = 0; c < size; c += 1) {
    const [up, down] = [end(c, 1e-5), end(c, -1e-5)];
    for (const [r, x] of up.entries()) squares += ((x - down[r]!) / 2e-5) ** 2;
  }
  const { gains } = states.find((state) => state.name === name)!;
  expect(gains[steps]![0]! / Math.sqrt(squares / size)).toBeCloseTo(1, 7);
  expect(gains.map((row) => row.length)).toEqual([1, 2, 3, 4, 5, 6]);
  for (const row of gains) expect(row.at(-1)).toBe(1);
});

test('a linear network with a scaled rotation: the gain is the radius to the power of the distance', async () => {
  const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
  const request = {
    cell: 'h[t] = W h[t-1] + V x[t]',
    loss: 'squared_error(h[t], y[t])',
    wrt: 'W',
    steps: 60,
    sizes: { h: 2 },
    values: {
      W: [
        [c, -s],
        [s, c],
      ],
    },
  };
  const { states, matrices } = await influence(request, { radius: 0.9 });
  expect(matrices[0]!.radius).toBeCloseTo(0.9, 12);
  expect(matrices[0]!.eigenvalues.map(({ re }) => re)).toEqual([
    expect.closeTo(0.9 * c, 12),
    expect.closeTo(0.9 * c, 12),
  ]);
  for (const [t, row] of states[0]!.gains.entries()) {
    for (const [k, gain] of row.entries()) expect(gain / 0.9 ** (t - k)).toBeCloseTo(1, 10);
  }
});

test("an LSTM's direct way is its forget gate, a plain network has none; saturation counts slopes", async () => {
  const long = await influence({ cell: lstm, wrt: 'U_f', steps: 4 });
  const memory = long.states.find(({ name }) => name === 'c')!;
  expect(memory.directLatex).toBe('\\operatorname{diag}\\left(f_{t}\\right)');
  expect(memory.direct[4]![0]).toBeGreaterThan(0);
  expect(long.states.find(({ name }) => name === 'h')!.direct).toEqual([]);
  expect((await influence({ steps: 2 })).states[0]!.direct).toEqual([]);
  const open = (scale: number): Promise<number> =>
    influence({
      cell: 'h[t] = tanh(W h[t-1] + V x[t])',
      loss: 'squared_error(h[t], y[t])',
      wrt: 'W',
      steps: 1,
      sizes: { h: 2, x: 1 },
      values: { V: [[scale], [scale]], x: [[1]] },
    }).then(({ saturation }) => saturation[0]!.openness[0]!);
  expect(await open(0.5)).toBeCloseTo(1 - Math.tanh(0.5) ** 2, 12);
  expect(await open(6)).toBeLessThan(1e-4);
});

test('the norm of each loss’s gradient is that of all parameters together', async () => {
  for (const [request, names] of [
    [{}, ['W_hh', 'W_hx', 'W_yh']],
    [{ cell: gru, loss: 'squared_error(h[t], y[t])' }, ['W_r', 'U_r', 'W_z', 'U_z', 'W_n', 'U_n']],
  ] as const) {
    const { gradientNorms } = await influence({ ...request, wrt: names[0], steps: 4 });
    const gradients = await Promise.all(
      names.map((wrt) => derive({ ...request, wrt, steps: 4 }).then(({ paths }) => paths)),
    );
    for (const found of gradientNorms) {
      const entries = gradients.flatMap((paths) => {
        const own = paths.filter(({ t }) => t === found.t).map(({ contribution }) => [contribution].flat(3));
        return own[0]!.map((_, j) => own.reduce((sum, part) => sum + (part[j] as number), 0));
      });
      expect(found.norm / Math.hypot(...entries)).toBeCloseTo(1, 12);
    }
    expect(gradientNorms.map(({ t }) => t)).toEqual([1, 2, 3, 4]);
  }
  const long = await influence({ steps: 60 });
  expect(long.gradientNorms).toHaveLength(20);
  expect([long.gradientNorms[0]!.t, long.gradientNorms.at(-1)!.t]).toEqual([1, 60]);
});

test('refuses what has no single gain', async () => {
  await expect(influence({}, { radius: 0 })).rejects.toThrow(
    'influence: radius must be a number in (0, 10], got 0',
  );
  const lagged = { cell: 'h[t] = tanh(W h[t-2] + V x[t])', loss: 'squared_error(h[t], y[t])', wrt: 'W' };
  await expect(influence(lagged)).rejects.toThrow(
    'influence: states must be read from the step before, got h[t-2]',
  );
});
