import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CheckpointError, DataError, DivergedError } from '../src/errors.js';
import { read, write } from '../src/formats/safetensors.js';
import type { Kernel } from '../src/kernel/kernel.js';
import { init } from '../src/kernel/load.js';
import type { CharLMConfig } from '../src/session/protocol.js';
import { CharLMRun } from '../src/train/char-lm-run.js';
import { loadCheckpoint, saveCheckpoint } from '../src/train/checkpoint.js';
import { resolveConfig } from '../src/train/config.js';
import { train } from '../src/train/train.js';

const text = 'the cat sat on the mat; the rat sat on the cat. 0123456789\n'.repeat(12);
const small: Partial<CharLMConfig> = {
  embeddingSize: 5,
  hiddenSize: 9,
  batchSize: 3,
  sequenceLength: 7,
  validationFraction: 0.2,
  evaluateEvery: 4,
  learningRate: 0.01,
  seed: 11,
};

let kernel: Kernel;
beforeAll(async () => {
  kernel = await init();
});

const runs: CharLMRun[] = [];
const create = (config: Partial<CharLMConfig> = {}): CharLMRun => {
  const run = CharLMRun.create(text, { ...small, ...config });
  runs.push(run);
  return run;
};
afterEach(() => {
  for (const run of runs.splice(0)) run.dispose();
});

const steps = (run: CharLMRun, count: number): void => {
  for (let i = 0; i < count; i += 1) run.trainStep();
};

describe('a run', () => {
  it('starts at the loss of guessing and learns', () => {
    const run = create({ hiddenSize: 32, batchSize: 8 });
    const first = run.trainStep().loss;
    // ln V, give or take the random first weights
    expect(Math.abs(first - Math.log(run.vocabulary.size))).toBeLessThan(0.3);
    steps(run, 150);
    expect(run.evaluate().loss).toBeLessThan(0.5 * first);
  });

  it.each<readonly [string, Partial<CharLMConfig>]>([
    ['one layer', {}],
    ['two layers with dropout', { numLayers: 2, dropout: 0.3 }],
    ['random windows', { batching: 'random' as const }],
    ['a batch of one', { batchSize: 1 }],
    ['a GRU', { cell: 'gru' as const }],
    ['two layers of RNN', { cell: 'rnn' as const, numLayers: 2 }],
    [
      'a Transformer',
      { cell: 'transformer' as const, embeddingSize: 8, numHeads: 2, numLayers: 2, dropout: 0.2 },
    ],
    [
      'a Transformer with sinusoidal positions',
      { cell: 'transformer' as const, embeddingSize: 8, numHeads: 4, positions: 'sinusoidal' as const },
    ],
    ['words', { unit: 'words' as const }],
    ...(['sgd', 'momentum', 'adamw', 'rmsprop', 'adagrad'] as const).map(
      (optimizer) => [optimizer, { optimizer, weightDecay: 0.01, labelSmoothing: 0.1 }] as const,
    ),
    [
      'a warm-up and a cosine',
      {
        schedule: {
          kind: 'warmup' as const,
          steps: 10,
          next: { kind: 'cosine' as const, steps: 30, final: 0.1 },
        },
      },
    ],
  ])('resumes bit for bit at any step: %s', (_, config) => {
    const whole = create(config);
    steps(whole, 47);
    for (const at of [1, 13, 31]) {
      const half = create(config);
      steps(half, at);
      // Reading, sampling and validating in between must leave no trace.
      half.evaluate();
      expect([...half.generate({ length: 5 })]).toHaveLength(5);
      const resumed = loadCheckpoint(saveCheckpoint(half), text);
      runs.push(resumed);
      expect(resumed.step).toBe(at);
      steps(resumed, 47 - at);
      expect(resumed.hash()).toBe(whole.hash());
      expect(saveCheckpoint(resumed)).toEqual(saveCheckpoint(whole));
    }
  });

  it('is a function of its seed', () => {
    const hash = (seed: number): string => {
      const run = create({ seed });
      steps(run, 5);
      return run.hash();
    };
    expect(hash(1)).toBe(hash(1));
    expect(hash(1)).not.toBe(hash(2));
  });

  it('evaluates the same loss whatever the parallel streams', () => {
    const run = create();
    steps(run, 20);
    const part = text.slice(0, 320);
    const expected = run.evaluate(part);
    expect(expected.perplexity).toBeCloseTo(Math.exp(expected.loss), 10);
    expect(expected.bitsPerCharacter).toBeCloseTo(Math.log2(expected.perplexity), 10);
    expect(expected.characters).toBeGreaterThanOrEqual(315);
  });

  it('writes the same text for the same seed, and stays inside top-k', () => {
    const run = create();
    steps(run, 30);
    const write = (options: Parameters<CharLMRun['generate']>[0]): string =>
      [...run.generate(options)].join('');
    expect(write({ prompt: 'the ', length: 40, seed: 3 })).toBe(
      write({ prompt: 'the ', length: 40, seed: 3 }),
    );
    expect(write({ length: 40, seed: 3 })).not.toBe(write({ length: 40, seed: 4 }));
    expect(write({ length: 40, temperature: 0 })).toBe(write({ length: 40, topK: 1, seed: 9 }));
    expect(write({ length: 0 })).toBe('');
    expect(() => write({ prompt: 'é' })).toThrow(DataError);
    expect(() => write({ length: -1 })).toThrow('length must be a whole number >= 0, got -1');
  });

  it('keeps the f32 and the f64 kernel on the same path', async () => {
    const f32 = create();
    await init({ precision: 'f64' });
    const f64 = create();
    await init();
    for (let i = 0; i < 20; i += 1) {
      expect(f32.trainStep().loss).toBeCloseTo(f64.trainStep().loss, 4);
    }
  });

  it('allocates nothing once it runs: 10 000 steps', () => {
    const run = create({
      hiddenSize: 3,
      embeddingSize: 2,
      batchSize: 1,
      sequenceLength: 3,
      numLayers: 2,
      dropout: 0.1,
    });
    steps(run, 100);
    const { liveBytes, memoryBytes } = kernel;
    steps(run, 9900);
    expect(kernel.liveBytes).toBe(liveBytes);
    expect(kernel.memoryBytes).toBe(memoryBytes);
  });
});

