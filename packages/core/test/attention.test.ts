/** attention() against its definition, one number at a time, and its laws, over seeded random calls. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ArgumentError,
  type AttentionOptions,
  add,
  additiveAttention,
  attention,
  attentionModes,
  backward,
  ids,
  init,
  mul,
  noGrad,
  RandomStream,
  ShapeError,
  scope,
  sum,
  type Tensor,
  tensor,
} from '../src/index.js';
import { type AttentionCall, callOf, naiveAttention } from './naive-attention.js';

type T4 = Tensor<[number, number, number, number]>;

const RUNS = { numRuns: 40, seed: 20261123 } as const;

beforeAll(async () => {
  await init({ precision: 'f64' });
});

interface Run {
  readonly output: Float64Array;
  readonly weights: Float64Array;
  readonly dq: Float64Array;
  readonly dk: Float64Array;
  readonly dv: Float64Array;
  readonly dw: Float64Array | undefined;
  readonly dmask: Float64Array | undefined;
}

/** The call through the library: what comes out, and the gradients of sum(output dout) + sum(weights dweights). */
function run(call: AttentionCall): Run {
  return scope(() => {
    const { shape, mask } = call;
    const { B, T, S, N, M, D, V } = shape;
    const leaf = (data: readonly number[], sizes: [number, number, number, number]): T4 =>
      tensor(data, sizes, { requiresGrad: true });
    const [q, k, v] = [leaf(call.q, [B, T, N, D]), leaf(call.k, [B, S, M, D]), leaf(call.v, [B, S, M, V])];
    const given =
      mask === undefined
        ? undefined
        : mask.boolean
          ? ids(mask.data, mask.shape)
          : tensor(mask.data, mask.shape, { requiresGrad: true });
    const w = call.w && tensor(call.w, [N, D], { requiresGrad: true });
    const options = { ...optionsOf(call), mask: given, returnWeights: true } as const;
    const { output, weights } =
      w === undefined ? attention(q, k, v, options) : additiveAttention(q, k, v, w, options);
    backward(
      add(
        sum(mul(output, tensor(call.dout, [B, T, N, V]))),
        sum(mul(weights, tensor(call.dweights, [B, N, T, S]))),
      ),
    );
    const data = (x: Tensor | undefined): Float64Array => (x ? (x.data as Float64Array) : new Float64Array());
    return {
      output: data(output),
      weights: data(weights),
      dq: data(q.grad),
      dk: data(k.grad),
      dv: data(v.grad),
      dw: w && data(w.grad),
      dmask: given?.grad === undefined ? undefined : data(given.grad),
    };
  });
}

function optionsOf(call: AttentionCall): AttentionOptions {
  const { mode, causal, temperature, scale, keyLengths, seed } = call;
  return { mode, causal, temperature, scale, keyLengths, random: new RandomStream(seed, 'gumbel') };
}

function inference(call: AttentionCall): Float64Array {
  return scope(() => {
    const { B, T, S, N, M, D, V } = call.shape;
    const { mask } = call;
    const given =
      mask && (mask.boolean ? ids(mask.data, mask.shape) : (tensor(mask.data, mask.shape) as Tensor));
    const [q, k, v] = [
      tensor(call.q, [B, T, N, D]),
      tensor(call.k, [B, S, M, D]),
      tensor(call.v, [B, S, M, V]),
    ];
    const options = { ...optionsOf(call), mask: given };
    const { output } = noGrad(() =>
      call.w === undefined
        ? attention(q, k, v, options)
        : additiveAttention(q, k, v, tensor(call.w, [N, D]), options),
    );
    return output.data as Float64Array;
  });
}

describe.each(attentionModes)('%s', (mode) => {
  const calls = callOf(mode);

  it('is its definition, with the gradients of the definition', () => {
    fc.assert(
      fc.property(calls, (call) => {
        const [got, want] = [run(call), naiveAttention(call)];
        expect(got.weights).toBeAllclose(want.weights, { rtol: 1e-12 });
        expect(got.output).toBeAllclose(want.output, { rtol: 1e-12 });
        expect(got.dq).toBeAllclose(want.dq, { rtol: 1e-11, atol: 1e-13 });
        expect(got.dk).toBeAllclose(want.dk, { rtol: 1e-11, atol: 1e-13 });
        expect(got.dv).toBeAllclose(want.dv, { rtol: 1e-11, atol: 1e-13 });
        if (got.dw !== undefined) expect(got.dw).toBeAllclose(want.dw, { rtol: 1e-11, atol: 1e-13 });
        if (got.dmask !== undefined) expect(got.dmask).toBeAllclose(want.dmask, { rtol: 1e-11, atol: 1e-13 });
        expect(inference(call)).toBeAllclose(want.output, { rtol: 1e-12 });
      }),
      RUNS,
    );
  });
});

/** [1, S, 1, D] of S rows. */
const heads = (rows: readonly (readonly number[])[]): T4 =>
  tensor(rows.flat(), [1, rows.length, 1, rows[0]!.length]);

