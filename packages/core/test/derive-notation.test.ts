/** Ordinary notation in its many spellings, and what is refused, with the place. */
import { describe, expect, it } from 'vitest';
import { ArgumentError, Hw5Error } from '../src/errors.js';
import { elaborate } from '../src/homework/derive/elaborate.js';
import { evaluate } from '../src/homework/derive/evaluate.js';
import { column, fromRows } from '../src/homework/derive/matrix.js';
import { readModel } from '../src/homework/derive/model.js';
import { type NotationOptions, parseEquations, parseExpression } from '../src/homework/derive/parse.js';
import { Shapes } from '../src/homework/derive/shapes.js';
import { termText } from '../src/homework/derive/text.js';
import { randomCell, randomNumbers } from './derive-cells.js';

const LOSS = 'cross_entropy(softmax(o[t]), y[t])';

/** The cell as it was understood. */
function understood(cell: string, loss = LOSS): string[] {
  return readModel(cell, loss, {}, new Set()).written.map(
    ({ name, term }) => `${name}[t] = ${termText(term)}`,
  );
}

function failure(work: () => unknown): Hw5Error {
  try {
    work();
  } catch (error) {
    if (error instanceof Hw5Error) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('spellings of one cell', () => {
  const canonical = 'h[t] = tanh(W_hh h[t-1] + W_hx x[t] + b)';
  it.each([
    canonical,
    'h_t = tanh(W_{hh} h_{t-1} + W_{hx} x_t + b)',
    'h(t) = tanh(W_hh·h(t-1) + W_hx·x(t) + b)',
    'hₜ = tanh(Wₕₕ hₜ₋₁ + Wₕₓ xₜ + b)',
    'h_{t} = \\tanh(W_{hh} \\cdot h_{t - 1} + W_{hx} \\times x_{t} + b)',
    'h[t] = tanh(W_hh @ h[t−1] + W_hx @ x[t] + b)',
    'h[t] = tanh(W_hh h[t-۱] + W_hx x[t] + b)',
    'h[t] = tanh(W_hh h[t-١] + W_hx x[t] + b)',
    'h[t]=tanh((W_hh h[ t - 1 ])+(W_hx x[t])+b);',
    '\n\u2066h[t] = tanh(W_hh h[t-1] +\n W_hx x[t] + b)\u2069\n\n',
    "h[t] = tanh(W_hh' ' h[t-1] + (W_hx^T)^T x[t] + b)".replace("' '", "''"),
  ])('%s', (cell) => {
    expect(understood(cell)[0]).toBe(canonical);
  });

  it.each([
    ['c[t] = f ⊙ c[t-1] ⊙ d; h[t] = c[t]', 'c[t] = f * c[t-1] * d'],
    ['c[t] = f .* c[t-1] \\odot d; h[t] = c[t]', 'c[t] = f * c[t-1] * d'],
    ['h[t] = W h[t-1] * r', 'h[t] = W h[t-1] * r'],
    ['h[t] = W (h[t-1] * r)', 'h[t] = W (h[t-1] * r)'],
    ['h[t] = 1 - h[t-1]', 'h[t] = 1 - h[t-1]'],
    ['h[t] = -h[t-1]^2', 'h[t] = -h[t-1]^2'],
    ['h[t] = (-h[t-1])^2 / 2', 'h[t] = 2^(-1) (-h[t-1])^2'],
    ['h[t] = alpha h[t-1] + (1 - alpha) tanh(V h[t-1])', 'h[t] = alpha h[t-1] + (1 - alpha) tanh(V h[t-1])'],
    ['h[t] = σ(V h[t-1]) + sigma(V h[t-1])', 'h[t] = sigmoid(V h[t-1]) + sigmoid(V h[t-1])'],
    ['h[t] = ψ(V h[t-1]) + φ(b)', 'h[t] = psi(V h[t-1]) + phi(b)'],
    ['h[t] = h[t-1] u^T h[t-1]', 'h[t] = h[t-1] u^T h[t-1]'],
    ['h[t] = hadamard(b, h[t-1]) + outer(b, d) h[t-1]', 'h[t] = b * h[t-1] + b d^T h[t-1]'],
    ['h[t] = ۲٫۵ h[t-1]', 'h[t] = 2.5 h[t-1]'],
  ])('%s', (cell, text) => {
    expect(understood(cell)[0]).toBe(text);
  });

  it('prints what it reads again, for every random cell', () => {
    for (let seed = 0; seed < 260; seed += 1) {
      const { cell, loss } = randomCell(seed);
      const once = understood(cell, loss);
      expect(understood(once.join('\n'), loss), cell).toEqual(once);
    }
  });
});

describe('answers', () => {
  const options: NotationOptions = { indices: ['t', 'i', 'k'], numericSubscripts: true };
  const W = fromRows([
    [0.5, -1],
    [0.25, 2],
  ]);
  const value = (text: string): number[] => {
    const expr = parseExpression({ label: 'answer', text }, options);
    const shapes = new Shapes([], { W: [2, 2], h: 2, g: 2, g_h: 2 });
    shapes.add(expr);
    const read = (name: string, step: number | undefined) => (name === 'W' ? W : column([step ?? 7, 1]));
    return [...evaluate(elaborate(expr, shapes), { indices: { t: 3, i: 1 }, read }).data];
  };
  it.each([
    ['W^(t-i) g', 'W W g'],
    ['(W^T)^(t-i) g', "W' W' g"],
    ['W^{t-i-2} g', 'g'],
    ['sum_{k=1}^{t} h_k', 'h[1] + h[2] + h[3]'],
    ['∑_{k=i}^t g_h(k) h_{k-1}^T', 'outer(g_h[1], h_0) + outer(g_h[2], h_1) + outer(g_h_3, h_2)'],
    ['(prod_{k=2}^{3} W) g', 'W W g'],
    ['h_{t-1}', 'h_2'],
    ['diag(1 - h_t^2) W', 'diag(hadamard(1 - h_3, 1 + h_3)) W'],
    ["tanh'(g)", '1 - tanh(g)^2'],
    ['inner(g, h_1)', 'g^T h_1'],
  ])('%s is %s', (one, other) => {
    expect(value(one)).toBeAllclose(value(other), { rtol: 1e-14 });
  });
});

describe('refusals point at the place', () => {
  it.each([
    ['', 1, 1, 'there must be an equation'],
    ['h[t] = tanh(W h[t-1]', 1, 12, '"(" must be closed by ")", got the end of the text'],
    ['h[t] = tanh(W h[t-1)', 1, 16, '"[" must be closed by "]"'],
    ['h[t] = W h[t-1])', 1, 16, 'must stand here, got ")"'],
    [
      'h[t] = W h[t-1]\nc[t] = 2 +',
      2,
      11,
      'a name, a number or "(" must stand here, got the end of the text',
    ],
    ['h[t] = W h[t-1] $ 2', 1, 17, 'got the character "$"'],
    ['h[t] = h[t-1] = 2', 1, 15, 'one "="'],
    ['h = W h[t-1]', 1, 1, 'the left side must be a name with the index t'],
    ['h[t] = tanh W h[t-1]', 1, 8, 'must be followed by "("'],
    ['h[t] = foo(W h[t-1])', 1, 8, 'a function must be one of'],
    ['h[t] = h[t-1] / b d', 1, 17, 'must stand in parentheses'],
    ['h[t] = h[t-1]^2^3', 1, 16, 'a power of a power'],
    ['h[t] = h[t-1] 2', 1, 15, 'a number must stand before'],
    ['h[t] = h[t-1]^b', 1, 15, 'an exponent must be T or a whole number'],
    ['h[t] = W h[t+1]', 1, 10, 'must not look into the future'],
    ['h[t] = W h[t-9]', 1, 10, 'at most 8 steps'],
    ['h[t] = W h[0]', 1, 10, 'a time index must be t or t minus'],
    ['h[t] = W h', 1, 10, 'must have a time index'],
    ['h[t] = W h[t-1] + q[t]', 1, 19, 'a symbol must be known, got q[t]'],
    ['h[t] = W q[t-1]', 1, 10, 'q[t] has no equation'],
    ['h[t] = W h[t]', 1, 10, 'must not depend on itself within a step'],
    ['h[t] = c[t]; c[t] = h[t]', 1, 21, 'must not depend on itself within a step'],
    ['h[t] = h[t-1]; h[t] = b', 1, 16, 'must have one equation'],
    ['h[t] = h[t-1] / 0', 1, 17, 'a divisor must not be zero'],
    ['h[t] = softmax(W) h[t-1]', 1, 16, 'softmax must be given a vector'],
    ['h[t] = outer(b) h[t-1]', 1, 8, 'outer must have 2 argument(s), got 1'],
    ["h[t] = tanh'(h[t-1])", 1, 8, 'functions themselves'],
    ['h[t] = sum_{k=1}^{3} h[t-1]', 1, 8, 'without sums over an index'],
    ['h[t] = h[t-1]_2', 1, 14, 'got the character "_"'],
    ['h[t] = W_{hh h[t-1]', 1, 10, '"{" must be closed'],
    ['سلام', 1, 1, 'the left side must be'],
  ])('%j at line %i, column %i: %s', (cell, line, col, words) => {
    const error = failure(() => readModel(cell, LOSS, {}, new Set()));
    expect(error.message).toContain(words);
    expect(error.details).toMatchObject({ line, column: col });
    expect(error.message).toContain(`(line ${line}, column ${col})`);
    expect(String(error.details.caret).indexOf('^')).toBe(Math.min(col - 1, 39));
  });

  it.each(['(', 'h', '1', ' ', '+', 'h[t]=', '\n', "'", '۱', '[', '{', 'W ', '∑_{k=1}^t '])(
    'a million times %j fails fast',
    (piece) => {
      const text = piece.repeat(Math.ceil(1e6 / piece.length));
      const began = performance.now();
      for (const work of [
        () => parseEquations({ label: 'cell', text }),
        () => parseExpression({ label: 'loss', text }),
      ]) {
        expect(failure(work)).toBeInstanceOf(ArgumentError);
      }
      expect(performance.now() - began).toBeLessThan(200);
    },
  );

  it.each(['(', '-(', 'tanh(', 'h * (', 'W @ -', '{', 'sum_{k=1}^{3} '])(
    'deep nesting of %j is refused',
    (piece) => {
      const text = `h[t] = ${piece.repeat(400)}`;
      expect(failure(() => parseEquations({ label: 'cell', text }))).toBeInstanceOf(ArgumentError);
    },
  );

  it('never throws anything else, whatever the text', () => {
    const pieces =
      "h[t] h_t h_{t-1} W W_hh x[t] = + - * @ / ^ T ' ( ) [ ] { } , ; 1 0 2.5 tanh( softmax( sum( sum_{k=1}^ t diag( alpha psi \n _ \\".split(
        ' ',
      );
    const random = randomNumbers(7);
    const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)]!;
    let read = 0;
    for (let round = 0; round < 6000; round += 1) {
      const { cell } = randomCell(round % 200);
      const cut = Math.floor(random() * cell.length);
      const soup = Array.from({ length: 1 + Math.floor(random() * 12) }, () => pick(pieces)).join(
        random() < 0.5 ? ' ' : '',
      );
      const text =
        random() < 0.5
          ? `h[t] = ${soup}`
          : cell.slice(0, cut) + soup + cell.slice(cut + Math.floor(random() * 3));
      try {
        readModel(text, LOSS, {}, new Set());
        read += 1;
      } catch (error) {
        expect(error, text).toBeInstanceOf(Hw5Error);
        const { code, details } = error as Hw5Error;
        expect(['ARGUMENT', 'SHAPE'], `${text}: ${String(error)}`).toContain(code);
        expect(details.column, text).toBeGreaterThan(0);
      }
    }
    expect(read).toBeGreaterThan(30); // some of it is a cell after all
  });
});
