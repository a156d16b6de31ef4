import { describe, expect, test } from 'vitest';
import { marked, Progress, readMarks } from '../src/pages/home/progress.js';
import { proofs } from '../src/pages/home/proofs.js';
import { questionIds } from '../src/pages/home/table.js';
import { pages } from '../src/pages/registry.js';
import { FRAME_PATHS } from '../src/state/frame-table.js';
import { readUrl, writeUrl } from '../src/state/url.js';

describe('progress', () => {
  test.each([
    [null, {}],
    ['', {}],
    ['null', {}],
    ['[1]', {}],
    ['{"q1a":"right","q1b":"tried","q2a":3,"x":"right"}', { q1a: 'right', q1b: 'tried' }],
    [`{"q1a":"right"${' '.repeat(2000)}}`, {}],
  ])('reads %j', (stored, marks) => {
    expect(readMarks(stored)).toEqual(marks);
  });

  test('what was right once stays right', () => {
    let marks = marked({}, 'q1a', false);
    expect(marks.q1a).toBe('tried');
    marks = marked(marks, 'q1a', true);
    marks = marked(marks, 'q1a', false);
    expect(marks.q1a).toBe('right');
  });

  test('is kept on the device, comes back, and can be forgotten', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
      removeItem: (key: string) => kept.delete(key),
    } as unknown as Storage;
    new Progress(() => storage).note('q2b', true);
    const later = new Progress(() => storage);
    expect(later.marks.value).toEqual({ q2b: 'right' });
    later.forget();
    expect(kept.size).toBe(0);
  });

  test('a browser that forbids storage costs nothing but the memory', () => {
    const progress = new Progress(() => {
      throw new DOMException('forbidden', 'SecurityError');
    });
    progress.note('q3a', true);
    expect(progress.marks.value).toEqual({ q3a: 'right' });
    progress.forget();
    expect(progress.marks.value).toEqual({});
  });
});

test.each(questionIds)('the proof of %s opens a page in a state that the page allows', async (id) => {
  const { page, query = {} } = proofs[id];
  const entry = pages.find((known) => known.id === page);
  expect(entry).toBeDefined();
  const { table } = (await entry!.load()).page;
  const { problems } = readUrl(table, writeUrl(page, Object.entries(query)));
  expect(problems).toEqual([]);
  const paths = new Set<string>([...Object.values(table).map((row) => row.path), ...FRAME_PATHS]);
  for (const path of Object.keys(query)) expect(paths).toContain(path);
});
