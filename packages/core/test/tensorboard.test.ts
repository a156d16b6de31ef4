/** Read back by another decoder (protobuf-es) and another checksum (by table). */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32c, fileVersion, scalarEvent } from '../src/formats/tensorboard.js';

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0x82f63b78 ^ (c >>> 1) : c >>> 1;
  return c;
});

function checksum(data: Uint8Array): number {
  const crc = data.reduce((c, byte) => (c >>> 8) ^ table[(c ^ byte) & 0xff]!, 0xffffffff) ^ 0xffffffff;
  return ((((crc >>> 15) | (crc << 17)) >>> 0) + 0xa282ead8) % 2 ** 32;
}

function records(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const found: Uint8Array[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(view.getBigUint64(at, true));
    const data = file.slice(at + 12, at + 12 + length);
    expect(view.getUint32(at + 8, true)).toBe(checksum(file.slice(at, at + 8)));
    expect(view.getUint32(at + 12 + length, true)).toBe(checksum(data));
    found.push(data);
    at += 16 + length;
  }
  return found;
}

function readEvent(data: Uint8Array) {
  const event = { wallTime: 0, step: 0n, version: '', scalars: {} as Record<string, number> };
  const reader = new BinaryReader(data);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (field === 1) event.wallTime = reader.double();
    else if (field === 2) event.step = BigInt(reader.int64());
    else if (field === 3) event.version = reader.string();
    else if (field === 5) {
      const summary = new BinaryReader(reader.bytes());
      while (summary.pos < summary.len) {
        expect(summary.tag()).toEqual([1, WireType.LengthDelimited]);
        const value = new BinaryReader(summary.bytes());
        expect(value.tag()[0]).toBe(1);
        const tag = value.string();
        expect(value.tag()).toEqual([2, WireType.Bit32]);
        event.scalars[tag] = value.float();
      }
    } else throw new Error(`field ${field}, wire type ${wire}`);
  }
  return event;
}

it('the checksum of the nine digits is the published one', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
});

it('a file starts with its version and holds any scalars at any step', () => {
  const [version] = records(fileVersion(1.5));
  expect(readEvent(version!)).toMatchObject({ version: 'brain.Event:2', wallTime: 1.5 });
  const scalars = fc.dictionary(fc.string({ minLength: 1 }), fc.float(), {
    maxKeys: 4,
    noNullPrototype: true,
  });
  const step = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(step, fc.double({ min: 0, max: 2e9 }), scalars, (at, wallTime, values) => {
      const [data, ...none] = records(scalarEvent({ step: at, wallTime, scalars: values }));
      expect(none).toEqual([]);
      const event = readEvent(data!);
      expect(event).toMatchObject({ wallTime, step: BigInt(at) });
      expect(event.scalars).toEqual(values);
    }),
    { numRuns: 200, seed: 1 },
  );
});
