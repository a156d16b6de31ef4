import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linesChart } from '../src/report/lines.js';
import { curvesSvg, stripsSvg } from '../src/report/svg.js';
import { out } from '../src/terminal.js';
import { folder, hw5 } from './cli.js';

test('an experiment, its drawing, and JSON', async () => {
  const cwd = folder();
  const text = await hw5(['experiment', 'chain', '--seeds', '2', '--svg', 'chain.svg', '--lang', 'fa'], {
    cwd,
  });
  expect(text.code).toBe(0);
  expect(text.stdout).toContain('✓ \u2067بیشترین خطا');
  expect(readFileSync(join(cwd, 'chain.svg'), 'utf8')).toMatch(/^<svg [\s\S]*<circle [\s\S]*<\/svg>\n$/);
  const json = JSON.parse((await hw5(['experiment', 'chain', '--seeds', '2', '--json'], { cwd })).stdout);
  expect(json).toMatchObject({ name: 'chain', seeds: [0, 1], findings: [{ holds: true }, { holds: true }] });
});

test.each([
  [['chess'], 'experiment: must be one of'],
  [['mood', '--seeds', '1'], '--seeds: must be a whole number of at least 2'],
  [['chain', '--seeds', '2', '--svg', 'no/such/folder.svg'], 'path must exist'],
])('refuses %j', async (args, words) => {
  const { code, stderr } = await hw5(['experiment', ...args], { cwd: folder() });
  expect(code).toBe(1);
  expect(stderr).toContain(words);
});

const lines = [
  { name: 'up & <down>', points: [0, 1, 2].map((x) => ({ x, mean: x, spread: 0.5 })) },
  { name: 'flat', points: [0, 1, 2].map((x) => ({ x, mean: 1, spread: 0 })) },
];

test('curves in the terminal stand at their height', () => {
  const drawn = linesChart(lines, out.style, 11, 5).split('\n');
  expect(drawn.slice(0, 5).map((line) => line.slice(-11).trim().length > 0)).toEqual([
    true,
    true,
    true,
    true,
    true,
  ]);
  expect(drawn[0]).toMatch(/^ +2 ┤ {10}a$/);
  expect(drawn[4]).toMatch(/^ +0 ┤a$/);
  expect(drawn.at(-2)).toContain('a  up & <down>');
  expect(linesChart([], out.style)).toBe('');
});

test('curves as SVG: bands, lines, escaped names', () => {
  const svg = curvesSvg('title', 'loss', lines);
  expect(svg.match(/<path /g)).toHaveLength(4);
  expect(svg).toContain('up &#38; &#60;down&#62;');
  expect(svg).not.toContain('NaN');
  const strips = stripsSvg('title', 'loss', [{ name: 'one', values: [1, 1], mean: 1 }]);
  expect(strips.match(/<circle /g)).toHaveLength(2);
  expect(strips).not.toContain('NaN');
});
