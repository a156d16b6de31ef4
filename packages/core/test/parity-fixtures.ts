/** Reads fixtures/ (its README describes the files) and compares with them. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

export const FIXTURES: URL = new URL('../../../fixtures/', import.meta.url);

export type Precision = 'f32' | 'f64';

export interface FixtureTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array;
}

export interface Fixture<Config = unknown> {
  readonly name: string;
  readonly config: Config;
  /** The tensor of that name. Throws when the file has none: a misspelt name must not pass as "nothing to compare". */
  get(name: string): FixtureTensor;
  /** Names that start with `prefix`, without it. */
  names(prefix: string): string[];
}

interface Index {
  readonly cases: readonly { name: string; file: string; config: unknown }[];
}

const ARRAYS = { F32: Float32Array, F64: Float64Array, I32: Int32Array } as const;

/** All cases of a family, e.g. `lstm`. */
export function fixtures<Config = unknown>(family: string): Fixture<Config>[] {
  const index = JSON.parse(readFileSync(new URL('index.json', FIXTURES), 'utf8')) as Index;
  const found = index.cases.filter(({ name }) => name.startsWith(`${family}/`));
  if (found.length === 0) throw new Error(`fixtures: family ${family} must have cases, got none`);
  return found.map(({ name, file, config }) => {
    const tensors = readTensors(readFileSync(new URL(file, FIXTURES)));
    return {
      name,
      config: config as Config,
      get: (key) => {
        const tensor = tensors.get(key);
        if (tensor === undefined)
          throw new Error(`fixtures: ${file} must have ${key}, got ${[...tensors.keys()]}`);
        return tensor;
      },
      names: (prefix) =>
        [...tensors.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length)),
    };
  });
}

/** A reader apart from the library's own, so that a mistake there cannot hide one here. */
function readTensors(bytes: Uint8Array): Map<string, FixtureTensor> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 8 + Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start))) as Record<
    string,
    { dtype: keyof typeof ARRAYS; shape: number[]; data_offsets: [number, number] }
  >;
  return new Map(
    Object.entries(header).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        const copy = bytes.slice(start + from, start + to);
        return [
          name,
          {
            shape,
            data: new ARRAYS[dtype](
              copy.buffer,
              copy.byteOffset,
              copy.byteLength / ARRAYS[dtype].BYTES_PER_ELEMENT,
            ),
          },
        ];
      },
    ),
  );
}

/** max |actual - expected| / max |expected|; absolute where `expected` is all zeros. NaN when any entry is. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.NaN;
  let error = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i += 1) {
    error = Math.max(error, Math.abs(actual[i]! - expected[i]!));
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  if (error <= FADED) return 0;
  return largest === 0 ? error : error / largest;
}

/**
 * Errors below this are none: on its way through time a gradient below 2^-100 is dropped by the kernel (math.rs,
 * NEGLIGIBLE), and an entry may miss a few such terms. Single precision itself ends at 2^-149.
 */
const FADED = 2 ** -97;

export function expectClose(
  actual: ArrayLike<number>,
  expected: FixtureTensor,
  tolerance: number,
  what: string,
): void {
  expect(
    relativeError(actual, expected.data),
    `${what}: error relative to the largest entry`,
  ).toBeLessThanOrEqual(tolerance);
}

/** Relative to the largest entry of each tensor (issue: f32 1e-5, f64 1e-10). */
export const TOLERANCE: Readonly<Record<Precision, number>> = { f32: 1e-5, f64: 1e-10 };
