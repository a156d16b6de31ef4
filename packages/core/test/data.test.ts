import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { RandomBatches, StreamBatches } from '../src/data/batches.js';
import { Vocabulary } from '../src/data/vocabulary.js';
import { init } from '../src/kernel/load.js';
import { RandomStream } from '../src/random.js';
import { sample } from '../src/sample.js';
import { tensor } from '../src/tensor.js';

beforeAll(async () => {
  await init();
});

describe('vocabulary', () => {
  it('counts code points: an emoji and a Persian letter are one character each', () => {
    const vocabulary = Vocabulary.of('گربه😺 a');
    expect(vocabulary.characters).toEqual([' ', 'a', 'ب', 'ر', 'ه', 'گ', '😺']);
    expect([...vocabulary.encode('😺گ')]).toEqual([6, 5]);
  });

  it('decode inverts encode for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
        const vocabulary = Vocabulary.of(text);
        expect(vocabulary.decode(vocabulary.encode(text))).toBe(text);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('names an unknown character and its place', () => {
    expect(() => Vocabulary.of('abc').encode('abé')).toThrow(
      'every character must be among the 3 known ones, got "é" (U+00E9) at 2',
    );
  });
});

describe('batches', () => {
  const text = Int32Array.from({ length: 101 }, (_, i) => i);

  it('streams are contiguous, targets are the next characters, epochs start fresh', () => {
    const batches = new StreamBatches(text, 3, 4, new RandomStream(0, 'data'));
    expect(batches.stepsPerEpoch).toBe(8);
    const first = batches.next();
    const second = batches.next();
    expect(first.fresh).toBe(true);
    expect(second.fresh).toBe(false);
    // time-major: entry (t, b) at t*B + b; stream b starts at b * 32
    expect([...first.inputs]).toEqual([0, 32, 64, 1, 33, 65, 2, 34, 66, 3, 35, 67]);
    expect([...first.targets]).toEqual([...first.inputs].map((id) => id + 1));
    expect([...second.inputs.slice(0, 3)]).toEqual([4, 36, 68]);
    for (let i = 2; i < 8; i += 1) expect(batches.next().fresh).toBe(false);
    expect(batches.next().fresh).toBe(true);
  });

  it('every window of any size lies inside the text, also after many epochs', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 0, max: 60 }),
        fc.boolean(),
        (batch, time, extra, streams) => {
          const length = batch * time + 1 + extra;
          const part = Int32Array.from({ length }, (_, i) => i);
          const random = new RandomStream(extra, 'data');
          const batches = new (streams ? StreamBatches : RandomBatches)(part, batch, time, random);
          for (let i = 0; i < 3 * batches.stepsPerEpoch + 2; i += 1) {
            const { inputs, targets } = batches.next();
            expect(inputs.every((id, at) => id >= 0 && targets[at] === id + 1 && id + 1 < length)).toBe(true);
          }
        },
      ),
      { numRuns: 300, seed: 2 },
    );
  });

  it('goes on from a saved position exactly', () => {
    const make = (position = 0): StreamBatches =>
      new StreamBatches(text, 2, 7, new RandomStream(4, 'data', position));
    const whole = make();
    const random = new RandomStream(4, 'data');
    const first = new StreamBatches(text, 2, 7, random);
    for (let i = 0; i < 10; i += 1) {
      whole.next();
      first.next();
    }
    const resumed = make(random.position);
    resumed.position = first.position;
    for (let i = 0; i < 30; i += 1) expect(resumed.next()).toEqual(whole.next());
  });

  it('says how much text is needed', () => {
    expect(() => new StreamBatches(text, 32, 64, new RandomStream(0, 'data'))).toThrow(
      'batches: the training text must have at least 2049 characters for 32 x 64 windows, got 101; try a smaller batch or sequence',
    );
  });
});

describe('random streams', () => {
  it('depend on seed, name and position alone', () => {
    const stream = new RandomStream(3, 'a');
    const words = Array.from({ length: 1000 }, () => stream.word());
    expect(Array.from({ length: 5 }, (_, i) => new RandomStream(3, 'a', 100 * i).word())).toEqual(
      [0, 100, 200, 300, 400].map((i) => words[i]),
    );
    expect(new RandomStream(4, 'a').word()).not.toBe(words[0]);
    expect(new RandomStream(3, 'b').word()).not.toBe(words[0]);
  });

  it('integers are uniform: chi-squared over 60 000 draws of 6 faces', () => {
    const stream = new RandomStream(0, 'dice');
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 60_000; i += 1) counts[stream.integer(6)]! += 1;
    const chi2 = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    // 99.9 % quantile with 5 degrees of freedom; the draw is seeded, so this cannot flicker
    expect(chi2).toBeLessThan(20.5);
  });

  it('refuses seeds that would collide', () => {
    for (const seed of [-1, 1.5, Number.NaN, 2 ** 53]) {
      expect(() => new RandomStream(seed, 'a')).toThrow('seed must be a whole number in [0, 2^53)');
    }
  });
});

describe('sample', () => {
  const logits = (): ReturnType<typeof tensor<readonly [4]>> => tensor([1, 3, 3, -2], [4]);
  const draws = (options: Parameters<typeof sample>[2], n = 4000): number[] => {
    const random = new RandomStream(1, 'sampling');
    const counts = [0, 0, 0, 0];
    const x = logits();
    for (let i = 0; i < n; i += 1) counts[sample(x, random, options)]! += 1;
    return counts.map((count) => count / n);
  };

  it('greedy takes the first of equal maxima', () => {
    expect(sample(logits(), new RandomStream(0, 's'), { temperature: 0 })).toBe(1);
  });

  it('follows softmax(logits / temperature)', () => {
    const e = [1, 3, 3, -2].map((l) => Math.exp(l / 2));
    const total = e.reduce((a, b) => a + b);
    expect(draws({ temperature: 2 })).toBeAllclose(
      e.map((x) => x / total),
      { rtol: 0, atol: 0.03 },
    );
  });

  it('top-k and top-p keep only the likeliest', () => {
    expect(draws({ topK: 1 })).toEqual([0, 1, 0, 0]);
    expect(draws({ topK: 2 })[0]).toBe(0);
    expect(draws({ topP: 0.3 })).toEqual([0, 1, 0, 0]);
    expect(draws({ topP: 0.6 }).slice(2)).toEqual([expect.closeTo(0.5, 1), 0]);
  });

  it('takes any temperature above zero', () => {
    expect(draws({ temperature: 1e-300 }, 50).slice(0, 1)).toEqual([0]);
    expect(draws({ temperature: 1e300 })).toBeAllclose([0.25, 0.25, 0.25, 0.25], { atol: 0.03 });
  });

  it('refuses values outside their domains', () => {
    const random = new RandomStream(0, 's');
    expect(() => sample(logits(), random, { temperature: -1 })).toThrow(
      'temperature must be a number >= 0, got -1',
    );
    expect(() => sample(logits(), random, { topK: 0.5 })).toThrow(
      'topK must be a whole number >= 0, got 0.5',
    );
    expect(() => sample(logits(), random, { topP: 0 })).toThrow('topP must be in (0, 1], got 0');
  });
});
