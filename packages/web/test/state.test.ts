import { describe, expect, test } from 'vitest';
import { pages } from '../src/pages/registry.js';
import { modelConfig, settingsOf, table as trainTable } from '../src/pages/train/table.js';
import { frameTable } from '../src/state/frame-table.js';
import { type AnyRow, choice, line, matrix, number, toggle, vector } from '../src/state/rows.js';
import { Settings } from '../src/state/settings.js';
import { format, initialValues, namesOf, parse, type Table, type Values } from '../src/state/table.js';
import {
  changedParameters,
  pageOf,
  readUrl,
  unknownParameters,
  versionProblem,
  writeUrl,
} from '../src/state/url.js';

/** An allowed value that is not the row's default. */
function another(row: AnyRow): unknown {
  switch (row.kind) {
    case 'number':
      return row.initial === row.max ? row.min : row.max;
    case 'choice':
      // A choice may have one option for now.
      return row.options.find((option) => option !== row.initial) ?? row.initial;
    case 'toggle':
      return !row.initial;
    case 'line':
      return 'سلام & "<b>" =?#\n'.slice(0, row.maxLength);
    case 'vector':
      return row.initial.length > 0 ? row.initial.map((entry) => -entry - 0.25) : [-0.25];
    case 'matrix':
      return row.initial.map((entries) => entries.map((entry) => -entry - 0.25));
    case 'list':
      return ['some', 'names'];
    case 'pairs':
      return [
        [3, 0.5],
        [40, 1e-5],
      ];
  }
}

const othersOf = <T extends Table>(table: T): Values<T> =>
  Object.fromEntries(namesOf(table).map((name) => [name, another(table[name] as AnyRow)])) as Values<T>;

const tables = await Promise.all(
  pages.map(async ({ id, load }) => [id, (await load()).page.table as Table] as const),
);

describe.each([['the frame', frameTable as Table] as const, ...tables])('settings of %s', (_, table) => {
  const initial = initialValues(table);
  const others = othersOf(table);

  test('defaults write nothing, and an empty query gives the defaults', () => {
    expect(changedParameters(table, initial)).toEqual([]);
    expect(readUrl(table, '')).toEqual({ values: initial, problems: [] });
  });

  test('every setting survives the round trip, alone and with the others', () => {
    const query = writeUrl('x', changedParameters(table, others));
    expect(readUrl(table, query)).toEqual({ values: others, problems: [] });
    for (const name of namesOf(table)) {
      const values = { ...initial, [name]: others[name] } as Values<Table>;
      const written = changedParameters(table, values);
      expect(written).toHaveLength(others[name] === initial[name] ? 0 : 1);
      expect(readUrl(table, writeUrl('x', written)).values).toEqual(values);
    }
  });

  test('every default is allowed, and what is written is read back', () => {
    for (const name of namesOf(table)) {
      expect(parse(table, name, format(table, name, initial[name] as never)), name).toEqual({
        value: initial[name],
      });
      expect(parse(table, name, format(table, name, others[name] as never)), name).toEqual({
        value: others[name],
      });
    }
  });

  test('paths are unique, do not meet those of the frame, and flags are unique', () => {
    const frame = table === frameTable ? [] : Object.values(frameTable);
    const rows = [...Object.values(table), ...frame];
    const paths = ['v', 'p', ...rows.map(({ path }) => path)];
    const flags = rows.map(({ flag }) => flag).filter((flag) => flag !== undefined);
    expect(new Set(paths).size).toBe(paths.length);
    expect(new Set(flags).size).toBe(flags.length);
  });

  test('huge, empty and hostile texts are refused or taken as text, quickly and without throwing', () => {
    for (const name of namesOf(table)) {
      for (const text of [
        '',
        '<b>',
        '__proto__',
        'NaN',
        '1e999',
        '9'.repeat(100_000),
        ' 1'.repeat(50_000),
        ';'.repeat(100_000),
      ]) {
        const parsed = parse(table, name, text);
        if ('value' in parsed) expect(String(format(table, name, parsed.value)).length).toBeLessThan(20_000);
      }
    }
  });
});

describe('the address', () => {
  const initial = initialValues(trainTable);

  test('a value that is not allowed falls back to the default and is reported', () => {
    const { values, problems } = readUrl(trainTable, '?v=1&p=train&model.hidden=0&train.lr=NaN&seed=3');
    expect(values).toEqual({ ...initial, seed: 3 });
    expect(problems.map(({ path }) => path)).toEqual(['model.hidden', 'train.lr']);
    expect(problems[0]?.problem).toEqual({
      key: 'problem.whole',
      facts: { min: 1, max: 4096, got: '0' },
    });
  });

  test('parameters of another version are named', () => {
    const search = '?v=2&p=train&future.thing=a%26b&seed=1&lang=fa';
    expect(unknownParameters([trainTable, frameTable], search)).toEqual([['future.thing', 'a&b']]);
    expect(versionProblem(search)?.path).toBe('v');
    expect(versionProblem('?v=1')).toBeUndefined();
  });

  test('names of object members are no settings', () => {
    const search = '?__proto__=1&constructor=2&toString=3';
    expect(readUrl(trainTable, search).values).toEqual(initial);
    expect(unknownParameters([trainTable, frameTable], search)).toHaveLength(3);
  });

  test('without a page: home, or, for links from before there were pages, training', () => {
    const ids = ['home', 'bptt', 'train'] as const;
    expect(pageOf('', ids, 'home')).toBe('home');
    expect(pageOf('?lang=fa&theme=dark', ids, 'home')).toBe('home');
    expect(pageOf('?v=1&model.hidden=16&lang=fa', ids, 'home')).toBe('train');
    expect(pageOf('?v=1&p=bptt&seed=1', ids, 'home')).toBe('bptt');
    expect(pageOf('?p=nowhere', ids, 'home')).toBeUndefined();
  });
});

