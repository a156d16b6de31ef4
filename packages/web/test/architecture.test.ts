import { type GraphNode, knownTasks, lookAtArchitecture, shapes } from '@hw5/core/homework';
import { describe, expect, test } from 'vitest';
import { routeCommand } from '../src/pages/architecture/command.js';
import { worthOf } from '../src/pages/architecture/judge.js';
import { named, place } from '../src/pages/architecture/layout.js';
import { lossSteps, maskSteps, settingsOf, withLoss } from '../src/pages/architecture/loss-steps.js';
import { stages } from '../src/pages/architecture/shape-strip.js';
import { sockets, table, tasks } from '../src/pages/architecture/table.js';
import { carriedBy, isMovable, putDown, type Wire } from '../src/pages/architecture/wires.js';
import { initialValues } from '../src/state/table.js';

test('cards and sockets are those that core knows', () => {
  expect([...tasks]).toEqual(knownTasks.map(({ id }) => id));
  expect([...sockets]).toEqual([...shapes]);
});

const values = initialValues(table);
const choices = sockets.flatMap((shape) =>
  [false, true].flatMap((bidirectional) =>
    (['last', 'attention'] as const).map((readout) => ({ ...values, shape, bidirectional, readout })),
  ),
);

describe.each(choices)('$shape, both ways $bidirectional, $readout', (choice) => {
  test('every node has a place of its own, outputs above what they read', () => {
    const { nodes, edges } = lookAtArchitecture('translation', { ...choice, mask: lossSteps(choice) });
    const layout = place(nodes);
    expect(new Set(layout.nodes.map(({ column, row }) => `${column} ${row}`)).size).toBe(nodes.length);
    const at = new Map(layout.nodes.map((node) => [node.id, node]));
    for (const [from, to] of edges) {
      const [a, b] = [at.get(from)!, at.get(to)!];
      // Time runs to the right; only a backward layer reads from the right.
      if (!/^[by]/.test(a.layer) && !b.layer.startsWith('b'))
        expect(b.column).toBeGreaterThanOrEqual(a.column);
    }
    for (const { column, row } of layout.nodes) {
      expect(column).toBeLessThan(layout.columns);
      expect(row).toBeLessThan(layout.rows);
    }
  });

  test('the shapes tell of the directions and end in classes', () => {
    const strip = stages(choice);
    expect(strip.at(-1)!.shape).toContain('K');
    const states = strip.find(({ name }) => name === 'states');
    expect(states?.shape.includes('2H') ?? false).toBe(
      choice.bidirectional && choice.shape !== 'one-to-many',
    );
  });
});

test('a choice is worth something when it can work, and all when nothing is better', () => {
  const text = { fa: 'نه', en: 'no' };
  expect(worthOf({ obstacle: text, handicap: null })).toBe(0);
  expect(worthOf({ obstacle: null, handicap: text })).toBe(0.5);
  expect(worthOf({ obstacle: null, handicap: null })).toBe(1);
});

test('names and the command', () => {
  expect(named('y', 12)).toBe('y₁₂');
  expect(routeCommand({ task: 'speech' }, 'en')).toBe('npx hw5 route speech');
  expect(routeCommand({ task: 'speech' }, 'fa')).toBe('npx hw5 route speech --lang fa');
});

describe('losses of an aligned network', () => {
  const aligned = { ...values, shape: 'aligned' as const, inputs: 4 };

  test('are set and cleared one by one, and a full or a last one has a name', () => {
    expect(lossSteps(aligned)).toEqual([1, 2, 3, 4]);
    expect(withLoss(aligned, 2, false)).toEqual({ loss: 'masked', mask: '1,3,4' });
    const masked = { ...aligned, loss: 'masked' as const, mask: '1,3,4' };
    expect(withLoss(masked, 2, true)).toEqual({ loss: 'each', mask: '' });
    expect(withLoss({ ...masked, mask: '1,4' }, 1, false)).toEqual({ loss: 'last', mask: '' });
    // Something must be learnt.
    expect(withLoss({ ...aligned, loss: 'last' }, 4, false)).toBeNull();
    expect(settingsOf([9], 4)).toBeNull();
  });

  test('are read from an address, whatever stands there', () => {
    expect(maskSteps('3, 1,1,x,99,0,-2,<b>')).toEqual([3, 1]);
    expect(lossSteps({ ...aligned, loss: 'masked', mask: '2,9' })).toEqual([2]);
    expect(lossSteps({ ...aligned, loss: 'masked', mask: 'nothing' })).toEqual([4]);
    for (const loss of table.loss.options) {
      const steps = lossSteps({ ...aligned, loss, mask: '2' });
      expect(() => lookAtArchitecture('tagging', { ...aligned, loss, mask: steps })).not.toThrow();
    }
  });

  test('show in the shapes', () => {
    const shapeOf = (change: Partial<typeof aligned>): string =>
      stages({ ...aligned, ...change }).at(-1)!.shape;
    expect(shapeOf({})).toBe('[B, T, K]');
    expect(shapeOf({ loss: 'last' })).toBe('[B, K]');
    expect(shapeOf({ loss: 'masked', mask: '1,2' })).toBe('[B, 2, K]');
    expect(shapeOf({ loss: 'ctc' })).toBe('[B, T, K + 1]');
  });
});

