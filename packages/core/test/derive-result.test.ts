/** What a derivation says: question 2 by hand, Jacobians, written-out paths, layouts, checks. */
import { beforeAll, describe, expect, it } from 'vitest';
import { check } from '../src/homework/derive/checks.js';
import type { Derivation, DerivationRequest } from '../src/homework/derive/derivation.js';
import { derive } from '../src/homework/derive/derive.js';
import { evaluate } from '../src/homework/derive/evaluate.js';
import { expandPath } from '../src/homework/derive/expand.js';
import { jacobian, transition } from '../src/homework/derive/jacobian.js';
import { gradientIn, jacobianIn } from '../src/homework/derive/layout.js';
import { fromRows, type Matrix, multiplied, norm, transposed, zip } from '../src/homework/derive/matrix.js';
import { readModel } from '../src/homework/derive/model.js';
import { question2 } from '../src/homework/derive/problem.js';
import { relevantTo } from '../src/homework/derive/relevant.js';
import { derivationLatex } from '../src/homework/derive/render-latex.js';
import { derivationText } from '../src/homework/derive/render-text.js';
import { differentiate } from '../src/homework/derive/reverse.js';
import { lossSteps, run } from '../src/homework/derive/run.js';
import { gradientBySweep, paths, sweep } from '../src/homework/derive/sweep.js';
import { below } from '../src/homework/derive/term.js';
import { makeValues } from '../src/homework/derive/values.js';
import { loadKernel } from '../src/kernel/load.js';
import { randomCell, randomNumbers } from './derive-cells.js';

const lstm =
  'i[t] = σ(W_i x[t] + U_i h[t-1]); f[t] = σ(W_f x[t] + U_f h[t-1]); g[t] = tanh(W_g x[t] + U_g h[t-1]);' +
  'q[t] = σ(W_q x[t] + U_q h[t-1]); c[t] = f[t] * c[t-1] + i[t] * g[t]; h[t] = q[t] * tanh(c[t])';

