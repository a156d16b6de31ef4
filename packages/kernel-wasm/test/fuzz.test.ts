/**
 * The ABI under random calls: whatever the arguments, a call returns, without a trap and soon, and the next right call
 * works. `HW5_FUZZ_CALLS` sets the calls per function (300).
 */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { variants } from '../index.js';
import { type Kernel, names, openKernel, status } from './kernel.js';

const CALLS = Number(process.env.HW5_FUZZ_CALLS ?? 300);
/** Bytes that belong to the calls: more than any arrays of the sizes below need, so that nothing else is overwritten. */
const ROOM = 2 ** 26;
/** Offsets lie in the first part of it, close enough to overlap. */
const OFFSETS = 16_384;

/** Memory itself, and measuring. */
const NOT_FUZZED = new Set(['alloc', 'dealloc', 'bench_peak', 'initSync']);

interface Signature {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly type: string }[];
}

/** What the generated types say about each function. */
function signatures(): Signature[] {
  const types = readFileSync(new URL('kernel.d.ts', variants.strict.url), 'utf8');
  return [...types.matchAll(/^export function (\w+)\((.*)\): \w+;$/gm)]
    .map(([, name, list]) => ({
      name: name!,
      parameters:
        list! === ''
          ? []
          : list!.split(', ').map((part) => {
              const [parameter, type] = part.split(': ') as [string, string];
              return { name: parameter, type };
            }),
    }))
    .filter(({ name, parameters }) => !NOT_FUZZED.has(name) && parameters.length > 0);
}

/** A linear congruential generator: the same calls on every machine. */
function generator(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

describe.each(names)('%s', (name) => {
  let kernel: Kernel;
  let room: number;
  beforeAll(async () => {
    kernel = await openKernel(name);
    room = kernel.glue.alloc(ROOM);
  });

  test.each(signatures())('$name', ({ name: op, parameters }) => {
    const call = kernel.glue[op as keyof typeof kernel.glue] as unknown as (...args: unknown[]) => unknown;
    const below = generator(op.length * 7919 + parameters.length);
    for (let round = 0; round < CALLS; round += 1) {
      const args = parameters.map(({ type }) => argument(type, below, room));
      // A panic or an access outside the memory throws.
      expect(typeof call(...args)).toMatch(/number|boolean|undefined/);
    }
    rightCall(kernel);
  });
});

/** Something like what a caller gives: an offset in the room, a small size, and now and then nonsense. */
function argument(type: string, below: (limit: number) => number, room: number): unknown {
  if (type === 'boolean') return below(2) === 1;
  switch (below(12)) {
    case 0:
      return 0;
    case 1:
    case 2:
    case 3:
    case 4:
      return room + 64 * below(OFFSETS / 64);
    case 5:
      return room + below(OFFSETS);
    case 6:
      return [2 ** 31, 2 ** 32 - 1, -1, Number.NaN, 0.5][below(5)];
    case 7:
      return below(300);
    default:
      return below(9);
  }
}

/** A product still comes out right. */
function rightCall(kernel: Kernel): void {
  const [a, b, c] = [kernel.reals([1, 2, 3, 4]), kernel.reals([5, 6, 7, 8]), kernel.room(4)];
  expect(kernel.glue.gemm(c, a, b, 2, 2, 2, false, false, 1, 0)).toBe(status.ok);
  expect(kernel.read(c, 4)).toEqual([19, 22, 43, 50]);
  kernel.release();
}
