/** Single steps of recurrent layers and language models against their forward, bit for bit. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  ArgumentError,
  beamSearch,
  CharLM,
  CharLMRun,
  DataError,
  type Decoder,
  ids,
  init,
  keep,
  LanguageDecoder,
  nn,
  noGrad,
  RandomStream,
  ShapeError,
  sample,
  scope,
  type Tensor,
} from '../src/index.js';

const V = 11;
type Recurrent = nn.RNN | nn.GRU | nn.LSTM;
const recurrents: readonly [string, (I: number, H: number, numLayers: number) => Recurrent][] = [
  [
    'RNN',
    (inputSize, hiddenSize, numLayers) =>
      new nn.RNN({ inputSize, hiddenSize, numLayers, nonlinearity: 'relu' }),
  ],
  ['GRU', (inputSize, hiddenSize, numLayers) => new nn.GRU({ inputSize, hiddenSize, numLayers })],
  ['LSTM', (inputSize, hiddenSize, numLayers) => new nn.LSTM({ inputSize, hiddenSize, numLayers })],
  [
    'LSTM without bias',
    (inputSize, hiddenSize, numLayers) => new nn.LSTM({ inputSize, hiddenSize, numLayers, bias: false }),
  ],
];

type Cube = Tensor<[number, number, number]>;

/** Logits after each id, from the model read one id at a time in a batch of one. */
function unprepared(
  { embedding, recurrent, head }: { embedding: nn.Embedding; recurrent: Recurrent; head: nn.Linear },
  read: readonly number[],
): number[][] {
  type Forward = (x: Cube, input: object) => { output: Cube; h: Cube; c?: Cube };
  const forward = (recurrent as unknown as { forward: Forward }).forward.bind(recurrent);
  return noGrad(() =>
    scope(() => {
      let state = {};
      return read.map((id) => {
        const { output, h, c } = forward(embedding.forward(ids([id], [1, 1])), state);
        state = c === undefined ? { h0: h } : { h0: h, c0: c };
        return [...head.forward<[number, number]>(output).data];
      });
    }),
  );
}