describe('question 2', () => {
  let derivation: Derivation;
  beforeAll(async () => {
    derivation = await derive();
  });
  const lines = (): string[] => derivation.derivation.map(({ text }) => text);
  const matrixOf = (name: string): Matrix => fromRows(derivation.values[name] as number[][]);

  it('is derived as on paper', () => {
    expect(derivation).toMatchObject({ ...question2, layout: 'shape', assumed: '' });
    expect(lines()).toEqual(
      expect.arrayContaining([
        'z[t] = W_hh h[t-1] + W_hx x[t]',
        'dz[t]/dh[t-1] = W_hh',
        "dh[t]/dh[t-1] = diag(psi'(z[t])) W_hh",
        'g_o[t] = dJ/do[t] = sum(y[t]) yhat[t] - y[t]',
        'g_h[t] = dJ/dh[t] = W_yh^T g_o[t] + W_hh^T g_z[t+1]',
        "g_z[t] = dJ/dz[t] = psi'(z[t]) * g_h[t]",
        'dJ/dW_hh = sum_{t=1}^{3} g_z[t] h[t-1]^T',
        'dJ/dW_hh = sum_{t=1}^{3} sum_{k=1}^{t} g_z(t)[k] h[k-1]^T',
        "path t=2, k=1: (psi'(z[1]) * W_hh^T (psi'(z[2]) * W_yh^T g_o[2])) h[0]^T",
      ]),
    );
    for (const { caption, latex } of derivation.derivation) {
      expect(caption.en).not.toBe('');
      expect(caption.fa).toMatch(/[\u0600-\u06ff]/);
      expect(latex).not.toBe('');
    }
  });

  it('has the numbers of a backward pass written by hand', () => {
    const [W, U, V] = ['W_hh', 'W_hx', 'W_yh'].map(matrixOf) as [Matrix, Matrix, Matrix];
    const col = (values: readonly number[]): Matrix => fromRows(values.map((value) => [value]));
    const xs = (derivation.values.x as number[][]).map(col);
    const ys = (derivation.values.y as number[][]).map(col);
    const h = [col([0, 0, 0, 0])];
    const delta = ys.map((y, i) => {
      h.push(zip(multiplied(W, h[i]!), multiplied(U, xs[i]!), (a, b) => Math.tanh(a + b)));
      const o = multiplied(V, h[i + 1]!).data.map(Math.exp);
      const total = o.reduce((a, b) => a + b);
      return col([...o].map((value, j) => value / total - y.data[j]!));
    });
    let carried = col([0, 0, 0, 0]);
    let gradient = fromRows(Array.from({ length: 4 }, () => [0, 0, 0, 0]));
    for (let t = 3; t >= 1; t -= 1) {
      const gh = zip(multiplied(transposed(V), delta[t - 1]!), carried, (a, b) => a + b);
      const gz = zip(gh, h[t]!, (g, value) => g * (1 - value * value));
      gradient = zip(gradient, multiplied(gz, transposed(h[t - 1]!)), (a, b) => a + b);
      carried = multiplied(transposed(W), gz);
    }
    expect((derivation.gradient as number[][]).flat()).toBeAllclose(gradient.data, { rtol: 1e-13 });
    for (const { k, norm: size } of derivation.paths) expect(size === 0, `k = ${k}`).toBe(k === 1); // h[0] = 0
  });

  it("sets the key beside it and says where the key's shapes do not fit", () => {
    const { simplified } = derivation;
    expect(simplified.key.map(({ part, fits }) => [part, fits])).toEqual([
      ['2a', false],
      ['2b', false],
      ['2c', false],
      ['2d', true],
    ]);
    expect(simplified.key[0]!.problem).toBe('must be 2×1, got 2×2');
    expect(simplified.key[1]!.problem).toContain(
      'columns of the left factor must match rows of the right one',
    );
    expect(simplified.equations).toContain('g_z[t] = g_h[t]');
    expect(simplified.relativeError).toBeGreaterThan(0.1);
  });

  it('without an activation the simplified form is exact', async () => {
    const { simplified, checks } = await derive({ activation: 'identity' });
    expect(simplified.relativeError).toBe(0);
    expect(checks.passed).toBe(true);
  });

  it('passes its checks, and its curve is a V: truncation on one side, rounding on the other', () => {
    const { rows, curve, passed } = derivation.checks;
    expect(passed).toBe(true);
    expect(rows.map(({ method }) => method)).toEqual(['reverse', 'forward', 'differences']);
    expect(curve.map(({ epsilon }) => Math.round(Math.log10(epsilon)))).toEqual([
      -1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12,
    ]);
    const best = (precision: 'f32' | 'f64'): number =>
      curve.map((point) => point[precision]).reduce((at, error, i, all) => (error < all[at]! ? i : at), 0);
    expect(best('f64')).toBeGreaterThanOrEqual(3);
    expect(best('f64')).toBeLessThanOrEqual(6);
    expect(best('f32')).toBeLessThan(best('f64'));
    expect(curve[best('f64')]!.f64).toBeLessThan(1e-7);
    for (const precision of ['f32', 'f64'] as const) {
      expect(curve[11]![precision]).toBeGreaterThan(100 * curve[best(precision)]![precision]);
    }
  });

  it('costs less in one sweep than path by path', () => {
    expect(derivation.complexity).toMatchObject({
      sweepOrder: 'O(T (H O + H^2))',
      perPathOrder: 'O(T^2 (H O + H^2))',
    });
    expect(derivation.complexity.perPath).toBe(2 * derivation.complexity.sweep);
  });

  it('is the same for the same seed, and another for another', async () => {
    expect(await derive()).toEqual(derivation);
    expect((await derive({ seed: 1 })).gradient).not.toEqual(derivation.gradient);
  });

  it.each(['en', 'fa'] as const)('renders in %s', (language) => {
    const text = derivationText(derivation, language);
    expect(text.join('\n')).toContain('dJ/dW_hh');
    expect(text.every((line) => !line.includes('undefined') && !line.includes('NaN'))).toBe(true);
    const latex = derivationLatex(derivation, language);
    for (const [open, close] of [
      ['{', '}'],
      ['\\left', '\\right'],
      ['\\[', '\\]'],
      ['\\begin{', '\\end{'],
    ] as const) {
      expect(latex.split(open).length, open).toBe(latex.split(close).length);
    }
  });
});

it('every term of the LSTM has a place: the state c carries its gradient through f', async () => {
  const { derivation, checks } = await derive({ cell: lstm, wrt: 'U_f' });
  const text = derivation.map((line) => line.text);
  expect(text).toContain('g_c[t] = dJ/dc[t] = (1 - tanh(c[t])^2) * q[t] * g_h[t] + f[t+1] * g_c[t+1]');
  expect(text).toContain('dc[t]/dc[t-1] = diag(f[t])');
  expect(checks.passed).toBe(true);
});

