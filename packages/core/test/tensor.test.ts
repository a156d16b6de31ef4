import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ArgumentError, OutOfMemoryError, ShapeError, UseAfterFreeError } from '../src/errors.js';
import type { Kernel } from '../src/kernel/kernel.js';
import { init } from '../src/kernel/load.js';
import { add, mul } from '../src/ops/elementwise.js';
import { matmul } from '../src/ops/matmul.js';
import { full, ids, keep, scope, type Tensor, tensor, zeros } from '../src/tensor.js';

let kernel: Kernel;
beforeAll(async () => {
  kernel = await init();
});

describe('tensor', () => {
  it('gives back what it was made from', () => {
    const x = tensor([1, 2, 3, 4, 5, 6], [2, 3]);
    expect(x.toArray()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([...x.data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(tensor([7], []).toArray()).toBe(7);
    expect(zeros([0, 3]).toArray()).toEqual([]);
  });

  it('prints both sizes when data and shape differ', () => {
    expect(() => tensor([1, 2], [3])).toThrow(
      new ShapeError('tensor: data must have 3 entries for [3], got 2'),
    );
    expect(() => zeros([2, -1])).toThrow(ShapeError);
    expect(() => zeros([1.5])).toThrow('sizes must be whole numbers >= 0, got [1.5]');
  });

  it('prints both shapes when an operation does not fit', () => {
    expect(() => matmul(zeros([2, 3]), zeros([2, 3]))).toThrow(
      'matmul: columns of a must match rows of b, got [2, 3] and [2, 3]',
    );
    expect(() => add(zeros([2, 3]), zeros([2]))).toThrow(
      'add: shapes must be equal or one a suffix of the other, got [2, 3] and [2]',
    );
  });

  it('refuses ids that are no whole numbers, and arithmetic on ids', () => {
    expect(() => ids([1, 2.5], [2])).toThrow('ids: entries must be 32-bit whole numbers, got 2.5 at 1');
    expect(() => ids([2 ** 31], [1])).toThrow(ArgumentError);
    expect(() => add(ids([1], [1]), ids([1], [1]))).toThrow('add: tensor must hold reals, got int32');
  });

  it('survives the growth of memory', () => {
    const small = tensor([1, 2, 3], [3]);
    const before = kernel.memoryBytes;
    const large = zeros([Math.ceil(before / 4)]);
    expect(kernel.memoryBytes).toBeGreaterThan(before);
    expect([...small.data]).toEqual([1, 2, 3]);
    large.dispose();
  });

  it('answers a request that cannot fit with a typed error, and goes on', () => {
    expect(() => zeros([2 ** 31])).toThrow(OutOfMemoryError);
    expect(() => zeros([2 ** 40])).toThrow(OutOfMemoryError);
    expect(add(tensor([1], [1]), tensor([2], [1])).item()).toBe(3);
  });
});

describe('lifetimes', () => {
  it('a disposed tensor is an error, never data', () => {
    const x = tensor([1, 2], [2]);
    const view = x.part(1, [1]);
    x.dispose();
    expect(() => x.data).toThrow(UseAfterFreeError);
    expect(() => view.item()).toThrow('memory of [1] must be alive, got a tensor whose dispose() was called');
    x.dispose();
  });

  it('a scope gives back what it made and moves its result out', () => {
    let inner: Tensor | undefined;
    const live = kernel.liveBytes;
    const result = scope(() => {
      inner = full([3], 2);
      return mul(inner, inner);
    });
    expect([...result.data]).toEqual([4, 4, 4]);
    expect(() => inner!.data).toThrow('whose scope has ended; try keep()');
    result.dispose();
    // The arena keeps its block: half a megabyte at most.
    expect(kernel.liveBytes - live).toBeLessThanOrEqual(1 << 19);
  });

  it('nested scopes move results outwards one level at a time', () => {
    const [a, b] = scope(() => {
      const outer = full([2], 1);
      const moved = scope(() => [full([2], 5), full([3], 7)] as const);
      expect([...moved[0].data]).toEqual([5, 5]);
      return [add(outer, moved[0]), moved[1]] as const;
    });
    expect([...a.data, ...b.data]).toEqual([6, 6, 7, 7, 7]);
  });

  it('keep() outlives the scope', () => {
    const kept = scope(() => ({ value: keep(full([2], 3)) })).value;
    scope(() => full([2], 9));
    expect([...kept.data]).toEqual([3, 3]);
    kept.dispose();
  });

  it('an error inside a scope ends the scope', () => {
    expect(() =>
      scope(() => {
        full([2], 1);
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect(kernel.memory.inScope).toBe(false);
  });

  it('refuses asynchronous scopes', () => {
    expect(() => scope(async () => 1)).toThrow('scope: the function must be synchronous, got a promise');
    expect(kernel.memory.inScope).toBe(false);
  });

  it('random sequences of make, use, free and scopes agree with a model of them', () => {
    const command = fc.oneof(
      fc.record({ kind: fc.constant('make' as const), size: fc.integer({ min: 0, max: 300 }) }),
      fc.record({ kind: fc.constant('free' as const), which: fc.nat(30) }),
      fc.record({ kind: fc.constant('use' as const), which: fc.nat(30) }),
      fc.record({ kind: fc.constant('scope' as const), size: fc.integer({ min: 0, max: 300 }) }),
    );
    const before = kernel.liveBytes;
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const made: { tensor: Tensor; value: number; alive: boolean }[] = [];
        for (const [i, c] of commands.entries()) {
          const known = 'which' in c ? made[c.which % Math.max(1, made.length)] : undefined;
          if (c.kind === 'make') made.push({ tensor: full([c.size], i), value: i, alive: true });
          if (c.kind === 'scope') {
            let lost: Tensor | undefined;
            const tensor = scope(() => {
              lost = full([c.size + 1], -1);
              return full([c.size], i);
            });
            expect(lost!.alive).toBe(false);
            made.push({ tensor, value: i, alive: true });
          }
          if (c.kind === 'free' && known !== undefined) {
            known.tensor.dispose();
            known.alive = false;
          }
          if (c.kind === 'use' && known !== undefined) {
            if (!known.alive) expect(() => known.tensor.data).toThrow(UseAfterFreeError);
            else expect(known.tensor.data.every((n) => n === known.value)).toBe(true);
          }
        }
        for (const { tensor, value, alive } of made) {
          if (alive) expect(tensor.data.every((n) => n === value)).toBe(true);
          tensor.dispose();
        }
      }),
      { numRuns: 300, seed: 5 },
    );
    expect(kernel.liveBytes - before).toBeLessThanOrEqual(1 << 19);
  });
});
