import { beforeAll, describe, expect, it } from 'vitest';
import { gradcheck } from '../src/gradcheck.js';
import { gradcheckAll } from '../src/gradcheck-all.js';
import { init } from '../src/kernel/load.js';
import { add, exp, mul, scale, square, sub } from '../src/ops/elementwise.js';
import { sum } from '../src/ops/reduce.js';
import { backward, grad, noGrad, record } from '../src/tape.js';
import { allocate, scope, type Tensor, tensor } from '../src/tensor.js';

beforeAll(async () => {
  await init({ precision: 'f64' });
});

const leaf = (data: number[]): Tensor<[number]> => tensor(data, [data.length], { requiresGrad: true });

describe('backward', () => {
  it('adds up over all uses of a tensor', () => {
    const x = leaf([3, -2]);
    backward(sum(add(mul(x, x), scale(x, 4))));
    expect([...x.grad!.data]).toEqual([10, 0]);
  });

  it('adds to the gradients that are there', () => {
    const x = leaf([1]);
    backward(sum(scale(x, 2)));
    backward(sum(scale(x, 3)));
    expect(x.grad!.item()).toBe(5);
  });

  it('walks a diamond once per path', () => {
    const x = leaf([0.5]);
    const y = exp(x);
    backward(sum(mul(sub(y, x), add(y, x))));
    // d(e^2x - x^2)/dx
    expect(x.grad!.item()).toBeCloseTo(2 * Math.exp(1) - 1, 12);
  });

  it('leaves gradients of leaves alive after the scope of the pass', () => {
    const x = leaf([2]);
    scope(() => backward(sum(square(x))));
    expect(x.grad!.item()).toBe(4);
  });

  it('records nothing without a reason', () => {
    const x = tensor([1], [1]);
    expect(square(x).node).toBeUndefined();
    const y = leaf([1]);
    expect(noGrad(() => square(y)).node).toBeUndefined();
    expect(square(y.detach()).node).toBeUndefined();
  });

  it('refuses a loss without history, a loss that is no scalar, and a second walk', () => {
    expect(() => backward(tensor([1], []))).toThrow('must depend on a tensor that asks for gradients');
    const x = leaf([1, 2]);
    expect(() => backward(square(x))).toThrow('backward: loss must be a scalar, got [2]');
    const loss = sum(square(x));
    backward(loss);
    expect(() => backward(loss)).toThrow('must be walked once, got a second walk');
  });

  it('grad() leaves .grad of leaves that it is not asked for alone', () => {
    const x = tensor([1, 2], [2], { requiresGrad: true });
    const weight = tensor([3, 4], [2], { requiresGrad: true });
    const [dx] = grad(sum(square(mul(x, weight))), [x]);
    expect([...dx!.data]).toEqual([18, 64]);
    expect([x.grad, weight.grad]).toEqual([undefined, undefined]);
  });

  it('grad() gives derivatives and leaves .grad alone', () => {
    const x = leaf([1, 2]);
    const other = leaf([5]);
    const [dx, dother] = grad(sum(square(x)), [x, other]);
    expect([...dx!.data]).toEqual([2, 4]);
    expect([...dother!.data]).toEqual([0]);
    expect(x.grad).toBeUndefined();
  });
});

describe('gradcheck', () => {
  it('passes every operation at 1e-7', async () => {
    const rows = await gradcheckAll();
    for (const row of rows) expect(row, JSON.stringify(row)).toMatchObject({ passed: true });
    expect(new Set(rows.map((row) => row.op)).size).toBeGreaterThanOrEqual(24);
  });

  it('catches a wrong backward', () => {
    /** y = x^2 with the factor 2 forgotten. */
    const wrongSquare = (x: Tensor): Tensor => {
      const y = allocate('wrong', x.shape, 'real');
      y.set(x.data.map((n) => n * n));
      record('wrong', [x], [y], (grads) => {
        const dy = grads.of(y)!.data;
        grads.assign(x, (dx) => dx.set(x.data.map((n, i) => n * dy[i]!)));
      });
      return y;
    };
    const [result] = gradcheck(([x]) => sum(wrongSquare(x!)), [leaf([1, 2, 3])]);
    expect(result!.passed).toBe(false);
    expect(result!.relativeError).toBeCloseTo(0.5, 6);
  });

  it('refuses single precision', async () => {
    const f32 = await init();
    const x = tensor([1], [1]);
    await init({ precision: 'f64' });
    expect(x.kernel).toBe(f32);
    expect(() => gradcheck(([a]) => sum(a!), [x])).toThrow('inputs must be f64 reals, got f32 real');
  });

  it('names the operations it knows', async () => {
    await expect(gradcheckAll({ op: 'conv' })).rejects.toThrow('gradcheck: op must be one of neg, exp, log');
  });
});
