import { describe, expect, test } from 'vitest';
import { LARGEST_TEXT, looksLikeSafetensors, readHanded } from '../src/frame/files.js';

const file = (name: string, ...parts: BlobPart[]): File => new File(parts, name);

/** The beginning of a safetensors file: header length and header. */
function safetensors(header: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(`........${header}`);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  return bytes;
}

describe('handed files', () => {
  test('text is text, with its line ends and without a byte order mark', async () => {
    const text = 'سلام\r\nhello\n';
    expect(await readHanded(file('a.md', `\ufeff${text}`))).toEqual({ kind: 'text', name: 'a.md', text });
  });

  test('a checkpoint is told by its name or by its beginning', async () => {
    const bytes = safetensors('{"a":1}');
    expect(looksLikeSafetensors(bytes)).toBe(true);
    expect(await readHanded(file('run', bytes))).toEqual({ kind: 'checkpoint', name: 'run', bytes });
    expect(await readHanded(file('Run.SAFETENSORS', 'not really'))).toMatchObject({ kind: 'checkpoint' });
  });

  test.each([
    ['an empty file', '', 'error.emptyFile'],
    ['bytes that are no UTF-8', new Uint8Array([0xc3, 0x28, 0x41]), 'error.notText'],
    ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 1]), 'error.notText'],
  ] as const)('%s is refused', async (_, content, key) => {
    expect(await readHanded(file('x', content))).toMatchObject({ kind: 'refused', refusal: { key } });
  });

  test('a text over the limit is refused with both sizes, one at the limit is not', async () => {
    const big = new Uint8Array(LARGEST_TEXT + 1).fill(97);
    const refused = await readHanded(file('big.txt', big));
    expect(refused).toEqual({
      kind: 'refused',
      refusal: {
        key: 'error.tooLarge',
        facts: { name: 'big.txt' },
        bytes: { max: LARGEST_TEXT, got: LARGEST_TEXT + 1 },
      },
    });
    expect(await readHanded(file('fits.txt', big.subarray(1)))).toMatchObject({ kind: 'text' });
  });

  test('a file that vanished is refused', async () => {
    const gone = file('gone.txt', 'abc');
    gone.slice = () => {
      throw new DOMException('gone', 'NotFoundError');
    };
    expect(await readHanded(gone)).toMatchObject({ kind: 'refused', refusal: { key: 'error.unreadable' } });
  });

  test('short texts are no checkpoints', () => {
    expect(looksLikeSafetensors(new TextEncoder().encode('{'))).toBe(false);
    expect(looksLikeSafetensors(new TextEncoder().encode('just some longer text {'))).toBe(false);
  });
});
