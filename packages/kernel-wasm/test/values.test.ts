/**
 * The committed builds compute the right numbers through the ABI: argument order, optional arguments and
 * flags. The algorithms themselves are tested in Rust.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Kernel, names, numbers, openKernel, status } from './kernel.js';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe.each(names)('%s', (name) => {
  let kernel: Kernel;
  let tolerance: number;
  beforeAll(async () => {
    kernel = await openKernel(name);
    tolerance = kernel.bytes === 8 ? 1e-13 : 2e-6;
  });
  afterAll(() => {
    kernel.release();
    expect(kernel.glue.live_bytes()).toBe(0);
  });

  function expectClose(offset: number, want: readonly number[]) {
    const got = kernel.read(offset, want.length);
    const largest = Math.max(1, ...want.map(Math.abs));
    const worst = Math.max(0, ...want.map((x, i) => Math.abs(x - (got[i] ?? Number.NaN)) / largest));
    expect(worst, `got ${got.slice(0, 5)}, want ${want.slice(0, 5)}`).toBeLessThanOrEqual(tolerance);
  }
  const rounded = (values: readonly number[]) => (kernel.bytes === 8 ? [...values] : values.map(Math.fround));

  test('says what it is', () => {
    const { glue } = kernel;
    expect(glue.abi_version()).toBe(3);
    expect(glue.element_bytes()).toBe(name === 'f64' ? 8 : 4);
    expect(glue.lanes()).toBe(name === 'f64' ? 2 : 4);
    expect(glue.fused_multiply_add()).toBe(name === 'relaxed');
  });

  test.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('gemm, transposed %s %s', (transA, transB) => {
    for (const [m, n, k] of [
      [3, 5, 7],
      [1, 9, 17],
      [9, 1, 17],
      [33, 17, 3],
      [0, 3, 3],
      [3, 3, 0],
    ] as const) {
      const [a, b, c] = [numbers(m * k, 2), numbers(k * n, 3), numbers(m * n, 4)].map(rounded) as [
        number[],
        number[],
        number[],
      ];
      const at = kernel.reals(c);
      const { glue } = kernel;
      expect(glue.gemm(at, kernel.reals(a), kernel.reals(b), m, n, k, transA, transB, 1.5, -0.5)).toBe(
        status.ok,
      );
      const want = c.map((before, index) => {
        const [i, j] = [Math.floor(index / n), index % n];
        let dot = 0;
        for (let p = 0; p < k; p++)
          dot += a[transA ? p * m + i : i * k + p]! * b[transB ? j * k + p : p * n + j]!;
        return 1.5 * dot - 0.5 * before;
      });
      expectClose(at, want);
    }
  });

  test('gemm with beta 0 does not read C', () => {
    for (const [m, n] of [
      [5, 9],
      [1, 9],
      [5, 1],
    ] as const) {
      const c = kernel.room(m * n);
      const [a, b] = [kernel.reals(new Array(m * 3).fill(1)), kernel.reals(new Array(3 * n).fill(1))];
      expect(kernel.glue.gemm(c, a, b, m, n, 3, false, false, 1, 0)).toBe(status.ok);
      expect(kernel.read(c, m * n)).toEqual(new Array(m * n).fill(3));
    }
  });

  test('linear, with and without bias and gradients', () => {
    const { glue } = kernel;
    const [rows, inputs, outputs] = [3, 2, 5];
    const [x, w, b, dy] = [rows * inputs, outputs * inputs, outputs, rows * outputs].map((length, i) =>
      rounded(numbers(length, i + 5)),
    ) as [number[], number[], number[], number[]];
    const [xAt, wAt, dyAt, y] = [
      kernel.reals(x),
      kernel.reals(w),
      kernel.reals(dy),
      kernel.room(rows * outputs),
    ];
    const product = (bias: readonly number[]) =>
      dy.map((_, at) => {
        const [r, o] = [Math.floor(at / outputs), at % outputs];
        return x[r * inputs]! * w[o * inputs]! + x[r * inputs + 1]! * w[o * inputs + 1]! + (bias[o] ?? 0);
      });
    expect(glue.linear_forward(y, xAt, wAt, kernel.reals(b), rows, inputs, outputs)).toBe(status.ok);
    expectClose(y, product(b));
    expect(glue.linear_forward(y, xAt, wAt, 0, rows, inputs, outputs)).toBe(status.ok);
    expectClose(y, product([]));

    const [dx, dw, db] = [kernel.room(x.length), kernel.reals(w), kernel.reals(b)];
    expect(glue.linear_backward(dx, dw, db, dyAt, xAt, wAt, rows, inputs, outputs)).toBe(status.ok);
    const sum = (f: (r: number) => number) => [0, 1, 2].reduce((total, r) => total + f(r), 0);
    expectClose(
      db,
      b.map((start, o) => start + sum((r) => dy[r * outputs + o]!)),
    );
    expectClose(
      dw,
      w.map((start, at) => {
        const [o, i] = [Math.floor(at / inputs), at % inputs];
        return start + sum((r) => dy[r * outputs + o]! * x[r * inputs + i]!);
      }),
    );
    expect(glue.linear_backward(0, 0, db, dyAt, xAt, wAt, rows, inputs, outputs)).toBe(status.ok);
    expectClose(
      db,
      b.map((start, o) => start + 2 * sum((r) => dy[r * outputs + o]!)),
    );
  });

  test('lstm: the equations at one step, saved blocks, and gradients going back', () => {
    const { glue } = kernel;
    const [T, B, I, H] = [1, 2, 3, 5];
    const make = (length: number, seed: number) => rounded(numbers(length, seed));
    const [x, h0, c0, wih, whh, bih, bhh] = [
      make(T * B * I, 20),
      make(B * H, 21),
      make(B * H, 22),
      make(4 * H * I, 23),
      make(4 * H * H, 24),
      make(4 * H, 25),
      make(4 * H, 26),
    ] as [number[], number[], number[], number[], number[], number[], number[]];
    const [xAt, h0At, c0At, wihAt, whhAt, bihAt, bhhAt] = [x, h0, c0, wih, whh, bih, bhh].map((v) =>
      kernel.reals(v),
    ) as [number, number, number, number, number, number, number];
    const [hs, cs, gates] = [kernel.room(2 * B * H), kernel.room(2 * B * H), kernel.room(B * 4 * H)];
    const [weights, sizes] = [[wihAt, whhAt, bihAt, bhhAt] as const, [3, T, B, I, H, H, 0] as const];
    expect(glue.recurrent_forward(0, hs, cs, gates, xAt, h0At, c0At, ...weights, 0, ...sizes, false)).toBe(
      status.ok,
    );
    const z = (b: number, row: number) => {
      let total = bih[row]! + bhh[row]!;
      for (let i = 0; i < I; i++) total += x[b * I + i]! * wih[row * I + i]!;
      for (let j = 0; j < H; j++) total += h0[b * H + j]! * whh[row * H + j]!;
      return total;
    };
    const c1 = c0.map((c, at) => {
      const [b, j] = [Math.floor(at / H), at % H];
      return sigmoid(z(b, H + j)) * c + sigmoid(z(b, j)) * Math.tanh(z(b, 2 * H + j));
    });
    const h1 = c1.map((c, at) => sigmoid(z(Math.floor(at / H), 3 * H + (at % H))) * Math.tanh(c));
    expectClose(hs, [...h0, ...h1]);
    expectClose(cs, [...c0, ...c1]);

    // Through c alone: dc0 = f dcn, and no gradient reaches the output gate's bias.
    const dcn = new Array(B * H).fill(1);
    const [dc0, dbih, dbhh] = [
      kernel.room(B * H),
      kernel.reals(new Array(4 * H).fill(0)),
      kernel.reals(new Array(4 * H).fill(0)),
    ];
    const forget = kernel.read(gates, B * 4 * H).filter((_, at) => Math.floor((at % (4 * H)) / H) === 1);
    expect(
      glue.recurrent_backward(
        ...([0, 0, dc0, 0, 0, dbih, dbhh, gates] as const),
        ...([0, 0, kernel.reals(dcn), hs, cs, xAt, wihAt, whhAt, 0] as const),
        ...sizes,
        false,
        false,
      ),
    ).toBe(status.ok);
    expectClose(dc0, forget);
    expect(kernel.read(dbih, 4 * H)).toEqual(kernel.read(dbhh, 4 * H));
    expect(kernel.read(dbih, 4 * H).slice(3 * H)).toEqual(new Array(H).fill(0));
  });

  test('embedding', () => {
    const [weight, ids] = [kernel.reals([1, 2, 3, 4, 5, 6]), kernel.indices([2, 0, 2])];
    const y = kernel.room(6);
    expect(kernel.glue.embedding_forward(y, weight, ids, 3, 3, 2)).toBe(status.ok);
    expect(kernel.read(y, 6)).toEqual([5, 6, 1, 2, 5, 6]);
    expect(kernel.glue.embedding_backward(weight, y, ids, 3, 3, 2, -1)).toBe(status.ok);
    expect(kernel.read(weight, 6)).toEqual([2, 4, 3, 4, 15, 18]);
  });

  test('softmax, log-softmax, cross-entropy', () => {
    const { glue } = kernel;
    const x = rounded(numbers(10, 30));
    const rows = [x.slice(0, 5), x.slice(5)];
    const probs = rows.flatMap((row) => {
      const total = row.reduce((sum, v) => sum + Math.exp(v), 0);
      return row.map((v) => Math.exp(v) / total);
    });
    const [xAt, y, dx, loss] = [kernel.reals(x), kernel.room(10), kernel.room(10), kernel.room(1)];
    expect(glue.softmax_forward(y, xAt, 2, 5)).toBe(status.ok);
    expectClose(y, probs);
    // A constant gradient is orthogonal to the simplex.
    expect(glue.softmax_backward(dx, kernel.reals(new Array(10).fill(1)), y, 2, 5)).toBe(status.ok);
    expectClose(dx, new Array(10).fill(0));
    expect(glue.log_softmax_forward(y, xAt, 2, 5)).toBe(status.ok);
    expectClose(y, probs.map(Math.log));
    expect(glue.log_softmax_backward(dx, kernel.reals(new Array(10).fill(1)), y, 2, 5)).toBe(status.ok);
    expectClose(
      dx,
      probs.map((p) => 1 - 5 * p),
    );

    const targets = kernel.indices([4, 1]);
    const divisor = kernel.room(1);
    expect(glue.cross_entropy_forward(loss, divisor, y, xAt, targets, 0, 0, 2, 5, -100, 0, true)).toBe(
      status.ok,
    );
    expectClose(loss, [-(Math.log(probs[4]!) + Math.log(probs[6]!)) / 2]);
    expectClose(y, probs);
    expect(glue.cross_entropy_backward(dx, kernel.reals([3]), divisor, y, targets, 0, 0, 2, 5, -100, 0)).toBe(
      status.ok,
    );
    expectClose(
      dx,
      probs.map((p, i) => ((p - (i === 4 || i === 6 ? 1 : 0)) * 3) / 2),
    );
  });

  test('dropout draws the same mask twice and keeps by the words', () => {
    const [x, y, dx] = [kernel.reals(new Array(101).fill(1)), kernel.room(101), kernel.room(101)];
    const words = kernel.indices(new Array(101).fill(0));
    expect(kernel.glue.dropout_forward(y, x, 101, 0.25, 1, 2, 3, 4)).toBe(status.ok);
    expect(kernel.glue.dropout_backward(dx, x, 101, 0.25, 1, 2, 3, 4)).toBe(status.ok);
    expect(kernel.glue.random_bits(words, 101, 1, 2, 3, 4)).toBe(status.ok);
    const kept = Array.from(new Uint32Array(kernel.memory.buffer, words, 101), (word) =>
      word >= 2 ** 30 ? 4 / 3 : 0,
    );
    expectClose(y, kept);
    expect(kernel.read(dx, 101)).toEqual(kernel.read(y, 101));
  });

  test('unary and binary functions by their codes', () => {
    const { glue } = kernel;
    const x = rounded(numbers(17, 40).map((v) => v + 1.5));
    const [xAt, y, dx] = [kernel.reals(x), kernel.room(17), kernel.room(17)];
    const ones = kernel.reals(new Array(17).fill(1));
    const unary: ReadonlyArray<[(v: number) => number, (v: number) => number]> = [
      [(v) => -v, () => -1],
      [Math.exp, Math.exp],
      [Math.log, (v) => 1 / v],
      [sigmoid, (v) => sigmoid(v) * (1 - sigmoid(v))],
      [Math.tanh, (v) => 1 - Math.tanh(v) ** 2],
      [(v) => Math.max(v, 0), () => 1],
      [Math.sqrt, (v) => 0.5 / Math.sqrt(v)],
      [(v) => v * v, (v) => 2 * v],
    ];
    for (const [op, [f, slope]] of unary.entries()) {
      expect(glue.unary_forward(y, xAt, 17, op)).toBe(status.ok);
      expectClose(y, x.map(f));
      expect(glue.unary_backward(dx, ones, xAt, y, 17, op)).toBe(status.ok);
      expectClose(dx, x.map(slope));
    }
    const binary: ReadonlyArray<(a: number, b: number) => number> = [
      (a, b) => a + b,
      (a, b) => a - b,
      (a, b) => a * b,
      (a, b) => a / b,
    ];
    for (const [op, f] of binary.entries()) {
      const [out, short] = [kernel.room(12), rounded([2, 3, 4])];
      const shortAt = kernel.reals(short);
      expect(glue.binary_forward(out, xAt, shortAt, 12, 3, op)).toBe(status.ok);
      expectClose(
        out,
        x.slice(0, 12).map((a, i) => f(a, short[i % 3]!)),
      );
      expect(glue.binary_forward(out, shortAt, xAt, 3, 12, op)).toBe(status.ok);
      expectClose(
        out,
        x.slice(0, 12).map((b, i) => f(short[i % 3]!, b)),
      );
    }
    const db = kernel.room(3);
    expect(glue.binary_backward(0, db, ones, xAt, db, 12, 3, 0)).toBe(status.overlap);
    expect(glue.binary_backward(0, db, ones, xAt, kernel.reals([1, 1, 1]), 12, 3, 0)).toBe(status.ok);
    expect(kernel.read(db, 3)).toEqual([4, 4, 4]);
  });

  test('reductions, copies, transposes', () => {
    const { glue } = kernel;
    const x = kernel.reals([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const [y, out] = [kernel.room(12), kernel.room(4)];
    expect(glue.reduce_sum(out, x, 2, 3, 2)).toBe(status.ok);
    expect(kernel.read(out, 4)).toEqual([9, 12, 27, 30]);
    expect(glue.broadcast(y, out, 2, 3, 2)).toBe(status.ok);
    expect(kernel.read(y, 12)).toEqual([9, 12, 9, 12, 9, 12, 27, 30, 27, 30, 27, 30]);
    expect(glue.transpose(y, x, 2, 3, 2, 1)).toBe(status.ok);
    expect(kernel.read(y, 12)).toEqual([1, 3, 5, 2, 4, 6, 7, 9, 11, 8, 10, 12]);
    expect(glue.transpose(y, x, 1, 2, 3, 2)).toBe(status.ok);
    expect(kernel.read(y, 12)).toEqual([1, 2, 7, 8, 3, 4, 9, 10, 5, 6, 11, 12]);
    expect(glue.fill(y, 12, 0.5)).toBe(status.ok);
    expect(glue.add_scaled(y, x, 12, 2)).toBe(status.ok);
    expect(kernel.read(y, 3)).toEqual([2.5, 4.5, 6.5]);
    expect(glue.copy(y, x, 12)).toBe(status.ok);
    expect(glue.scale(y, y, 12, -1)).toBe(status.ok);
    expect(kernel.read(y, 3)).toEqual([-1, -2, -3]);
    expect(glue.scale(y, x, 12, 3)).toBe(status.ok);
    expect(kernel.read(y, 3)).toEqual([3, 6, 9]);
  });

  test('random numbers: known answers, and the same stream in every build', () => {
    const { glue } = kernel;
    const words = kernel.indices([0, 0, 0, 0]);
    expect(glue.random_bits(words, 4, 0, 0, 0, 0)).toBe(status.ok);
    expect(Array.from(new Uint32Array(kernel.memory.buffer, words, 4))).toEqual([
      0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8,
    ]);
    const [uniform, normal] = [kernel.room(2), kernel.room(2)];
    expect(glue.random_uniform(uniform, 2, 0, 1, 0, 0, 0, 0)).toBe(status.ok);
    expect(kernel.read(uniform, 2)).toEqual([0x6627e8 / 2 ** 24, 0xe169c5 / 2 ** 24]);
    expect(glue.random_normal(normal, 2, 0, 1, 0, 0, 0, 0)).toBe(status.ok);
    // statistics.NormalDist().inv_cdf of the two midpoints, in Python.
    expectClose(normal, [-0.25581602199224435, 1.177591223411036]);
  });

  test('adam, norms, fingerprints', () => {
    const { glue } = kernel;
    const [p, m, v, g] = [
      kernel.reals([1, -1, 2]),
      kernel.reals([0, 0, 0]),
      kernel.reals([0, 0, 0]),
      kernel.reals([3, -4, 0]),
    ];
    expect(glue.global_norm(g, 3)).toBe(5);
    expect(glue.adam_step(p, m, v, g, 3, 0.1, 0.9, 0.999, 0, 0.5, true, 1, 1)).toBe(status.ok);
    // The first step moves by the learning rate against the sign; 0 / 0 for the zero gradient without epsilon.
    expectClose(p, [1 * 0.95 - 0.1, -1 * 0.95 + 0.1]);
    expect(kernel.read(p, 3)[2]).toBeNaN();
    expect(glue.first_non_finite(p, 3)).toBe(2);
    expect(glue.first_non_finite(g, 3)).toBe(-1);
    expect(glue.global_norm(p, 3)).toBeNaN();
    const [text, out] = [kernel.indices([0]), kernel.indices([0, 0])];
    new Uint8Array(kernel.memory.buffer, text, 1).set([97]);
    expect(glue.hash(out, text, 1)).toBe(status.ok);
    expect(Array.from(new Uint32Array(kernel.memory.buffer, out, 2))).toEqual([0xaf63dc4c, 0x8601ec8c]);
    expect(glue.hash(out, 0, 0)).toBe(status.ok);
    expect(Array.from(new Uint32Array(kernel.memory.buffer, out, 2))).toEqual([0xcbf29ce4, 0x84222325]);
  });

  test('the peak probe runs', () => {
    expect(Number.isFinite(kernel.glue.bench_peak(10))).toBe(true);
    expect(kernel.glue.bench_peak_flops()).toBeGreaterThan(0);
  });
});