describe.each(['f32', 'f64'] as const)('single steps, %s', (precision) => {
  beforeAll(async () => {
    await init({ precision });
    nn.manualSeed(3);
  });
  const given: { dispose(): void }[] = [];
  afterEach(() => {
    for (const each of given.splice(0)) each.dispose();
  });

  describe.each(recurrents)('%s', (_, make) => {
    it.each([
      [1, 1, 1],
      [5, 9, 1],
      [6, 33, 2],
    ])('E%i H%i, %i layers: every row is the model in a batch of one, bit for bit', (E, H, layers) => {
      const model = {
        embedding: new nn.Embedding(V, E),
        recurrent: make(E, H, layers),
        head: new nn.Linear(H, V),
      };
      const decoder = new LanguageDecoder(model, 3);
      given.push(...Object.values(model), decoder);
      const texts = [
        [0, 4, 4, 10, 2],
        [7, 7, 1, 0, 3],
        [2, 9, 5, 6, 6],
      ];
      const expected = texts.map((text) => unprepared(model, text));
      decoder.step([0]);
      decoder.start();
      decoder.select([0, 0, 0]);
      for (let t = 0; t < 5; t += 1) {
        const logits = decoder.step(texts.map((text) => text[t]!));
        expect(logits.shape).toEqual([3, V]);
        expect(logits.toArray()).toEqual(expected.map((rows) => rows[t]));
      }
      // Rows change places, are dropped and doubled.
      decoder.select([2, 2]);
      decoder.step([8, 1]);
      decoder.select([1]);
      expect([...decoder.step([3]).data]).toEqual(unprepared(model, [...texts[2]!, 1, 3]).at(-1));
    });
  });

  it('a vocabulary too large for a table gives the same', () => {
    const model = (size: number): { embedding: nn.Embedding; recurrent: nn.RNN; head: nn.Linear } => {
      nn.manualSeed(1);
      const recurrent = new nn.RNN({ inputSize: 2, hiddenSize: 300 });
      const head = new nn.Linear(300, 3);
      return { embedding: new nn.Embedding(size, 2), recurrent, head };
    };
    // 60 000 x 300 reals are 72 MB or more.
    const [small, large] = [model(50), model(60_000)];
    large.embedding.weight.set([...small.embedding.weight.data, ...new Array(2 * 59_950).fill(0)]);
    const decoders = [new LanguageDecoder(small), new LanguageDecoder(large)];
    given.push(...Object.values(small), ...Object.values(large), ...decoders);
    for (const id of [4, 49, 4]) {
      const [a, b] = decoders.map((decoder) => [...decoder.step([id]).data]);
      expect(a).toEqual(b);
    }
  });

  it('reads on after a forward pass', () => {
    const model = new CharLM({
      vocabularySize: V,
      embeddingSize: 4,
      hiddenSize: 7,
      numLayers: 2,
      dropout: 0,
      random: new RandomStream(1, 'init'),
      dropoutRandom: new RandomStream(1, 'dropout'),
    });
    const decoder = model.decoder();
    given.push(model, decoder);
    noGrad(() => scope(() => decoder.start(model.forward(ids([3], [1, 1])))));
    expect([...decoder.step([5]).data]).toEqual(unprepared(model, [3, 5])[1]);
  });

  it('refuses what does not fit, and stands where it stood', () => {
    const recurrent = new nn.GRU({ inputSize: 2, hiddenSize: 3 });
    const model = { embedding: new nn.Embedding(V, 2), recurrent, head: new nn.Linear(3, V) };
    const [decoder, other] = [new LanguageDecoder(model, 2), new LanguageDecoder(model)];
    given.push(...Object.values(model), decoder, other);
    for (const bad of [V, -1, 0.5, Number.NaN]) {
      expect(() => decoder.step([bad])).toThrow(DataError);
      expect(() => decoder.step([bad])).toThrow(`ids must be in [0, ${V}), got ${bad} at position 0`);
    }
    expect(() => decoder.step([1, 2])).toThrow(ShapeError);
    expect(() => decoder.select([0, 1])).toThrow(DataError);
    expect(() => decoder.select([0, 0, 0])).toThrow('rows must be in [1, 2], got 3');
    expect([...decoder.step([1]).data]).toEqual([...other.step([1]).data]);
    expect(() => new nn.RecurrentSteps(recurrent, 1).stepIds([0])).toThrow('ids need an embedding, got none');
    const both = new nn.GRU({ inputSize: 2, hiddenSize: 3, bidirectional: true });
    given.push(both);
    expect(() => new nn.RecurrentSteps(both, 1)).toThrow(ArgumentError);
  });
});

