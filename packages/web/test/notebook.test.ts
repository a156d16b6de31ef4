/** The notebook of pinned numbers: kept, ordered, undone, bounded, and written so that no digit and no sign is lost. */
import { describe, expect, test } from 'vitest';
import { formats, writeNotebook } from '../src/frame/pins/files.js';
import { MOST_PINS, type Pin, Pins, readPins } from '../src/frame/pins/pins.js';
import { texNumber } from '../src/math/tex-number.js';

function memory(before: Readonly<Record<string, string>> = {}): Storage {
  const values = new Map(Object.entries(before));
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  } as unknown as Storage;
}

const pin = (label: string, value = 1): Omit<Pin, 'id'> => ({
  label,
  value,
  title: 'Page',
  query: '?v=1&p=bptt',
});
const labels = (pins: Pins): readonly string[] => pins.all.value.map(({ label }) => label);

describe('pins', () => {
  test('are kept in their order, also by another page of the lab, and changes are undone one by one', () => {
    const storage = memory();
    const pins = new Pins(() => storage);
    for (const label of ['a', 'b', 'c']) pins.add(pin(label));
    const [, b, c] = pins.all.value as [Pin, Pin, Pin];
    pins.move(c.id, -1);
    expect(labels(pins)).toEqual(['a', 'c', 'b']);
    pins.move(b.id, 1);
    expect(labels(pins)).toEqual(['a', 'c', 'b']);
    pins.remove(c.id);
    expect(labels(new Pins(() => storage))).toEqual(['a', 'b']);
    pins.clear();
    expect(labels(pins)).toEqual([]);
    const seen: string[] = [];
    while (pins.canUndo.value) {
      pins.undo();
      seen.push(labels(pins).join(''));
    }
    expect(seen).toEqual(['ab', 'acb', 'abc', 'ab', 'a', '']);
    expect(labels(new Pins(() => storage))).toEqual([]);
  });

  test('the same number from the same place is pinned once; another state of the page is another place', () => {
    const pins = new Pins(() => memory());
    pins.add(pin('a'));
    pins.add(pin('\u2068a\u2069'));
    pins.add(pin('a', 2));
    pins.add({ ...pin('a'), query: '?v=1&p=bptt&seed=2' });
    expect(pins.all.value).toHaveLength(3);
    expect(new Set(pins.all.value.map(({ id }) => id)).size).toBe(3);
  });

  test('the oldest go when there are too many, and long texts are cut', () => {
    const storage = memory();
    const pins = new Pins(() => storage);
    for (let i = 0; i < MOST_PINS + 3; i += 1) pins.add(pin(`n${i}`));
    pins.add({ ...pin('x'.repeat(9000)), query: `?${'y'.repeat(90_000)}`, formula: 'z'.repeat(90_000) });
    expect(pins.all.value).toHaveLength(MOST_PINS);
    expect(labels(pins)[0]).toBe('n4');
    expect(readPins(storage.getItem('hw5.notebook'))).toEqual(pins.all.value);
    expect(pins.all.value.at(-1)).not.toHaveProperty('formula');
  });

  test.each([
    null,
    '',
    '{',
    '7',
    '{"a":1}',
    '[1,null,"x"]',
    JSON.stringify([{ ...pin('a'), id: '1', query: 'https://elsewhere.example/' }]),
    JSON.stringify([{ ...pin('a'), id: '1', query: 'javascript:alert(1)' }]),
    JSON.stringify([{ ...pin('a'), id: '1', value: '3' }]),
    JSON.stringify([{ ...pin('a'), id: {} }]),
  ])('stored nonsense counts as nothing: %s', (stored) => {
    expect(readPins(stored)).toEqual([]);
  });

  test('a browser without storage keeps them as long as the tab is open', () => {
    const pins = new Pins(() => {
      throw new DOMException('no', 'SecurityError');
    });
    pins.add(pin('a'));
    expect(labels(pins)).toEqual(['a']);
  });
});

describe('files', () => {
  const pins: readonly Pin[] = [
    { ...pin('dJ/dW_hh 1,2', -1.5e-9), id: '1', formula: '\\left(W\\right)_{1, 2} = |x|' },
    { ...pin('=HYPERLINK("x") | 100% & <b> سلام', 0.1 + 0.2), id: '2' },
  ];
  const written = Object.fromEntries(
    formats.map((format) => [format, writeNotebook(pins, format, 'https://lab.example/')]),
  );

  test('CSV keeps every digit and no cell becomes a formula of a spreadsheet', () => {
    expect(written.csv).toBe(
      'label,value,formula,page,link\r\n' +
        '"dJ/dW_hh 1,2",-1.5e-9,"\\left(W\\right)_{1, 2} = |x|",Page,https://lab.example/?v=1&p=bptt\r\n' +
        '"\'=HYPERLINK(""x"") | 100% & <b> سلام",0.30000000000000004,,Page,https://lab.example/?v=1&p=bptt\r\n',
    );
  });

  test('JSON gives the same numbers back', () => {
    expect(JSON.parse(written.json!)).toMatchObject([
      { label: 'dJ/dW_hh 1,2', value: -1.5e-9, page: 'Page', link: 'https://lab.example/?v=1&p=bptt' },
      { value: 0.1 + 0.2 },
    ]);
  });

  test('LaTeX and Markdown escape what would mean something there', () => {
    expect(written.latex).toContain(
      'dJ/dW\\_hh 1,2 & $-1.5 \\cdot 10^{-9}$ & $\\left(W\\right)_{1, 2} = |x|$ & \\href{https://lab.example/?v=1\\&p=bptt}{Page} \\\\',
    );
    expect(written.latex).toContain('=HYPERLINK("x") | 100\\% \\& <b> سلام & $0.30000000000000004$ &  &');
    expect(written.markdown).toContain(
      '| dJ/dW\\_hh 1,2 | -1.5e-9 | $\\left(W\\right)_{1, 2} = \\vert x\\vert $ |',
    );
    expect(written.markdown).toContain('=HYPERLINK("x") \\| 100% & \\<b\\> سلام');
  });
});

test.each([
  [1, undefined, '1'],
  [-0.000_000_12, undefined, '-1.2 \\cdot 10^{-7}'],
  [1 / 3, 3, '0.333'],
  [6.02214076e23, 4, '6.022 \\cdot 10^{23}'],
])('%s with %s digits in LaTeX', (value, digits, tex) => {
  expect(texNumber(value, digits)).toBe(tex);
});
