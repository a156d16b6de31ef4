/** The rows of a gate heat map: one quantity of a layer, the units that move most. */
import type { GateRecord } from '@hw5/core';
import type { Scale } from '../../charts/color.js';

/** What can be looked at in every cell there is, by PyTorch's letters. */
export const quantities = ['h', 'c', 'i', 'f', 'g', 'o', 'r', 'z', 'n'] as const;
export type Quantity = (typeof quantities)[number];

export interface GateRows {
  /** What is shown: `h` where the cell has no such quantity. */
  readonly quantity: Quantity;
  readonly units: readonly number[];
  /** [unit][time] */
  readonly values: readonly (readonly number[])[];
  readonly scale: Scale;
}

/** Squashed to (0, 1); the others have a sign. */
const gates: readonly Quantity[] = ['i', 'f', 'o', 'r', 'z'];

export function availableIn({ c, gates: named }: GateRecord): readonly Quantity[] {
  return quantities.filter((name) => name === 'h' || (name === 'c' && c !== undefined) || name in named);
}

/** @param most units that are shown, those whose values vary most over the text */
export function gateRows(record: GateRecord, wanted: Quantity, most: number): GateRows {
  const quantity = availableIn(record).includes(wanted) ? wanted : 'h';
  const [T, , H] = record.shape;
  const data =
    (quantity === 'h' ? record.h : quantity === 'c' ? record.c : record.gates[quantity]) ?? record.h;
  const rowOf = (unit: number): number[] => Array.from({ length: T }, (_, t) => data[t * H + unit] ?? 0);
  const rows = Array.from({ length: H }, (_, unit) => {
    const values = rowOf(unit);
    const mean = values.reduce((sum, value) => sum + value, 0) / T;
    return { unit, values, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / T };
  });
  rows.sort((a, b) => b.variance - a.variance || a.unit - b.unit);
  const shown = rows.slice(0, most);
  const values = shown.map((row) => row.values);
  const largest = values.flat().reduce((top, value) => Math.max(top, Math.abs(value)), 0);
  return {
    quantity,
    units: shown.map((row) => row.unit),
    values,
    scale: gates.includes(quantity)
      ? { kind: 'unit', limit: 1, hue: 'magnitude' }
      : { kind: 'signed', limit: quantity === 'c' ? Math.max(1, largest) : 1 },
  };
}

/** White space and joiners, which nobody sees, as something to see. */
export function visible(token: string): string {
  const names: Readonly<Record<string, string>> = {
    '\n': '↵',
    ' ': '␣',
    '\t': '⇥',
    '\r': '␍',
    '\u200c': 'ZWNJ',
    '\u200d': 'ZWJ',
  };
  return names[token] ?? token;
}

/** The first line of a text that says something, at most `most` characters. */
export function firstLine(text: string, most: number): string {
  const line = text
    .slice(0, 2000)
    .split('\n')
    .find((candidate) => [...candidate.trim()].length >= 8);
  return [...(line ?? text).trim()].slice(0, most).join('');
}
