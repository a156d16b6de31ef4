/** Looking into runs of every kind: the numbers are those of the model, asked another way. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ArgumentError, DataError } from '../src/errors.js';
import {
  ids,
  init,
  noGrad,
  openSession,
  type RunRequest,
  type Session,
  scope,
  softmax,
} from '../src/index.js';
import { answersOf } from '../src/train/answers.js';
import { CharLMRun } from '../src/train/char-lm-run.js';
import type { ClassifyRun } from '../src/train/classify-run.js';
import type { Prediction } from '../src/train/examples-run.js';
import { lensOf } from '../src/train/lens.js';
import { attentionOf, connectivityOf, gatesOf, reachOf, searchOf } from '../src/train/look.js';
import { nextTokens } from '../src/train/next-tokens.js';
import { runMaker } from '../src/train/open.js';
import type { Run } from '../src/train/run.js';
import type { Seq2SeqRun } from '../src/train/seq2seq-run.js';
import type { TagRun } from '../src/train/tag-run.js';

const text = 'the cat sat on the mat; the rat sat on the cat. '.repeat(8);
const size = { embeddingSize: 6, hiddenSize: 8, seed: 3 };
const generated = (task: string) => ({ task, train: 60, validation: 10 });
const requests = {
  'char-lm': { task: 'char-lm', data: text, config: { ...size, batchSize: 4, sequenceLength: 8 } },
  transformer: {
    task: 'char-lm',
    data: text,
    config: { ...size, batchSize: 4, sequenceLength: 16, cell: 'transformer', numHeads: 2 },
  },
  classify: { task: 'classify', data: generated('sentiment'), config: { ...size, pooling: 'attention' } },
  tag: { task: 'tag', data: generated('part-of-speech'), config: { ...size, bidirectional: false } },
  seq2seq: { task: 'seq2seq', data: generated('reverse'), config: { ...size, cell: 'lstm' } },
} satisfies Record<string, RunRequest>;
const asked = {
  'char-lm': 'the cat',
  transformer: 'the cat',
  classify: 'the film was not good',
  tag: 'she saw her book .',
  seq2seq: 'abcd',
};
type Kind = keyof typeof requests;
const kinds = Object.keys(requests) as Kind[];

let runs: Record<Kind, Run>;
beforeAll(async () => {
  await init({ precision: 'f64' });
  const made = kinds.map(async (kind) => {
    const run = (await runMaker(requests[kind]))();
    for (let step = 0; step < 5; step += 1) run.trainStep();
    return [kind, run] as const;
  });
  runs = Object.fromEntries(await Promise.all(made)) as Record<Kind, Run>;
});
afterAll(async () => {
  for (const run of Object.values(runs)) run.dispose();
  await init();
});

describe.each(kinds)('%s', (kind) => {
  test('connectivity is the derivative of the logit, by finite differences', () => {
    const run = runs[kind];
    const before = run.hash();
    const found = connectivityOf(run, asked[kind], { at: 0 });
    expect(run.hash()).toBe(before);
    expect(found.norms).toHaveLength(found.tokens.length);
    expect(found.probability).toBeGreaterThan(0);
    run.looking(() => {
      const lens = lensOf(run, asked[kind]);
      const x = noGrad(() => lens.vectors());
      const [T, , E] = x.shape;
      const entry = (): number => noGrad(() => scope(() => lens.logits(x, 0).data[found.target]!));
      for (const t of [0, T - 1]) {
        let sum = 0;
        for (let i = 0; i < E; i += 1) {
          const values = x.view();
          const at = t * E + i;
          const was = values[at]!;
          values[at] = was + 1e-5;
          const up = entry();
          x.view()[at] = was - 1e-5;
          const down = entry();
          x.view()[at] = was;
          sum += ((up - down) / 2e-5) ** 2;
        }
        expect(found.norms[t]).toBeCloseTo(Math.sqrt(sum), 7);
      }
    });
  });

  test('a place that is not there, and a text without tokens, are refused', () => {
    expect(() => connectivityOf(runs[kind], asked[kind], { at: 99 })).toThrow(ArgumentError);
    expect(() => connectivityOf(runs[kind], asked[kind], { target: 1e6 })).toThrow(ArgumentError);
    expect(() => connectivityOf(runs[kind], '')).toThrow(DataError);
  });
});

describe.each(kinds.filter((kind) => kind !== 'transformer'))('%s, recurrent', (kind) => {
  test('gates, reach and search are about the tokens of the text', () => {
    const run = runs[kind];
    const { tokens, shape, h, gates, c } = gatesOf(run, asked[kind]);
    const [T, , H] = shape;
    expect([T, H]).toEqual([tokens.length, 8]);
    expect(Object.keys(gates)).toEqual(['i', 'f', 'g', 'o']);
    for (let e = 0; e < T * H; e += 1) expect(h[e]).toBeCloseTo(gates['o']![e]! * Math.tanh(c![e]!), 12);
    const reach = reachOf(run, asked[kind], { at: T - 1 });
    expect(reach.spectral[T - 1]).toBeCloseTo(1, 10);
    const search = searchOf(run, asked[kind], { from: 0, to: 1, threshold: 0 });
    expect(search.units).toEqual(
      Array.from({ length: H }, (_, unit) => unit).filter((unit) => h[unit]! >= 0),
    );
  });
});

test('attention maps have a row of shares for each token; models without attention say so', () => {
  for (const kind of ['transformer', 'classify', 'seq2seq'] as const) {
    const maps = attentionOf(runs[kind], asked[kind]);
    expect(maps).toHaveLength(kind === 'transformer' ? 2 : 1);
    for (const { source, target, weights } of maps) {
      expect(weights).toHaveLength(target.length);
      for (const row of weights) {
        expect(row).toHaveLength(source.length);
        expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 10);
      }
    }
  }
  expect(() => attentionOf(runs.tag, asked.tag)).toThrow(ArgumentError);
  expect(() => gatesOf(runs.transformer, asked.transformer)).toThrow('got a transformer');
});

describe.each(['char-lm', 'transformer'] as const)('next tokens of %s', (kind) => {
  test('fed the text, they are the distributions of the model read as a whole', () => {
    const run = runs[kind] as CharLMRun;
    const read = run.vocabulary.encode(asked[kind]);
    const all = run.looking(() =>
      noGrad(() => softmax(run.model.forward(ids(read, [read.length, 1])).logits).toArray()),
    ) as number[][][];
    const { tokens, forced, free } = nextTokens(run, asked[kind], { top: 3, from: 2 });
    expect(tokens).toEqual([...asked[kind]]);
    let sum = 0;
    for (const [t, step] of forced.steps.entries()) {
      const p = all[t]![0]!;
      expect(step.probability).toBeCloseTo(p[read[t + 1]!]!, 10);
      expect(step.top[0]![1]).toBeCloseTo(Math.max(...p), 10);
      expect(step.written).toBe(step.top[0]![0]);
      expect([step.read, step.expected]).toEqual([tokens[t], tokens[t + 1]]);
      sum += Math.log(p[read[t + 1]!]!);
    }
    expect(forced.logProbability).toBeCloseTo(sum, 8);
    expect(forced.perplexity).toBeCloseTo(Math.exp(-sum / forced.steps.length), 8);
    // Alone it reads what it wrote.
    expect(free.steps.slice(0, 2)).toEqual(forced.steps.slice(0, 2));
    for (let t = 2; t < free.steps.length; t += 1)
      expect(free.steps[t]!.read).toBe(free.steps[t - 1]!.written);
  });

  test('options outside their domains are refused', () => {
    const run = runs[kind] as CharLMRun;
    expect(() => nextTokens(run, 't')).toThrow(DataError);
    expect(() => nextTokens(run, 'the', { from: 3 })).toThrow(ArgumentError);
    expect(() => nextTokens(run, 'the', { top: -1 })).toThrow(ArgumentError);
    expect(() => nextTokens(run, 'the', { temperature: -1 })).toThrow(ArgumentError);
  });
});

describe('answers', () => {
  const made: Run[] = [];
  afterEach(() => {
    for (const run of made.splice(0)) run.dispose();
  });
  const trained = async (request: RunRequest = requests.seq2seq): Promise<Run> => {
    const run = (await runMaker(request))();
    made.push(run);
    for (let step = 0; step < 20; step += 1) run.trainStep();
    return run;
  };

  test('the first of a beam of one is what predict says, with the same alignment', async () => {
    const run = await trained();
    const [predicted] = (run as unknown as Seq2SeqRun).predict(['abcd']);
    const { source, answers } = answersOf(run, 'abcd', { width: 1 });
    expect(source).toEqual(['a', 'b', 'c', 'd']);
    expect(answers).toHaveLength(1);
    expect(answers[0]!.output).toBe(predicted!.output);
    expect(answers[0]!.steps.map(({ token }) => token)).toEqual(predicted!.alignment!.target);
    for (const [t, row] of answers[0]!.alignment.entries()) {
      for (const [s, weight] of row.entries())
        expect(weight).toBeCloseTo(predicted!.alignment!.weights[t]![s]!, 5);
    }
  });

  test('a wider beam gives distinct answers, best first, whose steps make up their probability', async () => {
    const { answers } = answersOf(await trained(), 'abcd', { width: 5, top: 3 });
    expect(answers.length).toBeGreaterThan(1);
    expect(new Set(answers.map(({ steps }) => steps.map(({ token }) => token).join('|'))).size).toBe(
      answers.length,
    );
    const scores = answers.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    for (const { logProbability, score, steps } of answers) {
      expect(logProbability).toBeCloseTo(score, 3);
      for (const { top } of steps) expect(top).toHaveLength(3);
    }
  });

  test('forced tokens are written, counted, and change what follows', async () => {
    const run = await trained();
    const [free] = answersOf(run, 'abcd', { width: 1 }).answers;
    const other = free!.steps[0]!.top.find(([token]) => token !== free!.steps[0]!.token)!;
    const [forced] = answersOf(run, 'abcd', { width: 1, forced: [other[0]] }).answers;
    expect(forced!.steps[0]).toMatchObject({ token: other[0], forced: true });
    expect(forced!.steps[0]!.probability).toBeCloseTo(other[1], 6);
    expect(forced!.steps[1]!.forced).toBe(false);
    const own = answersOf(run, 'abcd', { width: 1, forced: [free!.steps[0]!.token] }).answers[0]!;
    expect(own.output).toBe(free!.output);
    expect(forced!.logProbability).toBeLessThan(0);
  });

  test('what cannot be answered is refused', async () => {
    const run = await trained();
    expect(() => answersOf(run, '')).toThrow(DataError);
    expect(() => answersOf(run, 'ab', { forced: ['ß'] })).toThrow(DataError);
    expect(() => answersOf(run, 'ab', { top: 0 })).toThrow(ArgumentError);
    expect(() => answersOf(run, 'ab', { width: 0 })).toThrow(ArgumentError);
    const other = await trained(requests.classify);
    expect(() => answersOf(other, 'good')).toThrow(ArgumentError);
  });
});

test('a classifier names the tokens that it read, unknown ones as they are written', async () => {
  const run = (await runMaker(requests.classify))() as unknown as ClassifyRun;
  expect(run.predict(['the Film was zxq, not bad'])[0]!.tokens).toEqual([
    'the',
    'Film',
    'was',
    'zxq',
    ',',
    'not',
    'bad',
  ]);
  run.dispose();
});

test('a tagger says how sure it is of each token', async () => {
  const run = (await runMaker(requests.tag))() as unknown as TagRun;
  const [{ tokens, tags, tagProbabilities }] = run.predict([asked.tag]) as [Prediction];
  expect(tagProbabilities).toHaveLength(tokens!.length);
  for (const [t, row] of tagProbabilities!.entries()) {
    expect(row.reduce((sum, [, p]) => sum + p, 0)).toBeCloseTo(1, 5);
    expect(row.toSorted((a, b) => b[1] - a[1])[0]![0]).toBe(tags![t]);
  }
  const at = 2;
  const { label, probability } = connectivityOf(run as unknown as Run, asked.tag, { at });
  expect(tagProbabilities![at]!.find(([tag]) => tag === label)![1]).toBeCloseTo(probability, 5);
  run.dispose();
});

describe('through a session', () => {
  let session: Session;
  afterEach(() => session.close());

  test('looks arrive as plain data, also while training, and change nothing', async () => {
    session = await openSession({ precision: 'f64' });
    await session.createRun(requests['char-lm']);
    const training = session.train({ steps: 30 });
    const gates = await session.gates('the cat');
    expect(gates.gates['f']).toBeInstanceOf(Float64Array);
    expect((await session.connectivity('the cat')).tokens).toHaveLength(7);
    expect((await session.stateReach('the cat')).at).toBe(6);
    expect((await session.searchStates('the cat', { from: 0, to: 2 })).tokens).toHaveLength(7);
    expect((await session.nextTokens('the cat')).forced.steps).toHaveLength(6);
    await expect(session.attentionMaps('the cat')).rejects.toThrow('a recurrent language model');
    const { hash } = await training;
    const alone = CharLMRun.create(text, requests['char-lm'].config);
    for (let step = 0; step < 30; step += 1) alone.trainStep();
    expect(hash).toBe(alone.hash());
    alone.dispose();
  });
});
