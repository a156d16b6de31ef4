import { signal } from '@preact/signals';
import { beforeAll, describe, expect, test } from 'vitest';
import type { PageDefinition } from '../src/frame/page.js';
import { latinNumber, persianDigits } from '../src/i18n/digits.js';
import { createFormat } from '../src/i18n/format.js';
import {
  createI18n,
  type Dictionaries,
  fillIn,
  frameDictionaries,
  type Language,
} from '../src/i18n/index.js';
import { pages } from '../src/pages/registry.js';

const placeholders = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

/** Persian prose has no Arabic yeh or kaf, and no Latin digits outside names and formulas. */
function checkWords({ en, fa }: Dictionaries<string>): void {
  expect(Object.keys(fa).sort()).toEqual(Object.keys(en).sort());
  for (const [key, english] of Object.entries(en)) {
    const persian = fa[key] ?? '';
    expect(placeholders(persian), key).toEqual(placeholders(english));
    expect(english.trim(), key).not.toBe('');
    expect(persian.trim(), key).not.toBe('');
    expect(persian, key).not.toMatch(/[يك]/);
    expect(persian.replace(/[A-Za-z][\w.-]*|\$[^$]*\$/g, ''), key).not.toMatch(/[0-9]/);
  }
}

test('the frame’s words are complete in both languages', () => {
  checkWords(frameDictionaries);
});

describe.each(pages.map((entry) => [entry.id, entry] as const))('page %s', (_, entry) => {
  let page: PageDefinition;
  beforeAll(async () => {
    page = (await entry.load()).page;
  });

  test('has a name and a title in both languages, and complete words', () => {
    checkWords({ en: { name: entry.name.en }, fa: { name: entry.name.fa } });
    expect(page.dictionaries.en['page.title']).toBeDefined();
    checkWords(page.dictionaries);
  });

  test('explains every setting that has a field, and names every option', () => {
    const { en } = page.dictionaries;
    for (const [name, row] of Object.entries(page.table)) {
      if (en[`setting.${name}`] === undefined) continue;
      expect(en).toHaveProperty([`setting.${name}.help`]);
      if (row.kind !== 'choice') continue;
      for (const option of row.options) expect(en).toHaveProperty([`setting.${name}.${option}`]);
    }
  });
});

describe('formats', () => {
  test.each<[Language, string, string, string, string, string]>([
    ['en', '12,345', '2.50', '1:05', '1:01:01', '1.5 MB'],
    ['fa', '۱۲٬۳۴۵', '۲٫۵۰', '۱:۰۵', '۱:۰۱:۰۱', '۱٫۵ مگابایت'],
  ])('%s', (language, integer, decimal, minutes, hours, bytes) => {
    const format = createFormat(language);
    expect(format.integer(12_345)).toBe(integer);
    expect(format.decimal(2.5, 2)).toBe(decimal);
    expect(format.duration(65)).toBe(minutes);
    expect(format.duration(3661)).toBe(hours);
    expect(format.bytes(1_500_000)).toBe(bytes);
  });

  test('Persian can be had with Latin digits', () => {
    const format = createFormat('fa', true);
    expect(format.integer(345)).toBe('345');
    expect(format.duration(65)).toBe('1:05');
  });

  test('what is not a number is a dash', () => {
    const format = createFormat('en');
    for (const value of [undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(format.decimal(value, 2)).toBe('–');
      expect(format.duration(value)).toBe('–');
    }
  });

  test('a Persian minute is never shown as sixty seconds', () => {
    expect(createFormat('fa').duration(59.7)).toBe('۱:۰۰');
    expect(createFormat('en').duration(9.2)).toBe('9 s');
    expect(createFormat('en').duration(0.42)).toBe('0.4 s');
    expect(createFormat('fa').duration(0.42)).toBe('۰٫۴ ثانیه');
  });
});

test('facts are isolated in direction, numbers are in the language’s digits, a page’s words go first', () => {
  const language = signal<Language>('en');
  const own = { en: { step: 'Step {n}.' }, fa: { step: 'گام {n}.' } };
  const { t } = createI18n(language, own);
  expect(t('error.emptyFile', { name: 'a.txt' })).toBe(
    'A file must not be empty, got 0 bytes in \u2068a.txt\u2069.',
  );
  language.value = 'fa';
  expect(t('step', { n: 1250 })).toBe('گام ۱٬۲۵۰.');
});

test('a fact may hold anything, also what looks like a placeholder', () => {
  expect(fillIn('{a} {b}', { a: '{b} $& <i>', b: 2 }, createFormat('en'))).toBe('\u2068{b} $& <i>\u2069 2');
  expect(fillIn('{missing}', {}, createFormat('en'))).toBe('–');
});

test('digits', () => {
  expect(latinNumber(' ۱۲٫۵ ')).toBe('12.5');
  expect(latinNumber('−٣')).toBe('-3');
  expect(persianDigits('1:05')).toBe('۱:۰۵');
});
