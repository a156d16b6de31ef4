/** The Transformer language model: what a prediction may see, and generation with caches beside the whole model. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ArgumentError, ShapeError } from '../src/errors.js';
import { beamSearch, ids, init, noGrad, RandomStream, scope, TransformerLM } from '../src/index.js';
import { Positions } from '../src/nn/index.js';
import { expectClose } from './parity-fixtures.js';

const V = 11;
const C = 8;
const models: TransformerLM[] = [];
const make = (options: Partial<ConstructorParameters<typeof TransformerLM>[0]> = {}): TransformerLM => {
  const model = new TransformerLM({
    vocabularySize: V,
    embeddingSize: 12,
    numHeads: 3,
    numLayers: 2,
    contextSize: C,
    random: new RandomStream(5, 'init'),
    dropoutRandom: new RandomStream(5, 'dropout'),
    ...options,
  });
  models.push(model);
  return model;
};
afterEach(() => {
  for (const model of models.splice(0)) model.dispose();
});

/** Logits of what follows a text, from the whole model. */
const following = (model: TransformerLM, text: readonly number[]): number[] =>
  noGrad(() =>
    scope(() => {
      const { logits } = model.eval().forward(ids(text, [text.length, 1]));
      return Array.from(logits.data.subarray((text.length - 1) * V));
    }),
  );

const text = Array.from({ length: 30 }, (_, t) => (t * t * 3 + t) % V);
const close = (got: ArrayLike<number>, expected: readonly number[], name: string): void =>
  expectClose(
    got as Float64Array,
    { data: Float64Array.from(expected), shape: [expected.length] },
    1e-10,
    name,
  );

describe('a Transformer language model', () => {
  beforeAll(async () => {
    await init({ precision: 'f64' });
  });

  it.each(['learned', 'sinusoidal'] as const)('with %s positions sees the past alone', (positions) => {
    const model = make({ positions });
    const logits = (read: readonly number[]): number[][][] =>
      scope(() => model.forward(ids(read, [4, 2])).logits.toArray()) as number[][][];
    const all = logits([1, 2, 3, 4, 5, 6, 7, 8]);
    const changed = logits([1, 2, 3, 4, 5, 6, 0, 8]);
    expect(changed.slice(0, 3)).toEqual(all.slice(0, 3));
    expect(changed[3]![0]).not.toEqual(all[3]![0]);
    expect(changed[3]![1]).toEqual(all[3]![1]);
    // The same token elsewhere is another input.
    expect(following(model, [3, 3])).not.toEqual(following(model, [3, 3, 3]));
  });

  it('refuses more than its context, and heads that do not fit', () => {
    const model = make();
    expect(() => scope(() => model.forward(ids(text.slice(0, C + 1), [C + 1, 1])))).toThrow(ShapeError);
    expect(() => make({ numHeads: 5 })).toThrow(ArgumentError);
    expect(() => make({ positions: 'none' as never })).toThrow(ArgumentError);
  });

  it('has sines and cosines for positions', () => {
    const [T, E] = [700, 6];
    const table = scope(() => new Positions(T, E, { kind: 'sinusoidal' }).forward(0, T).data);
    for (let t = 0; t < T; t += 1) {
      for (let i = 0; i < E; i += 1) {
        const angle = t / 10_000 ** ((i - (i % 2)) / E);
        expect(Math.abs(table[t * E + i]! - (i % 2 === 0 ? Math.sin(angle) : Math.cos(angle)))).toBeLessThan(
          1e-11,
        );
      }
    }
  });

  it.each(['learned', 'sinusoidal'] as const)('written with caches is the whole model, %s', (positions) => {
    const model = make({ positions });
    const decoder = model.decoder();
    close(decoder.read(text.slice(0, 3)).data, following(model, text.slice(0, 3)), 'prompt');
    let window = text.slice(0, 3);
    for (const id of text.slice(3)) {
      window.push(id);
      // A full context goes on with its later half, read from position 0.
      if (window.length > C) window = window.slice(-C / 2);
      close(decoder.step([id]).data, following(model, window), `${window}`);
    }
    close(decoder.read(text).data, following(model, text.slice(-C)), 'a long prompt');
    decoder.dispose();
  });

  it('keeps rows apart when they are chosen and doubled', () => {
    const model = make();
    const decoder = model.decoder(3);
    decoder.read([1, 2]);
    decoder.select([0, 0, 0]);
    decoder.step([3, 4, 5]);
    decoder.select([2, 0]);
    const { data } = decoder.step([6, 7]);
    close(data.subarray(0, V), following(model, [1, 2, 5, 6]), 'row 0');
    close(data.subarray(V), following(model, [1, 2, 3, 7]), 'row 1');
    expect(() => decoder.step([1])).toThrow(ArgumentError);
    expect(() => decoder.select([0, 1, 0, 1])).toThrow(ArgumentError);
    decoder.dispose();
  });

  it('with one beam is greedy, and gives its memory back', () => {
    const model = make();
    const { kernel } = model.head.weight;
    const live = kernel.liveBytes;
    const decoder = model.decoder();
    const found = beamSearch(decoder, 4, { width: 1, maxLength: 6 })[0]!;
    const written = [4];
    while (written.length < 7) {
      const logits = following(model, written);
      written.push(logits.indexOf(Math.max(...logits)));
    }
    expect(found.ids).toEqual(written.slice(1));
    decoder.dispose();
    expect(kernel.liveBytes).toBe(live);
  });

  it('gives what each head attended to: rows sum to 1, nothing ahead', () => {
    const model = make();
    scope(() => {
      const { weights } = model.forward(ids([1, 2, 3, 4], [4, 1]), { returnWeights: true });
      expect(weights.map(({ shape }) => shape)).toEqual([
        [1, 3, 4, 4],
        [1, 3, 4, 4],
      ]);
      for (const map of weights) {
        for (const rows of (map.toArray() as number[][][][])[0]!) {
          for (const [t, row] of rows.entries()) {
            expect(row.slice(t + 1)).toEqual(new Array(3 - t).fill(0));
            expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
          }
        }
      }
    });
  });
});