it.each<[DerivationRequest, string]>([
  [{ wrt: 'h[0]', at: 'last' }, 'h[0]'],
  [{ wrt: 'h0' }, 'h[0]'],
  [{ wrt: 'x[2]' }, 'x[2]'],
  [{ wrt: 'h[2]' }, 'h[2]'],
  [{ wrt: 'z[3]' }, 'z[3]'],
  [{ wrt: 'o[1]', at: 'last' }, 'o[1]'],
  [{ wrt: 'yhat[2]', layout: 'numerator' }, 'yhat[2]'],
  [{ cell: lstm, wrt: 'c[2]', layout: 'denominator' }, 'c[2]'],
  [{ wrt: 'W_yh' }, 'W_yh'],
  [{ cell: 'h[t] = alpha h[t-1] + tanh(W x[t])', wrt: 'alpha' }, 'alpha'],
  [{ cell: 'h[t] = relu(W h[t-1] + V x[t])', wrt: 'W', steps: 8 }, 'W'],
  [{ cell: 'constructor[t] = tanh(valueOf * constructor[t-1] + V x[t])', wrt: 'valueOf' }, 'valueOf'],
  [{ cell: 'T[t] = tanh(T[t-1] W) + h[t] h[t]^T; h[t] = tanh(x[t])', wrt: 'W', loss: 'sum(T[t])' }, 'W'],
])('%j', async (request, wrt) => {
  const derivation = await derive(request);
  expect(derivation.wrt).toBe(wrt);
  expect(derivation.checks.passed).toBe(true);
  expect(derivationText(derivation).length).toBeGreaterThan(30);
});

it('a large cell is checked on a sample of its entries, in seconds', async () => {
  const began = performance.now();
  const { checks, paths: parts } = await derive({ sizes: { h: 64, x: 64, y: 64 }, steps: 32 });
  expect(parts[0]!.contribution).toBeNull();
  expect(checks.rows.map(({ entries }) => entries)[0]).toBe(4096);
  expect(checks.rows.map(({ entries }) => entries)[2]).toBeLessThan(64);
  expect(checks.passed).toBe(true);
  expect(performance.now() - began).toBeLessThan(30_000);
});

it('derives by every computed value of random cells, and the paths add up to it', async () => {
  for (let seed = 0; seed < 26; seed += 1) {
    const { cell, loss, sizes, steps, at } = randomCell(seed);
    const names = [...cell.matchAll(/(?:^|;)\s*(\w+)\[t\] =/g)].map(([, name]) => name!);
    const wrt = `${names[seed % names.length]}[${1 + (seed % steps)}]`;
    const derivation = await derive({ cell, loss, sizes, steps, at, seed, wrt });
    expect(derivation.checks.passed, `${seed} ${wrt}: ${cell}`).toBe(true);
    const gradient = [derivation.gradient].flat(2) as number[];
    for (const [i, entry] of gradient.entries()) {
      const sum = derivation.paths.reduce(
        (total, path) => total + ([path.contribution].flat(2)[i] as number),
        0,
      );
      expect(sum, `${seed} ${wrt}`).toBeCloseTo(entry, 10);
    }
  }
});