describe('rows', () => {
  const hidden = number('h', 128, { min: 1, max: 4096 });

  test.each([
    ['۱۲۸', 128],
    ['٢٥٦', 256],
    [' 64 ', 64],
    ['1٬024', 1024],
  ])('%s is a number of hidden units', (typed, value) => {
    expect(hidden.parse(typed)).toEqual({ value });
  });

  test.each(['', '0', '-1', '1.5', '1e9', 'NaN', 'Infinity', 'abc', '12a', '0x', '0x10'])(
    '%j is none',
    (typed) => {
      expect(hidden.parse(typed)).toHaveProperty('problem');
    },
  );

  test('a Persian decimal point is one', () => {
    expect(number('x', 1, { min: 0, max: 1, whole: false }).parse('۰٫۰۰۵')).toEqual({ value: 0.005 });
  });

  test('vectors', () => {
    const row = vector('q', [1, 2], { minLength: 2, maxLength: 3, limit: 10 });
    expect(row.parse('۱، -۰٫۵')).toEqual({ value: [1, -0.5] });
    expect(row.parse('1,2 3')).toEqual({ value: [1, 2, 3] });
    for (const typed of ['1', '1 2 3 4', '1 11', '1 x', '', '1 NaN']) {
      expect(row.parse(typed), typed).toHaveProperty('problem');
    }
  });

  test('matrices', () => {
    const row = matrix('w', [[1]], { maxRows: 2, maxColumns: 2, limit: 10 });
    expect(row.parse('1 2; 3 4')).toEqual({
      value: [
        [1, 2],
        [3, 4],
      ],
    });
    expect(row.parse('۱ ۲؛ ۳ ۴')).toEqual({
      value: [
        [1, 2],
        [3, 4],
      ],
    });
    expect(
      row.format([
        [1, -2.5],
        [0.1, 4],
      ]),
    ).toBe('1 -2.5; 0.1 4');
    for (const typed of ['1 2; 3', '1 2 3', '1; 2; 3', '', ';', '1 99']) {
      expect(row.parse(typed), typed).toHaveProperty('problem');
    }
  });
});

describe('settings', () => {
  const table = {
    n: number('n', 1, { min: 0, max: 99 }),
    kind: choice('kind', 'a', ['a', 'b']),
    on: toggle('on', false),
    word: line('word', '', 5),
    w: matrix('w', [[1]], { maxRows: 3, maxColumns: 3 }),
  } as const;

  test('commits can be undone and redone, previews are one step', () => {
    const settings = new Settings(table);
    settings.preview('n', 2);
    settings.preview('n', 3);
    expect(settings.canUndo).toBe(false);
    settings.commit();
    settings.set('kind', 'b');
    settings.adopt({ on: true, w: [[2]] });
    expect(settings.all()).toEqual({ n: 3, kind: 'b', on: true, word: '', w: [[2]] });
    settings.undo();
    expect(settings.all()).toMatchObject({ n: 3, kind: 'b', on: false, w: [[1]] });
    settings.undo();
    settings.undo();
    expect(settings.all()).toEqual(initialValues(table));
    expect(settings.canUndo).toBe(false);
    settings.undo();
    settings.redo();
    settings.redo();
    expect(settings.all()).toMatchObject({ n: 3, kind: 'b', on: false });
    settings.set('n', 4);
    expect(settings.canRedo).toBe(false);
  });

  test('setting what is there already is no step, also for matrices', () => {
    const settings = new Settings(table);
    settings.set('n', 1);
    settings.set('w', [[1]]);
    expect(settings.canUndo).toBe(false);
    expect(settings.commits.value).toBe(0);
  });

  test('what is not allowed stays a draft beside the last allowed value', () => {
    const settings = new Settings(table);
    settings.type('n', '100');
    expect(settings.get('n')).toBe(1);
    expect(settings.shown('n')).toBe('100');
    expect(settings.drafts.value.n?.problem.key).toBe('problem.whole');
    settings.type('n', '۷');
    expect(settings.get('n')).toBe(7);
    expect(settings.drafts.value).toEqual({});
  });
});

test('a run defines its settings and the settings define the run', () => {
  const others = othersOf(trainTable);
  const config = modelConfig(others);
  expect(modelConfig({ ...initialValues(trainTable), ...settingsOf(config) })).toEqual(config);
});
