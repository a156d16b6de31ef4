/** The encoder-decoder: gradients, PyTorch, learning, sampling its own ids, answers. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ArgumentError,
  answer,
  backward,
  crossEntropy,
  gradcheck,
  ids,
  init,
  optim,
  RandomStream,
  Seq2Seq,
  Seq2SeqDecoder,
  type Seq2SeqOptions,
  ShapeError,
  scope,
} from '../src/index.js';
import { expectClose, type Fixture, fixtures, type Precision, TOLERANCE } from './parity-fixtures.js';

const model = (options: Partial<Seq2SeqOptions> = {}): Seq2Seq =>
  new Seq2Seq({
    sourceVocabularySize: 6,
    targetVocabularySize: 7,
    embeddingSize: 3,
    hiddenSize: 4,
    random: new RandomStream(1, 'init'),
    ...options,
  });

const forms: Partial<Seq2SeqOptions>[] = [{}, { cell: 'lstm', bidirectional: true, attention: 'dot' }];

const source = [1, 5, 2, 0, 3, 4, 2, 2];
const input = [0, 0, 3, 6, 1, 2];

describe('gradients', () => {
  beforeAll(async () => {
    await init({ precision: 'f64' });
  });

  it.each(forms)('%j: finite differences, sources of unequal length', (options) => {
    const net = model(options);
    const results = gradcheck(
      () => {
        const lengths = [4, 2];
        const { logits } = net.forward(ids(source, [4, 2]), ids(input, [3, 2]), { lengths });
        return crossEntropy(logits, ids([1, 2, 3, 4, 5, 6], [3, 2]));
      },
      net.parameters(),
      { tolerance: 1e-6 },
    );
    for (const result of results) expect(result, JSON.stringify(result)).toMatchObject({ passed: true });
    net.dispose();
  });

  it('what stands behind the end of a source changes nothing', () => {
    const net = model({ bidirectional: true });
    const run = (padding: number): number[] =>
      scope(() => {
        const padded = source.map((id, at) => (at % 2 === 1 && at > 3 ? padding : id));
        const given = { lengths: [4, 2], returnAlignment: true };
        const { logits, alignment } = net.forward(ids(padded, [4, 2]), ids(input, [3, 2]), given);
        expect(alignment!.shape).toEqual([2, 3, 4]);
        for (const row of (alignment!.toArray() as number[][][])[1]!) expect(row.slice(2)).toEqual([0, 0]);
        return [...logits.data];
      });
    expect(run(5)).toEqual(run(1));
    net.dispose();
  });
});

interface Config {
  readonly cell: 'rnn' | 'gru' | 'lstm';
  readonly bidirectional: boolean;
  readonly attention: 'additive' | 'dot';
  readonly sizes: readonly [source: number, target: number, embedding: number, hidden: number];
  readonly lengths: readonly number[];
  readonly losses: number;
}

describe.each(['f32', 'f64'] as const)('parity with PyTorch, %s', (precision: Precision) => {
  beforeAll(async () => {
    await init({ precision });
  });

  it.each(fixtures<Config>('seq2seq'))('$name', (fixture: Fixture<Config>) => {
    const { cell, bidirectional, attention, sizes, lengths } = fixture.config;
    const [sourceVocabularySize, targetVocabularySize, embeddingSize, hiddenSize] = sizes;
    const net = model({
      cell,
      bidirectional,
      attention,
      sourceVocabularySize,
      targetVocabularySize,
      embeddingSize,
      hiddenSize,
    });
    const names = [...net.namedParameters().keys()];
    net.loadStateDict(new Map(names.map((name) => [name, fixture.get(`in.${name}`)])));
    const idsOf = (name: string): ReturnType<typeof ids<[number, number]>> => {
      const { shape, data } = fixture.get(`in.${name}`);
      return ids(data, shape as [number, number]) as never;
    };
    const adam = new optim.Adam(net, { learningRate: 0.01 });
    const losses = fixture.get(`${precision}.losses`).data;
    for (const [step, expected] of losses.entries()) {
      const loss = scope(() => {
        adam.zeroGrad();
        const given = { lengths, returnAlignment: true };
        const { logits, alignment } = net.forward(idsOf('source'), idsOf('input'), given);
        const value = crossEntropy(logits, idsOf('targets'));
        backward(value);
        if (step === 0) {
          const close = (actual: ArrayLike<number>, key: string): void =>
            expectClose(actual, fixture.get(`${precision}.${key}`), TOLERANCE[precision], key);
          close(logits.data, 'logits');
          close(alignment!.data, 'alignment');
          for (const [name, { grad }] of net.namedParameters()) close(grad!.data, `grad.${name}`);
        }
        adam.step();
        return value.item();
      });
      expect(Math.abs(loss - expected), `loss of step ${step + 1}`).toBeLessThan(
        precision === 'f32' ? 1e-4 : 1e-9,
      );
    }
    expect(losses.length).toBe(50);
    adam.dispose();
  });
});

describe('a model that reverses', () => {
  const V = 8;
  const START = 0;
  const END = 1;
  let net: Seq2Seq;
  const random = new RandomStream(2, 'strings');
  const draw = (length: number): number[] => Array.from({ length }, () => 2 + random.integer(V - 2));

  beforeAll(async () => {
    await init();
    net = model({ sourceVocabularySize: V, targetVocabularySize: V, embeddingSize: 16, hiddenSize: 32 });
    const adam = new optim.Adam(net, { learningRate: 0.01 });
    const [S, B] = [5, 32];
    for (let step = 0; step < 250; step += 1) {
      scope(() => {
        const strings = Array.from({ length: B }, () => draw(S));
        const answers = strings.map((string) => [...string].reverse().concat(END));
        const across = (rows: number[][]): number[] => rows[0]!.flatMap((_, t) => rows.map((row) => row[t]!));
        adam.zeroGrad();
        const read = answers.map((ids) => [START, ...ids.slice(0, -1)]);
        const sampling = { probability: step > 150 ? 0.2 : 0, random };
        const { logits } = net.forward(ids(across(strings), [S, B]), ids(across(read), [S + 1, B]), {
          sampling,
        });
        backward(crossEntropy(logits, ids(across(answers), [S + 1, B])));
        adam.step({ clipNorm: 1 });
      });
    }
  });

  it('answers unseen strings, greedily and by beam search, and looks where it should', () => {
    let right = 0;
    for (let k = 0; k < 40; k += 1) {
      const string = draw(5);
      const expected = [...string].reverse().concat(END);
      const options = { maxLength: 8, endId: END };
      const [greedy] = answer(net, string, START, { ...options, width: 1 });
      const beams = answer(net, string, START, { ...options, width: 4, best: 3 });
      expect(beams).toHaveLength(3);
      expect(beams[0]!.score).toBeGreaterThanOrEqual(greedy!.score - 1e-6);
      if (beams[0]!.ids.join() === expected.join()) right += 1;
      expect(greedy!.alignment).toHaveLength(greedy!.ids.length);
      for (const row of greedy!.alignment) {
        expect(row).toHaveLength(5);
        expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
      }
    }
    expect(right).toBeGreaterThanOrEqual(38);
  });

  it('steps give the logits of teacher forcing', () => {
    const string = draw(5);
    const read = [START, 4, 3, 7];
    const decoder = new Seq2SeqDecoder(net, string);
    const stepped = read.flatMap((id) => [...decoder.step([id]).data]);
    const forced = scope(() => net.forward(ids(string, [5, 1]), ids(read, [4, 1])).logits.data);
    expect(stepped).toBeAllclose(forced, { rtol: 1e-5 });
    // Rows go apart, and one goes on alone.
    decoder.select([0, 0]);
    decoder.step([2, 5]);
    decoder.select([1]);
    const last = scope(() => net.forward(ids(string, [5, 1]), ids([...read, 5, 6], [6, 1])).logits.data);
    expect(decoder.step([6])).toBeAllclose(last.slice(5 * V), { rtol: 1e-4 });
    decoder.dispose();
  });

  it('reading only its own ids is not reading the given ones', () => {
    const string = draw(5);
    const forward = (given: number[], probability: number): number[] =>
      scope(() => [
        ...net.forward(ids(string, [5, 1]), ids(given, [6, 1]), { sampling: { probability, random } }).logits
          .data,
      ]);
    const [a, b] = [
      [START, 2, 2, 2, 2, 2],
      [START, 3, 4, 5, 6, 7],
    ];
    expect(forward(a!, 1)).toEqual(forward(b!, 1));
    expect(forward(a!, 0)).not.toEqual(forward(b!, 0));
    const greedy = answer(net, string, START, { width: 1, maxLength: 6 })[0]!.ids;
    expect(forward(a!, 1)).toBeAllclose(forward([START, ...greedy.slice(0, 5)], 0), { rtol: 1e-5 });
  });

  it('refuses what does not fit', () => {
    const from = ids([2, 3], [2, 1]);
    expect(() => net.forward(from, ids([], [0, 1]))).toThrow(ShapeError);
    expect(() => net.forward(from, ids([0, 0], [1, 2]))).toThrow('B of source [2, 1], got [1, 2]');
    const sampling = { probability: 2, random };
    expect(() => net.forward(from, ids([0], [1, 1]), { sampling })).toThrow(
      'probability must be in [0, 1], got 2',
    );
    expect(() => model({ cell: 'mgu' as 'gru' })).toThrow(ArgumentError);
    expect(() => model({ attention: 'max' as 'dot' })).toThrow('attention must be additive or dot, got max');
  });
});
