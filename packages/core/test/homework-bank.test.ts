/** Every number and every formula that the question bank claims is computed here. */
import { describe, expect, it, test } from 'vitest';
import { attend, attendModes } from '../src/homework/attention/attend.js';
import { attendByHand, question3 } from '../src/homework/attention/by-hand.js';
import { philoxWords } from '../src/homework/attention/gumbel.js';
import { entmax15, softmax } from '../src/homework/attention/weights.js';
import { questionGroups, questions } from '../src/homework/bank/groups.js';
import type { Bilingual, Question } from '../src/homework/bank/types.js';

type Vector = number[];
type Matrix = number[][];
const by = (id: string): Question => questions.find((question) => question.id === id)!;
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const dot = (a: Vector, b: Vector): number => sum(a.map((x, i) => x * b[i]!));
const times = (m: Matrix, v: Vector): Vector => m.map((row) => dot(row, v));
const transposed = (m: Matrix): Matrix => m[0]!.map((_, j) => m.map((row) => row[j]!));
const plus = (a: Vector, b: Vector): Vector => a.map((x, i) => x + b[i]!);
const hadamard = (a: Vector, b: Vector): Vector => a.map((x, i) => x * b[i]!);
const outer = (a: Vector, b: Vector): Matrix => a.map((x) => b.map((y) => x * y));
const added = (a: Matrix, b: Matrix): Matrix => a.map((row, i) => plus(row, b[i]!));
const zeros = (rows: number, columns: number): Matrix =>
  Array.from({ length: rows }, () => new Array<number>(columns).fill(0));

/** Seeded numbers in [-1, 1). */
function numbers(seed: number): (count: number) => Vector {
  let at = 0;
  return (count) => {
    at += count;
    return philoxWords(seed, 'test', at)
      .slice(at - count)
      .map((word) => word / 2 ** 31 - 1);
  };
}

/** All prose and formulas of a question, with where they stand. */
function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((item, i) => texts(item, `${path}[${i}]`));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => texts(item, `${path}.${key}`));
  }
  return [];
}
const everything = texts(questionGroups);
const persian = everything.filter(([path]) => path.endsWith('.fa'));
const mathOf = (text: string): string[] => [...text.matchAll(/\$([^$]+)\$/g)].map((match) => match[1]!);

