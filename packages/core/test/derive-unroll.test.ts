/** The unrolled graph: its values, gradients and paths are those of the derivation, and its edges multiply up to them. */
import { expect, test } from 'vitest';
import type { Numbers } from '../src/homework/derive/derivation.js';
import { derive } from '../src/homework/derive/derive.js';
import { type Unrolled, unroll } from '../src/homework/derive/unroll.js';
import { randomCell } from './derive-cells.js';

const lstm =
  'i[t] = sigmoid(W_i x[t] + U_i h[t-1]); f[t] = sigmoid(W_f x[t] + U_f h[t-1]); g[t] = tanh(W_g x[t] + U_g h[t-1]); c[t] = f[t] * c[t-1] + i[t] * g[t]; h[t] = tanh(c[t])';

const flat = (value: Numbers): number[] => [value].flat(3) as number[];
const largest = (values: readonly number[]): number => Math.max(0, ...values.map(Math.abs));

function expectNear(found: readonly number[], wanted: readonly number[], what: string): void {
  expect(found.length, what).toBe(wanted.length);
  const scale = Math.max(largest(found), largest(wanted), 1e-6);
  for (const [i, entry] of wanted.entries())
    expect(Math.abs(found[i]! - entry) / scale, what).toBeLessThan(1e-12);
}

/** dJ_t at every node by the edges' Jacobians alone: what the drawn graph says, with the chain rule and nothing else. */
function backThroughEdges({ nodes, edges }: Unrolled, loss: string): Map<string, number[]> {
  const gradients = new Map<string, number[]>([[loss, [1]]]);
  for (const { id } of [...nodes].reverse()) {
    const above = gradients.get(id);
    if (above === undefined) continue;
    for (const { from, to, jacobian } of edges) {
      if (to !== id) continue;
      const rows = jacobian as readonly (readonly number[])[];
      const before = gradients.get(from) ?? Array<number>(rows[0]!.length).fill(0);
      const sent = before.map((sum, c) => rows.reduce((all, row, r) => all + row[c]! * above[r]!, sum));
      gradients.set(from, sent);
    }
  }
  return gradients;
}

test.each([
  ['question 2', {}],
  ['question 2 from a drawn start', { start: 'drawn' as const }],
  ['by the first state', { wrt: 'h[0]', start: 'drawn' as const }],
  ['an LSTM', { cell: lstm, wrt: 'U_f', seed: 3 }],
  ['a squared error at the last step', { loss: 'squared_error(o[t], y[t])', at: 'last' as const, steps: 4 }],
])('%s: Jacobians along the edges give the gradients at the nodes, path by path', async (_, request) => {
  const unrolled = await unroll(request);
  const { nodes, paths, derivation, entries } = unrolled;
  expect(derivation).toEqual(await derive(request));
  expect(paths.map(({ t, k }) => [t, k])).toEqual(derivation.paths.map(({ t, k }) => [t, k]));
  const total = new Map<string, number[]>();
  for (const { t } of derivation.stepLosses) {
    const chain = backThroughEdges(unrolled, `J[${t}]`);
    for (const [id, gradient] of chain) {
      total.set(
        id,
        gradient.map((x, i) => x + (total.get(id)?.[i] ?? 0)),
      );
    }
    for (const { stations } of paths.filter((path) => path.t === t)) {
      expect(stations[0]!.id).toBe(`J[${t}]`);
      for (const { id, gradient } of stations) expectNear(flat(gradient), chain.get(id)!, `${t}: ${id}`);
    }
  }
  for (const { id, gradient, role } of nodes) {
    if (gradient === null || role === 'loss') continue;
    expectNear(flat(gradient), total.get(id) ?? flat(gradient).map(() => 0), id);
  }
  for (const { k, stations } of paths) {
    const last = stations.at(-1)!.id;
    expect(entries.filter((entry) => entry.k === k).map(({ id }) => id)).toContain(last);
  }
});

