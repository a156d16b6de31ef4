import { knownTasks, lookAtArchitecture, shapes } from '@hw5/core/homework';
import { describe, expect, test } from 'vitest';
import { routeCommand } from '../src/pages/architecture/command.js';
import { worthOf } from '../src/pages/architecture/judge.js';
import { named, place } from '../src/pages/architecture/layout.js';
import { stages } from '../src/pages/architecture/shape-strip.js';
import { sockets, table, tasks } from '../src/pages/architecture/table.js';
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
    const { nodes, edges } = lookAtArchitecture('translation', choice);
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
