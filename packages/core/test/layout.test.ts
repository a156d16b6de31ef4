/** Operations that move, join, choose and reduce entries: values at edge sizes, and refusals. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ArgumentError,
  chunk,
  concat,
  expand,
  grad,
  ids,
  init,
  mean,
  mul,
  narrow,
  ShapeError,
  stack,
  sum,
  type Tensor,
  tensor,
  unbind,
  where,
  zeros,
} from '../src/index.js';

beforeAll(async () => {
  await init();
});

/** 0, 1, 2, ... */
const count = <const S extends readonly [number, ...number[]]>(
  ...shape: S
): Tensor<{ -readonly [K in keyof S]: number }> => {
  const x = zeros(shape);
  return x.set(Array.from({ length: x.size }, (_, i) => i));
};

describe('narrow, chunk and concat along any axis', () => {
  it.each([0, 1, 2, -1])('axis %i: parts join to the whole', (axis) => {
    const x = count(4, 6, 8);
    const at = axis < 0 ? 2 : axis;
    const parts = [narrow(x, 0, 1, axis), narrow(x, 1, 0, axis), narrow(x, 1, x.shape[at]! - 1, axis)];
    expect(parts.map((part) => part.shape[at])).toEqual([1, 0, x.shape[at]! - 1]);
    expect([...concat(parts, axis).data]).toEqual([...x.data]);
    expect([...concat(chunk(x, 2, axis), axis).data]).toEqual([...x.data]);
  });

  it('take the columns that they name', () => {
    expect(narrow(count(2, 4), 1, 2, 1).toArray()).toEqual([
      [1, 2],
      [5, 6],
    ]);
    const [a, b] = chunk(count(2, 4), 2);
    expect([a.toArray(), b.toArray()]).toEqual([
      [
        [0, 1],
        [4, 5],
      ],
      [
        [2, 3],
        [6, 7],
      ],
    ]);
  });

  it('refuse what does not fit', () => {
    expect(() => narrow(count(2, 4), 3, 2, 1)).toThrow('entries 3..5 of axis 1 must lie inside [2, 4]');
    expect(() => narrow(count(2, 4), Number.NaN, 2)).toThrow(ShapeError);
    expect(() => narrow(count(2, 4), 0, 1, 2)).toThrow('axis must be one of the 2 of [2, 4], got 2');
    expect(() => chunk(count(2, 4), 3)).toThrow('chunk: axis 1 of [2, 4] must divide by 3');
    expect(() => concat([count(2, 4), count(3, 4)], 1)).toThrow('must agree outside axis 1');
    expect(() => concat([], 1)).toThrow('at least one tensor must be given');
  });
});

describe('unbind and stack', () => {
  it('are inverse', () => {
    const x = count(3, 2, 5);
    expect(unbind(x)).toHaveLength(3);
    expect([...stack(unbind(x)).data]).toEqual([...x.data]);
    expect(unbind(zeros([0, 2]))).toEqual([]);
    expect(unbind(ids([4, 5], [2])).map((id) => id.item())).toEqual([4, 5]);
  });

  it('refuse nothing and different shapes', () => {
    expect(() => stack([])).toThrow('stack: at least one tensor must be given, got none');
    expect(() => stack([count(2), count(3)] as Tensor[])).toThrow('shapes must be equal, got [2] and [3]');
  });
});

describe('where', () => {
  it('chooses entries or rows, and keeps what is not chosen out of the gradient', () => {
    const [a, b] = [tensor([1, Number.NaN, 3, 4], [2, 2]), tensor([5, 6, 7, 8], [2, 2])];
    expect([...where(ids([1, 0, 0, 1], [2, 2]), a, b).data]).toEqual([1, 6, 7, 4]);
    expect([...where(ids([0, 1], [2]), a, b).data]).toEqual([5, 6, 3, 4]);
    expect([...where(ids([7], []), a, b).data].slice(2)).toEqual([3, 4]);
    const gradients = grad((x: typeof a) => sum(mul(where(ids([0, 1], [2]), x, b), b)))(a);
    expect([...gradients[0].data]).toEqual([0, 0, 7, 8]);
  });

  it('refuses masks that do not fit', () => {
    const a = count(2, 3);
    expect(() => where(ids([1, 0, 0], [3]), a, a)).toThrow(
      'must have the first axes of a, got [3] and [2, 3]',
    );
    expect(() => where(count(2), a, a)).toThrow(ArgumentError);
    expect(() => where(ids([1, 0], [2]), a as Tensor, count(3, 2))).toThrow('b must be as a = [2, 3]');
  });
});

describe('sum, mean and expand along an axis', () => {
  it('reduce and repeat', () => {
    const x = count(2, 3);
    expect(sum(x, 0).toArray()).toEqual([3, 5, 7]);
    expect(sum(x, -1).toArray()).toEqual([3, 12]);
    expect(mean(x, 1).toArray()).toEqual([1, 4]);
    expect(sum(zeros([3, 0]), 1).toArray()).toEqual([0, 0, 0]);
    expect(expand(narrow(x, 1, 1), 0, 2).toArray()).toEqual([
      [3, 4, 5],
      [3, 4, 5],
    ]);
    expect(() => mean(zeros([3, 0]), 1)).toThrow('mean: tensor must have entries, got none');
    expect(() => expand(x, 0, 4)).toThrow('expand: axis 0 must be of size 1, got [2, 3]');
  });
});

describe('grad of a function', () => {
  it('gives one gradient per input and leaves the inputs alone', () => {
    const [x, y] = [tensor([2, 3], [2]), tensor([5], [])];
    const [dx, dy] = grad((a: Tensor<[number]>, b: Tensor<[]>) => sum(mul(mul(a, a), b)))(x, y);
    expect([...dx.data]).toEqual([20, 30]);
    expect(dy.item()).toBe(13);
    expect([x.requiresGrad, x.grad]).toEqual([false, undefined]);
    const [none] = grad((unused: Tensor) => sum(mul(tensor([1], []), unused.detach())))(x);
    expect([...none.data]).toEqual([0, 0]);
  });
});
