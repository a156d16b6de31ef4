/** The page about attention: its geometry, its table by hand, its command. */
import { describe, expect, it, test } from 'vitest';
import { emptyGuess, judge, positions, shownAt } from '../src/pages/attention/by-hand.js';
import { attendCommand } from '../src/pages/attention/command.js';
import { mathNumber, subscript } from '../src/pages/attention/numbers.js';
import { axesOf, fromPlane, gridLines, inPlane, reach, snapped } from '../src/pages/attention/plane.js';
import { presets } from '../src/pages/attention/presets.js';
import { corners, placeOf } from '../src/pages/attention/simplex.js';
import { table } from '../src/pages/attention/table.js';
import { format, initialValues, namesOf, parse } from '../src/state/table.js';

describe('plane', () => {
  it('shows two entries and puts back what was dragged, the others untouched', () => {
    const axes = axesOf('1-3', 3);
    expect(axes).toEqual([0, 2]);
    expect(inPlane([3, -1, -2], axes)).toEqual([3, -2]);
    expect(fromPlane([3, -1, -2], axes, [5, 6])).toEqual([5, -1, 6]);
  });

  it('falls back to entries that there are', () => {
    expect(axesOf('3-4', 2)).toEqual([1, 1]);
    expect(inPlane([7], axesOf('1-2', 1))).toEqual([7, 0]);
    expect(fromPlane([7], axesOf('1-2', 1), [2, 0])).toEqual([2]);
  });

  it('is large enough for every arrow, and snaps to what a pixel is worth', () => {
    expect(
      reach(
        [
          [3, -1],
          [0.2, 4],
        ],
        [0, 1],
      ),
    ).toBe(5);
    expect(reach([[0, 0]], [0, 1])).toBe(2);
    expect(snapped(1.2345, 5)).toBe(1.2);
    expect(snapped(-0.04, 5)).toBe(0);
    expect(Object.is(snapped(-0.04, 5), 0)).toBe(true);
    expect(snapped(123.4, 400)).toBe(120);
    for (const size of [2, 5, 17, 1000]) {
      const lines = gridLines(size);
      expect(lines.length).toBeLessThanOrEqual(19);
      expect(lines).toContain(0);
      expect(Math.max(...lines)).toBeLessThanOrEqual(size);
    }
  });
});

describe('simplex', () => {
  it('puts one-hot weights on their corners and even ones in the middle', () => {
    for (const keys of [2, 3, 4, 8]) {
      const at = corners(keys);
      for (let i = 0; i < keys; i += 1) {
        const weights = at.map((_, j) => (i === j ? 1 : 0));
        expect(placeOf(weights, at)).toEqual(at[i]);
      }
      const middle = placeOf(new Array<number>(keys).fill(1 / keys), at);
      expect(Math.hypot(...middle)).toBeLessThan(1e-12);
    }
  });
});

describe('by hand', () => {
  const truth = { scores: [-2, 3, 0, 6], ties: [3], output: [6, 1, 2] };

  it('reveals scores one by one, then the weights, then the output', () => {
    expect(positions(4)).toBe(7);
    expect(shownAt(0, 4)).toEqual({ scores: 0, weights: false, output: false });
    expect(shownAt(4, 4)).toEqual({ scores: 4, weights: false, output: false });
    expect(shownAt(5, 4)).toEqual({ scores: 4, weights: true, output: false });
    expect(shownAt(6, 4)).toEqual({ scores: 4, weights: true, output: true });
  });

  it('judges each cell; nothing typed is nothing right', () => {
    expect(judge(emptyGuess(4, 3), truth).worth).toBe(0);
    expect(judge({ scores: [-2, 3, 0, 6], index: 4, output: [6, 1, 2] }, truth).worth).toBe(1);
    const slip = judge({ scores: [-2, 3, 0, -6], index: 2, output: [6, -1, 2] }, truth);
    expect(slip).toMatchObject({
      scores: [true, true, true, false],
      index: false,
      output: [true, false, true],
    });
    expect(slip.worth).toBeCloseTo(5 / 8, 12);
    expect(judge({ scores: [Number.NaN, 3, 0, 6], index: 4, output: [6, 1, 2] }, truth).scores[0]).toBe(
      false,
    );
  });

  it('takes each of several best keys, and weights to three digits', () => {
    const tie = { scores: [1, 1], ties: [0, 1], output: [0.3333333] };
    expect(judge({ scores: [1, 1], index: 1, output: [0.333] }, tie).worth).toBe(1);
    expect(judge({ scores: [1, 1], index: 2, output: [0.333] }, tie).worth).toBe(1);
    expect(judge({ scores: [1, 1], index: 3, output: [0.4] }, tie).worth).toBe(0.5);
  });
});

describe('the command', () => {
  const initial = initialValues(table);

  it('is short for question 3 and names what differs', () => {
    expect(attendCommand(initial)).toBe('npx hw5 attend');
    expect(
      attendCommand({
        ...initial,
        mode: 'sparsemax',
        query: [1, 0, -0.5],
        keys: [
          [1, 0, 0],
          [0, 1, 0],
        ],
      }),
    ).toBe('npx hw5 attend --keys "1,0,0;0,1,0" --query 1,0,-0.5 --mode sparsemax');
  });
});

test('presets are settings that the table accepts, and fit together', () => {
  for (const { values } of presets) {
    const all = { ...initialValues(table), ...values };
    for (const name of namesOf(table)) {
      expect(parse(table, name, format(table, name, all[name] as never))).toEqual({ value: all[name] });
    }
    expect(all.keys.length).toBe(all.values.length);
    expect(all.keys.every((key) => key.length === all.query.length)).toBe(true);
    expect(all.values.every((value) => value.length === all.target.length)).toBe(true);
  }
});

test('numbers as mathematics writes them', () => {
  expect(mathNumber(-2)).toBe('−2');
  expect(mathNumber(0.04709, 2)).toBe('0.047');
  expect(mathNumber(1e-7)).toBe('1.00e−7');
  expect(mathNumber(Number.POSITIVE_INFINITY)).toBe('∞');
  expect(mathNumber(Number.NaN)).toBe('–');
  expect(subscript(12)).toBe('₁₂');
});