describe('smaller steps on a plateau', () => {
  const schedule = { kind: 'plateau', patience: 1, factor: 0.5, minimum: 0.01 } as const;

  it('follow the validations, and come back with a checkpoint', async () => {
    const run = create({ learningRate: 0.08, schedule, evaluateEvery: 0 });
    for (const [loss, rate] of [
      [3, 0.08],
      [2, 0.08],
      [2.5, 0.08],
      [2.4, 0.04],
      [1, 0.04],
      [1, 0.04],
      [1, 0.02],
      [1, 0.02],
      [1, 0.01],
      [1, 0.01],
      [1, 0.01],
    ] as const) {
      run.noteValidation(loss);
      expect(run.learningRate).toBeCloseTo(rate, 12);
    }
    const resumed = loadCheckpoint(saveCheckpoint(run), text);
    runs.push(resumed);
    expect(resumed.progress).toEqual(run.progress);
    for (const each of [run, resumed]) steps(each, 3);
    expect(resumed.hash()).toBe(run.hash());
  });

  it('take the rate of rank 0, which alone validates', () => {
    const halved = { workers: 2, schedule: { ...schedule, minimum: 0 } };
    const [one, other] = [create(halved), create(halved)];
    for (let k = 0; k < 3; k += 1) one.noteValidation(1);
    one.begin();
    other.begin();
    const shares = [one.gradients(0), other.gradients(1)];
    expect(shares.map(({ learningRate }) => learningRate)).toEqual([0.005, 0.01]);
    other.finish(shares);
    expect(other.optimizer.learningRate).toBe(0.005);
    one.undo();
  });

  it('refuses a plateau outside its domain', () => {
    expect(() => create({ schedule: { kind: 'plateau', factor: 2 } })).toThrow('a schedule of optim');
    expect(() => create({ optimizer: 'lion' as never })).toThrow("optimizer must be 'sgd'");
  });
});