describe('a wire that is carried to another node', () => {
  const drawn = (
    change: Partial<typeof values>,
  ): { readonly nodes: readonly GraphNode[]; wire: (from: string, to: string) => Wire } => {
    const choice = { ...values, ...change };
    const { nodes, edges } = lookAtArchitecture('tagging', { ...choice, mask: lossSteps(choice) });
    const find = (id: string): GraphNode => nodes.find((node) => node.id === id)!;
    return {
      nodes,
      wire: (from, to) => {
        expect(edges).toContainEqual([from, to]);
        return { from: find(from), to: find(to) };
      },
    };
  };
  const node = (nodes: readonly GraphNode[], id: string): GraphNode => nodes.find((one) => one.id === id)!;

  test('of an aligned output: it waits, and the engine’s graph then has that wire', () => {
    const { nodes, wire } = drawn({});
    const change = putDown(values, wire('h1 2', 'y 2'), node(nodes, 'h1 4'), 6);
    expect(change).toEqual({ wait: 2 });
    drawn(change!).wire('h1 4', 'y 2');
    expect(putDown(values, wire('h1 3', 'y 3'), node(nodes, 'h1 1'), 6)).toEqual({ wait: 0 });
    expect(putDown(values, wire('h1 3', 'y 3'), node(nodes, 'x 4'), 6)).toBeNull();
    // The last state serves all that wait longer.
    const later = drawn({ wait: 3 });
    expect(putDown({ ...values, wait: 3 }, later.wire('h1 6', 'y 5'), node(nodes, 'h1 6'), 6)).toEqual({
      wait: 3,
    });
    expect(isMovable({ ...values, bidirectional: true }, wire('h1 2', 'y 2'))).toBe(false);
  });

  test('of one answer: from the last state to all of them and back, the backward layer’s last being its first', () => {
    for (const [bidirectional, end, other] of [
      [false, 'h1 6', 'h1 3'],
      [true, 'b1 1', 'b1 4'],
    ] as const) {
      const choice = { ...values, shape: 'many-to-one' as const, bidirectional };
      const { nodes, wire } = drawn(choice);
      expect(putDown(choice, wire(end, 'y 1'), node(nodes, other), 6)).toEqual({ readout: 'mean' });
      const all = { ...choice, readout: 'max' as const };
      expect(putDown(all, drawn(all).wire(other, 'y 1'), node(nodes, end), 6)).toEqual({ readout: 'last' });
      expect(putDown(all, drawn(all).wire(other, 'y 1'), node(nodes, other), 6)).toEqual({ readout: 'max' });
    }
  });

  test('of a decoder: to its later steps is attention', () => {
    const choice = { ...values, shape: 'encoder-decoder' as const };
    const { nodes, wire } = drawn(choice);
    const handle = wire('h1 6', 'd 1');
    expect(putDown(choice, handle, node(nodes, 'd 3'), 6)).toEqual({ readout: 'attention' });
    expect(carriedBy('ArrowUp', choice, handle, nodes)?.id).toBe('d 2');
    expect(carriedBy('ArrowRight', choice, handle, nodes)?.id).toBe('h1 6');
    expect(carriedBy('ArrowLeft', choice, handle, nodes)?.id).toBe('h1 5');
    expect(carriedBy('x', choice, handle, nodes)).toBeUndefined();
    // A key is pressed again before the graph is there that the first press asked for.
    const aligned = drawn({});
    const stale = aligned.wire('h1 3', 'y 3');
    expect(carriedBy('ArrowRight', { ...values, wait: 1 }, stale, aligned.nodes)?.id).toBe('h1 5');
  });
});
