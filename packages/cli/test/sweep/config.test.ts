import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig, readConfig } from '../../src/sweep/config.js';
import { gridValues, type Parameter, valueAt } from '../../src/sweep/space.js';
import { folder } from '../cli.js';
import { parity } from './sweeps.js';

const read = (changes: object): Promise<unknown> => readConfig({ ...parity, ...changes }, 'my/sweep.json');

test.each([
  [{ task: 'clasify' }, 'sweep.json: task: must be one of char-lm, classify, tag, seq2seq, got "clasify"'],
  [{ spaces: {} }, /^sweep\.json: spaces: must be left out: a sweep has name, task, /],
  [{ space: {} }, 'sweep.json: space: must be an object with at least one flag of hw5 train, got {}'],
  [
    { space: { lr: { float: [0.1, 0.01] } } },
    'sweep.json: space.lr.float[1]: must be more than 0.1, got 0.01',
  ],
  [
    { space: { lr: { float: [0, 1], log: true } } },
    'sweep.json: space.lr.float[0]: must be more than 0 where log is true, got 0',
  ],
  [
    { space: { hidden: { int: [2.5, 8] } } },
    'sweep.json: space.hidden.int[0]: must be a whole number, got 2.5',
  ],
  [
    { space: { embed: { int: [0, 8] } }, train: {} },
    'sweep.json: space.embed: --embed: must be a whole number of at least 1, got 0',
  ],
  [{ space: { cell: ['rnn', 'elman'] } }, /^sweep\.json: space\.cell: --cell: must be .*, got elman$/],
  [{ space: { lr: { real: [0, 1] } } }, /^sweep\.json: space\.lr\.real: must be left out/],
  [
    { space: { seed: [1, 2] } },
    'sweep.json: space.seed: must be left out: "seeds" says how many to try, got [1,2]',
  ],
  [{ space: { hiden: [1] } }, /^sweep\.json: space\.hiden: flag must be one of hw5 train, got hiden/],
  [{ train: { out: 'x' } }, /^sweep\.json: train\.out: flag must be one of hw5 train, got out/],
  [{ train: { lr: 0.1 } }, 'sweep.json: train.lr: must be left out: lr is in the space, got 0.1'],
  [{ train: { fast: 'yes' } }, 'sweep.json: train.fast: must be true or false, got "yes"'],
  [{ sampler: 'grid' }, /^sweep\.json: space\.lr: must be finite in a grid/],
  [
    { sampler: { kind: 'halving' }, train: {} },
    'sweep.json: train.steps: must be a whole number of at least 2, got nothing',
  ],
  [{ sampler: { kind: 'random', factor: 3 } }, /^sweep\.json: sampler\.factor: must be left out/],
  [
    { metric: { name: 'valLoss', direction: 'down' } },
    'sweep.json: metric.direction: must be one of minimize, maximize, got "down"',
  ],
  [{ trials: 0 }, 'sweep.json: trials: must be a whole number of at least 1 and at most 1000000, got 0'],
  [{ name: '../up' }, /^sweep\.json: name: must be at most 60 letters/],
])('%j is refused where it stands', async (changes, message) => {
  const wanted = typeof message === 'string' ? message : expect.stringMatching(message);
  await expect(read(changes)).rejects.toMatchObject({ code: 'USAGE', message: wanted });
});

test.each([
  ['a.json', '{\n "task": "tag"\n "space": {}\n}', / in line 3$/],
  [
    'a.yaml',
    'task: tag\nspace: {lr: [1,\n',
    /^.*a\.yaml: must be JSON, or YAML where the name ends so, got ".*line \d/,
  ],
])('%s that cannot be read says where', async (name, text, message) => {
  const path = join(folder(), name);
  writeFileSync(path, text);
  await expect(loadConfig(path)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringMatching(message),
  });
});

test('metrics that are no losses are maximised', async () => {
  await expect(read({ metric: 'accuracy' })).resolves.toMatchObject({ metric: { direction: 'maximize' } });
  await expect(read({})).resolves.toMatchObject({
    metric: { name: 'valLoss', direction: 'minimize', at: 'last' },
  });
});

const int = (low: number, high: number, log = false, step?: number): Parameter => ({
  kind: 'int',
  low,
  high,
  log,
  step,
  points: undefined,
});

test('draws reach every value of a range, its ends too, and nothing outside', () => {
  for (const parameter of [int(3, 7), int(1, 9, true), int(2, 11, false, 3)]) {
    const drawn = new Set(Array.from({ length: 2000 }, (_, n) => valueAt(parameter, n / 2000)));
    const wanted =
      parameter.kind === 'int' && parameter.step === 3
        ? [2, 5, 8, 11]
        : Array.from({ length: 20 }, (_, n) => n);
    const inside = wanted.filter(
      (n) => parameter.kind === 'int' && n >= parameter.low && n <= parameter.high,
    );
    expect([...drawn].sort((a, b) => Number(a) - Number(b))).toEqual(inside);
  }
});

test('a logarithmic range gives each decade its share', () => {
  const lr: Parameter = {
    kind: 'float',
    low: 1e-4,
    high: 1e-1,
    log: true,
    step: undefined,
    points: undefined,
  };
  const drawn = Array.from({ length: 3000 }, (_, n) => Number(valueAt(lr, n / 3000)));
  expect(drawn.filter((value) => value < 1e-3).length).toBeCloseTo(1000, -1);
  expect(gridValues({ ...lr, points: 4 })).toEqual([1e-4, 1e-3, 1e-2, 1e-1]);
  expect(gridValues(lr)).toBeUndefined();
});