describe('a run', () => {
  const text = 'the cat sat on the mat; the rat sat on the cat. 0123456789\n'.repeat(12);
  const config = { hiddenSize: 24, embeddingSize: 6, batchSize: 4, sequenceLength: 12, learningRate: 0.02 };
  let run: CharLMRun;
  let model: CharLM;
  beforeAll(async () => {
    await init();
    run = CharLMRun.create(text, config);
    model = run.model as CharLM;
    for (let step = 0; step < 60; step += 1) run.trainStep();
  });

  /** The text by forward passes of one character each. */
  function slowly(prompt: string, length: number, options: object, seed: number): string {
    const random = new RandomStream(seed, 'sampling');
    model.eval();
    return noGrad(() =>
      scope(() => {
        let input = run.vocabulary.encode(prompt);
        let state: { h: Cube; c?: Cube | undefined } | undefined;
        let written = '';
        while (written.length < length) {
          const { logits, h, c } = model.forward(ids(input, [input.length, 1]), state);
          const last = logits.part(logits.size - run.vocabulary.size, [run.vocabulary.size]);
          const id = sample(last, random, options);
          written += run.vocabulary.tokens[id];
          input = Int32Array.of(id);
          state = { h, c };
        }
        return written;
      }),
    );
  }

  it.each([
    ['greedy', { temperature: 0 }],
    ['sampled', {}],
    ['cut', { temperature: 0.8, topK: 5, topP: 0.9 }],
  ])('%s text is that of forward passes, character by character', (_, options) => {
    const prompt = 'the rat ';
    expect([...run.generate({ ...options, prompt, length: 120, seed: 4 })].join('')).toBe(
      slowly(prompt, 120, options, 4),
    );
  });

  it('trained between two characters it goes on with the new weights', () => {
    const prompt = run.vocabulary.encode('the ');
    const state = scope(() => {
      const { h, c } = model.forward(ids(prompt, [prompt.length, 1]));
      return { h: keep(h), c: keep(c!) };
    });
    const writing = run.generate({ prompt: 'the ', length: 30, temperature: 0 });
    const written = [writing.next().value!, writing.next().value!];
    const old = model.decoder();
    old.start(state);
    const [first, second] = written.map((character) => run.vocabulary.encode(character)[0]!);
    old.step([first!]);
    for (let step = 0; step < 20; step += 1) run.trainStep();
    // The state is that of the old weights, everything from here on that of the new ones.
    old.forget();
    let logits = old.step([second!]);
    const expected: string[] = [];
    while (expected.length < 28) {
      const next = sample(logits, new RandomStream(0, 'unused'), { temperature: 0 });
      expected.push(run.vocabulary.tokens[next]!);
      logits = old.step([next]);
    }
    expect([...writing]).toEqual(expected);
    for (const each of [old, state.h, state.c]) each.dispose();
  });

  it('forgets products of the input only when told', () => {
    const [decoder, fresh] = [model.decoder(), model.decoder()];
    decoder.step([0]);
    const { weight } = model.embedding;
    const before = weight.data;
    weight.set(before.map((value) => value + 0.5));
    const first = (): number[] => {
      decoder.start();
      return [...decoder.step([0]).data];
    };
    const expected = [...fresh.step([0]).data];
    expect(first()).not.toEqual(expected);
    decoder.forget();
    expect(first()).toEqual(expected);
    weight.set(before);
    for (const each of [decoder, fresh]) each.dispose();
  });

  it('allocates nothing per character and gives everything back', () => {
    const { kernel } = run;
    const live = kernel.liveBytes;
    const decoder: Decoder & { dispose(): void } = model.decoder();
    decoder.step([0]);
    const { liveBytes } = kernel;
    for (let i = 0; i < 5000; i += 1) decoder.step([i % run.vocabulary.size]);
    // The table of inputs was there from the first step on.
    expect(kernel.liveBytes).toBe(liveBytes);
    decoder.dispose();
    expect(kernel.liveBytes).toBe(live);
    expect([...run.generate({ length: 300 })]).toHaveLength(300);
    expect(kernel.liveBytes).toBe(live);
    const abandoned = run.generate({ length: 300 });
    abandoned.next();
    abandoned.return();
    expect(kernel.liveBytes).toBe(live);
  });

  it('with one beam is greedy, and more beams find likelier text', () => {
    const { vocabulary } = run;
    const start = vocabulary.encode('t')[0]!;
    const search = (width: number): ReturnType<typeof beamSearch> => {
      const decoder = model.decoder(width);
      const found = beamSearch(decoder, start, { width, maxLength: 30 });
      decoder.dispose();
      return found;
    };
    const greedy = [...run.generate({ prompt: 't', length: 30, temperature: 0 })].join('');
    expect(
      search(1)[0]!
        .ids.map((id) => vocabulary.tokens[id])
        .join(''),
    ).toBe(greedy);
    expect(search(8)[0]!.logProbability).toBeGreaterThanOrEqual(search(1)[0]!.logProbability);
  });
});
