/** Sizes by unification: what follows from what, and where it contradicts. */
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../src/errors.js';
import { lettersOf, sizesOf } from '../src/homework/derive/dimension.js';
import { readModel } from '../src/homework/derive/model.js';
import type { Size } from '../src/homework/derive/shapes.js';

const LOSS = 'cross_entropy(softmax(o[t]), y[t])';
const rnn = 'h[t] = tanh(W_hh h[t-1] + W_hx x[t] + b)';

function shapes(cell: string, sizes: Record<string, Size> = {}, loss = LOSS): Record<string, string> {
  const model = readModel(cell, loss, sizes, new Set(Object.keys(sizes)));
  return Object.fromEntries(
    [...model.shapes].map(([name, shape]) => [name, `${lettersOf(shape)} ${sizesOf(shape)}`]),
  );
}

describe('inference', () => {
  it("knows the homework's sizes", () => {
    expect(shapes(rnn)).toEqual({
      h: '[H] 4',
      W_hh: '[H, H] 4×4',
      W_hx: '[H, I] 4×3',
      x: '[I] 3',
      b: '[H] 4',
      o: '[O] 2',
      W_yh: '[O, H] 2×4',
      y: '[O] 2',
      z: '[H] 4',
      yhat: '[O] 2',
    });
  });

  it('spreads one given size to all that must equal it', () => {
    expect(shapes(rnn, { W_hx: [5, 7] })).toMatchObject({
      h: '[H] 5',
      W_hh: '[H, H] 5×5',
      x: '[I] 7',
      b: '[H] 5',
      W_yh: '[O, H] 2×5',
    });
  });

  it('gives further sizes letters of their own', () => {
    expect(shapes('e[t] = E x[t]; m[t] = tanh(P e[t]); h[t] = tanh(W h[t-1] + V m[t])')).toMatchObject({
      P: '[M, K] 3×3',
      V: '[H, M] 4×3',
      E: '[K, I] 3×3',
    });
  });

  it('finds scalars by what defines them, and by name', () => {
    const cell = 's[t] = sigmoid(w^T h[t-1]); h[t] = s[t] h[t-1] + (1 - s[t]) tanh(alpha W x[t])';
    expect(shapes(cell)).toMatchObject({ s: 'scalar 1', w: '[H] 4', alpha: 'scalar 1', W: '[H, I] 4×3' });
    expect(shapes('h[t] = a h[t-1] + W x[t]', { a: 'scalar' })).toMatchObject({ a: 'scalar 1' });
  });

  it('knows matrices as states', () => {
    expect(shapes('A[t] = 0.9 A[t-1] + h[t-1] x[t]^T; h[t] = tanh(A[t] x[t])')).toMatchObject({
      A: '[H, I] 4×3',
    });
  });

  it('takes a vector of size 1 for a vector, not for a scalar', () => {
    expect(shapes(rnn, { h: 1, x: 1, y: 1 })).toMatchObject({ h: '[H] 1', W_hh: '[H, H] 1×1' });
  });
});

describe('conflicts', () => {
  it.each<[string, Record<string, Size>, number, string]>([
    ['h[t] = tanh(W h[t-1] + b)', { h: 4, b: 3 }, 24, 'h[t] needs a vector [4] here, got a vector [3]'],
    ['h[t] = tanh(W * h[t-1])', {}, 17, 'the matrix product is written W h or W @ h'],
    ['h[t] = tanh(h[t-1] W)', {}, 20, 'columns of the left factor must match rows of the right one'],
    [
      'h[t] = tanh(b h[t-1])',
      {},
      15,
      'a * b multiplies entries, a^T b is the inner and a b^T the outer product',
    ],
    ['h[t] = tanh(W)', {}, 1, 'h[t] is a vector by its name and must equal one'],
    ['h[t] = W^2 h[t-1]', { W: [4, 3] }, 8, 'a matrix power must be of a square matrix, got a matrix [4, 3]'],
    ['h[t] = W h[t-1]', { W: [4, 3] }, 8, 'h[t] needs a vector [3] here, got a vector [4]'],
    [
      'h[t] = tanh(V x[t]) + W V x[t]',
      { W: [4, 5], V: [4, 3] },
      25,
      'columns of the left factor must match rows of the right one, got a matrix [4, 5] and a matrix [4, 3]',
    ],
  ])('%s %j at column %i', (cell, sizes, column, words) => {
    expect(() => shapes(cell, sizes)).toThrow(ShapeError);
    try {
      shapes(cell, sizes);
    } catch (error) {
      expect((error as ShapeError).message).toContain(words);
      expect((error as ShapeError).details).toMatchObject({
        source: expect.stringMatching(/cell/),
        line: 1,
        column,
      });
    }
  });

  it('a loss must be a scalar', () => {
    expect(() => shapes(rnn, {}, 'o[t] - y[t]')).toThrow(
      'a loss must be a scalar, got a vector [size of o]; try sum(...) (line 1, column 1)',
    );
  });
});
