/** Messages and number formats of the current language, as functions that re-render their reader when it changes. */
import { computed, type ReadonlySignal } from '@preact/signals';
import { en, type FrameKey } from './en.js';
import { fa } from './fa.js';
import { createFormat, type Format, type Language } from './format.js';

export type { FrameKey } from './en.js';
export type { Format, Language } from './format.js';

/** The same keys in every language; a test holds them to the same placeholders. */
export type Dictionaries<K extends string> = Readonly<Record<Language, Readonly<Record<K, string>>>>;

/** The words of the frame, which every page may use. */
export const frameDictionaries: Dictionaries<FrameKey> = { en, fa };

export const direction: Readonly<Record<Language, 'ltr' | 'rtl'>> = { en: 'ltr', fa: 'rtl' };

/** Values for a message's placeholders; numbers are written in the language's digits. */
export type Facts = Readonly<Record<string, string | number>>;

/** First-strong isolates: a file name or a Latin term keeps its own direction inside a Persian sentence. */
const isolate = (text: string): string => `\u2068${text}\u2069`;

/**
 * `template` with each `{name}` replaced; strings are isolated in direction, missing facts show as a dash.
 * Braces of formulas (`$...$`) stay as they are.
 */
export function fillIn(template: string, facts: Facts, format: Format): string {
  return template.replace(/\$[^$]*\$|\{(\w+)\}/g, (whole, name: string | undefined) => {
    if (name === undefined) return whole;
    const value = facts[name];
    if (value === undefined) return '–';
    return typeof value === 'number' ? format.fact(value) : isolate(value);
  });
}

/** Messages of the frame and of a page with keys `K`. */
export interface I18n<K extends string = never> {
  readonly language: ReadonlySignal<Language>;
  readonly format: ReadonlySignal<Format>;
  t(key: K | FrameKey, facts?: Facts): string;
}

/**
 * @param own the page's words; a key that the frame has too is the page's
 * @param latinDigits Latin digits in Persian, too
 */
export function createI18n<K extends string = never>(
  language: ReadonlySignal<Language>,
  own?: Dictionaries<K>,
  latinDigits?: ReadonlySignal<boolean>,
): I18n<K> {
  const format = computed(() => createFormat(language.value, latinDigits?.value ?? false));
  return {
    language,
    format,
    t: (key, facts) => {
      const words: Readonly<Record<string, string>> = frameDictionaries[language.value];
      const ownWords: Readonly<Record<string, string>> | undefined = own?.[language.value];
      const template = ownWords?.[key] ?? words[key];
      if (template === undefined) throw new Error(`internal: message ${key} must be in a dictionary`);
      return facts === undefined ? template : fillIn(template, facts, format.value);
    },
  };
}