describe('the bank as a text', () => {
  it('has every question and option of the key, with its marks', () => {
    expect(questions.map(({ id }) => id)).toEqual([
      'q1a',
      'q1b',
      'q1c',
      'q2a',
      'q2b',
      'q2c',
      'q2d',
      'q3a',
      'q3b',
      'q4',
    ]);
    expect(questionGroups.map(({ marks }) => marks)).toEqual([15, 20, 20, 45]);
    const right = (id: string): string[] =>
      by(id)
        .options.filter(({ correct }) => correct)
        .map(({ letter }) => letter);
    expect([right('q1a'), right('q1b'), right('q1c')]).toEqual([['ب', 'ج'], ['ج'], ['ج']]);
    expect(['q1a', 'q1b', 'q1c'].map((id) => by(id).options.length)).toEqual([3, 4, 4]);
  });

  it('gives every wrong option a counter-example and every formula question its likely mistakes', () => {
    for (const option of questions.flatMap(({ options }) => options)) {
      expect(option.counterExample === undefined, option.text.en).toBe(option.correct);
    }
    for (const id of ['q2a', 'q2b', 'q2c', 'q2d', 'q3a', 'q3b'])
      expect(by(id).mistakes.length).toBeGreaterThan(1);
    const ids = questions.flatMap(({ id, mistakes }) => mistakes.map((mistake) => `${id} ${mistake.id}`));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says the same in both languages: the same formulas in the same sentences', () => {
    const walk = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('fa' in value && 'en' in value) {
        const { fa, en } = value as Bilingual;
        const numerals = (text: string): string[] =>
          mathOf(text)
            .filter((tex) => /\d\.\d|=/.test(tex))
            .sort();
        expect(numerals(fa), path).toEqual(numerals(en));
        return;
      }
      for (const [key, item] of Object.entries(value)) walk(item, `${path}.${key}`);
    };
    walk(questionGroups, '');
  });

  it('closes every formula and every piece of code, with balanced braces', () => {
    for (const [path, text] of everything) {
      expect(text.split('$').length % 2, path).toBe(1);
      expect(text.split('`').length % 2, path).toBe(1);
      for (const tex of path.endsWith('.tex') ? [text] : mathOf(text)) {
        expect(tex.split('{').length, `${path}: ${tex}`).toBe(tex.split('}').length);
        expect(tex.split('\\left').length, `${path}: ${tex}`).toBe(tex.split('\\right').length);
      }
    }
  });

  it('writes Persian with Persian letters and half-spaces', () => {
    expect(persian.length).toBeGreaterThan(100);
    for (const [path, text] of persian) {
      const prose = text.replace(/\$[^$]*\$|`[^`]*`/g, 'x');
      expect(prose, path).not.toMatch(/[يك—–]/); // Arabic yeh and kaf, dashes
      expect(prose, path).not.toMatch(/(?:^|\s)ن?می\s/); // the prefix stands apart by a half-space
      expect(prose, path).not.toMatch(/\sها(?:ی|یی)?(?=[\s.،؛:]|$)/); // and so does the plural
      expect(prose, path).not.toMatch(/[,;?]/); // Latin punctuation
      expect(prose, path).not.toMatch(/\s[.،؛:؟!]| {2}|\u200c\s|\s\u200c/);
    }
    for (const [path, text] of everything) expect(text, path).not.toContain('—');
  });
});

/** The one-dimensional example of question 2. */
describe('the example h_k = w h_{k-1} + x_k, w = 0.5, x = (1, 0, 0)', () => {
  const w = 0.5;
  const states = (weight: number): Vector => {
    const h = [0];
    for (const x of [1, 0, 0]) h.push(weight * h.at(-1)! + x);
    return h; // h_0 .. h_3
  };
  const h = states(w);
  const g = (t: number, i: number): number => (i <= t ? w ** (t - i) : 0);
  const slope = (loss: (h: Vector) => number): number =>
    (loss(states(w + 1e-6)) - loss(states(w - 1e-6))) / 2e-6;

  test('2b: states and gradients', () => {
    expect(h.slice(1)).toEqual([1, 0.5, 0.25]);
    expect([g(3, 3), g(3, 2), g(3, 1)]).toEqual([1, 0.5, 0.25]);
    expect([w ** (3 - 3 + 1), w ** (1 - 3)]).toEqual([0.5, 4]); // off by one; i > t
  });

  test('2c: 1, and what each mistake gives', () => {
    const at = [3, 2, 1];
    expect(slope((s) => s[3]!)).toBeCloseTo(1, 8);
    expect(sum(at.map((i) => g(3, i) * h[i - 1]!))).toBe(1);
    expect(sum(at.map((i) => g(3, i) * h[i]!))).toBe(0.75);
    expect(g(3, 3) * h[2]!).toBe(0.5);
    const total = [3, 2, 1].map((i) => slope((s) => s[i]!));
    expect(total).toBeAllclose([1, 1, 0], { rtol: 1e-8, atol: 1e-8 });
    expect(sum(at.map((i, n) => g(3, i) * total[n]!))).toBeCloseTo(1.5, 8);
  });

  test('2d: 2, by the sum, by the sweep, and what each mistake gives', () => {
    expect(slope((s) => s[1]! + s[2]! + s[3]!)).toBeCloseTo(2, 8);
    expect(sum([1, 2, 3].flatMap((t) => [1, 2, 3].map((i) => g(t, i) * h[i - 1]!)))).toBe(2);
    const d3 = 1;
    const d2 = 1 + w * d3;
    const d1 = 1 + w * d2;
    expect([d2, d1, d3 * h[2]! + d2 * h[1]! + d1 * h[0]!]).toEqual([1.5, 1.75, 2]);
    expect(h[2]! + h[1]! + h[0]!).toBe(1.5); // delta not accumulated
    const terms = (T: number): number => (T * (T + 1)) / 2;
    expect([terms(3), terms(100)]).toEqual([6, 5050]);
  });

  test('2b: tanh factors, missing transpose; 2c: outer and inner product', () => {
    expect((1 - Math.tanh(1) ** 2) ** 2).toBeCloseTo(0.1764, 4);
    const W = [
      [0, 1],
      [0, 0],
    ];
    expect(times(transposed(W), [1, 0])).toEqual([0, 1]);
    expect(times(W, [1, 0])).toEqual([0, 0]);
    expect(outer([1, 0], [0, 1])).toEqual([
      [0, 1],
      [0, 0],
    ]);
    expect(dot([1, 0], [0, 1])).toBe(0);
  });
});

describe('2a: the softmax identity', () => {
  const loss = (y: Vector, o: Vector): number => -dot(y, softmax(o).map(Math.log));
  const jacobian = (p: Vector): Matrix => p.map((pi, i) => p.map((pj, j) => (i === j ? pi : 0) - pi * pj));

  it.each(Array.from({ length: 50 }, (_, seed) => seed))('J^T (-y / p) = p sum(y) - y, seed %i', (seed) => {
    const draw = numbers(seed);
    const size = 2 + (seed % 5);
    const o = draw(size).map((x) => 3 * x);
    const y = draw(size).map(Math.abs); // any targets, not only one-hot ones
    const p = softmax(o);
    const exact = p.map((pi, i) => pi * sum(y) - y[i]!);
    const chained = times(
      transposed(jacobian(p)),
      y.map((yi, i) => -yi / p[i]!),
    );
    expect(chained).toBeAllclose(exact, { rtol: 1e-12, atol: 1e-13 });
    const differences = o.map((_, j) => {
      const at = (d: number): number =>
        loss(
          y,
          o.map((x, i) => (i === j ? x + d : x)),
        );
      return (at(1e-5) - at(-1e-5)) / 2e-5;
    });
    expect(differences).toBeAllclose(exact, { rtol: 1e-7, atol: 1e-9 });
    // For a one-hot target the row of the key's matrix that belongs to the right class is the gradient.
    const c = seed % size;
    const oneHot = o.map((_, i) => (i === c ? 1 : 0));
    const key = jacobian(p).map((row) => row.map((entry) => (-1 / p[c]!) * entry));
    expect(key[c]).toBeAllclose(
      p.map((pi, i) => pi - oneHot[i]!),
      { rtol: 1e-12, atol: 1e-13 },
    );
  });

  test('the example o = (1, 0), y = (1, 0) and the four mistakes', () => {
    const p = softmax([1, 0]);
    const y = [1, 0];
    expect(p).toBeAllclose([0.7311, 0.2689], { rtol: 0, atol: 5e-5 });
    expect(plus(p, [-1, 0])).toBeAllclose([-0.2689, 0.2689], { rtol: 0, atol: 5e-5 });
    expect(-y[0]! / p[0]!).toBeCloseTo(-1.3679, 4);
    expect(y.map((yi, i) => -yi * (1 - p[i]!) + 0)).toBeAllclose([-0.2689, 0], { rtol: 0, atol: 5e-5 });
  });
});

describe('2b, 2c, 2d on the sizes of the question, tanh and identity', () => {
  const T = 3;
  interface Network {
    Whx: Matrix;
    Whh: Matrix;
    Wyh: Matrix;
    x: Matrix;
    y: Matrix;
    h0: Vector;
    linear: boolean;
  }
  function network(seed: number): Network {
    const draw = numbers(seed);
    const matrix = (rows: number, columns: number): Matrix =>
      Array.from({ length: rows }, () => draw(columns));
    const y = Array.from({ length: T }, (_, t) => ((seed + t) % 2 === 0 ? [1, 0] : [0, 1]));
    return {
      Whx: matrix(4, 3),
      Whh: matrix(4, 4),
      Wyh: matrix(2, 4),
      x: matrix(T, 3),
      y,
      h0: seed % 3 === 0 ? [0, 0, 0, 0] : draw(4),
      linear: seed % 2 === 0,
    };
  }
  interface Trace {
    h: Matrix;
    z: Matrix;
    g: Matrix;
    J: Vector;
  }
  /** Index 0 holds h_0; `nudge` adds to h_i, so that later states feel it. */
  function run(n: Network, nudge?: { i: number; by: Vector }): Trace {
    const trace: Trace = { h: [n.h0], z: [[]], g: [[]], J: [0] };
    for (let t = 1; t <= T; t += 1) {
      const z = plus(times(n.Whh, trace.h[t - 1]!), times(n.Whx, n.x[t - 1]!));
      let h = n.linear ? z : z.map(Math.tanh);
      if (nudge?.i === t) h = plus(h, nudge.by);
      const p = softmax(times(n.Wyh, h));
      trace.z.push(z);
      trace.h.push(h);
      trace.g.push(
        plus(
          p,
          n.y[t - 1]!.map((yi) => -yi),
        ),
      );
      trace.J.push(-dot(n.y[t - 1]!, p.map(Math.log)));
    }
    return trace;
  }
  const slopeAt = (n: Network, z: Vector): Vector => z.map((x) => (n.linear ? 1 : 1 - Math.tanh(x) ** 2));
  /** The product of 2b, from the right: (W^T D_{i+1}) ... (W^T D_t) W_yh^T g_o; zero for i > t. */
  function gh(n: Network, trace: Trace, t: number, i: number): Vector {
    if (i > t) return [0, 0, 0, 0];
    let g = times(transposed(n.Wyh), trace.g[t]!);
    for (let k = t; k > i; k -= 1) g = times(transposed(n.Whh), hadamard(slopeAt(n, trace.z[k]!), g));
    return g;
  }
  const gz = (n: Network, trace: Trace, t: number, i: number): Vector =>
    hadamard(slopeAt(n, trace.z[i]!), gh(n, trace, t, i));

  it.each(Array.from({ length: 40 }, (_, seed) => seed))('agree with finite differences, seed %i', (seed) => {
    const n = network(seed);
    const trace = run(n);
    const epsilon = 1e-5;
    const unit = (i: number, scale: number): Vector => [0, 1, 2, 3].map((j) => (j === i ? scale : 0));
    const perTime: Matrix[] = [];
    for (let t = 1; t <= T; t += 1) {
      for (let i = 1; i <= T; i += 1) {
        const differences = [0, 1, 2, 3].map((j) => {
          const at = (d: number): number => run(n, { i, by: unit(j, d) }).J[t]!;
          return (at(epsilon) - at(-epsilon)) / (2 * epsilon);
        });
        expect(gh(n, trace, t, i)).toBeAllclose(differences, { rtol: 1e-7, atol: 1e-9 });
        if (n.linear && i <= t) {
          let power = times(transposed(n.Wyh), trace.g[t]!);
          for (let k = 0; k < t - i; k += 1) power = times(transposed(n.Whh), power);
          expect(gh(n, trace, t, i)).toBeAllclose(power, { rtol: 1e-13, atol: 1e-15 }); // the simplified form
        }
      }
      let gradient = zeros(4, 4);
      for (let i = 1; i <= t; i += 1) gradient = added(gradient, outer(gz(n, trace, t, i), trace.h[i - 1]!));
      perTime.push(gradient);
      const differences = n.Whh.map((row, a) =>
        row.map((_, b) => {
          const at = (d: number): number =>
            run({ ...n, Whh: n.Whh.map((r, i) => r.map((v, j) => (i === a && j === b ? v + d : v))) }).J[t]!;
          return (at(epsilon) - at(-epsilon)) / (2 * epsilon);
        }),
      );
      expect(gradient.flat()).toBeAllclose(differences.flat(), { rtol: 1e-7, atol: 1e-9 });
      if (n.h0.every((x) => x === 0))
        expect(
          outer(gz(n, trace, t, 1), trace.h[0]!)
            .flat()
            .every((x) => x === 0),
        ).toBe(true);
    }
    // 2d: one sweep backwards gives the same numbers as the sum of 2c over t.
    let delta: Vector = [0, 0, 0, 0];
    let swept = zeros(4, 4);
    for (let i = T; i >= 1; i -= 1) {
      const dh = plus(times(transposed(n.Wyh), trace.g[i]!), times(transposed(n.Whh), delta));
      delta = hadamard(slopeAt(n, trace.z[i]!), dh);
      swept = added(swept, outer(delta, trace.h[i - 1]!));
    }
    expect(swept.flat()).toBeAllclose(perTime.reduce(added).flat(), { rtol: 1e-12, atol: 1e-14 });
  });
});

describe('question 1', () => {
  test('1a: texts of 10 letters over 32', () => {
    expect(32 ** 10).toBe(1125899906842624);
  });

  test("1b: Panbeh's rule", () => {
    const mood = (x: Vector, t: number): number =>
      0.6 * x[t - 1]! + 0.3 * (x[t - 2] ?? 0) + 0.1 * (x[t - 3] ?? 0);
    expect(mood([10, 20, 30, 0, 0], 3)).toBeCloseTo(25, 12);
    expect(mood([10, 20, 30, 40, 40], 3)).toBeCloseTo(25, 12);
    expect([mood([0, 0, 10], 3), mood([10, 10, 10], 3)]).toEqual([6, 10]);
    const slope = (Math.tanh(0.5 + 1e-6) - Math.tanh(0.5 - 1e-6)) / 2e-6;
    expect(1 - Math.tanh(0.5) ** 2).toBeCloseTo(0.786448, 6);
    expect(slope).toBeCloseTo(0.786448, 6);
  });

  test('1c: the language of a and b', () => {
    const first: Readonly<Record<string, number>> = { a: 0.6, b: 0.4 };
    const next: Readonly<Record<string, Readonly<Record<string, number>>>> = {
      a: { a: 0.1, b: 0.9 },
      b: { a: 0.8, b: 0.2 },
    };
    const probability = (text: string): number =>
      [...text].reduce((p, symbol, i) => p * (i === 0 ? first[symbol]! : next[text[i - 1]!]![symbol]!), 1);
    expect(probability('ab')).toBeCloseTo(0.54, 12);
    expect(probability('aba')).toBeCloseTo(0.432, 12);
    const all = ['a', 'b'].flatMap((x) => ['a', 'b'].flatMap((y) => ['a', 'b'].map((z) => x + y + z)));
    expect(sum(all.map(probability))).toBeCloseTo(1, 12);
    expect(Math.exp(-Math.log(0.432) / 3)).toBeCloseTo(1.3228, 4);
    expect(-Math.log(0.8)).toBeCloseTo(0.223, 3);
  });
});

describe('question 3', () => {
  test('3a: softmax at each temperature, and what each mistake gives', () => {
    const soft = (temperature: number): Vector => [
      ...attend(question3, { mode: 'softmax', temperature }).output,
    ];
    expect(attendByHand().softmaxWeights).toBeAllclose([0.0003, 0.0473, 0.0024, 0.95], {
      rtol: 0,
      atol: 5e-5,
    });
    expect(soft(1)).toBeAllclose([6, 0.9054, 1.994], { rtol: 0, atol: 5e-5 });
    expect(soft(4)).toBeAllclose([6, 0.484, 1.4606], { rtol: 0, atol: 5e-5 });
    expect(soft(0.1)).toBeAllclose([6, 1, 2], { rtol: 0, atol: 1e-9 });
    expect(soft(1e12)).toBeAllclose([6, 0.5, 0.5], { rtol: 0, atol: 1e-9 });
    const { keys, values } = question3;
    expect([keys[3], values[0], values[1], values[2]]).toEqual([
      [0, -2, -4],
      [6, 1, -2],
      [6, -1, 2],
      [6, 1, 0],
    ]);
    expect(attend({ ...question3, query: [-3, 1, 1] }).index).toBe(0);
    expect(values[0]!.map((_, d) => sum(attendByHand().scores.map((s, i) => s * values[i]![d]!)))).toEqual([
      42, 1, 22,
    ]);
    const scaled = { ...question3, query: question3.query.map((x) => x / Math.sqrt(3)) };
    expect(attend(scaled).index).toBe(3);
  });

  test('3b: no gradient for argmax, the first entry never passes one', () => {
    for (const mode of attendModes) {
      const { jacobian } = attend(question3, { mode, temperature: 2, seed: 1 });
      expect(Math.max(...jacobian[0]!.map(Math.abs))).toBeLessThan(1e-14);
      expect(jacobian.flat().some((x) => x !== 0)).toBe(mode !== 'argmax' && mode !== 'sparsemax');
    }
    for (const d of [-0.1, 0.1]) {
      for (const i of [0, 1, 2, 3]) {
        const scores = attendByHand().scores.map((s, j) => (i === j ? s + d : s));
        expect(attend({ keys: scores.map((s) => [s]), values: question3.values, query: [1] }).output).toEqual(
          [6, 1, 2],
        );
      }
    }
  });

  test('3b: sparsemax and entmax are flat until the temperature passes 3 and 1.5', () => {
    const slope = (mode: 'sparsemax' | 'entmax15', temperature: number): number =>
      Math.max(...attend(question3, { mode, temperature }).jacobian.flat().map(Math.abs));
    expect([
      slope('sparsemax', 1),
      slope('sparsemax', 2.99),
      slope('entmax15', 1),
      slope('entmax15', 1.49),
    ]).toEqual([0, 0, 0, 0]);
    expect(Math.min(slope('sparsemax', 3.01), slope('entmax15', 1.51))).toBeGreaterThan(0.005);
    expect(attend(question3, { mode: 'sparsemax', temperature: 4 }).weights).toEqual([0, 0.125, 0, 0.875]);
    expect(attend(question3, { mode: 'sparsemax' }).weights).toEqual([0, 0, 0, 1]);
    expect(entmax15([0, 0])).toBeAllclose([0.5, 0.5], { rtol: 1e-12 });
  });

  test('3b: the gradients that the answer states, against finite differences of a loss', () => {
    const target = [1, -2, 0.5];
    const loss = (input: typeof question3, mode: 'softmax' | 'argmax'): number =>
      sum(attend(input, { mode, temperature: 2 }).output.map((o, d) => (o - target[d]!) ** 2)) / 2;
    for (const mode of ['softmax', 'argmax'] as const) {
      const report = attend(question3, { mode, temperature: 2 });
      const go = report.output.map((o, d) => o - target[d]!);
      const Vgo = question3.values.map((value) => dot([...value], go));
      const ds = times(transposed(report.weightJacobian.map((row) => [...row])), Vgo);
      const difference = (change: (by: number) => typeof question3): number =>
        (loss(change(1e-6), mode) - loss(change(-1e-6), mode)) / 2e-6;
      const dq = question3.query.map((_, d) =>
        difference((by) => ({ ...question3, query: question3.query.map((x, i) => (i === d ? x + by : x)) })),
      );
      expect(
        question3.query.map((_, d) => sum(ds.map((dsi, i) => dsi * question3.keys[i]![d]!))),
      ).toBeAllclose(dq, { rtol: 1e-6, atol: 1e-8 });
      for (const i of [0, 1, 2, 3]) {
        const nudged =
          (part: 'keys' | 'values', d: number) =>
          (by: number): typeof question3 => ({
            ...question3,
            [part]: question3[part].map((row, r) =>
              r === i ? row.map((x, c) => (c === d ? x + by : x)) : row,
            ),
          });
        const dk = [0, 1, 2].map((d) => difference(nudged('keys', d)));
        expect(question3.query.map((x) => ds[i]! * x)).toBeAllclose(dk, { rtol: 1e-6, atol: 1e-8 });
        const dv = [0, 1, 2].map((d) => difference(nudged('values', d)));
        expect(go.map((x) => x * report.weights[i]!)).toBeAllclose(dv, { rtol: 1e-6, atol: 1e-8 });
      }
    }
  });

  test('3b: REINFORCE is unbiased for any baseline, and a baseline lowers its variance', () => {
    const scores = [0.3, -0.5, 0.9, 0.1];
    const losses = [2, 5, 3, 7]; // J of each choice
    const p = softmax(scores);
    const expected = (s: Vector): number => dot(softmax(s), losses);
    const exact = scores.map((_, j) => {
      const at = (d: number): number => expected(scores.map((x, i) => (i === j ? x + d : x)));
      return (at(1e-6) - at(-1e-6)) / 2e-6;
    });
    // One draw i gives (J_i - b) d log p_i / ds_j = (J_i - b) (delta_ij - p_j); the mean is over i with weights p.
    const draw = (i: number, b: number): Vector =>
      p.map((pj, j) => (losses[i]! - b) * ((i === j ? 1 : 0) - pj));
    const variance = (b: number): number =>
      sum(p.map((pi, i) => pi * sum(draw(i, b).map((g, j) => (g - exact[j]!) ** 2))));
    for (const b of [0, 1, dot(p, losses)]) {
      const mean = p.map((_, j) => sum(p.map((pi, i) => pi * draw(i, b)[j]!)));
      expect(mean).toBeAllclose(exact, { rtol: 1e-8, atol: 1e-9 });
    }
    expect(variance(dot(p, losses))).toBeLessThan(variance(0) / 2);
  });

  test('3b: the smaller T, the larger the variance of the Gumbel-softmax gradient; softmax fades', () => {
    const gentle = { ...question3, query: [0.5, -0.2, -0.1] };
    const variance = (temperature: number): number => {
      const rows = Array.from({ length: 1500 }, (_, seed) => [
        ...attend(gentle, { mode: 'gumbel', temperature, seed, temperatures: [] }).jacobian[2]!,
      ]);
      const mean = rows[0]!.map((_, j) => sum(rows.map((row) => row[j]!)) / rows.length);
      return sum(rows.map((row) => sum(row.map((g, j) => (g - mean[j]!) ** 2)))) / rows.length;
    };
    const [warm, mild, cold] = [variance(4), variance(1), variance(0.25)];
    expect(mild!).toBeGreaterThan(2 * warm!);
    expect(cold!).toBeGreaterThan(2 * mild!);
    const slope = (temperature: number): number => {
      const { jacobian } = attend(question3, { mode: 'softmax', temperature, temperatures: [] });
      return Math.max(...jacobian.flat().map(Math.abs));
    };
    expect(slope(2)).toBeGreaterThan(slope(0.5));
    expect(slope(0.05)).toBeLessThan(1e-20);
  });

  test('3a: dividing by the root of 3 changes softmax, not argmax', () => {
    const scaled = attend(question3, { mode: 'softmax', temperature: Math.sqrt(3) });
    expect(scaled.index).toBe(3);
    expect(Math.abs(scaled.output[1]! - attend(question3, { mode: 'softmax' }).output[1]!)).toBeGreaterThan(
      0.1,
    );
  });
});
