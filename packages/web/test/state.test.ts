import { describe, expect, test } from 'vitest';
import {
  formatSetting,
  initialValues,
  modelConfig,
  parseSetting,
  readUrl,
  settingNames,
  settingsOf,
  table,
  type Values,
  writeUrl,
} from '../src/state.js';

/** A value of every setting that is allowed and is not its default. */
const others: Values = {
  cell: 'gru',
  hidden: 7,
  embed: 5,
  layers: 2,
  dropout: 0.25,
  batch: 3,
  sequence: 9,
  learningRate: 0.00037,
  clip: 0,
  steps: 123_456,
  batching: 'random',
  validation: 0,
  evaluateEvery: 0,
  workers: 2,
  seed: Number.MAX_SAFE_INTEGER,
  sampleEvery: 0,
  prompt: 'سلام & "<b>" =?#\n',
  length: 10,
  temperature: 0,
  topK: 3,
  topP: 0.5,
  sampleSeed: 4,
  pauseHidden: true,
  language: 'fa',
  theme: 'dark',
};

describe('settings and the URL', () => {
  test('defaults give an empty query, and an empty query gives the defaults', () => {
    expect(writeUrl(initialValues)).toBe('');
    expect(readUrl('')).toEqual({ values: initialValues, problems: [], unknown: [] });
  });

  test('every setting survives the round trip', () => {
    const query = writeUrl(others);
    expect(query.startsWith('?v=1&')).toBe(true);
    expect(readUrl(query)).toEqual({ values: others, problems: [], unknown: [] });
  });

  test.each(settingNames)('%s alone is written alone', (name) => {
    const values = { ...initialValues, [name]: others[name] };
    const query = new URLSearchParams(writeUrl(values));
    expect([...query.keys()]).toEqual(['v', table[name].path]);
    expect(readUrl(`?${query}`).values).toEqual(values);
  });

  test('paths and flags are unique', () => {
    const paths = settingNames.map((name) => table[name].path);
    const flags = settingNames.map((name) => table[name].flag).filter((flag) => flag !== undefined);
    expect(new Set(paths).size).toBe(paths.length);
    expect(new Set(flags).size).toBe(flags.length);
  });

  test('a value that is not allowed falls back to the default and is reported', () => {
    const { values, problems } = readUrl('?v=1&model.hidden=0&train.lr=NaN&lang=klingon&seed=3');
    expect(values).toEqual({ ...initialValues, seed: 3 });
    expect(problems.map(({ path }) => path)).toEqual(['model.hidden', 'train.lr', 'lang']);
    expect(problems[0]?.problem).toEqual({
      key: 'problem.whole',
      facts: { min: 1, max: 4096, got: '0' },
    });
  });

  test('parameters of another version are kept and named', () => {
    const { unknown, problems } = readUrl('?v=2&future.thing=a%26b&seed=1');
    expect(unknown).toEqual([['future.thing', 'a&b']]);
    expect(problems.map(({ path }) => path)).toEqual(['v']);
    expect(writeUrl({ ...initialValues, seed: 1 }, unknown)).toBe('?v=1&seed=1&future.thing=a%26b');
  });

  test('names of object members are no settings', () => {
    const { values, unknown } = readUrl('?__proto__=1&constructor=2&toString=3');
    expect(values).toEqual(initialValues);
    expect(unknown).toHaveLength(3);
  });
});

describe('typed values', () => {
  test.each([
    ['۱۲۸', 128],
    ['٢٥٦', 256],
    [' 64 ', 64],
    ['1٬024', 1024],
  ])('%s is a number of hidden units', (typed, value) => {
    expect(parseSetting('hidden', typed)).toEqual({ value });
  });

  test.each(['', '0', '-1', '1.5', '1e9', 'NaN', 'Infinity', 'abc', '12a', '0x'])('%j is none', (typed) => {
    expect(parseSetting('hidden', typed)).toHaveProperty('problem');
  });

  test('a Persian decimal point is one', () => {
    expect(parseSetting('learningRate', '۰٫۰۰۵')).toEqual({ value: 0.005 });
  });

  test.each(settingNames)('%s reads back what it writes', (name) => {
    expect(parseSetting(name, formatSetting(others[name]))).toEqual({ value: others[name] });
  });
});

test('a run defines its settings and the settings define the run', () => {
  const config = modelConfig(others);
  expect(modelConfig({ ...initialValues, ...settingsOf(config) })).toEqual(config);
});
