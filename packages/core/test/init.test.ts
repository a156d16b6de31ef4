/** First weights: the moments and ranges that each rule promises, orthogonality, determinism. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ArgumentError, init, nn, RandomStream, ShapeError, type Tensor, zeros } from '../src/index.js';

const random = (seed = 1): RandomStream => new RandomStream(seed, 'init');

function moments(target: Tensor): { mean: number; deviation: number; largest: number } {
  const data = Array.from(target.data);
  const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
  const variance = data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length;
  return { mean, deviation: Math.sqrt(variance), largest: Math.max(...data.map(Math.abs)) };
}

describe('rules by fan', () => {
  beforeAll(async () => {
    await init();
  });

  // fan in 200, fan out 100
  const rules = {
    xavierUniform: { deviation: Math.sqrt(2 / 300), bound: Math.sqrt(6 / 300) },
    xavierNormal: { deviation: Math.sqrt(2 / 300), bound: 5 * Math.sqrt(2 / 300) },
    kaimingUniform: { deviation: Math.sqrt(2 / 200), bound: Math.sqrt(6 / 200) },
    kaimingNormal: { deviation: Math.sqrt(2 / 200), bound: 5 * Math.sqrt(2 / 200) },
  } as const;

  it.each(Object.keys(rules) as (keyof typeof rules)[])('%s', (rule) => {
    const weight = zeros([100, 200]);
    nn.init[rule](weight, { random: random() });
    const { mean, deviation, largest } = moments(weight);
    const expected = rules[rule];
    // 20000 draws: the mean is within 4 standard errors, the deviation within 2 %.
    expect(Math.abs(mean)).toBeLessThan((4 * expected.deviation) / Math.sqrt(20_000));
    expect(Math.abs(deviation / expected.deviation - 1)).toBeLessThan(0.02);
    expect(largest).toBeLessThanOrEqual(expected.bound);
    expect(largest).toBeGreaterThan(0.99 * Math.min(expected.bound, 3.5 * expected.deviation));

    const wider = zeros([100, 200]);
    nn.init[rule](wider, { random: random(), gain: (rule.startsWith('kaiming') ? Math.SQRT2 : 1) * 4 });
    expect(wider).toBeAllclose(
      weight.data.map((x) => 4 * x),
      { rtol: 1e-6 },
    );
    nn.init[rule](wider, { random: random() });
    expect(wider.data).toEqual(weight.data);
    nn.init[rule](wider, { random: random(2) });
    expect(wider.data).not.toEqual(weight.data);
  });

  it('kaiming by fan out', () => {
    const weight = zeros([400, 50]);
    nn.init.kaimingNormal(weight, { random: random(), mode: 'fanOut', gain: nn.init.gainOf('tanh') });
    expect(moments(weight).deviation).toBeCloseTo(5 / 3 / 20, 2);
  });

  it('refuse what has no fan', () => {
    expect(() => nn.init.xavierUniform(zeros([3]))).toThrow(
      new ShapeError('xavierUniform: weight must be [O, I, ...] with at least 2 axes, got [3]'),
    );
    expect(() => nn.init.kaimingUniform(zeros([2, 2]), { gain: 0 })).toThrow(
      'gain must be a number > 0, got 0',
    );
    expect(() => nn.init.kaimingUniform(zeros([2, 2]), { mode: 'fan_in' as 'fanIn' })).toThrow(ArgumentError);
    expect(() => nn.init.gainOf('gelu' as 'relu')).toThrow(
      'must be one of linear, sigmoid, tanh, relu, got gelu',
    );
  });
});

describe.each(['f32', 'f64'] as const)('orthogonal, %s', (precision) => {
  beforeAll(async () => {
    await init({ precision });
  });

  it('has orthogonal rows or columns of length gain, block by block', () => {
    const size = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(
        size,
        size,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0 }),
        (rows, columns, blocks, seed) => {
          const weight = zeros([blocks * rows, columns]);
          const gain = 0.5 + (seed % 3);
          nn.init.orthogonal(weight, { random: random(seed), gain, blocks });
          const matrix = weight.toArray() as number[][];
          for (let block = 0; block < blocks; block += 1) {
            const part = matrix.slice(block * rows, (block + 1) * rows);
            const vectors =
              rows <= columns ? part : Array.from({ length: columns }, (_, j) => part.map((row) => row[j]!));
            for (const [i, x] of vectors.entries()) {
              for (const [j, y] of vectors.entries()) {
                const dot = x.reduce((sum, value, k) => sum + value * y[k]!, 0) / gain ** 2;
                expect(Math.abs(dot - (i === j ? 1 : 0))).toBeLessThan(precision === 'f32' ? 1e-6 : 1e-14);
              }
            }
          }
        },
      ),
      { seed: 8, numRuns: 150 },
    );
  });

  it('favours no direction', () => {
    // Entries of a random orthogonal matrix have mean 0; a QR without its signs has negative ones on the diagonal.
    const sums = { mean: 0, diagonal: 0 };
    const [n, count] = [4, 800];
    for (let seed = 0; seed < count; seed += 1) {
      const weight = zeros([n, n]);
      nn.init.orthogonal(weight, { random: random(seed) });
      for (const [i, x] of weight.data.entries()) {
        sums.mean += x / (n * n * count);
        if (i % (n + 1) === 0) sums.diagonal += x / (n * count);
      }
      weight.dispose();
    }
    expect(Math.abs(sums.mean)).toBeLessThan(0.02);
    expect(Math.abs(sums.diagonal)).toBeLessThan(0.04);
  });

  it('is the same for the same seed and refuses blocks that do not fit', () => {
    const [a, b] = [zeros([6, 3]), zeros([6, 3])];
    nn.init.orthogonal(a, { random: random(5) });
    nn.init.orthogonal(b, { random: random(5) });
    expect(a.data).toEqual(b.data);
    expect(() => nn.init.orthogonal(a, { blocks: 4 })).toThrow('blocks must divide the 6 rows, got 4 blocks');
  });
});

describe('forgetBias', () => {
  it('sets the forget gates of every layer and direction, and nothing else', async () => {
    await init();
    const make = (): nn.LSTM =>
      new nn.LSTM({ inputSize: 2, hiddenSize: 3, numLayers: 2, bidirectional: true, random: random() });
    const [lstm, before] = [make(), make().stateDict()];
    nn.init.forgetBias(lstm, 1.5);
    for (const [name, { data }] of lstm.namedParameters()) {
      const old = Array.from(before.get(name)!.data);
      if (name.startsWith('bias')) old.fill(name.startsWith('bias_ih') ? 1.5 : 0, 3, 6);
      expect([...data], name).toEqual(old);
    }
    const bare = new nn.LSTM({ inputSize: 2, hiddenSize: 3, bias: false });
    expect(() => nn.init.forgetBias(bare)).toThrow('the LSTM must have biases, got one without');
  });
});
