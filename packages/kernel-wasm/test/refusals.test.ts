/** What the ABI refuses, with which numbers, and that the instance goes on working afterwards. */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Kernel, names, openKernel, status } from './kernel.js';

/** 2^31 and 2^32 - 1: beyond any memory. */
const HUGE = 2 ** 31;
const MAX = 2 ** 32 - 1;

describe.each(names)('%s', (name) => {
  let kernel: Kernel;
  beforeAll(async () => {
    kernel = await openKernel(name);
  });
  afterEach(() => {
    // Whatever was refused, a product still comes out right and nothing leaks.
    const [a, b, c] = [kernel.reals([1, 2, 3, 4]), kernel.reals([5, 6, 7, 8]), kernel.room(4)];
    expect(kernel.glue.gemm(c, a, b, 2, 2, 2, false, false, 1, 0)).toBe(status.ok);
    expect(kernel.read(c, 4)).toEqual([19, 22, 43, 50]);
    kernel.release();
    expect(kernel.glue.live_bytes()).toBe(0);
  });

  test('regions outside the heap', () => {
    const { glue, bytes } = kernel;
    const x = kernel.reals([1, 2, 3, 4]);
    const end = kernel.memory.buffer.byteLength;
    const n = 4 * bytes;
    // Offset 0 is absent, and no argument of copy may be.
    expect(glue.copy(0, x, 4)).toBe(status.outOfBounds);
    expect(kernel.detail()).toEqual([0, 0, n]);
    expect(glue.copy(x, 64, 4)).toBe(status.outOfBounds);
    expect(kernel.detail()).toEqual([1, 64, n]);
    expect(glue.copy(x, end - n + bytes, 4)).toBe(status.outOfBounds);
    expect(kernel.detail()).toEqual([1, end - n + bytes, n]);
    expect(glue.copy(x, MAX - 63, 4)).toBe(status.outOfBounds);
    expect(glue.fill(end - bytes, 1, 0)).toBe(status.ok);
    expect(glue.fill(end, 1, 0)).toBe(status.outOfBounds);
    expect(glue.global_norm(0, 4)).toBe(-1);
    expect(glue.first_non_finite(0, 4)).toBe(-2);
  });

  test('the stack and the statics cannot be named', () => {
    for (let offset = 64; offset < 131_072; offset += 4096) {
      expect(kernel.glue.fill(offset, 1, 0)).toBe(status.outOfBounds);
    }
  });

  test('misaligned offsets', () => {
    const { glue, bytes } = kernel;
    const [x, y] = [kernel.reals([1, 2, 3, 4]), kernel.room(4)];
    for (let shift = 1; shift < bytes; shift++) {
      expect(glue.copy(y, x + shift, 1)).toBe(status.misaligned);
      expect(kernel.detail().slice(0, 2)).toEqual([1, x + shift]);
    }
    expect(glue.embedding_forward(y, x, x + 2, 1, 1, 1)).toBe(status.misaligned);
    // Bytes have no alignment.
    expect(glue.hash(y, x + 1, 5)).toBe(status.ok);
  });

  test('overlap of what is written', () => {
    const { glue, bytes } = kernel;
    const x = kernel.reals(new Array(16).fill(1));
    expect(glue.copy(x, x, 4)).toBe(status.overlap);
    expect(kernel.detail().slice(0, 2)).toEqual([0, 1]);
    expect(glue.copy(x, x + 3 * bytes, 4)).toBe(status.overlap);
    expect(glue.copy(x + 3 * bytes, x, 4)).toBe(status.overlap);
    expect(glue.copy(x, x + 4 * bytes, 4)).toBe(status.ok);
    expect(glue.gemm(x, x + 8 * bytes, x, 2, 2, 2, false, false, 1, 0)).toBe(status.overlap);
    expect(kernel.detail().slice(0, 2)).toEqual([0, 2]);
    // Reading the same region twice is fine.
    expect(glue.gemm(x, x + 8 * bytes, x + 8 * bytes, 2, 2, 2, false, false, 1, 0)).toBe(status.ok);
    expect(glue.scale(x, x, 4, 2)).toBe(status.ok);
    expect(glue.scale(x, x + bytes, 4, 2)).toBe(status.overlap);
    // The gradients of an LSTM's two biases may not be one array either.
    const [w, s] = [kernel.reals(new Array(16).fill(0)), kernel.reals(new Array(8).fill(0))];
    const gates = kernel.reals([0, 0, 0, 0]);
    const [gradients, sizes] = [[0, 0, 0, 0, 0, w, w, gates] as const, [3, 1, 1, 1, 1, 1, 0] as const];
    expect(glue.recurrent_backward(...gradients, 0, 0, 0, s, s, s, w, w, 0, ...sizes, false, false)).toBe(
      status.overlap,
    );
    expect(kernel.detail().slice(0, 2)).toEqual([5, 6]);
  });

  test('sizes that overflow', () => {
    const { glue } = kernel;
    const x = kernel.reals([1]);
    expect(glue.fill(x, HUGE, 0)).toBe(status.sizeOverflow);
    expect(glue.fill(x, MAX, 0)).toBe(status.sizeOverflow);
    expect(glue.fill(x, 2 ** 30, 0)).toBe(status.sizeOverflow);
    expect(glue.gemm(x, x, x, 65_536, 65_536, 1, false, false, 1, 0)).toBe(status.sizeOverflow);
    expect(kernel.detail()[0]).toBe(0);
    expect(glue.gemm(x, x, x, 1, 1, MAX, false, false, 1, 0)).toBe(status.sizeOverflow);
    expect(kernel.detail()[0]).toBe(1);
    const weights = [x, x, 0, 0] as const;
    expect(glue.recurrent_forward(0, x, x, x, x, 0, 0, ...weights, 0, 3, MAX, 1, 1, 1, 1, 0, false)).toBe(
      status.sizeOverflow,
    );
    expect(glue.transpose(x, x, 2, HUGE, 1, 1)).toBe(status.sizeOverflow);
    // -1 and NaN as JavaScript passes them.
    expect(glue.fill(x, -1, 0)).toBe(status.sizeOverflow);
    expect(glue.fill(x, Number.NaN, 0)).toBe(status.ok);
  });

  test('ids and targets outside their range, with nothing written', () => {
    const { glue } = kernel;
    const [weight, y, loss] = [kernel.reals([1, 2, 3]), kernel.reals([7, 7, 7]), kernel.reals([7])];
    const one = kernel.reals([1]);
    for (const bad of [3, -1, 2 ** 31 - 1, -(2 ** 31)]) {
      const ids = kernel.indices([0, bad, 1]);
      expect(glue.embedding_forward(y, weight, ids, 3, 3, 1)).toBe(status.indexOutOfRange);
      expect(kernel.detail()).toEqual([1, bad, 3]);
      expect(glue.embedding_backward(y, weight, ids, 3, 3, 1, -1)).toBe(status.indexOutOfRange);
      const target = kernel.indices([bad]);
      expect(glue.cross_entropy_forward(loss, one, y, weight, target, 0, 0, 1, 3, -100, 0, true)).toBe(
        status.indexOutOfRange,
      );
      expect(kernel.detail()).toEqual([0, bad, 3]);
      expect(glue.cross_entropy_backward(y, loss, one, weight, target, 0, 0, 1, 3, -100, 0)).toBe(
        status.indexOutOfRange,
      );
    }
    // Lengths: 0..=T, here of one step.
    for (const bad of [2, -1]) {
      const [h, lengths] = [kernel.reals([7]), kernel.indices([bad])];
      const [x, w] = [kernel.reals([1]), kernel.reals([1, 2, 3])];
      const sizes = [2, 1, 1, 1, 1, 1, 0] as const;
      expect(glue.recurrent_forward(0, h, 0, 0, x, 0, 0, w, w, 0, 0, lengths, ...sizes, false)).toBe(
        status.indexOutOfRange,
      );
      expect(kernel.detail()).toEqual([0, bad, 2]);
      expect(kernel.read(h, 1)).toEqual([7]);
    }
    expect(kernel.read(y, 3)).toEqual([7, 7, 7]);
    expect(kernel.read(loss, 1)).toEqual([7]);
    expect(glue.embedding_forward(y, weight, kernel.indices([0]), 1, 0, 1)).toBe(status.indexOutOfRange);
  });

  test('rows closer than they are wide, and rows that end beyond the memory', () => {
    const { glue } = kernel;
    const [x, y] = [kernel.reals([1, 2, 3, 4]), kernel.room(4)];
    expect(glue.copy_rows(y, x, 2, 2, 1, 2, false)).toBe(status.invalidArgument);
    expect(kernel.detail().slice(0, 2)).toEqual([4, 1]);
    expect(glue.copy_rows(y, x, MAX, 1, MAX, 1, false)).toBe(status.sizeOverflow);
    expect(glue.copy_rows(y, x, 2, 1, 1, HUGE / 32, false)).toBe(status.outOfBounds);
    expect(glue.copy_rows(x, x, 2, 1, 2, 2, true)).toBe(status.overlap);
    expect(glue.copy_rows(y, x, 2, 1, 2, 3, false)).toBe(status.ok);
    expect(kernel.read(y, 3)).toEqual([1, Number.NaN, 4]);
    const mask = kernel.indices([0, 1]);
    expect(glue.select_rows(y, mask, x, y, 2, 2)).toBe(status.overlap);
    expect(glue.select_rows(y, 0, x, x, 2, 2)).toBe(status.outOfBounds);
    expect(glue.select_rows(y, mask, x, 0, 2, 2)).toBe(status.ok);
    expect(kernel.read(y, 4)).toEqual([0, 0, 3, 4]);
  });

  test('arguments without meaning', () => {
    const { glue } = kernel;
    const [p, m, v, g] = [kernel.reals([1]), kernel.reals([0]), kernel.reals([0]), kernel.reals([1])];
    const adam = (
      lr: number,
      beta1: number,
      beta2: number,
      eps: number,
      decay: number,
      step: number,
      scale: number,
    ) => glue.adam_step(p, m, v, g, 1, lr, beta1, beta2, eps, decay, false, step, scale);
    expect(adam(Number.NaN, 0.9, 0.99, 0, 0, 1, 1)).toBe(status.invalidArgument);
    expect(kernel.detail().slice(0, 2)).toEqual([5, Number.NaN]);
    expect(adam(0.1, 1, 0.99, 0, 0, 1, 1)).toBe(status.invalidArgument);
    expect(kernel.detail().slice(0, 2)).toEqual([6, 1]);
    expect(adam(0.1, 0.9, -0.1, 0, 0, 1, 1)).toBe(status.invalidArgument);
    expect(adam(0.1, 0.9, 0.99, Number.POSITIVE_INFINITY, 0, 1, 1)).toBe(status.invalidArgument);
    expect(adam(0.1, 0.9, 0.99, 0, Number.NaN, 1, 1)).toBe(status.invalidArgument);
    expect(adam(0.1, 0.9, 0.99, 0, 0, 0, 1)).toBe(status.invalidArgument);
    expect(kernel.detail().slice(0, 2)).toEqual([11, 0]);
    expect(adam(0.1, 0.9, 0.99, 0, 0, 1, Number.NaN)).toBe(status.invalidArgument);
    expect(kernel.read(p, 1)).toEqual([1]);

    for (const p of [-0.1, 1.1, Number.NaN]) {
      expect(glue.dropout_forward(m, g, 1, p, 0, 0, 0, 0)).toBe(status.invalidArgument);
    }
    // A cell that does not exist; columns of y that do not fit into a row.
    for (const [cell, stride, offset, arg] of [
      [4, 1, 0, 12],
      [3, 1, 1, 18],
      [3, 0, 0, 18],
      [3, 1, MAX, 18],
    ] as const) {
      const sizes = [cell, 1, 1, 1, 1, stride, offset] as const;
      expect(glue.recurrent_forward(p, m, v, g, p, 0, 0, p, p, 0, 0, 0, ...sizes, false)).toBe(
        status.invalidArgument,
      );
      expect(kernel.detail()[0]).toBe(arg);
    }

    expect(glue.unary_forward(m, g, 1, 8)).toBe(status.invalidArgument);
    expect(kernel.detail().slice(0, 2)).toEqual([3, 8]);
    expect(glue.unary_backward(m, g, p, p, 1, MAX)).toBe(status.invalidArgument);
    expect(glue.binary_forward(m, g, p, 1, 1, 4)).toBe(status.invalidArgument);
    const [long, short, out] = [kernel.reals([1, 2, 3, 4]), kernel.reals([1, 2, 3]), kernel.room(4)];
    expect(glue.binary_forward(out, long, short, 4, 3, 0)).toBe(status.invalidArgument);
    expect(kernel.detail().slice(0, 2)).toEqual([4, 3]);
    expect(glue.binary_forward(out, short, long, 3, 4, 0)).toBe(status.invalidArgument);
    expect(kernel.detail().slice(0, 2)).toEqual([3, 3]);
    expect(glue.binary_forward(out, long, short, 4, 0, 0)).toBe(status.invalidArgument);
    expect(glue.binary_backward(out, 0, long, long, short, 4, 3, 0)).toBe(status.invalidArgument);
    expect(glue.random_uniform(m, 1, Number.NaN, 1, 0, 0, 0, 0)).toBe(status.invalidArgument);
    expect(glue.random_normal(m, 1, 0, Number.POSITIVE_INFINITY, 0, 0, 0, 0)).toBe(status.invalidArgument);
  });

  test('nothing to do is not an error', () => {
    const { glue } = kernel;
    const x = kernel.reals([5, 6]);
    expect(glue.gemm(x, 0, 0, 0, 0, 3, false, false, 1, 0)).toBe(status.ok);
    expect(glue.gemm(x, 0, 0, 1, 2, 0, false, false, 1, 0)).toBe(status.ok);
    expect(kernel.read(x, 2)).toEqual([0, 0]);
    expect(glue.copy(0, 0, 0)).toBe(status.ok);
    expect(glue.softmax_forward(0, 0, 3, 0)).toBe(status.ok);
    expect(glue.reduce_sum(x, 0, 1, 0, 2)).toBe(status.ok);
    const divisor = kernel.room(1);
    expect(glue.cross_entropy_forward(x, divisor, 0, 0, 0, 0, 0, 0, 3, -100, 0, true)).toBe(status.ok);
    expect(kernel.read(x, 1)).toEqual([0]);
    expect(glue.adam_step(0, 0, 0, 0, 0, 0.1, 0.9, 0.9, 0, 0, false, 1, 1)).toBe(status.ok);
    expect(glue.global_norm(0, 0)).toBe(0);
    expect(glue.first_non_finite(0, 0)).toBe(-1);
    expect(glue.transpose(0, 0, 3, 0, 5, 1)).toBe(status.ok);
    // Sizes that could never be: a part of their product would wrap.
    expect(glue.transpose(0, 0, MAX, 0, MAX, 1)).toBe(status.sizeOverflow);
    const [h, c] = [kernel.reals([1, 2]), kernel.reals([3, 4])];
    expect(
      glue.recurrent_forward(
        ...([0, h, c, 0, 0, 0, 0] as const),
        ...([x, kernel.reals(new Array(16).fill(0)), 0, 0, 0] as const),
        ...([3, 0, 1, 0, 2, 2, 0] as const),
        false,
      ),
    ).toBe(status.ok);
    expect(kernel.read(h, 2)).toEqual([0, 0]);
  });

  test('allocation', () => {
    const { glue } = kernel;
    const [empty, one, line] = [glue.alloc(0), glue.alloc(1), glue.alloc(64)];
    expect(new Set([empty, one, line]).size).toBe(3);
    for (const offset of [empty, one, line]) {
      expect(offset).toBeGreaterThan(0);
      expect(offset % 64).toBe(0);
    }
    expect(glue.live_bytes()).toBe(65);
    glue.dealloc(empty, 0);
    glue.dealloc(one, 1);
    glue.dealloc(line, 64);
    glue.dealloc(0, 64);
    expect(glue.live_bytes()).toBe(0);
    for (const bytes of [HUGE, MAX, -1]) {
      expect(glue.alloc(bytes)).toBe(0);
      expect(glue.error_detail(0)).toBe(bytes >>> 0);
    }
    expect(glue.live_bytes()).toBe(0);
  });

  test('allocating and freeing for ever keeps memory flat', () => {
    const { glue } = kernel;
    const round = () => {
      const given = [1, 100, 4096, 65_536, 1_000_000].map((bytes) => [glue.alloc(bytes), bytes] as const);
      for (const [offset, bytes] of given) glue.dealloc(offset, bytes);
    };
    round();
    const pages = kernel.memory.buffer.byteLength;
    for (let i = 0; i < 10_000; i++) round();
    expect(kernel.memory.buffer.byteLength).toBe(pages);
  });

  test('out of memory, in alloc and in scratch, leaves a working instance', () => {
    const { glue, bytes } = kernel;
    // Operands first, then everything else there is: the product finds no room for its panels.
    const [m, n, k] = [130, 1100, 300];
    const [a, b, c] = [kernel.room(m * k), kernel.room(k * n), kernel.room(m * n)];
    const taken: Array<[number, number]> = [];
    for (let size = 2 ** 30; size >= 1024; size /= 2) {
      for (let offset = glue.alloc(size); offset !== 0; offset = glue.alloc(size)) taken.push([offset, size]);
    }
    const workspace = glue.workspace_bytes();
    expect(glue.gemm(c, a, b, m, n, k, false, false, 1, 0)).toBe(status.outOfMemory);
    expect(kernel.detail()[0]).toBeGreaterThan(300 * 1024 * bytes * 0.8);
    expect(glue.workspace_bytes()).toBeLessThanOrEqual(workspace);
    expect(Math.max(...taken.map(([offset]) => offset))).toBeGreaterThan(2 ** 31);
    // A region above 2 GiB is as good as any.
    const [top] = taken.toSorted(([x], [y]) => y - x)[0]!;
    expect(glue.fill(top, 3, 1.5)).toBe(status.ok);
    expect(kernel.read(top, 3)).toEqual([1.5, 1.5, 1.5]);
    for (const [offset, size] of taken) glue.dealloc(offset, size);
    expect(glue.gemm(c, a, b, m, n, k, false, false, 1, 0)).toBe(status.ok);
  });
});
