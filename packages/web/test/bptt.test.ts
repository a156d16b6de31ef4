/** The page's logic without a browser: what it asks, what lights up, where things stand, what it asks the learner. */
import { derive, slices, unroll } from '@hw5/core/homework';
import { describe, expect, test } from 'vitest';
import { readChanges, withChange, writeChanges } from '../src/pages/bptt/changes.js';
import { type Focus, readFocus, writeFocus } from '../src/pages/bptt/focus.js';
import { layOut, NODE, neighbour } from '../src/pages/bptt/graph-layout.js';
import { shadePaths } from '../src/pages/bptt/heat-cells.js';
import { edgeId, litBy } from '../src/pages/bptt/lit.js';
import { largest, rowsOf, scientific, shown } from '../src/pages/bptt/numbers.js';
import { questionAt, worthOf } from '../src/pages/bptt/predict.js';
import { equationsOf, keeping } from '../src/pages/bptt/recurrences.js';
import { commandOf, deriveCommand, requestOf } from '../src/pages/bptt/request.js';
import {
  cutsOf,
  entryOf,
  movedBy,
  sliceable,
  slicedOf,
  sliceStepOf,
  slicesTable,
} from '../src/pages/bptt/slice-cuts.js';
import { readNode, spelled } from '../src/pages/bptt/spell.js';
import { recurrences, table, type Values } from '../src/pages/bptt/table.js';
import { nodesTable, pathsTable } from '../src/pages/bptt/tables.js';
import { bands, exponentAt, xOf, yOf } from '../src/pages/bptt/v-curve.js';
import { initialValues } from '../src/state/table.js';

const initial = initialValues(table);
const withValues = (values: Partial<Values>): Values => ({ ...initial, ...values });

describe('changes by hand', () => {
  test('are read back as they were written', () => {
    const text = 'W_hh(1,2)=0.5;x[2](3,1)=-0.25;h[0](4,1)=1e-7';
    expect(writeChanges(readChanges(text))).toBe(text);
  });

  test('of one entry replace each other', () => {
    const first = withChange([], { name: 'b', row: 2, column: 1, value: 1 });
    expect(withChange(first, { name: 'b', row: 2, column: 1, value: 3 })).toEqual([
      { name: 'b', row: 2, column: 1, value: 3 },
    ]);
    expect(withChange(first, { name: 'b', row: 1, column: 1, value: 3 })).toHaveLength(2);
  });

  test('that are none are left out, and there are not too many', () => {
    expect(readChanges('W=1;(1,2)=3;W(1,2)=NaN;W(1,2)=1e999;<b>;;W(100,1)=2')).toEqual([]);
    expect(readChanges('b(1,1)=1;'.repeat(5000))).toHaveLength(200);
  });
});

test('a focus in an address is read back, and nothing else is read', () => {
  const all: Focus[] = [
    { kind: 'path', t: 3, k: 1 },
    { kind: 'node', id: 'z_f[2]' },
    { kind: 'parameter', name: 'W_hh' },
    { kind: 'line', line: 12 },
  ];
  for (const focus of all) expect(readFocus(writeFocus(focus))).toEqual(focus);
  for (const bad of ['path 3', 'node h', 'line -1', '<img>', `node ${'h'.repeat(50)}[1]`])
    expect(readFocus(bad)).toBeNull();
});