test('random cells: every path ends where the variable enters, and truncations approach the whole', async () => {
  for (let seed = 0; seed < 40; seed += 1) {
    const { cell, loss, sizes, steps, at } = randomCell(seed);
    const { derivation, truncations } = await unroll({ cell, loss, sizes, steps, at });
    expect(truncations).toHaveLength(steps);
    const whole = truncations.at(-1)!;
    expect(whole.bias).toBe(0);
    expectNear(flat(whole.gradient), flat(derivation.gradient), cell);
  }
});

test('a zero start makes the path through the first step vanish; a drawn one does not', async () => {
  const norms = (paths: Unrolled['derivation']['paths']): number[] =>
    paths.filter(({ k }) => k === 1).map(({ norm }) => norm);
  expect(norms((await unroll()).derivation.paths)).toEqual([0, 0, 0]);
  const drawn = await unroll({ start: 'drawn' });
  for (const norm of norms(drawn.derivation.paths)) expect(norm).toBeGreaterThan(1e-3);
  // Nothing else moved with the start.
  const { values } = (await unroll()).derivation;
  expect({ ...drawn.derivation.values, 'h[0]': [0, 0, 0, 0] }).toEqual(values);
});

test('shares add up to one, and a path that vanishes has none', async () => {
  const { shares } = await unroll();
  expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  for (const { k, share } of shares) if (k === 1) expect(share).toBe(0);
});

test('an entry set by hand moves the numbers; one that is not there is refused', async () => {
  const changes = [
    { name: 'W_hh', row: 2, column: 3, value: 0.5 },
    { name: 'x', step: 3, row: 1, value: -0.25 },
    { name: 'h', step: 0, row: 4, value: 0.125 },
  ];
  const { derivation } = await unroll({ changes });
  const { values } = derivation;
  expect((values.W_hh as number[][])[1]![2]).toBe(0.5);
  expect((values.x as number[][])[2]![0]).toBe(-0.25);
  expect(values['h[0]']).toEqual([0, 0, 0, 0.125]);
  expect(derivation.checks.passed).toBe(true);
  const refused = (change: (typeof changes)[number]): Promise<unknown> => derive({ changes: [change] });
  await expect(refused({ name: 'W_hh', row: 5, column: 1, value: 0 })).rejects.toThrow('got W_hh(5,1)');
  await expect(refused({ name: 'h', step: 2, row: 1, value: 0 })).rejects.toThrow('got h[2](1,1)');
  await expect(refused({ name: 'x', step: 1, row: 1, value: Number.NaN })).rejects.toThrow('got NaN');
});

test('marks point at every symbol of a line, with its index, and nothing else of the line changes', async () => {
  const { lines } = await unroll();
  const recursion = lines.find(({ text }) => text.startsWith('g_h[t]'))!;
  expect(recursion.symbols).toEqual([
    { name: 'h', index: 't', gradient: true },
    { name: 'h', index: 't', gradient: false },
    { name: 'W_yh', index: undefined, gradient: false },
    { name: 'o', index: 't', gradient: true },
    { name: 'W_hh', index: undefined, gradient: false },
    { name: 'z', index: 't+1', gradient: true },
  ]);
  for (const { latex, marked } of lines) {
    expect(marked.replace(/\{\\htmlData\{[^{}]*\}\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}\}/g, '$1')).toBe(
      latex,
    );
  }
  expect(lines.filter(({ path }) => path !== undefined).map(({ path }) => path)).toHaveLength(6);
});

test('long sequences keep norms and truncations, without every path spelled out', async () => {
  const { paths, truncations, edges, derivation } = await unroll({ steps: 20 });
  expect(paths).toEqual([]);
  expect(edges.every(({ jacobian }) => jacobian === null)).toBe(true);
  expect(derivation.paths).toHaveLength(210);
  expect(truncations).toHaveLength(20);
  expect(truncations[0]!.bias).toBeGreaterThan(truncations[10]!.bias);
});