it('derives every random cell without a false alarm', async () => {
  for (let seed = 1040; seed < 1040 + 130; seed += 1) {
    const { cell, loss, sizes, steps, at } = randomCell(seed);
    const wrt = ['W_yh', ...(cell.match(/\b[WUVA]_?\w*\b(?!\[)/g) ?? [])].at(-1)!;
    const layout = (['shape', 'numerator', 'denominator'] as const)[seed % 3]!;
    const derivation = await derive({ cell, loss, sizes, steps, at, wrt, seed, layout });
    const what = `${seed}: d/d${wrt} of ${cell}`;
    expect(derivation.checks, what).toMatchObject({ passed: true });
    expect(derivationText(derivation, 'fa').join('\n'), what).not.toMatch(/undefined|NaN|\[object/);
    expect(structuredClone(derivation)).toEqual(derivation);
  }
});

it('a wrong gradient fails all three checks', async () => {
  const kernel = await loadKernel({ precision: 'f64' });
  const model = readModel(question2.cell, question2.loss, {}, new Set());
  const values = makeValues(model, 3, {}, randomNumbers(1));
  const trace = run(model.definitions, values, 3, { activation: 'tanh' });
  const variable = { name: 'W_hh', step: undefined };
  const input = {
    kernel,
    model,
    values,
    trace,
    steps: 3,
    lossSteps: [1, 2, 3],
    variable,
    activation: 'tanh',
  } as const;
  for (const ignoreActivations of [false, true]) {
    const symbolic = gradientBySweep(
      model,
      differentiate(model, { ignoreActivations }),
      trace,
      3,
      [1, 2, 3],
      variable,
    );
    const { rows, passed } = check({ ...input, symbolic });
    expect(passed).toBe(!ignoreActivations);
    expect(rows.map((row) => row.passed)).toEqual([
      !ignoreActivations,
      !ignoreActivations,
      !ignoreActivations,
    ]);
  }
});

it('differences that step over the kink of relu are told apart from a wrong gradient', async () => {
  const { checks } = await derive({ cell: 'h[t] = relu(alpha x[t])', wrt: 'alpha', values: { alpha: 0 } });
  expect(checks.kinks).toBe(12);
  expect(checks.rows.map(({ passed }) => passed)).toEqual([true, true, false]);
  expect(checks.passed).toBe(true);
});

it('a variable that nothing depends on has gradient zero, and says so', async () => {
  const derivation = await derive({ cell: 'h[t] = tanh(W x[t]); k[t] = tanh(V k[t-1])', wrt: 'V' });
  expect((derivation.gradient as number[][]).flat().every((entry) => entry === 0)).toBe(true);
  expect(derivation.derivation.map(({ text }) => text)).toContain('dJ/dV = 0');
  expect(derivation.checks.passed).toBe(true);
});

it('values that are not finite are refused at the equation they come from', async () => {
  const work = derive({ cell: 'v[t] = W x[t]\nh[t] = log(v[t] - v[t]) + h[t-1]', wrt: 'W' });
  await expect(work).rejects.toMatchObject({
    code: 'ARGUMENT',
    details: { source: 'cell', line: 2, column: 8 },
  });
  await expect(work).rejects.toThrow('h[1] must be finite');
});

it('Jacobians, written-out paths and layouts agree with the numbers, on random cells', () => {
  const seen = { jacobians: 0, transitions: 0, expanded: 0 };
  for (let seed = 0; seed < 390; seed += 1) {
    const { cell, loss, sizes, steps, at } = randomCell(seed);
    const random = randomNumbers(seed + 2e6);
    const model = readModel(cell, loss, sizes, new Set());
    const values = makeValues(model, steps, {}, random);
    const trace = run(model.definitions, values, steps, { activation: 'tanh' });
    const environment = trace.environment(steps);
    // A definition's Jacobian against central differences of the definition itself.
    for (const definition of model.definitions) {
      for (const part of below(definition.term)) {
        if (part.kind !== 'symbol' || part.index === undefined || part.shape.columns.letter !== '1') continue;
        const lag = -part.index.constant;
        const term = jacobian(definition, { name: part.name, lag, shape: part.shape });
        if (term === undefined) continue;
        seen.jacobians += 1;
        const found = evaluate(term, environment);
        expect(evaluate(jacobianIn('denominator', term), environment)).toEqual(transposed(found));
        const base = trace.read(part.name, steps - lag);
        for (let j = 0; j < base.rows; j += 1) {
          const moved = (offset: number): Matrix =>
            evaluate(definition.term, {
              ...environment,
              read: (name, step) =>
                name === part.name && step === steps - lag
                  ? { ...base, data: base.data.map((x, i) => (i === j ? x + offset : x)) }
                  : trace.read(name, step),
            });
          const slope = zip(moved(1e-5), moved(-1e-5), (a, b) => (a - b) / 2e-5);
          const columnJ = found.data.filter((_, i) => i % found.columns === j);
          expect(columnJ, `${seed} d${definition.name}/d${part.name}[t-${lag}] of ${cell}`).toBeAllclose(
            slope.data,
            { rtol: 1e-6, atol: 1e-8 },
          );
        }
      }
    }
    // A path written out, against the sweep; and the same transposed as the numerator layout has it.
    const gradients = differentiate(model);
    const name = model.system.parameters[Math.floor(random() * model.system.parameters.length)]!;
    const variable = { name, step: undefined };
    const relevant = relevantTo(model, gradients, variable);
    const where = lossSteps(at, steps);
    for (const { t, k, value } of paths(model, gradients, trace, steps, where, variable)) {
      const term = expandPath(model, relevant, model.shapes.get(name)!, t, k);
      if (term === undefined) continue;
      const backward = sweep(model, gradients, trace, steps, [t]);
      const prefix = model.gradientPrefix;
      const read = (symbol: string, step: number | undefined, row = false): Matrix => {
        if (step === undefined || !symbol.startsWith(prefix)) return trace.read(symbol, step);
        const gradient = backward.adjoint(symbol.slice(prefix.length), step);
        return row ? transposed(gradient) : gradient;
      };
      const found = evaluate(term, { indices: {}, read });
      expect(norm(zip(found, value, (a, b) => a - b)), `${seed} path ${t}, ${k} of ${cell}`).toBeLessThan(
        1e-13 * (1 + norm(value)),
      );
      const row = evaluate(gradientIn('numerator', model, term), {
        indices: {},
        read: (symbol, step) => read(symbol, step, true),
      });
      expect(norm(zip(transposed(row), value, (a, b) => a - b))).toBeLessThan(1e-13 * (1 + norm(value)));
      seen.expanded += 1;
    }
    const [state] = model.system.states;
    const shape = model.shapes.get(state!)!;
    if (
      model.system.states.length !== 1 ||
      model.system.lags[state!] !== 1 ||
      shape.columns.letter !== '1' ||
      steps < 2
    )
      continue;
    // dJ_T/dh_{T-1} = (dh_T/dh_{T-1})^T dJ_T/dh_T, where h is all that a step hands on and the loss reads the same step.
    const step = transition(model, state!, { name: state!, lag: 1, shape });
    const direct = sweep(model, gradients, trace, steps, [steps]);
    const chained = multiplied(transposed(evaluate(step!, environment)), direct.adjoint(state!, steps));
    expect(chained.data, `${seed} transition of ${cell}`).toBeAllclose(
      direct.adjoint(state!, steps - 1).data,
      { rtol: 1e-11, atol: 1e-15 },
    );
    seen.transitions += 1;
  }
  expect(seen.jacobians).toBeGreaterThan(2000);
  expect(seen.transitions).toBeGreaterThan(100);
  expect(seen.expanded).toBeGreaterThan(500);
});

it.each<[DerivationRequest, string]>([
  [{ steps: 0 }, 'derive: steps must be a whole number from 1 to 64, got 0'],
  [{ steps: 2.5 }, 'got 2.5'],
  [{ at: 'first' as 'last' }, "derive: at must be 'each' or 'last', got first"],
  [{ layout: 'round' as 'shape' }, 'derive: layout must be one of shape, numerator, denominator, got round'],
  [
    { activation: 'exp' as 'tanh' },
    'derive: activation must be one of tanh, sigmoid, relu, identity, got exp',
  ],
  [{ wrt: 'z' }, 'the variable must be a parameter'],
  [{ wrt: 'h[4]' }, 'the variable must be a parameter'],
  [{ wrt: 'x[4]' }, 'the variable must be a parameter'],
  [{ wrt: 'W_hh +' }, 'wrt: a name, a number or "(" must stand here'],
  [{ sizes: { W_hh: [4, 65] } }, 'size: W_hh must be from 1 to 64, got 65'],
  [{ sizes: { nope: 2 } }, 'size: names must be among'],
  [{ seed: -1 }, 'random: seed must be a whole number'],
  [{ values: { nope: 1 } }, 'values: names must be among'],
  [{ values: { x: [[1, 2, 3]] } }, 'values: x must be a list of 3 steps, got 1 entries'],
  [{ values: { h0: [1, 2] } }, 'values: h0 must be [H] = 4, got 2 rows'],
  [
    {
      values: {
        W_yh: [
          [1, 2, 3, Number.NaN],
          [0, 0, 0, 0],
        ],
      },
    },
    'values: entries of W_yh must be finite numbers',
  ],
  [{ values: { W_yh: 3 } }, 'values: W_yh must be [O, H] = 2×4, got number'],
])('%j is refused', async (request, words) => {
  await expect(derive(request)).rejects.toThrow(words);
});
