/** What the attention calls refuse, and that nothing was written then. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Kernel, names, openKernel, status } from './kernel.js';

describe.each(names)('attention, %s', (name) => {
  let kernel: Kernel;
  beforeAll(async () => {
    kernel = await openKernel(name);
  });

  /** The numbers behind the tensors in order of the arguments: 2 keys, 1 query. */
  const one = { B: 1, T: 1, S: 2, N: 1, M: 1, D: 1, V: 1, mode: 0, scale: 1, temperature: 1 };
  const numbersOf = ({ B, T, S, N, M, D, V, mode, scale, temperature }: typeof one) =>
    [B, T, S, N, M, D, V, mode, scale, temperature, false, 0] as const;

  test('sizes and options without a meaning', () => {
    const { glue } = kernel;
    const [out, q, k, v] = [kernel.reals([7]), kernel.reals([1]), kernel.reals([1, 2]), kernel.reals([3, 4])];
    const forward = (change: Partial<typeof one>): number =>
      glue.attention_forward(
        ...([out, 0, 0, q, k, v, 0, 0, 0, 0] as const),
        ...numbersOf({ ...one, ...change }),
        ...([false, 0, 0, 0, 0] as const),
      );
    for (const [change, argument] of [
      [{ M: 0 }, 14],
      [{ N: 3, M: 2 }, 14],
      [{ mode: 5 }, 17],
      [{ temperature: 0 }, 19],
      [{ temperature: Number.NaN }, 19],
      [{ temperature: Number.POSITIVE_INFINITY }, 19],
    ] as const) {
      expect(forward(change)).toBe(status.invalidArgument);
      expect(kernel.detail()[0]).toBe(argument);
    }
    expect(forward({ S: 2 ** 31 })).toBe(status.sizeOverflow);
    expect(kernel.read(out, 1)).toEqual([7]);
    expect(forward({})).toBe(status.ok);
    kernel.release();
  });

  test('a backward pass without what the forward pass left, or with a key that does not exist', () => {
    const { glue } = kernel;
    const [q, k, v] = [kernel.reals([1]), kernel.reals([1, 2]), kernel.reals([3, 4])];
    const [dv, probs, chosen] = [kernel.reals([0, 0]), kernel.reals([0, 1]), kernel.indices([2])];
    const backward = (mode: number, p: number, c: number): number =>
      glue.attention_backward(
        0,
        0,
        dv,
        0,
        0,
        q,
        0,
        p,
        c,
        q,
        k,
        v,
        0,
        0,
        ...numbersOf({ ...one, mode }),
        false,
      );
    expect(backward(0, 0, 0)).toBe(status.invalidArgument);
    expect(backward(3, 0, 0)).toBe(status.invalidArgument);
    expect(backward(4, probs, 0)).toBe(status.invalidArgument);
    expect(backward(3, 0, chosen)).toBe(status.indexOutOfRange);
    expect(kernel.detail()).toEqual([0, 2, 2]);
    expect(backward(0, probs, 0)).toBe(status.ok);
    kernel.release();
  });
});
