/** Sequence classifiers and taggers: padding changes nothing, pooling is what it says, bad input is refused. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ArgumentError,
  backward,
  crossEntropy,
  full,
  ids,
  init,
  maxOverTime,
  meanOverTime,
  nn,
  poolings,
  RandomStream,
  SequenceClassifier,
  ShapeError,
  scope,
  Tagger,
  type Tensor,
  tensor,
  zeros,
} from '../src/index.js';

type Ids = Tensor<[number, number]>;
type Cube = Tensor<[number, number, number]>;

const V = 7;
const C = 3;

const streams = () => ({
  random: new RandomStream(1, 'init'),
  dropoutRandom: new RandomStream(1, 'dropout'),
});
const sizes = { vocabularySize: V, embeddingSize: 5, hiddenSize: 6, numClasses: C };

/** Rows of ids as [T, B], filled up to T with whatever `filler` gives. */
function padded(rows: readonly (readonly number[])[], T: number, filler: () => number): Ids {
  return ids(
    Array.from({ length: T * rows.length }, (_, i) => {
      const row = rows[i % rows.length]!;
      return row[Math.floor(i / rows.length)] ?? filler();
    }),
    [T, rows.length],
  );
}

/** More than one step in all: a single one goes through matrix-vector products, whose sums have another order. */
const batches = fc
  .array(fc.array(fc.integer({ min: 0, max: V - 1 }), { minLength: 1, maxLength: 9 }), {
    minLength: 1,
    maxLength: 6,
  })
  .filter((rows) => rows.length > 1 || rows[0]!.length > 1);

const settings = fc.record({
  cell: fc.constantFrom('rnn', 'gru', 'lstm'),
  numLayers: fc.integer({ min: 1, max: 2 }),
  bidirectional: fc.boolean(),
  more: fc.integer({ min: 1, max: 20 }),
});

describe.each(['f32', 'f64'] as const)(
  'more padding, or other ids in it, changes no bit, %s',
  (precision) => {
    beforeAll(async () => {
      await init({ precision });
    });

    const gradientsOf = (model: nn.Module, loss: Tensor): Map<string, ArrayLike<number>> => {
      model.zeroGrad();
      backward(loss);
      return new Map([...model.namedParameters()].map(([name, { grad }]) => [name, grad!.data]));
    };

    it.each(poolings)('classifier, %s pooling', (pooling) => {
      fc.assert(
        fc.property(batches, settings, (rows, { more, ...options }) => {
          const model = new SequenceClassifier({ ...sizes, ...options, ...streams(), pooling });
          const lengths = rows.map((row) => row.length);
          const T = Math.max(...lengths);
          const targets = rows.map((row) => row[0]! % C);
          const run = (x: Ids) =>
            scope(() => {
              const logits = model.forward(x, lengths);
              const gradients = gradientsOf(model, crossEntropy(logits, ids(targets, [rows.length])));
              return { logits: logits.data, gradients };
            });
          const garbage = new RandomStream(2, 'padding');
          const once = run(padded(rows, T + 1, () => 0));
          expect(run(padded(rows, T + 1 + more, () => garbage.integer(V)))).toEqual(once);
          // Without any padding, and without neighbours, sums may round differently.
          const rounding = { rtol: precision === 'f32' ? 1e-5 : 1e-13 };
          const tight = run(padded(rows, T, () => 0));
          expect(tight.logits).toBeAllclose(once.logits, rounding);
          for (const [name, gradient] of once.gradients) {
            expect(tight.gradients.get(name)!).toBeAllclose(gradient, { ...rounding, atol: rounding.rtol });
          }
          const alone = scope(() => model.forward(padded(rows.slice(0, 1), lengths[0]!, () => 0)).data);
          expect(alone).toBeAllclose(tight.logits.subarray(0, C), rounding);
          model.dispose();
        }),
        { seed: 9, numRuns: 40 },
      );
    });

    it('tagger', () => {
      fc.assert(
        fc.property(batches, settings, (rows, { more, ...options }) => {
          const model = new Tagger({ ...sizes, ...options, ...streams() });
          const lengths = rows.map((row) => row.length);
          const T = Math.max(...lengths);
          const run = (time: number, filler: () => number) =>
            scope(() => {
              const x = padded(rows, time, filler);
              const targets = padded(
                rows.map((row) => row.map((id) => id % C)),
                time,
                () => -100,
              );
              const logits = model.forward(x, lengths);
              const loss = crossEntropy(logits, targets);
              const kept = logits.part(0, [T, rows.length, C]).data;
              return { logits: kept, loss: loss.item(), gradients: gradientsOf(model, loss) };
            });
          const garbage = new RandomStream(3, 'padding');
          expect(run(T + 1 + more, () => garbage.integer(V))).toEqual(run(T + 1, () => 0));
          expect(run(T, () => 0).logits).toBeAllclose(run(T + 1, () => 0).logits, {
            rtol: precision === 'f32' ? 1e-5 : 1e-13,
          });
          model.dispose();
        }),
        { seed: 10, numRuns: 60 },
      );
    });
  },
);

