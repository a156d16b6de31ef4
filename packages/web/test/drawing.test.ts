/** Arithmetic of drawings, and the marks in sentences. */
import { describe, expect, test } from 'vitest';
import { axis, extent, linearTicks, logTicks } from '../src/charts/axis.js';
import { type BranchNode, movedTo } from '../src/charts/branches.js';
import { colorOf, largest, luminance, mix, textOn } from '../src/charts/color.js';
import { csvOf } from '../src/charts/export.js';
import type { Tokens } from '../src/charts/tokens.js';
import { piecesOf } from '../src/frame/prose-marks.js';
import { glossary } from '../src/i18n/glossary.js';
import { pages } from '../src/pages/registry.js';

const tokens = {
  card: '#ffffff',
  text: '#000000',
  sunken: '#eeeeee',
  negative: '#0000ff',
  positive: '#ff8000',
  attention: '#800080',
  magnitude: '#333333',
} as Tokens;

describe('axes', () => {
  test('ticks are round and inside', () => {
    expect(linearTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(linearTicks(-0.3, 0.3, 3)).toEqual([-0.2, 0, 0.2]);
    expect(linearTicks(3, 3, 4)).toEqual([3]);
    expect(linearTicks(Number.NaN, 1, 4)).toEqual([]);
    expect(logTicks(1e-12, 1, 7)).toEqual([1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 0.01, 1]);
  });

  test('positions and values are inverse, also when they are logarithmic', () => {
    for (const kind of ['linear', 'log'] as const) {
      const scale = axis(kind, [0.01, 100], [10, 210], 5);
      expect(scale.at(0.01)).toBeCloseTo(10);
      expect(scale.at(100)).toBeCloseTo(210);
      for (const value of [0.02, 1, 73]) expect(scale.value(scale.at(value))).toBeCloseTo(value, 9);
    }
    expect(axis('log', [0.01, 100], [0, 4], 5).at(1)).toBeCloseTo(2);
  });

  test('an extent holds what is finite and is never empty', () => {
    expect(extent([3, Number.NaN, -1, Number.POSITIVE_INFINITY])).toEqual([-1, 3]);
    expect(extent([])).toEqual([0, 1]);
    expect(extent([2, 2])[0]).toBeLessThan(2);
    expect(extent([0, 10], 0.1)).toEqual([-1, 11]);
  });
});

describe('colours', () => {
  test('0 is the surface, the ends are full, beyond them nothing more', () => {
    const scale = { kind: 'signed', limit: 2 } as const;
    expect(colorOf(0, scale, tokens)).toBe('#ffffff');
    expect(colorOf(-2, scale, tokens)).toBe('#0000ff');
    expect(colorOf(-200, scale, tokens)).toBe('#0000ff');
    expect(colorOf(2, scale, tokens)).toBe('#ff8000');
    expect(colorOf(1, scale, tokens)).toBe('#ffc080');
    expect(colorOf(Number.NaN, scale, tokens)).toBe('#eeeeee');
  });

  test('magnitudes by their logarithm', () => {
    const scale = { kind: 'log', floor: 1e-4, limit: 1 } as const;
    expect(colorOf(1e-2, scale, tokens)).toBe(mix('#ffffff', '#333333', 0.5));
    expect(colorOf(-1e-2, scale, tokens)).toBe(mix('#ffffff', '#333333', 0.5));
    expect(colorOf(0, scale, tokens)).toBe('#ffffff');
    expect(colorOf(1e-9, scale, tokens)).toBe('#ffffff');
  });

  test('text stands out from its cell', () => {
    expect(textOn('#ffffff', tokens)).toBe('#000000');
    expect(textOn('#0000ff', tokens)).toBe('#ffffff');
    expect(luminance('#ffffff')).toBeCloseTo(1);
    expect(largest([0, -3, Number.NaN, 2])).toBe(3);
    expect(largest([])).toBe(1);
  });
});

test('CSV keeps every digit, quotes what needs it and has no formulas', () => {
  const table = {
    columns: ['a', 'b,c'],
    rows: [
      ['=1+1', 1 / 3],
      ['say "x"', -1e-300],
      ['-0.5', 2],
    ],
  };
  expect(csvOf(table)).toBe(`a,"b,c"\r\n'=1+1,${1 / 3}\r\n"say ""x""",-1e-300\r\n-0.5,2\r\n`);
});

describe('marks in sentences', () => {
  test('formulas, terms, links and emphasis', () => {
    expect(piecesOf('A [[lstm]] has $h_{t}$, [[hidden|a state]], ((go|step *on*)) and *more*.')).toEqual([
      { kind: 'text', text: 'A ' },
      { kind: 'term', id: 'lstm', text: undefined },
      { kind: 'text', text: ' has ' },
      { kind: 'tex', text: 'h_{t}' },
      { kind: 'text', text: ', ' },
      { kind: 'term', id: 'hidden', text: 'a state' },
      { kind: 'text', text: ', ' },
      { kind: 'link', id: 'go', text: 'step *on*' },
      { kind: 'text', text: ' and ' },
      { kind: 'strong', text: 'more' },
      { kind: 'text', text: '.' },
    ]);
    expect(piecesOf('')).toEqual([]);
    expect(piecesOf('f(x) = 2 * 3')).toEqual([{ kind: 'text', text: 'f(x) = 2 * 3' }]);
  });

  test('every term that a page uses is in the glossary', async () => {
    for (const { id, load } of pages) {
      const { dictionaries } = (await load()).page;
      for (const words of [dictionaries.en, dictionaries.fa]) {
        for (const [key, text] of Object.entries(words)) {
          for (const piece of piecesOf(text)) {
            if (piece.kind === 'term') expect(glossary, `${id} ${key}`).toHaveProperty(piece.id);
          }
        }
      }
    }
  });
});

test('arrow keys walk a tree: to the token before, to the lit one behind, up and down in a column', () => {
  const node = (parent: number, column: number, row: number): BranchNode => {
    return { parent, column, row, label: 'x', value: '1', kind: 'on', description: '' };
  };
  // The rows of a column are not in the order of the nodes.
  const nodes = [node(-1, 0, 1), node(-1, 0, 0), node(0, 1, 2), node(0, 1, 0), node(1, 1, 1)];
  const lit = new Set([0, 3]);
  const from = (selected: number) => (key: string) => movedTo(`Arrow${key}`, selected, nodes, lit);
  expect(['Left', 'Right', 'Up', 'Down'].map(from(0))).toEqual([undefined, 3, 1, undefined]);
  expect(['Left', 'Right', 'Up', 'Down'].map(from(4))).toEqual([1, undefined, 3, 2]);
  expect(movedTo('ArrowRight', 0, nodes, new Set())).toBe(2);
  expect(movedTo('Enter', 0, nodes, lit)).toBeUndefined();
  expect(movedTo('ArrowLeft', 9, nodes, lit)).toBeUndefined();
});
