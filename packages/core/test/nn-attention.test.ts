/** The modules on attention, beyond what PyTorch has to compare with. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ArgumentError,
  attention,
  init,
  nn,
  RandomStream,
  reshape,
  ShapeError,
  scope,
  type Tensor,
  zeros,
} from '../src/index.js';

type Cube = Tensor<[number, number, number]>;

const random = new RandomStream(1, 'test');
const uniform = (...shape: [number, number, number]): Cube => {
  const x = zeros(shape);
  random.fillUniform(x, -1, 1);
  return x;
};

beforeAll(async () => {
  await init({ precision: 'f64' });
});

describe('MultiHeadAttention', () => {
  it('grouped queries: the same as every head having a copy of its group', () => {
    const grouped = new nn.MultiHeadAttention(8, 4, { kvHeads: 2, random });
    const full = new nn.MultiHeadAttention(8, 4, { random });
    const state = grouped.stateDict();
    const packed = state.get('in_proj_weight')!;
    expect(packed.shape).toEqual([16, 8]);
    const rows = (from: number, count: number): number[] =>
      Array.from(packed.data).slice(from * 8, (from + count) * 8);
    // Heads of 2 rows: q 0..8, k heads at 8 and 10, v heads at 12 and 14, each used by two heads of queries.
    const twice = (first: number): number[] => [0, 0, 2, 2].flatMap((at) => rows(first + at, 2));
    full.loadStateDict(
      new Map<string, nn.Weight>([
        ['in_proj_weight', { shape: [24, 8], data: [...rows(0, 8), ...twice(8), ...twice(12)] }],
        ['in_proj_bias', { shape: [24], data: new Array<number>(24).fill(0) }],
        ['out_proj.weight', state.get('out_proj.weight')!],
        ['out_proj.bias', state.get('out_proj.bias')!],
      ]),
    );
    scope(() => {
      const x = uniform(2, 5, 8);
      const [a, b] = [grouped.forward(x), full.forward(x)];
      expect(a.output).toBeAllclose(b.output.data, { rtol: 1e-13 });
      expect(a.weights).toBeUndefined();
    });
  });

  it('gives the weights of every head, and a later query sees more when causal', () => {
    const module = new nn.MultiHeadAttention(6, 3, { random });
    scope(() => {
      const { weights } = module.forward(uniform(1, 4, 6), undefined, undefined, {
        causal: true,
        returnWeights: true,
      });
      expect(weights.shape).toEqual([1, 3, 4, 4]);
      const seen = (weights.toArray() as number[][][][])[0]!.map((head) =>
        head.map((row) => row.filter((p) => p > 0).length),
      );
      expect(seen).toEqual([
        [1, 2, 3, 4],
        [1, 2, 3, 4],
        [1, 2, 3, 4],
      ]);
    });
  });

  it('refuses sizes that do not divide', () => {
    expect(() => new nn.MultiHeadAttention(8, 3)).toThrow(
      new ArgumentError(
        'MultiHeadAttention: embeddingSize must be a multiple of numHeads and that of kvHeads, got 8, 3 and 3',
      ),
    );
    expect(() => new nn.MultiHeadAttention(8, 4, { kvHeads: 3 })).toThrow(ArgumentError);
    expect(() => new nn.MultiHeadAttention(8, 0)).toThrow(ArgumentError);
    const module = new nn.MultiHeadAttention(8, 2, { random });
    expect(() => scope(() => module.forward(uniform(1, 2, 7)))).toThrow(ShapeError);
  });
});

describe.each([
  ['AdditiveAttention', () => new nn.AdditiveAttention(4, 4, 5, { random })],
  ['DotAttention general', () => new nn.DotAttention({ score: 'general', querySize: 4, random })],
  ['DotAttention dot', () => new nn.DotAttention()],
] as const)('%s', (_, make) => {
  it('one step at a time gives what all steps at once do', () => {
    const module = make();
    scope(() => {
      const [keys, values, query] = [uniform(3, 6, 4), uniform(3, 6, 2), uniform(3, 5, 4)];
      const memory = module.memory(keys, values);
      const all = module.forward(query, memory, { keyLengths: [6, 1, 3], returnWeights: true });
      expect(all.output.shape).toEqual([3, 5, 2]);
      expect(all.weights!.shape).toEqual([3, 1, 5, 6]);
      const whole = all.output.toArray() as number[][][];
      for (let t = 0; t < 5; t += 1) {
        const step = zeros([3, 4]);
        step.set((query.toArray() as number[][][]).flatMap((row) => row[t]!));
        const { output } = module.forward(step, memory, { keyLengths: [6, 1, 3] });
        expect(output.shape).toEqual([3, 2]);
        expect(output).toBeAllclose(
          whole.flatMap((row) => row[t]!),
          { rtol: 1e-13 },
        );
      }
    });
  });

  it('takes every mode of attention', () => {
    const module = make();
    scope(() => {
      const memory = module.memory(uniform(2, 6, 4));
      const options = { mode: 'argmax', returnWeights: true } as const;
      const { weights } = module.forward(uniform(2, 3, 4), memory, options);
      expect([...weights!.data].filter((p) => p === 1)).toHaveLength(6);
      expect([...weights!.data].every((p) => p === 0 || p === 1)).toBe(true);
    });
  });
});

describe('DotAttention', () => {
  it('scaled divides by the root of the width', () => {
    scope(() => {
      const [query, keys] = [uniform(1, 2, 4), uniform(1, 3, 4)];
      const module = new nn.DotAttention({ score: 'scaled' });
      const want = attention(query, keys, keys, { scale: 0.5 }).output;
      expect(module.forward(query, module.memory(keys)).output.data).toEqual(want.data);
      const plain = attention(query, keys, keys, { scale: 1 }).output;
      expect(new nn.DotAttention().forward(query, { keys, values: keys }).output.data).toEqual(plain.data);
    });
  });

  it('refuses what does not fit', () => {
    expect(() => new nn.DotAttention({ score: 'cosine' as never })).toThrow(ArgumentError);
    expect(() => new nn.DotAttention({ score: 'general' })).toThrow(ArgumentError);
    scope(() => {
      const module = new nn.DotAttention();
      const keys = uniform(1, 3, 4);
      expect(() => module.forward(reshape(uniform(1, 1, 4), [4]) as never, { keys, values: keys })).toThrow(
        ShapeError,
      );
      expect(() => module.forward(uniform(1, 2, 5), { keys, values: keys })).toThrow(ShapeError);
    });
  });
});

describe('TransformerBlock', () => {
  it('drops out while training only, with masks of its own stream', () => {
    const dropoutRandom = new RandomStream(1, 'dropout');
    const block = new nn.TransformerBlock(8, 2, { dropout: 0.5, random, dropoutRandom });
    scope(() => {
      const x = uniform(1, 4, 8);
      const [a, b] = [block.forward(x).output, block.forward(x).output];
      expect(a.data).not.toEqual(b.data);
      dropoutRandom.position = 0;
      expect(block.forward(x).output.data).toEqual(a.data);
      block.eval();
      expect(block.forward(x).output.data).toEqual(block.forward(x).output.data);
    });
  });

  it('refuses an unknown norm', () => {
    expect(() => new nn.TransformerBlock(8, 2, { norm: 'none' as never })).toThrow(ArgumentError);
  });
});
