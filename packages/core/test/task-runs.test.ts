/** Runs that learn from examples: they learn, go on bit for bit, share work, and refuse what does not fit. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ArgumentError, CheckpointError, DataError } from '../src/errors.js';
import { init } from '../src/kernel/load.js';
import { saveCheckpoint } from '../src/train/checkpoint.js';
import type { ExamplesRun, Prediction } from '../src/train/examples-run.js';
import { type RunData, type RunRequest, runLoader, runMaker } from '../src/train/open.js';
import type { Run } from '../src/train/run.js';
import type { TableData } from '../src/train/task-data.js';
import { train } from '../src/train/train.js';

beforeAll(async () => {
  await init();
});

const runs: Run[] = [];
afterEach(() => {
  for (const run of runs.splice(0)) run.dispose();
});

type Any = ExamplesRun<never>;
const create = async (request: RunRequest): Promise<Any> => {
  const run = (await runMaker(request))();
  runs.push(run);
  return run as unknown as Any;
};
const load = async (file: Uint8Array, data?: RunData): Promise<Any> => {
  const run = (await runLoader(file, data))();
  runs.push(run);
  return run as unknown as Any;
};
const steps = (run: Run, count: number): void => {
  for (let i = 0; i < count; i += 1) run.trainStep();
};

const rows = ['good', 'bad'].flatMap((label) =>
  Array.from(
    { length: 20 },
    (_, i) => `"${label === 'good' ? 'fine' : 'awful'} ${'so '.repeat(i % 5)}${i}",${label}`,
  ),
);
const reviews: TableData = { table: ['text,label', ...rows].join('\n'), format: 'csv', name: 'reviews.csv' };
const small = { embeddingSize: 6, hiddenSize: 8, batchSize: 7, evaluateEvery: 5, seed: 3 };

const kinds: readonly (readonly [string, RunRequest, RunData | undefined])[] = [
  ['a table of classes', { task: 'classify', data: reviews, config: { ...small, dropout: 0.2 } }, reviews],
  [
    'generated tags',
    {
      task: 'tag',
      data: { task: 'part-of-speech', train: 60, validation: 10 },
      config: { ...small, numLayers: 2, dropout: 0.2 },
    },
    undefined,
  ],
  [
    'reversed strings with scheduled sampling, smoothed, by AdamW',
    {
      task: 'seq2seq',
      data: { task: 'reverse', train: 60, validation: 10 },
      config: {
        ...small,
        scheduledSampling: 0.5,
        samplingSteps: 10,
        labelSmoothing: 0.1,
        optimizer: 'adamw',
        weightDecay: 0.01,
        schedule: { kind: 'plateau', patience: 0 },
      },
    },
    undefined,
  ],
  [
    'generated dates',
    { task: 'seq2seq', data: { task: 'dates', train: 40, validation: 6 }, config: small },
    undefined,
  ],
];

describe.each(kinds)('%s', (_, request, data) => {
  it('resumes bit for bit at any step, with the same validations', async () => {
    const reports = async (run: Run, to: number) => {
      const all = [];
      for await (const { tokensPerSecond: _speed, ...report } of train(run, { steps: to })) all.push(report);
      return all;
    };
    const whole = await create(request);
    const expected = await reports(whole, 25);
    for (const at of [1, 9, 20]) {
      const half = await create(request);
      const before = await reports(half, at);
      half.report();
      half.predict(['so fine', '']);
      const resumed = await load(saveCheckpoint(half), data);
      expect([...before, ...(await reports(resumed, 25))]).toEqual(expected);
      expect(saveCheckpoint(resumed)).toEqual(saveCheckpoint(whole));
    }
  });

  it('several ranks in turn learn from the same examples, also from a short last batch', async () => {
    const withoutSampling = request.task === 'seq2seq' ? { scheduledSampling: 0 } : {};
    const losses = async (workers: number): Promise<number[]> => {
      const run = await create({
        ...request,
        // Ranks draw numbers of their own, so nothing may be drawn here.
        config: { ...request.config, dropout: 0, ...withoutSampling, workers },
      } as RunRequest);
      return Array.from({ length: 12 }, () => run.trainStep().loss);
    };
    const alone = await losses(1);
    for (const workers of [2, 3, 7]) {
      const shared = await losses(workers);
      for (const [i, loss] of shared.entries()) expect(loss).toBeCloseTo(alone[i]!, 4);
    }
  });

  it('a model alone predicts and measures, and does not train', async () => {
    const run = await create(request);
    steps(run, 3);
    const file = saveCheckpoint(run);
    const again = await load(file, data);
    expect(again.report()).toEqual(run.report());
    expect(again.predict(['so fine'])).toEqual(run.predict(['so fine']));
    expect(again.facts).toEqual(run.facts);
  });
});

describe('a classifier', () => {
  it('learns to tell praise from blame, and says how sure it is', async () => {
    const run = await create({
      task: 'classify',
      data: { task: 'sentiment', train: 1500, validation: 200 },
      config: { hiddenSize: 32, seed: 1 },
    });
    steps(run, 120);
    const { metrics, labels, confusion, examples } = run.report();
    expect(metrics.accuracy).toBeGreaterThan(0.95);
    expect(labels).toEqual(['negative', 'positive']);
    expect(confusion!.flat().reduce((a, b) => a + b)).toBe(examples);
    const [bad, good] = run.predict(['the film was not good', 'با اینکه غذا سرد بود، هتل عالی بود']);
    expect(bad!.output).toBe('negative');
    expect(good!.output).toBe('positive');
    for (const { probabilities, output } of [bad!, good!]) {
      const sum = probabilities!.reduce((total, [, p]) => total + p, 0);
      expect(sum).toBeCloseTo(1, 6);
      const likeliest = probabilities!.toSorted((a, b) => b[1] - a[1])[0]!;
      expect(likeliest[0]).toBe(output);
    }
  });

  it('splits a table by its seed, every row once', async () => {
    const run = await create({
      task: 'classify',
      data: reviews,
      config: { ...small, validationFraction: 0.25 },
    });
    expect(run.sizes).toEqual({ train: 30, validation: 10 });
    const report = run.report(reviews);
    expect(report.examples).toBe(40);
    expect(report.mistakes.length).toBeLessThanOrEqual(10);
  });

  it('measures a hand-made table exactly', async () => {
    const run = await create({ task: 'classify', data: reviews, config: small });
    steps(run, 60);
    const table = 'text,label\nfine so,good\nawful so,bad\nawful,good\n';
    const { metrics, confusion, mistakes } = run.report({ table, format: 'csv' });
    expect(metrics.accuracy).toBeCloseTo(2 / 3, 12);
    expect(confusion).toEqual([
      [1, 0],
      [1, 1],
    ]);
    expect(mistakes).toEqual([{ input: 'awful', expected: 'good', got: 'bad' }]);
  });
});

describe('a tagger', () => {
  it('knows words by what follows them', async () => {
    const run = await create({
      task: 'tag',
      data: { task: 'part-of-speech', train: 1500, validation: 200 },
      config: { hiddenSize: 24, seed: 1 },
    });
    steps(run, 120);
    const { metrics } = run.report();
    expect(metrics.accuracy).toBeGreaterThan(0.97);
    expect(metrics.sentences).toBeGreaterThan(0.8);
    const [first, second] = run.predict(['she saw her book .', 'she saw her .']);
    expect(first).toMatchObject({
      tokens: ['she', 'saw', 'her', 'book', '.'],
      tags: ['PRON', 'VERB', 'DET', 'NOUN', 'PUNCT'],
    });
    expect(second!.tags![2]).toBe('PRON');
    expect(run.predict([''])).toEqual([{ input: '', output: '', tokens: [], tags: [] }]);
  });
});

describe('an encoder-decoder', () => {
  it('turns a short string round, and looks at each letter when it writes it', async () => {
    const run = await create({
      task: 'seq2seq',
      data: { task: 'reverse', train: 1500, validation: 100, options: { maxLength: 5, alphabet: 'abcd' } },
      config: { hiddenSize: 32, embeddingSize: 12, learningRate: 0.01, seed: 1 },
    });
    steps(run, 300);
    const { metrics, labels } = run.report();
    expect(metrics.exactMatch).toBeGreaterThan(0.9);
    expect(metrics.editDistance).toBeLessThan(0.05);
    expect(labels).toBeUndefined();
    const [{ output, alignment }] = run.predict(['abdc']) as [Prediction];
    expect(output).toBe('cdba');
    expect(alignment!.source).toEqual(['a', 'b', 'd', 'c']);
    expect(alignment!.target).toEqual(['c', 'd', 'b', 'a', '<eos>']);
    for (const row of alignment!.weights) {
      expect(row).toHaveLength(4);
      expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    }
  });

  it('asked with a beam of one it says what the report counts', async () => {
    const request = {
      task: 'seq2seq',
      data: { task: 'reverse', train: 200, validation: 30 },
      config: small,
    } as const;
    const run = await create(request);
    steps(run, 40);
    const { mistakes, metrics } = run.report();
    expect(metrics.exactMatch).toBe(0);
    for (const { input, got } of mistakes) expect(run.predict([input])[0]!.output).toBe(got);
    const wide = await create({ ...request, config: { ...small, beam: 4 } });
    steps(wide, 40);
    expect(wide.hash()).toBe(run.hash());
    expect(wide.predict(['abcdef'])[0]!.output.length).toBeLessThanOrEqual(10 + 8);
  });

  it('measures a hand-made table exactly', async () => {
    const run = await create({
      task: 'seq2seq',
      data: { table: `source,target\n${'a,x\nb,yz\n'.repeat(20)}`, format: 'csv' },
      config: { ...small, learningRate: 0.05 },
    });
    steps(run, 60);
    const { metrics, mistakes } = run.report({ table: 'source,target\na,x\nb,yx\n', format: 'csv' });
    expect(metrics).toEqual({ exactMatch: 1 / 2, editDistance: 1 / 3 });
    expect(mistakes).toEqual([{ input: 'b', expected: 'yx', got: 'yz' }]);
    expect(() => run.report({ table: 'source,target\na,\n', format: 'csv' })).toThrow(
      'column "target" must be a text',
    );
  });
});

describe('what is refused', () => {
  it.each([
    [{ task: 'classify', data: { task: 'dates' } }, ArgumentError, 'task: must be one of dyck, parity'],
    [
      { task: 'classify', data: { task: 'parity', options: { size: 3 } } },
      ArgumentError,
      'parity: options must be among minLength',
    ],
    [
      { task: 'classify', data: { table: 'a,b\n1,2\n', format: 'csv' } },
      DataError,
      'must have the column "text"',
    ],
    [
      { task: 'tag', data: { table: '{"tokens":["a"],"tags":[]}', format: 'jsonl' } },
      DataError,
      'column "tags" must be tags',
    ],
    [
      { task: 'classify', data: reviews, config: { pooling: 'sum' } },
      ArgumentError,
      'config: pooling must be',
    ],
    [
      { task: 'classify', data: reviews, config: { workers: 33, batchSize: 32 } },
      ArgumentError,
      'workers must be at most',
    ],
    [
      { task: 'seq2seq', data: { task: 'dates' }, config: { numLayers: 2 } },
      ArgumentError,
      'config: numLayers must be',
    ],
    [{ task: 'translate', data: reviews }, ArgumentError, 'createRun: task must be'],
  ])('%#', async (request, Class, message) => {
    const made = create(request as unknown as RunRequest);
    await expect(made).rejects.toThrow(message);
    await expect(made).rejects.toBeInstanceOf(Class);
  });

  it('another table, a text, or a label that the run does not know', async () => {
    const run = await create({ task: 'classify', data: reviews, config: small });
    const file = saveCheckpoint(run);
    const other = { ...reviews, table: `${reviews.table}\nx,good` };
    await expect(load(file, other)).rejects.toThrow('resume: the data must be the one of the run');
    await expect(load(file, 'a text')).rejects.toThrow('data of classify must be examples, got a text');
    expect(() => run.report({ table: 'text,label\na,ugly', format: 'csv' })).toThrow(
      'must be one of bad, good, got "ugly"',
    );
    const alone = await load(file);
    expect(alone.trainable).toBe(false);
    expect(() => alone.trainStep()).toThrow('the run must have its data');
    expect(() => alone.report()).toThrow('there must be at least one example');
  });

  it('every damaged header', async () => {
    const run = await create({
      task: 'tag',
      data: { task: 'part-of-speech', train: 20, validation: 5 },
      config: small,
    });
    const file = saveCheckpoint(run);
    const text = new TextDecoder('latin1').decode(file);
    for (const [from, to] of [
      ['\\"model\\":\\"tag\\"', '\\"model\\":\\"tug\\"'],
      ['\\"tags\\":[', '\\"tugs\\":['],
      ['\\"tokenizer\\":{', '\\"tokeniser\\":{'.slice(0, 16)],
      ['\\"hiddenSize\\":8', '\\"hiddenSize\\":9'],
      ['\\"epoch\\":0', '\\"epoch\\":x'],
    ] as const) {
      expect(text, from).toContain(from);
      const damaged = Uint8Array.from(text.replace(from, to), (c) => c.charCodeAt(0));
      await expect(load(damaged), from).rejects.toBeInstanceOf(CheckpointError);
    }
  });
});
