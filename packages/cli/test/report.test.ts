import { Ansis } from 'ansis';
import { expect, test } from 'vitest';
import { columnMeans, lossChart, niceTicks } from '../src/report/chart.js';
import { bytes, clock, compact, plain } from '../src/report/format.js';
import { wrap } from '../src/report/sample.js';

const style = new Ansis(0);

test('the loss curve: a line for training, a mark per validation, ticks at their height', () => {
  const points = Array.from({ length: 200 }, (_, i) => ({
    step: i + 1,
    loss: 1 + 3 * Math.exp(-i / 40),
    ...((i + 1) % 50 === 0 ? { valLoss: 1.3 + 3 * Math.exp(-i / 40) } : {}),
  }));
  expect(lossChart(points, { width: 48, height: 10, style })).toMatchInlineSnapshot(`
    "   loss, nats per character   ⠒⠤ training   o validation
    4 ┤⢄
      │⠈⢢
      │  ⠑⢄
    3 ┤   ⠈⠢⡀
      │     ⠘⢄
      │       ⠑⢄⡀  o
    2 ┤         ⠈⠱⢄⡀
      │            ⠈⠑⠢⠤⣄⡀     o
      │                 ⠈⠉⠒⠒⠤⠤⠤⣀⣀⣀⣀       o           o
    1 ┤                            ⠉⠉⠉⠉⠉⠉⠑⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒
      └────────────────────────────────────────────────
       step 1                                       200"
  `);
});

test('the loss curve needs two finite points, and leaves out what is not finite', () => {
  expect(lossChart([], { style })).toBe('');
  expect(lossChart([{ step: 1, loss: 2 }], { style })).toBe('');
  const broken = [1, 2, 3].map((step) => ({ step, loss: step === 2 ? Number.NaN : 4 - step }));
  expect(lossChart(broken, { style })).not.toContain('NaN');
  expect(
    lossChart(
      [
        { step: 1, loss: 2 },
        { step: 2, loss: 2 },
      ],
      { style },
    ),
  ).toContain('2');
});

test('columnMeans: every step counts in exactly one column', () => {
  const points = Array.from({ length: 1001 }, (_, i) => ({ step: i + 1, loss: i % 2 }));
  const means = columnMeans(points, 100);
  expect(means).toHaveLength(100);
  expect(means.at(-1)?.[0]).toBe(1001);
  for (const [, mean] of means) expect(Math.abs(mean - 0.5)).toBeLessThan(0.06);
  expect(columnMeans(points.slice(0, 3), 100)).toEqual([
    [1, 0],
    [2, 1],
    [3, 0],
  ]);
});

test.each([
  [
    [0, 1],
    [0, 0.2, 0.4, 0.6, 0.8, 1],
  ],
  [
    [1.2, 4.7],
    [1, 2, 3, 4, 5],
  ],
  [
    [2, 2],
    [2, 2.5],
  ],
] as const)('niceTicks(%j) = %j', (values, ticks) => {
  expect(niceTicks(values, 5)).toEqual(ticks);
});

test.each([
  [0, '0'],
  [12, '12'],
  [999, '999'],
  [1000, '1k'],
  [999_999, '1.00M'],
  [31_234, '31.2k'],
  [2.5, '2.50'],
])('compact(%d) = %s', (value, text) => {
  expect(compact(value)).toBe(text);
});

test.each([
  [7.4, '0:07'],
  [3599.6, '1:00:00'],
  [3723, '1:02:03'],
  [Number.POSITIVE_INFINITY, '-:--'],
  [-1, '0:00'],
])('clock(%d) = %s', (seconds, text) => {
  expect(clock(seconds)).toBe(text);
});

test('bytes and plain', () => {
  expect([bytes(12), bytes(4_441_656), bytes(1_500)]).toEqual(['12 B', '4.44 MB', '1.50 kB']);
  expect([plain(3), plain(-2), plain(0.950027), plain(0.0003187)]).toEqual(['3', '-2', '0.95', '0.0003187']);
});

test('wrap: at spaces where there are some, by characters otherwise, nothing lost but those spaces', () => {
  expect(wrap('to be or not to be', 6)).toEqual(['to be', 'or not', 'to be']);
  expect(wrap('🙂🙂🙂🙂🙂', 2)).toEqual(['🙂🙂', '🙂🙂', '🙂']);
  expect(wrap('', 10)).toEqual(['']);
});