describe('the question that the settings ask', () => {
  test('is the homework’s when nothing is set', async () => {
    const ours = await derive(requestOf(initial));
    const plain = await derive();
    expect(ours.gradient).toEqual(plain.gradient);
    expect(deriveCommand(initial)).toBe('hw5 derive');
    expect(commandOf(withValues({ view: 'hunt', level: 2, hunt: 7 }))).toBe('hw5 hunt --level 2 --seed 7');
  });

  test('is accepted by the engine for every recurrence of the page', async () => {
    for (const recurrence of recurrences) {
      const { checks } = await derive(requestOf(withValues({ recurrence, start: 'drawn' })));
      expect(checks.passed, recurrence).toBe(true);
    }
    for (const { cell, bias } of Object.values(keeping)) {
      const { shapes } = await derive({ cell });
      expect(shapes.map(({ name }) => name)).toContain(bias);
    }
  });

  test('forgets what another recurrence was asked for', async () => {
    const left = withValues({ recurrence: 'homework', wrt: 'U_f', changes: 'U_f(1,1)=2;W_hh(1,1)=0.5' });
    expect(requestOf(left)).toMatchObject({ changes: [{ name: 'W_hh' }] });
    expect((await derive(requestOf(left))).wrt).toBe('W_hh');
    expect(requestOf(withValues({ wrt: 'h[0]' })).wrt).toBe('h[0]');
    // What was never there is for the engine to refuse.
    expect(requestOf(withValues({ recurrence: 'own', own: 'h[t] = W h[t-1]', wrt: 'V' })).wrt).toBe('V');
  });

  test('is the same on the command line', () => {
    const values = withValues({
      recurrence: 'own',
      own: equationsOf('small', ''),
      wrt: 'W_hx',
      steps: 4,
      start: 'drawn',
      hidden: 3,
      changes: 'W_hx(1,1)=0.5',
    });
    expect(deriveCommand(values)).toBe(
      "hw5 derive --cell 'h[t] = psi(W_hh h[t-1] + W_hx x[t]); o[t] = W_yh h[t]' --wrt W_hx --steps 4 --size h=3 --start drawn --set 'W_hx(1,1)=0.5'",
    );
  });
});

describe('what lights up', () => {
  test('a path: from its loss back to where the parameter is used, and nothing of other steps', async () => {
    const unrolled = await unroll();
    const lit = litBy({ kind: 'path', t: 2, k: 1 }, unrolled);
    expect([...lit.nodes].sort()).toEqual([
      'J[2]',
      'h[0]',
      'h[1]',
      'h[2]',
      'o[2]',
      'yhat[2]',
      'z[1]',
      'z[2]',
    ]);
    expect(lit.edges.has('h[1]>z[2]')).toBe(true);
    expect(lit.edges.has('h[0]>z[1]')).toBe(true);
    expect(lit.edges.has('h[1]>o[1]')).toBe(false);
    expect([...lit.parameters]).toEqual(['W_hh']);
  });

  test('a written-out line lights its path; a general one its values at every step', async () => {
    const unrolled = await unroll();
    const written = unrolled.lines.findIndex(({ path }) => path?.t === 3 && path.k === 2);
    expect(litBy({ kind: 'line', line: written }, unrolled)).toEqual(
      litBy({ kind: 'path', t: 3, k: 2 }, unrolled),
    );
    const recursion = unrolled.lines.findIndex(({ text }) => text.startsWith('g_h[t]'));
    const { nodes, parameters } = litBy({ kind: 'line', line: recursion }, unrolled);
    for (const id of ['h[1]', 'h[3]', 'o[2]', 'z[2]', 'z[3]']) expect(nodes.has(id), id).toBe(true);
    expect(nodes.has('z[4]')).toBe(false);
    expect([...parameters].sort()).toEqual(['W_hh', 'W_yh']);
  });

  test('a parameter: its uses', async () => {
    const lit = litBy({ kind: 'parameter', name: 'W_hh' }, await unroll());
    expect([...lit.nodes].sort()).toEqual(['z[1]', 'z[2]', 'z[3]']);
    expect([...lit.edges].sort()).toEqual(['h[0]>z[1]', 'h[1]>z[2]', 'h[2]>z[3]']);
  });
});

