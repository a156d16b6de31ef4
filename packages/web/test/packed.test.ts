/** What a link carries behind `#z=`: comes back as it was, and what is not of our making is refused before it takes memory. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  joinQuery,
  MOST_PACKED,
  MOST_UNPACKED,
  type Packed,
  PREFIX,
  pack,
  splitQuery,
  unpack,
} from '../src/frame/packed.js';

const code = (bytes: Uint8Array): string => PREFIX + Buffer.from(bytes).toString('base64url');
const ofJson = (value: unknown): string => code(gzipSync(JSON.stringify(value)));

describe('a packed part of a link', () => {
  const text = 'مه آمد و رفت — the fog and I\n'.repeat(200) + '\u0000"</script>\u2028𝒙';

  test.each<Packed>([
    { own: { name: 'text.txt', text } },
    { own: { name: 'متن من.txt', text: '' } },
    { values: { 'cell.own': 'a'.repeat(500), w: '1 2; 3 4' } },
    { own: { name: 'a.csv', text: 'a,b' }, values: { x: 'y' } },
  ])('comes back as it was (%#)', async (packed) => {
    const hash = await pack(packed);
    expect(hash).toMatch(/^#z=[\w-]+$/);
    expect(await unpack(hash)).toEqual(packed);
    expect(await pack(packed)).toBe(hash);
  });

  test('makes a text smaller', async () => {
    expect((await pack({ own: { name: 'text.txt', text } })).length).toBeLessThan(text.length / 4);
  });

  test.each([
    ['nothing', PREFIX],
    ['no base64', `${PREFIX}<b>%%`],
    ['no gzip', code(Buffer.from('plain'))],
    ['no JSON', code(gzipSync('plain'))],
    ['no UTF-8', code(gzipSync(Uint8Array.of(0x22, 0xff, 0xfe, 0x22)))],
    ['a number', ofJson(7)],
    ['null', ofJson(null)],
    ['an empty object', ofJson({})],
    ['a text that is none', ofJson({ own: { name: 'a', text: 3 } })],
    ['a name that is none', ofJson({ own: { name: {}, text: 'a' } })],
    ['a name without end', ofJson({ own: { name: 'a'.repeat(10_000), text: 'a' } })],
    ['settings that are none', ofJson({ values: { a: ['b'] } })],
    [
      'too many settings',
      ofJson({ values: Object.fromEntries(Array.from({ length: 999 }, (_, i) => [i, 'a'])) }),
    ],
  ])('that holds %s is refused', async (_, hash) => {
    await expect(unpack(hash)).rejects.toMatchObject({ name: 'PackedError' });
  });

  test('that was cut is refused, wherever it was cut', async () => {
    const hash = await pack({ own: { name: 'text.txt', text } });
    for (let length = PREFIX.length; length < hash.length; length += 37) {
      await expect(unpack(hash.slice(0, length))).rejects.toMatchObject({ name: 'PackedError' });
    }
  });

  test('that would fill the memory is refused after a bounded number of bytes', async () => {
    const bomb = code(gzipSync(Buffer.alloc(20 * MOST_UNPACKED, 0x20), { level: 9 }).subarray(0, 40_000));
    expect(bomb.length).toBeLessThan(MOST_PACKED);
    await expect(unpack(bomb)).rejects.toThrow(`link: must hold at most ${MOST_UNPACKED} bytes, got more`);
    await expect(unpack(PREFIX + 'A'.repeat(MOST_PACKED + 1))).rejects.toThrow(
      `link: must be at most ${MOST_PACKED} characters, got ${MOST_PACKED + 1}`,
    );
  });
});

test('long settings leave the query and come back into it; which page is meant stays', () => {
  const long = 'h = '.repeat(200);
  const full = `?${new URLSearchParams({ v: '1', p: 'bptt', seed: '3', 'cell.own': long })}`;
  const { query, values } = splitQuery(full);
  expect(query).toBe('?v=1&p=bptt&seed=3');
  expect(values).toEqual({ 'cell.own': long });
  expect(joinQuery(query, { ...values, p: 'train', v: '9' })).toBe(full);
  expect(splitQuery(query)).toEqual({ query, values: {} });
});
