import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../src/errors.js';
import { read, type SafeTensor, write } from '../src/formats/safetensors.js';

/** A file from a header text and data bytes, as an attacker would write it. */
function file(
  header: string,
  data = 0,
  length = BigInt(new TextEncoder().encode(header).length),
): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data);
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  bytes.set(text, 8);
  return bytes;
}

const entry = (dtype: string, shape: unknown, offsets: unknown): string =>
  JSON.stringify({ dtype, shape, data_offsets: offsets });

describe('safetensors', () => {
  it('gives back what was written, for any names, shapes and numbers', () => {
    const anyTensor = fc
      .array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 })
      .chain((shape) => {
        const length = shape.reduce((a, b) => a * b, 1);
        const numbers = fc.array(fc.double(), { minLength: length, maxLength: length });
        return fc.tuple(fc.constant(shape), numbers, fc.constantFrom(Float32Array, Float64Array, Int32Array));
      })
      .map(([shape, numbers, Kind]): SafeTensor => ({ shape, data: Kind.from(numbers) }));
    const names = fc.string().filter((name) => name !== '__metadata__');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(names, anyTensor), { maxLength: 6 }),
        fc.array(
          fc.tuple(
            fc.string().filter((k) => k !== '__proto__'),
            fc.string(),
          ),
          { maxLength: 3 },
        ),
        (tensors, metadata) => {
          const back = read(write(new Map(tensors), new Map(metadata)));
          expect(back.tensors).toEqual(new Map(tensors));
          expect(back.metadata).toEqual(new Map(metadata));
        },
      ),
      { numRuns: 500, seed: 3 },
    );
  });

  it('decodes half and brain floats', () => {
    const header = `{"h":${entry('F16', [4], [0, 8])},"b":${entry('BF16', [2], [8, 12])}}`;
    const bytes = file(header, 12);
    // The header's length is odd, so the data is unaligned on purpose.
    expect((8 + header.length) % 2).toBe(1);
    const view = new DataView(bytes.buffer, 8 + header.length);
    for (const [i, bits] of [0x3c00, 0xc000, 0x0001, 0x7c00, 0x3f80, 0xc040].entries()) {
      view.setUint16(2 * i, bits, true);
    }
    const { tensors } = read(bytes);
    expect([...tensors.get('h')!.data]).toEqual([1, -2, 2 ** -24, Number.POSITIVE_INFINITY]);
    expect([...tensors.get('b')!.data]).toEqual([1, -3]);
  });

  const good = `{"a":${entry('F32', [2], [0, 8])}}`;
  const hostile: Record<string, Uint8Array> = {
    'an empty file': new Uint8Array(0),
    'seven bytes': new Uint8Array(7),
    'a header longer than the file': file(good, 8, 10_000n),
    'a header of 2^64 - 1 bytes': file(good, 8, 2n ** 64n - 1n),
    'a header of 2^53 bytes': file(good, 8, 2n ** 53n),
    'no JSON': file('{"a":', 0),
    'a JSON array': file('[1,2,3,4]', 0),
    'JSON null': file('null', 0),
    'leading space': file(` ${good}`, 8),
    'bytes that are no UTF-8': (() => {
      const bytes = file(good, 8);
      bytes[10] = 0xff;
      return bytes;
    })(),
    'a missing byte': file(good, 7),
    'a trailing byte': file(good, 9),
    'a name twice': file(`{"a":${entry('F32', [2], [0, 8])},"a":${entry('F32', [2], [0, 8])}}`, 8),
    'a name twice, one escaped': file(
      `{"a":${entry('F32', [2], [0, 8])},"\\u0061":${entry('F32', [2], [0, 8])}}`,
      8,
    ),
    'overlapping tensors': file(`{"a":${entry('F32', [2], [0, 8])},"b":${entry('F32', [1], [4, 8])}}`, 8),
    'a hole': file(`{"a":${entry('F32', [1], [0, 4])},"b":${entry('F32', [1], [8, 12])}}`, 12),
    'a start that is not 0': file(`{"a":${entry('F32', [1], [4, 8])}}`, 8),
    'offsets the wrong way round': file(`{"a":${entry('F32', [1], [4, 0])}}`, 4),
    'offsets of the wrong length': file(`{"a":${entry('F32', [2], [0, 4])}}`, 4),
    'three offsets': file(`{"a":${entry('F32', [1], [0, 4, 4])}}`, 4),
    'a negative size': file(`{"a":${entry('F32', [-1], [0, 4])}}`, 4),
    'a fractional size': file(`{"a":${entry('F32', [0.5], [0, 2])}}`, 2),
    'a size as a string': file(`{"a":${entry('F32', ['1'], [0, 4])}}`, 4),
    'a shape that overflows': file(`{"a":${entry('F32', [2 ** 40, 2 ** 40], [0, 4])}}`, 4),
    'a shape that overflows to zero': file(`{"a":${entry('F32', [2 ** 32, 2 ** 32], [0, 0])}}`, 0),
    'nine axes': file(`{"a":${entry('F32', [1, 1, 1, 1, 1, 1, 1, 1, 1], [0, 4])}}`, 4),
    'an unknown dtype': file(`{"a":${entry('F12', [1], [0, 4])}}`, 4),
    'a dtype named constructor': file(`{"a":${entry('constructor', [1], [0, 4])}}`, 4),
    'a tensor that is a number': file('{"a":1234567}', 0),
    'a tensor that is null': file('{"aaaaaa":null}', 0),
    'metadata that is no object': file('{"__metadata__":12}', 0),
    'metadata that holds numbers': file('{"__metadata__":{"a":1}}', 0),
    'a zero-size tensor in a hole': file(`{"a":${entry('F32', [0], [4, 4])}}`, 4),
    'a deeply nested header': file(`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 0),
  };

  it.each(Object.entries(hostile))('refuses %s', (_, bytes) => {
    expect(() => read(bytes)).toThrow(CheckpointError);
  });

  it('takes tensors named like prototype members, and pollutes nothing', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const tensors = new Map(names.map((name, i) => [name, { shape: [1], data: Float32Array.of(i) }]));
    const back = read(write(tensors));
    expect([...back.tensors.keys()].sort()).toEqual([...names].sort());
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it('no flip of a byte makes the reader fail in another way', () => {
    const whole = write(new Map([['a', { shape: [2], data: Float32Array.of(1, 2) }]]), new Map([['k', 'v']]));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const broken = whole.slice();
        broken[at] = byte;
        try {
          read(broken);
        } catch (error) {
          expect(error).toBeInstanceOf(CheckpointError);
        }
      }),
      { numRuns: 3000, seed: 4 },
    );
  });
});