describe.each(['homework', 'gru', 'lstm'] as const)('the drawing of %s', (name) => {
  test('has no value on another one, all inside, and time to the right', async () => {
    const unrolled = await unroll(requestOf(withValues({ recurrence: name, wrt: '' })));
    const layout = layOut(unrolled);
    expect(layout.nodes).toHaveLength(unrolled.nodes.length);
    expect(layout.edges).toHaveLength(unrolled.edges.length);
    for (const a of layout.nodes) {
      expect(a.x - NODE.width / 2).toBeGreaterThanOrEqual(0);
      expect(a.x + NODE.width / 2).toBeLessThanOrEqual(layout.width);
      expect(a.y + NODE.height / 2).toBeLessThan(layout.height);
      for (const b of layout.nodes) {
        if (a === b) continue;
        const apart = Math.abs(a.x - b.x) >= NODE.width || Math.abs(a.y - b.y) >= NODE.height;
        expect(apart, `${a.id} ${b.id}`).toBe(true);
        if (a.node.name === b.node.name && a.node.step < b.node.step) expect(a.x).toBeLessThan(b.x);
      }
    }
    for (const { edge } of layout.edges) expect(edgeId(edge)).toContain('>');
  });

  test('can be walked through with the arrow keys', async () => {
    const layout = layOut(await unroll(requestOf(withValues({ recurrence: name, wrt: '' }))));
    const reached = new Set([layout.nodes[0]!.id]);
    for (const id of reached)
      for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const)
        reached.add(neighbour(layout, id, key));
    expect(reached.size).toBe(layout.nodes.length);
  });
});

describe('questions', () => {
  test('know their answers: with h0 = 0 the terms of k = 1 vanish, for W_hx none does', async () => {
    const asked = questionAt(await unroll(), 0);
    expect(asked.kind).toBe('vanish');
    expect(worthOf(asked, 1)).toBe(1);
    expect(worthOf(asked, 0)).toBe(0);
    expect(worthOf(questionAt(await unroll({ wrt: 'W_hx' }), 0), 0)).toBe(1);
    expect(worthOf(questionAt(await unroll({ start: 'drawn' }), 0), 0)).toBe(1);
  });

  test('of every kind are answered by what the page shows', async () => {
    const unrolled = await unroll({ seed: 4 });
    const { paths, gradient } = unrolled.derivation;
    const kinds = new Set<string>();
    for (let n = 0; n < 18; n += 1) {
      const asked = questionAt(unrolled, n);
      kinds.add(asked.kind);
      expect(worthOf(asked, asked.answer), asked.kind).toBe(1);
      if ('options' in asked) {
        expect(asked.answer).toBeGreaterThanOrEqual(0);
        expect(asked.answer).toBeLessThan(asked.options.length);
      }
      if (asked.kind === 'count') expect(asked.answer).toBe(paths.length);
      if (asked.kind === 'entry') {
        const { row, column } = asked.facts;
        expect(asked.answer).toBe(rowsOf(gradient)[Number(row) - 1]![Number(column) - 1]);
        expect(worthOf(asked, asked.answer + largest(rowsOf(gradient)) / 2)).toBeCloseTo(0.5, 10);
      }
    }
    expect([...kinds].sort()).toEqual(['count', 'entry', 'future', 'largest', 'shape', 'vanish']);
  });
});

test('tables hold every number of their drawings', async () => {
  const unrolled = await unroll();
  const { rows } = pathsTable(unrolled);
  const sums = rows
    .slice(0, -1)
    .reduce<number[]>((all, row) => row.map((x, i) => (all[i] ?? 0) + Number(x)), []);
  for (const [i, x] of rows.at(-1)!.entries()) if (i > 1) expect(sums[i]).toBeCloseTo(Number(x), 12);
  expect(nodesTable(unrolled, true).rows.every((row) => row[3] === '?')).toBe(true);
  expect(nodesTable(unrolled, false).rows.length).toBe(
    unrolled.nodes.reduce((sum, { value }) => sum + rowsOf(value).flat().length, 0),
  );
});

test('numbers and names as they are written', () => {
  expect(shown(-0.304, 2)).toBe('\u22120.30');
  expect(shown(0.0001, 2)).toBe('1e\u22124');
  expect(shown(Number.NaN, 2)).toBe('NaN');
  expect(scientific(3.21e-9)).toBe('3e\u22129');
  expect(scientific(1.72)).toBe('1.7');
  expect(spelled('z_f', 2)).toEqual({ base: 'z', sub: 'f,2' });
  expect(readNode('h[-1]')).toEqual({ name: 'h', step: -1 });
  expect(readNode('W_hh')).toBeNull();
});

