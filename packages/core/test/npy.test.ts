import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { DataError } from '../src/errors.js';
import { readNpy, writeNpy } from '../src/formats/npy.js';
import { readNpz, writeNpz } from '../src/formats/npz.js';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../fixtures/npy/${name}`, import.meta.url)));
const counting = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('files of NumPy', () => {
  it.each([
    ['f8', Float64Array],
    ['f4', Float32Array],
    ['f2', Float32Array],
    ['i8', BigInt64Array],
    ['u8', BigUint64Array],
    ['i4', Int32Array],
    ['u4', Uint32Array],
    ['i2', Int16Array],
    ['u2', Uint16Array],
    ['i1', Int8Array],
    ['u1', Uint8Array],
  ])('%s', (type, Type) => {
    const { shape, data } = readNpy(fixture(`${type}.npy`));
    expect(shape).toEqual([2, 3]);
    expect(data).toBeInstanceOf(Type);
    expect([...data].map(Number)).toEqual(counting(6));
  });

  it('booleans, column-major order, scalars, empty arrays, version 2', () => {
    expect([...readNpy(fixture('b1.npy')).data]).toEqual([0, 1, 1, 1, 1, 1]);
    const fortran = readNpy(fixture('fortran.npy'));
    expect(fortran.shape).toEqual([2, 3, 4]);
    expect([...fortran.data]).toEqual(counting(24));
    expect(readNpy(fixture('scalar.npy'))).toEqual({ shape: [], data: Float64Array.of(7) });
    expect(readNpy(fixture('empty.npy'))).toEqual({ shape: [0, 3], data: new Float32Array(0) });
    expect(readNpy(fixture('version2.npy')).data).toEqual(Int32Array.of(0, 1, 2, 3, 4));
  });

  it('npz, deflated', () => {
    const arrays = readNpz(fixture('pair.npz'));
    expect([...arrays.keys()]).toEqual(['weight', 'bias']);
    expect(arrays.get('weight')).toEqual({ shape: [2, 2], data: Float32Array.of(0, 1, 2, 3) });
  });

  it.each(['f8', 'f4', 'i8', 'u4', 'i2', 'i1', 'u1'])(
    '%s: what we write is byte for byte what NumPy writes',
    (name) => {
      const file = fixture(`${name}.npy`);
      expect(writeNpy(readNpy(file))).toEqual(file);
    },
  );
});

describe('files that are refused', () => {
  it.each([
    ['objects.npy', 'header must have descr of numbers'],
    ['big-endian.npy', 'little-endian whole or real numbers, got >f4'],
  ])('%s', (name, message) => {
    expect(() => readNpy(fixture(name))).toThrow(message);
  });

  it('every cut and every changed byte of the header is an error or a reading, never a crash', () => {
    const file = fixture('f4.npy');
    for (let length = 0; length < file.length; length += 1) {
      expect(() => readNpy(file.slice(0, length)), String(length)).toThrow(DataError);
    }
    fc.assert(
      fc.property(fc.nat(127), fc.nat(255), (at, byte) => {
        const changed = file.slice();
        changed[at] = byte;
        try {
          readNpy(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('npz: cut files, foreign members, lying sizes', () => {
    const file = fixture('pair.npz');
    for (let length = 0; length < file.length; length += 7) {
      expect(() => readNpz(file.slice(0, length)), String(length)).toThrow(DataError);
    }
    expect(() => readNpz(zipSync({ 'a.txt': new Uint8Array(3) }))).toThrow('must hold .npy files only');
    const bomb = zipSync({ 'a.npy': new Uint8Array(1000) });
    // The central directory's record of the unpacked size.
    const directory = bomb.findIndex(
      (_, i) => bomb[i] === 0x50 && bomb[i + 1] === 0x4b && bomb[i + 2] === 1 && bomb[i + 3] === 2,
    );
    new DataView(bomb.buffer, bomb.byteOffset).setUint32(directory + 24, 0x7fffffff, true);
    expect(() => readNpz(bomb)).toThrow('bytes when unpacked');
  });
});

it('reading inverts writing for any array', () => {
  const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
  fc.assert(
    fc.property(shape, fc.constantFrom(Float64Array, Float32Array, Int32Array, Uint8Array), (sizes, Type) => {
      const size = sizes.reduce((a, b) => a * b, 1);
      const array = { shape: sizes, data: Type.from(counting(size)) };
      expect(readNpy(writeNpy(array))).toEqual(array);
      const both = new Map([
        ['a', array],
        ['layer/b', array],
      ]);
      expect(readNpz(writeNpz(both))).toEqual(both);
    }),
    { numRuns: 100, seed: 1 },
  );
});
