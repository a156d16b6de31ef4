/** What losses, norms, pooling and optimisers refuse at the boundary, and that the instance goes on working. */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Kernel, names, openKernel, status } from './kernel.js';

/** Beyond any memory, and beyond 32 bits together. */
const HUGE = 2 ** 31;

describe.each(names)('%s', (name) => {
  let kernel: Kernel;
  beforeAll(async () => {
    kernel = await openKernel(name);
  });
  afterEach(() => {
    // Whatever was refused, a step still comes out right and nothing leaks.
    const [p, g] = [kernel.reals([1, 2]), kernel.reals([0.5, -0.5])];
    expect(kernel.glue.sgd_step(p, 0, g, 2, 1, 0, 0, false, 0, true, 1)).toBe(status.ok);
    expect(kernel.read(p, 2)).toEqual([0.5, 2.5]);
    kernel.release();
    expect(kernel.glue.live_bytes()).toBe(0);
  });

  test('sizes that overflow or lie outside the heap', () => {
    const { glue } = kernel;
    const x = kernel.reals([1, 2, 3, 4]);
    const refused = [status.sizeOverflow, status.outOfBounds];
    expect(refused).toContain(glue.layer_norm_forward(x, x, x, x, 0, 0, HUGE, HUGE, 1e-5));
    expect(refused).toContain(glue.layer_norm_backward(x, 0, 0, x, x, x, x, 0, HUGE, 3));
    expect(refused).toContain(glue.cross_entropy_forward(x, x, 0, x, x, 0, 0, HUGE, HUGE, -100, 0, true));
    expect(refused).toContain(glue.binary_cross_entropy_forward(x, x, x, 0, 0, HUGE, HUGE, 1));
    expect(refused).toContain(glue.ctc_forward(x, x, x, x, x, x, 1, 1, 1, HUGE, 0));
    expect(refused).toContain(glue.ctc_forward(x, x, x, x, x, x, HUGE, HUGE, HUGE, 1, 0));
    expect(refused).toContain(glue.mean_over_time_forward(x, x, x, HUGE, 2, 2));
    expect(refused).toContain(glue.max_over_time_forward(x, x, x, x, 1, HUGE, 2));
    for (const step of [
      () => glue.sgd_step(x, 0, x, HUGE, 1, 0, 0, false, 0, true, 1),
      () => glue.rmsprop_step(x, x, 0, 0, x, HUGE, 1, 0.9, 1e-8, 0, 0, 1),
      () => glue.adagrad_step(x, x, x, HUGE, 1, 1e-8, 0, 1),
    ]) {
      expect(refused).toContain(step());
    }
    expect(kernel.read(x, 4)).toEqual([1, 2, 3, 4]);
  });

  test('overlap of what is written', () => {
    const { glue } = kernel;
    const x = kernel.reals(new Array(16).fill(1));
    const [one, zero] = [kernel.reals([1]), kernel.indices([0])];
    expect(glue.layer_norm_forward(x, one, one, x, 0, 0, 1, 4, 1e-5)).toBe(status.overlap);
    expect(glue.cross_entropy_forward(one, one, 0, x, zero, 0, 0, 1, 4, -100, 0, true)).toBe(status.overlap);
    expect(glue.cross_entropy_backward(x, one, one, x, zero, 0, 0, 1, 4, -100, 0)).toBe(status.overlap);
    expect(glue.binary_cross_entropy_backward(x, one, x, x, 0, 0, 1, 4, 1)).toBe(status.overlap);
    expect(glue.mean_over_time_forward(x, x, zero, 1, 1, 4)).toBe(status.overlap);
    expect(glue.sgd_step(x, x, one, 1, 1, 0.9, 0, false, 0, true, 1)).toBe(status.overlap);
    expect(glue.adagrad_step(x, x, one, 1, 1, 1e-8, 0, 1)).toBe(status.overlap);
  });

  test('arguments without meaning', () => {
    const { glue } = kernel;
    const [a, b, c, d] = [[1], [1], [1], [1]].map((values) => kernel.reals(values)) as [
      number,
      number,
      number,
      number,
    ];
    const ids = kernel.indices([0]);
    expect(glue.layer_norm_forward(a, b, c, d, 0, 0, 1, 1, -1)).toBe(status.invalidArgument);
    expect(kernel.detail().slice(0, 2)).toEqual([8, -1]);
    expect(glue.cross_entropy_forward(a, b, 0, c, ids, 0, 0, 1, 1, -100, 1.5, true)).toBe(
      status.invalidArgument,
    );
    expect(glue.cross_entropy_backward(a, b, c, d, ids, 0, 0, 1, 1, -100, Number.NaN)).toBe(
      status.invalidArgument,
    );
    expect(glue.sgd_step(a, 0, b, 1, Number.NaN, 0, 0, false, 0, true, 1)).toBe(status.invalidArgument);
    expect(glue.rmsprop_step(a, b, 0, 0, c, 1, 1, 1, 1e-8, 0, 0, 1)).toBe(status.invalidArgument);
    expect(kernel.detail().slice(0, 2)).toEqual([7, 1]);
    expect(glue.adagrad_step(a, b, c, 1, 1, Number.NaN, 0, 1)).toBe(status.invalidArgument);
    expect([a, b, c, d].flatMap((offset) => kernel.read(offset, 1))).toEqual([1, 1, 1, 1]);
  });

  test('lengths, labels and blanks outside their range', () => {
    const { glue } = kernel;
    // One row of T = 2 steps, C = 3 classes and S = 1 label; alpha and beta hold f64.
    const [nll, x, dx] = [kernel.room(1), kernel.reals(new Array(6).fill(-1)), kernel.room(6)];
    const [alpha, beta] = [kernel.room(12), kernel.room(12)];
    const ctc = (label: number, steps: number, labels: number, blank: number): number[] => {
      const [targets, inputs, lengths] = [label, steps, labels].map((value) => kernel.indices([value])) as [
        number,
        number,
        number,
      ];
      return [
        glue.ctc_forward(nll, alpha, x, targets, inputs, lengths, 2, 1, 3, 1, blank),
        glue.ctc_backward(dx, beta, nll, alpha, x, targets, inputs, lengths, 2, 1, 3, 1, blank),
      ];
    };
    expect(ctc(1, 2, 1, 0)).toEqual([status.ok, status.ok]);
    const outside = [status.indexOutOfRange, status.indexOutOfRange];
    for (const bad of [3, -1, -(2 ** 31)]) expect(ctc(bad, 2, 1, 0)).toEqual(outside);
    for (const bad of [3, -1]) expect(ctc(1, bad, 1, 0)).toEqual(outside);
    for (const bad of [2, -1]) expect(ctc(1, 2, bad, 0)).toEqual(outside);
    for (const bad of [3, -1]) expect(ctc(1, 2, 1, bad)).toEqual(outside);
    const [y, steps] = [kernel.room(3), kernel.indices([0, 0, 2])];
    for (const bad of [3, -1]) {
      const lengths = kernel.indices([bad]);
      expect(glue.mean_over_time_forward(y, x, lengths, 2, 1, 3)).toBe(status.indexOutOfRange);
      expect(glue.max_over_time_forward(y, steps, x, lengths, 2, 1, 3)).toBe(status.indexOutOfRange);
    }
    expect(glue.max_over_time_backward(dx, y, steps, 2, 1, 3)).toBe(status.indexOutOfRange);
    expect(kernel.detail()[1]).toBe(2);
  });
});
