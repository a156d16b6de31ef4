/** Cells of one's own: scan against written-out loops, against the fused LSTM, and through gradcheck. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  add,
  backward,
  chunk,
  gradcheck,
  init,
  linear,
  lstm,
  mul,
  RandomStream,
  scan,
  sigmoid,
  square,
  sum,
  type Tensor,
  tanh,
  tensor,
  zeros,
} from '../src/index.js';
import type { Shape } from '../src/shape.js';

beforeAll(async () => {
  await init({ precision: 'f64' });
});

const random = new RandomStream(5, 'scan');
function leaf<const S extends Shape>(...shape: S): Tensor<{ -readonly [K in keyof S]: number }> {
  const x = zeros(shape, { requiresGrad: true });
  random.fillUniform(x, -1, 1);
  return x;
}

describe('scan', () => {
  it('is the loop', () => {
    const x = tensor([1, 2, 3, 4], [4]);
    const { output, state } = scan((x_t, h) => add(x_t, mul(h, h)), x, tensor([1], []));
    expect([...output.data]).toEqual([2, 6, 39, 1525]);
    expect(state.item()).toBe(1525);
  });

  it('goes backwards when asked, outputs in the order of x', () => {
    const { output, state } = scan((x, h) => add(x, h), tensor([1, 2, 4], [3]), tensor([0], []), {
      reverse: true,
    });
    expect([...output.data]).toEqual([7, 6, 4]);
    expect(state.item()).toBe(7);
  });

  it('takes tuples and records of tensors and keeps their names', () => {
    const [a, b] = [tensor([1, 2, 3, 4], [2, 2]), tensor([10, 20], [2])];
    const { output, state } = scan(
      ([a_t, b_t], { total }) => {
        const next = add(total, mul(a_t, b_t));
        return { output: { next, b: b_t }, state: { total: next } };
      },
      [a, b] as const,
      { total: zeros([2]) },
    );
    expect(output.next.toArray()).toEqual([
      [10, 20],
      [70, 100],
    ]);
    expect([...output.b.data]).toEqual([10, 20]);
    expect([...state.total.data]).toEqual([70, 100]);
  });

  it('differentiates through time, by every input, also where the state alone is used', () => {
    const cell =
      (W: Tensor<[number, number]>) =>
      (x: Tensor<[number]>, s: { h: Tensor<[number]>; unused: Tensor<[number]> }) => {
        const h = tanh(add(x, linear<[]>(s.h, W)));
        return { output: square(h), state: { h, unused: s.unused } };
      };
    const results = gradcheck(
      ([x, W, h, unused]) => {
        const start = { h: h as Tensor<[number]>, unused: unused as Tensor<[number]> };
        const { output, state } = scan(
          cell(W as Tensor<[number, number]>),
          x as Tensor<[number, number]>,
          start,
        );
        return add(sum(mul(output, output)), add(sum(state.h), sum(square(state.unused))));
      },
      [leaf(5, 3), leaf(3, 3), leaf(3), leaf(2)],
    );
    for (const result of results) expect(result, JSON.stringify(result)).toMatchObject({ passed: true });
    const [last] = gradcheck(
      ([x]) => sum(scan((x_t, h) => tanh(add(x_t, h)), x as Tensor<[number, number]>, zeros([3])).state),
      [leaf(4, 3)],
    );
    expect(last!.passed).toBe(true);
  });

  it('written as an LSTM equals the fused one, values and all gradients', () => {
    const [T, B, I, H] = [6, 3, 4, 5];
    const x = leaf(T, B, I);
    const [weightIh, weightHh] = [leaf(4 * H, I), leaf(4 * H, H)];
    const [biasIh, biasHh] = [leaf(4 * H), leaf(4 * H)];
    const [h0, c0] = [leaf(B, H), leaf(B, H)];
    const leaves = [x, weightIh, weightHh, biasIh, biasHh, h0, c0];
    const weights = leaf(T, B, H).detach();
    const run = (how: 'fused' | 'scan'): Float64Array[] => {
      for (const each of leaves) each.grad = undefined;
      const fused = (): { output: Tensor; h: Tensor; c: Tensor } =>
        lstm(x, { weightIh, weightHh, biasIh, biasHh }, { h0, c0 });
      const written = (): { output: Tensor; h: Tensor; c: Tensor } => {
        const { output, state } = scan(
          (x_t, { h, c }) => {
            const z = add(linear<[number]>(x_t, weightIh, biasIh), linear<[number]>(h, weightHh, biasHh));
            const [i, f, g, o] = chunk(z, 4);
            const next = add(mul(sigmoid(f), c), mul(sigmoid(i), tanh(g)));
            const out = mul(sigmoid(o), tanh(next));
            return { output: out, state: { h: out, c: next } };
          },
          x,
          { h: h0, c: c0 },
        );
        return { output, ...state };
      };
      const { output, h, c } = how === 'fused' ? fused() : written();
      backward(add(add(sum(mul(output, weights)), sum(square(h))), sum(square(c))));
      return [output, h, c, ...leaves.map(({ grad }) => grad!)].map((t) => t.data as Float64Array);
    };
    const [fused, written] = [run('fused'), run('scan')];
    for (const [k, values] of fused.entries()) {
      expect(written[k]!).toBeAllclose(values, { rtol: 1e-12 });
    }
  });

  it('truncates where the state is detached', () => {
    const cell = (x: Tensor<[number]>, h: Tensor<[number]>): Tensor<[number]> => tanh(add(x, h));
    const [before, after] = [leaf(4, 2), leaf(4, 2)];
    const { state } = scan(cell, before, zeros([2]));
    backward(sum(scan(cell, after, state.detach()).output));
    expect([before.grad, after.grad!.shape]).toEqual([undefined, [4, 2]]);
    backward(sum(scan(cell, after, state).output));
    expect(before.grad!.shape).toEqual([4, 2]);
  });

  it('refuses no steps, uneven lengths, and a state that changes', () => {
    expect(() => scan((x, h) => add(x, h), zeros([0, 2]), zeros([2]))).toThrow(
      'scan: x must have at least one step, got none',
    );
    expect(() => scan(({ a }, h) => add(a, h), { a: zeros([3]), b: zeros([2]) }, zeros([]))).toThrow(
      'scan: all of x must have 3 steps, got 2 in b',
    );
    expect(() => scan((x, h) => (x.size > 0 ? x : h), zeros([2, 3]), zeros([2]))).toThrow(
      'scan: tensor must be as it came in = [2], got [3]',
    );
  });
});