describe('pooling over time', () => {
  beforeAll(async () => {
    await init({ precision: 'f64' });
  });

  // [T, B, C] = [3, 2, 2]
  const x = (): Cube => tensor([1, 8, -1, -2, 5, 2, -3, -4, 3, 6, 9, 9], [3, 2, 2]);

  it('reads each row to its own end', () => {
    expect([...meanOverTime(x(), [3, 2]).data]).toEqual([3, 16 / 3, -2, -3]);
    expect([...maxOverTime(x(), [3, 2]).data]).toEqual([5, 8, -1, -2]);
    expect([...maxOverTime(x()).data]).toEqual([5, 8, 9, 9]);
    expect([...meanOverTime(x(), [0, 1]).data]).toEqual([0, 0, -1, -2]);
  });

  it('attention weights are a distribution over the steps of each row, and pool what they weigh', () => {
    const model = new SequenceClassifier({ ...sizes, ...streams(), pooling: 'attention' });
    const batch = padded([[1, 2, 3], [4]], 4, () => 0);
    const weights = model.attentionWeights(batch, [3, 1]).toArray() as number[][];
    expect(weights[1]).toEqual([1, 0, 0, 0]);
    expect(weights[0]![3]).toBe(0);
    expect(weights[0]!.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 14);

    const pooling = new nn.AttentionPooling(2, { random: new RandomStream(1, 'init') });
    const { output, weights: a } = pooling.forward(x(), [3, 2]);
    const [p, q] = (a.toArray() as number[][])[0]!;
    expect(output.data[0]).toBeCloseTo(p! * 1 + q! * 5 + (1 - p! - q!) * 3, 12);
    expect(() => new SequenceClassifier({ ...sizes, ...streams() }).attentionWeights(batch)).toThrow(
      'SequenceClassifier: pooling must be attention, got last',
    );
  });

  it('says what does not fit', () => {
    expect(() => meanOverTime(x(), [4, 1])).toThrow(
      new ArgumentError('meanOverTime: lengths must be in [0, T] = [0, 3], got 4 at 0'),
    );
    expect(() => maxOverTime(x(), [1])).toThrow(
      new ShapeError('maxOverTime: lengths must be B = 2 numbers, got 1'),
    );
  });
});

describe('models', () => {
  beforeAll(async () => {
    await init();
  });

  it('drop out in training only', () => {
    const model = new Tagger({ inputSize: 2, hiddenSize: 8, numClasses: C, dropout: 0.5, ...streams() });
    const x = full([4, 2, 2], 0.5);
    expect(model.forward(x).data).not.toEqual(model.forward(x).data);
    model.eval();
    expect(model.forward(x).data).toEqual(model.forward(x).data);
  });

  it('refuse what they cannot read', () => {
    const model = new SequenceClassifier({ ...sizes, ...streams() });
    expect(() => model.forward(zeros([3, 2, 5]))).toThrow(
      new ArgumentError('SequenceClassifier: x must be ids [T, B], got real'),
    );
    const real = new Tagger({ inputSize: 2, hiddenSize: 3, numClasses: C, ...streams() });
    expect(() => real.forward(ids([1], [1, 1]))).toThrow('x must be real-valued steps [T, B, I], got int32');
    expect(() => model.forward(ids([1, V], [2, 1]))).toThrow('ids must be in [0, 7), got 7 at position 1');
    expect(() => new Tagger({ ...sizes, ...streams(), numClasses: 0 })).toThrow('Tagger: numClasses');
    expect(() => new Tagger({ ...sizes, ...streams(), cell: 'qrnn' as 'gru' })).toThrow(
      'Tagger: cell must be rnn, gru or lstm, got qrnn',
    );
    expect(() => new SequenceClassifier({ ...sizes, ...streams(), pooling: 'sum' as 'max' })).toThrow(
      'pooling must be one of last, mean, max, attention, got sum',
    );
  });
});