test('the V: axes run both ways, bands meet', () => {
  for (const exponent of [-1, -4.25, -12]) expect(exponentAt(xOf(exponent, 500), 500)).toBe(exponent);
  expect(exponentAt(-100, 500)).toBe(-1);
  expect(yOf(0)).toBe(yOf(1e-12));
  expect(yOf(1e-3)).toBeLessThan(yOf(1e-9));
  for (const [i, band] of bands.entries()) if (i > 0) expect(band.to).toBe(bands[i - 1]!.from);
});

test('a map draws every cell once, cells of one shade together', () => {
  const cells = Array.from({ length: 60 }, (_, i) => ({ x: i, y: 2 * i, share: (i % 3) / 2 - 0.001 }));
  const paths = shadePaths(cells, 1);
  expect(paths).toHaveLength(3);
  expect(paths.map(({ path }) => path.split('M').length - 1)).toEqual([20, 20, 20]);
  expect(paths.map(({ share }) => share)).toEqual([0, 0.5, 1]);
});

describe('slices', () => {
  test('cut both ways hold the same numbers, in every layout', async () => {
    const cell = 'h[t] = tanh(W h[t-1] + U x[t])';
    const request = { cell, loss: 'squared_error(h[t], y[t])', wrt: 'U', sizes: { h: 2, x: 3 }, steps: 2 };
    const plain = cutsOf(await slices(request), 'value', 0);
    expect([plain.rows, plain.columns]).toEqual([2, 1]);
    for (const layout of ['shape', 'numerator', 'denominator'] as const) {
      const other = cutsOf(await slices({ ...request, layout }), 'parameter', 0);
      expect([other.rows, other.columns], layout).toEqual([2, 3]);
      for (const { row, column, rows } of other.list) {
        expect([rows.length, rows[0]!.length], layout).toEqual(layout === 'denominator' ? [1, 2] : [2, 1]);
        expect(rows.flat()).toEqual(plain.list.map((cut) => cut.rows[row - 1]![column - 1]));
      }
    }
    const first = await slices(request);
    expect(cutsOf(first, 'value', 1).list[0]!.rows).toEqual(first.slices[0]!.uses[0]!.part);
  });

  test('are found by arrow keys, and never outside', async () => {
    const cuts = cutsOf(await slices({ sizes: { h: 2, x: 3 } }), 'parameter', 0);
    expect([cuts.rows, cuts.columns]).toEqual([2, 2]);
    expect(movedBy('ArrowDown', 0, cuts)).toBe(2);
    expect(movedBy('ArrowRight', 2, cuts)).toBe(3);
    expect(movedBy('ArrowRight', 3, cuts)).toBe(3);
    expect(movedBy('a', 0, cuts)).toBeUndefined();
    const vector = cutsOf(await slices({ sizes: { h: 3 } }), 'value', 0);
    expect(['ArrowRight', 'ArrowDown'].map((key) => movedBy(key, 0, vector))).toEqual([1, 1]);
    expect(entryOf({ row: 2, column: 1 }, 1)).toBe('2');
    expect(entryOf({ row: 2, column: 1 }, 3)).toBe('2,1');
  });

  test('are of a value that the recurrence has, at a step that it has', async () => {
    const unrolled = await unroll();
    expect(sliceable(unrolled)[0]).toBe('h');
    expect(sliceable(unrolled)).toContain('z');
    expect(slicedOf(unrolled, 'o')).toBe('o');
    expect(slicedOf(unrolled, 'c')).toBe('h');
    expect([0, 2, 50].map((step) => sliceStepOf(unrolled, step))).toEqual([3, 2, 3]);
  });

  test('as a table: a line for each pair of entries, whose uses add up', async () => {
    const { columns, rows } = slicesTable(await slices({ start: 'drawn' }), 0);
    expect(columns).toEqual(['h[3]', 'W_hh', 'derivative', 'k=1', 'k=2', 'k=3']);
    expect(rows).toHaveLength(4 * 16);
    for (const [, , whole, ...parts] of rows as [string, string, number, ...number[]][])
      expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(whole, 12);
    const long = slicesTable(await slices({ steps: 20 }), 20);
    expect(long.columns).toEqual(['h[20]', 'W_hh', 'derivative', 'k=20']);
  });
});