describe.each(['softmax', 'sparsemax', 'entmax15', 'argmax'] as const)('laws of %s', (mode) => {
  const calls = callOf(mode).filter(({ shape: { T, S } }) => T > 0 && S > 0);
  const plain = calls.map(
    (call): AttentionCall => ({ ...call, mask: undefined, causal: false, keyLengths: undefined }),
  );

  it('rows of weights sum to 1, or to 0 where nothing is seen', () => {
    fc.assert(
      fc.property(calls, (call) => {
        const { weights } = run(call);
        const { S } = call.shape;
        for (let row = 0; row < weights.length; row += S) {
          const total = weights.subarray(row, row + S).reduce((sum, p) => sum + p, 0);
          expect(Math.min(Math.abs(total - 1), Math.abs(total))).toBeLessThan(1e-12);
          expect(weights.subarray(row, row + S).every((p) => p >= 0)).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('does not depend on the order of the keys', () => {
    fc.assert(
      fc.property(plain, fc.nat(), (call, turn) => {
        const { B, S, M, D, V } = call.shape;
        const order = Array.from({ length: S }, (_, s) => (s + turn) % S);
        const permuted = (x: readonly number[], width: number): number[] =>
          Array.from({ length: B }, (_, b) =>
            order.flatMap((s) => x.slice((b * S + s) * M * width, (b * S + s + 1) * M * width)),
          ).flat();
        const moved = { ...call, k: permuted(call.k, D), v: permuted(call.v, V) };
        // With D = 0 all scores are equal, and the first key depends on the order.
        fc.pre(mode !== 'argmax' || D > 0);
        expect(inference(moved)).toBeAllclose(inference(call), { rtol: 1e-12 });
      }),
      RUNS,
    );
  });

  it('hiding keys is as good as leaving them out', () => {
    fc.assert(
      fc.property(plain, fc.nat(), (call, cut) => {
        const { B, S, M, D, V } = call.shape;
        const kept = 1 + (cut % S);
        const shorter = (x: readonly number[], width: number): number[] =>
          Array.from({ length: B }, (_, b) => x.slice(b * S * M * width, (b * S + kept) * M * width)).flat();
        const left: AttentionCall = {
          ...call,
          shape: { ...call.shape, S: kept },
          k: shorter(call.k, D),
          v: shorter(call.v, V),
        };
        const want = inference(left);
        expect(inference({ ...call, keyLengths: Array(B).fill(kept) })).toBeAllclose(want, { rtol: 1e-12 });
        const data = Array.from({ length: S }, (_, s) => Number(s < kept));
        const mask = { boolean: true, shape: [1, 1, 1, S] as [number, number, number, number], data };
        expect(inference({ ...call, mask })).toBeAllclose(want, { rtol: 1e-12 });
        const additive = { ...mask, boolean: false, data: data.map((seen) => (seen ? 0 : -Infinity)) };
        expect(inference({ ...call, mask: additive })).toBeAllclose(want, { rtol: 1e-12 });
      }),
      RUNS,
    );
  });

  it('causal: the last query alone sees what it sees among the others', () => {
    fc.assert(
      fc.property(plain, (call) => {
        const { B, T, N, D, V } = call.shape;
        const last = (x: ArrayLike<number>, width: number): number[] =>
          Array.from({ length: B }, (_, b) =>
            Array.from(x).slice((b * T + T - 1) * N * width, (b * T + T) * N * width),
          ).flat();
        const alone = { ...call, shape: { ...call.shape, T: 1 }, q: last(call.q, D), causal: true };
        expect(inference(alone)).toBeAllclose(last(inference({ ...call, causal: true }), V), { rtol: 1e-12 });
      }),
      RUNS,
    );
  });
});

describe('attention', () => {
  it('gives block by block of keys what it gives with all weights at hand', () => {
    const random = new RandomStream(5, 'test');
    const x = (rows: number): T4 => {
      const t = tensor(new Float64Array(rows * 3), [1, rows, 1, 3]);
      random.fillUniform(t, -4, 4);
      return t;
    };
    scope(() => {
      const [q, k, v] = [x(40), x(1100), x(1100)];
      for (const causal of [false, true]) {
        const { output } = attention(q, k, v, { causal, returnWeights: true });
        expect(attention(q, k, v, { causal }).output.data).toBeAllclose(output.data, { rtol: 1e-12 });
      }
    });
  });

  it('without heads is with one', () => {
    scope(() => {
      const [q, k, v] = [
        [1, 2, 3, 4],
        [0, 1, 1, 0, 1, 1],
        [5, 6, 7],
      ] as const;
      const without = attention(tensor(q, [1, 2, 2]), tensor(k, [1, 3, 2]), tensor(v, [1, 3, 1]));
      const { output } = attention(tensor(q, [1, 2, 1, 2]), tensor(k, [1, 3, 1, 2]), tensor(v, [1, 3, 1, 1]));
      expect(without.output.shape).toEqual([1, 2, 1]);
      expect(without.output.data).toEqual(output.data);
    });
  });

  it('works question 3 of the homework out', () => {
    scope(() => {
      const k = heads([
        [1, 2, 3],
        [2, 2, 1],
        [0, 1, -1],
        [0, -2, -4],
      ]);
      const v = heads([
        [6, 1, -2],
        [6, -1, 2],
        [6, 1, 0],
        [6, 1, 2],
      ]);
      const { output } = attention(heads([[3, -1, -1]]), k, v, { mode: 'argmax', scale: 1 });
      expect(output.data).toEqual(Float64Array.of(6, 1, 2));
    });
  });

  it('argmax: of equal scores the first; values learn, scores do not', () => {
    scope(() => {
      const q = heads([[1]]);
      const [k, v] = [heads([[1], [2], [2]]), heads([[10], [20], [30]])];
      for (const x of [q, k, v]) x.requiresGrad = true;
      const { output, weights } = attention(q, k, v, { mode: 'argmax', returnWeights: true });
      expect([...weights.data]).toEqual([0, 1, 0]);
      backward(add(sum(output), sum(mul(weights, weights))));
      expect([...q.grad!.data, ...k.grad!.data]).toEqual([0, 0, 0, 0]);
      expect([...v.grad!.data]).toEqual([0, 1, 0]);
    });
  });

  it('the same noise for the same stream and position, other noise afterwards', () => {
    scope(() => {
      const [q, k, v] = [heads([[1]]), heads([[1], [2], [3]]), heads([[1], [2], [3]])];
      const random = new RandomStream(7, 'gumbel');
      const draw = (): number => attention(q, k, v, { mode: 'gumbel', random }).output.item();
      const [first, second] = [draw(), draw()];
      expect(second).not.toBe(first);
      random.position = 0;
      expect(draw()).toBe(first);
    });
  });

  it('keeps weights only where a gradient or the caller asks for them', () => {
    scope(() => {
      const x = tensor(new Float64Array(64), [1, 64, 1, 1]);
      const used = (fn: () => unknown): number => {
        const { memory } = x.kernel;
        const before = memory.allocate(0).offset;
        fn();
        return memory.allocate(0).offset - before;
      };
      expect(used(() => attention(x, x, x))).toBeLessThan(64 * 64 * 8);
      expect(used(() => attention(x, x, x, { returnWeights: true }))).toBeGreaterThan(64 * 64 * 8);
    });
  });

  it('refuses what does not fit', () => {
    scope(() => {
      const zeros = (...shape: [number, number, number, number]): T4 =>
        tensor(new Float64Array(shape.reduce((a, b) => a * b)), shape);
      const [q, k, v] = [zeros(2, 3, 4, 5), zeros(2, 6, 2, 5), zeros(2, 6, 2, 7)];
      const call = (options: object) => () => attention(q, k, v, options);
      expect(() => attention(q, zeros(2, 6, 3, 5), zeros(2, 6, 3, 7))).toThrow(
        new ShapeError('attention: heads of q must be a multiple of those of k, got 4 and 3'),
      );
      expect(() => attention(q, zeros(2, 6, 2, 4), v)).toThrow(ShapeError);
      expect(() => attention(q, k, zeros(2, 5, 2, 7))).toThrow(
        new ShapeError('attention: v must be [B, S, M, V] = [2, 6, 2, 7], got [2, 5, 2, 7]'),
      );
      expect(() => attention(tensor([1], [1]) as never, k, v)).toThrow(ShapeError);
      expect(() => attention(q, zeros(2, 6, 0, 5), zeros(2, 6, 0, 7))).toThrow(ShapeError);
      expect(call({ mode: 'hardmax' })).toThrow(ArgumentError);
      expect(call({ mode: 'toString' })).toThrow(ArgumentError);
      for (const temperature of [0, -1, Number.NaN, Infinity])
        expect(call({ temperature })).toThrow(ArgumentError);
      expect(call({ scale: Number.NaN })).toThrow(ArgumentError);
      expect(call({ mode: 'gumbel' })).toThrow(ArgumentError);
      expect(call({ mask: ids([1], [1, 1, 1, 1, 1]) })).toThrow(ShapeError);
      expect(call({ mask: tensor([1, 2], [2]) })).toThrow(ShapeError);
      expect(call({ keyLengths: [1] })).toThrow(ShapeError);
      expect(call({ keyLengths: [1, 7] })).toThrow(
        new ArgumentError('attention: keyLengths must be in [0, S] = [0, 6], got 7 at 1'),
      );
      expect(call({ keyLengths: [-1, 6] })).toThrow(ArgumentError);
      expect(call({ keyLengths: [1.5, 6] })).toThrow(ArgumentError);
      expect(call({ keyLengths: tensor([1, 6], [2]) })).toThrow(ArgumentError);
      expect(call({ keyLengths: [0, 6] })).not.toThrow();
    });
  });
});
