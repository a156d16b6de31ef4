/** Messages and number formats of the current language, as functions that re-render their reader when it changes. */
import { computed, type ReadonlySignal } from '@preact/signals';
import { type Dictionary, en, type MessageKey } from './en.js';
import { fa } from './fa.js';
import { createFormat, type Format, type Language } from './format.js';

export type { MessageKey } from './en.js';
export type { Format, Language } from './format.js';

export const dictionaries: Readonly<Record<Language, Dictionary>> = { en, fa };

export const direction: Readonly<Record<Language, 'ltr' | 'rtl'>> = { en: 'ltr', fa: 'rtl' };

/** Values for a message's placeholders; numbers are written in the language's digits. */
export type Facts = Readonly<Record<string, string | number>>;

/** First-strong isolates: a file name or a Latin term keeps its own direction inside a Persian sentence. */
const isolate = (text: string): string => `\u2068${text}\u2069`;

/** `template` with each `{name}` replaced; strings are isolated in direction, missing facts show as a dash. */
export function fillIn(template: string, facts: Facts, format: Format): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = facts[name];
    if (value === undefined) return '–';
    return typeof value === 'number' ? format.fact(value) : isolate(value);
  });
}

export interface I18n {
  readonly language: ReadonlySignal<Language>;
  readonly format: ReadonlySignal<Format>;
  t(key: MessageKey, facts?: Facts): string;
}

export function createI18n(language: ReadonlySignal<Language>): I18n {
  const format = computed(() => createFormat(language.value));
  return {
    language,
    format,
    t: (key, facts) => {
      const template = dictionaries[language.value][key];
      return facts === undefined ? template : fillIn(template, facts, format.value);
    },
  };
}
