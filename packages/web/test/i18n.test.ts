import { signal } from '@preact/signals';
import { describe, expect, test } from 'vitest';
import { latinNumber, persianDigits } from '../src/i18n/digits.js';
import { en, type MessageKey } from '../src/i18n/en.js';
import { fa } from '../src/i18n/fa.js';
import { createFormat } from '../src/i18n/format.js';
import { createI18n, fillIn, type Language } from '../src/i18n/index.js';
import { table } from '../src/state.js';

const keys = Object.keys(en) as MessageKey[];
const placeholders = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

describe('dictionaries', () => {
  test('have the same keys', () => {
    expect(Object.keys(fa).sort()).toEqual(keys.slice().sort());
  });

  test.each(keys)('%s has the same placeholders and is not empty', (key) => {
    expect(placeholders(fa[key])).toEqual(placeholders(en[key]));
    expect(fa[key].trim()).not.toBe('');
    expect(en[key].trim()).not.toBe('');
  });

  test('Persian has no Arabic yeh or kaf and no Latin digits in prose', () => {
    for (const key of keys) {
      expect(fa[key], key).not.toMatch(/[يك]/);
      expect(fa[key].replace(/hw5|UTF-8/g, ''), key).not.toMatch(/[0-9]/);
    }
  });

  test('every setting has a label, and every field an explanation', () => {
    for (const name of Object.keys(table)) {
      expect(en).toHaveProperty([`setting.${name}`]);
      if (name !== 'language' && name !== 'theme') expect(en).toHaveProperty([`setting.${name}.help`]);
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

test('facts are isolated in direction, numbers are in the language’s digits', () => {
  const language = signal<Language>('en');
  const { t } = createI18n(language);
  expect(t('error.emptyFile', { name: 'a.txt' })).toBe(
    'A file must not be empty, got 0 bytes in \u2068a.txt\u2069.',
  );
  language.value = 'fa';
  expect(t('status.paused', { step: 1250 })).toBe('مکث در گام ۱٬۲۵۰.');
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