describe('divergence', () => {
  it('stops within a step, names step and tensor, and stands where it stood', () => {
    const run = create();
    steps(run, 5);
    const before = saveCheckpoint(run);
    const weight = run.model.namedParameters().get('lstm.weight_hh_l0')!;
    const good = weight.data;
    weight.view()[3] = Number.POSITIVE_INFINITY;
    let caught: unknown;
    try {
      run.trainStep();
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(DivergedError);
    expect((caught as DivergedError).details).toMatchObject({ step: 6, tensor: 'lstm.weight_hh_l0' });
    expect(() => saveCheckpoint(run)).toThrow(DivergedError);
    weight.set(good);
    expect(saveCheckpoint(run)).toEqual(before);
  });

  it('a step size that explodes ends in the typed error, not in NaN', () => {
    const run = create({ learningRate: 1e30, clipNorm: 0 });
    expect(() => steps(run, 20)).toThrow(DivergedError);
    expect(run.step).toBeLessThan(20);
  });
});

describe('checkpoints', () => {
  it('hold PyTorch names and shapes', () => {
    const { tensors, metadata } = read(saveCheckpoint(create()));
    expect(tensors.get('lstm.weight_ih_l0')!.shape).toEqual([36, 5]);
    expect(tensors.get('embedding.weight')!.shape[1]).toBe(5);
    expect(tensors.has('optimizer.exp_avg_sq.head.bias')).toBe(true);
    expect(metadata.get('format')).toBe('pt');
  });

  it('of before cells had a choice are LSTMs', () => {
    const run = create();
    steps(run, 3);
    const { tensors, metadata } = read(saveCheckpoint(run));
    const header = JSON.parse(metadata.get('hw5')!) as { config: { cell?: string } };
    expect(header.config.cell).toBe('lstm');
    delete header.config.cell;
    const older = loadCheckpoint(write(tensors, new Map([['hw5', JSON.stringify(header)]])), text);
    runs.push(older);
    steps(older, 2);
    steps(run, 2);
    expect(older.hash()).toBe(run.hash());
  });

  it('without the text a run generates but does not train', () => {
    const run = create();
    steps(run, 3);
    const alone = loadCheckpoint(saveCheckpoint(run));
    runs.push(alone);
    expect(alone.info.trainable).toBe(false);
    expect([...alone.generate({ length: 9 })]).toEqual([...run.generate({ length: 9 })]);
    expect(() => alone.trainStep()).toThrow('the run must have its data, got a model alone');
  });

  it('refuse another text', () => {
    const file = saveCheckpoint(create());
    expect(() => loadCheckpoint(file, `${text}!`)).toThrow(DataError);
    expect(() => loadCheckpoint(file, text.replace('cat', 'rat'))).toThrow(
      'the text must be the one of the run',
    );
  });

  it('refuse damaged and foreign files, and leak nothing', () => {
    const run = create();
    steps(run, 2);
    const good = saveCheckpoint(run);
    const live = kernel.liveBytes;
    const { tensors, metadata } = read(good);
    const header = JSON.parse(metadata.get('hw5')!) as Record<string, unknown>;
    const withHeader = (change: Record<string, unknown>): Uint8Array =>
      write(tensors, new Map([['hw5', JSON.stringify({ ...header, ...change })]]));
    const without = (name: string): Uint8Array =>
      write(new Map([...tensors].filter(([key]) => key !== name)), metadata);
    const withTensor = (name: string, data: Float32Array): Uint8Array =>
      write(new Map([...tensors, [name, { shape: [data.length], data }]]), metadata);
    const files: [string, Uint8Array][] = [
      ['cut in half', good.slice(0, good.length / 2)],
      ['of another program', write(new Map([['w', { shape: [1], data: Float32Array.of(1) }]]))],
      ['of a later version', withHeader({ version: 99 })],
      ['of another model', withHeader({ model: 'tagger' })],
      ['without config', withHeader({ config: null })],
      ['with a bad config', withHeader({ config: { ...(header.config as object), hiddenSize: 0 } })],
      ['with another size', withHeader({ config: { ...(header.config as object), hiddenSize: 10 } })],
      ['with half a vocabulary', withHeader({ vocabulary: ['a', 'b'] })],
      ['with a vocabulary of words', withHeader({ vocabulary: ['ab', 'c'] })],
      ['with a negative step', withHeader({ progress: { ...(header.progress as object), step: -1 } })],
      ['without a weight', without('head.bias')],
      ['without a moment', without('optimizer.exp_avg.head.bias')],
      ['with a stranger', withTensor('extra.weight', Float32Array.of(1))],
      ['with NaN weights', withTensor('head.bias', new Float32Array(run.vocabulary.size).fill(Number.NaN))],
      ['with a state of the wrong size', withTensor('state.h', Float32Array.of(1))],
    ];
    for (const [what, file] of files) {
      expect(() => loadCheckpoint(file, text), what).toThrow(
        /^(checkpoint|safetensors|loadStateDict|Adam|vocabulary): /,
      );
    }
    expect(kernel.liveBytes).toBe(live);
  });

  it('loaded and disposed leave nothing behind', () => {
    const run = create();
    steps(run, 3);
    const file = saveCheckpoint(run);
    const load = (): void => loadCheckpoint(file, text).dispose();
    load();
    const live = kernel.liveBytes;
    for (let i = 0; i < 20; i += 1) load();
    expect(kernel.liveBytes).toBe(live);
  });

  it('refuse another precision', async () => {
    const file = saveCheckpoint(create());
    await init({ precision: 'f64' });
    try {
      expect(() => loadCheckpoint(file, text)).toThrow(
        new CheckpointError("checkpoint: precision must be the session's f64, got f32"),
      );
    } finally {
      await init();
    }
  });
});

describe('config', () => {
  it.each([
    [{ hiddenSize: 0 }, 'hiddenSize must be a whole number in [1, 65536], got 0'],
    [{ learningRate: Number.NaN }, 'learningRate must be a number > 0, got NaN'],
    [{ dropout: 1 }, 'dropout must be in [0, 1), got 1'],
    [{ seed: -3 }, 'seed must be a whole number in [0, 2^53), got -3'],
    [{ validationFraction: 0.9 }, 'validationFraction must be in [0, 0.5], got 0.9'],
    [{ batching: 'shuffled' as 'random' }, "batching must be 'stream' or 'random', got shuffled"],
    [{ hidden: 5 } as object, 'settings must be among'],
  ])('%j', (config, message) => {
    expect(() => resolveConfig(config)).toThrow(message);
  });

  it('refuses an empty and a short text', () => {
    expect(() => CharLMRun.create('')).toThrow('text: must have characters, got an empty text');
    expect(() => CharLMRun.create('abc')).toThrow('the training text must have at least 2049 characters');
  });
});

describe('train', () => {
  it('yields every step, validates when due, and stops at the edge of a step', async () => {
    const run = create();
    const controller = new AbortController();
    const seen: [number, boolean][] = [];
    for await (const report of train(run, { steps: 100, signal: controller.signal })) {
      seen.push([report.step, report.valLoss !== undefined]);
      expect(report.tokensPerSecond).toBeGreaterThan(0);
      if (report.step === 9) controller.abort();
    }
    expect(seen).toEqual(Array.from({ length: 9 }, (_, i) => [i + 1, (i + 1) % 4 === 0]));
    expect(run.step).toBe(9);
  });
});
