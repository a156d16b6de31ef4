/** What every view can reach: settings, messages, the lab, and the page's own few states. */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { createI18n, type I18n } from './i18n/index.js';
import type { Lab } from './lab.js';
import {
  formatSetting,
  type Problem,
  parseSetting,
  readUrl,
  type SettingName,
  settingNames,
  table,
  type UrlState,
  type Values,
} from './state.js';

/** Settings as signals, with what is typed but not allowed kept beside the last allowed value. */
export class Settings {
  readonly unknown: UrlState['unknown'];
  readonly #signals: { readonly [K in SettingName]: Signal<Values[K]> };
  /** Texts in the form that are not allowed, and why. */
  readonly drafts: Signal<Readonly<Partial<Record<SettingName, { typed: string; problem: Problem }>>>> =
    signal({});

  constructor({ values, unknown }: UrlState) {
    this.unknown = unknown;
    this.#signals = Object.fromEntries(settingNames.map((name) => [name, signal(values[name])])) as never;
  }

  get<K extends SettingName>(name: K): Values[K] {
    return this.#signals[name].value;
  }

  signal<K extends SettingName>(name: K): ReadonlySignal<Values[K]> {
    return this.#signals[name];
  }

  set<K extends SettingName>(name: K, value: Values[K]): void {
    this.#signals[name].value = value;
    this.#forget(name);
  }

  /** Takes what was typed when it is allowed, else keeps it as a draft with its problem. */
  type(name: SettingName, typed: string): void {
    const parsed = parseSetting(name, typed);
    if ('value' in parsed) this.set(name, parsed.value as never);
    else this.drafts.value = { ...this.drafts.value, [name]: { typed, problem: parsed.problem } };
  }

  /** What the form's field shows. */
  shown(name: SettingName): string {
    return this.drafts.value[name]?.typed ?? formatSetting(this.get(name));
  }

  adopt(values: Partial<Values>): void {
    for (const name of settingNames) {
      const value = values[name];
      if (value !== undefined) this.set(name, value as never);
    }
  }

  reset(): void {
    for (const name of settingNames) {
      if (name !== 'language' && name !== 'theme') this.set(name, table[name].initial as never);
    }
  }

  /** All values; reading it follows every setting. */
  all(): Values {
    return Object.fromEntries(settingNames.map((name) => [name, this.get(name)])) as unknown as Values;
  }

  #forget(name: SettingName): void {
    if (this.drafts.value[name] === undefined) return;
    const { [name]: _, ...rest } = this.drafts.value;
    this.drafts.value = rest;
  }
}

/** Orders from buttons, keys and links. */
export interface Commands {
  togglePlay(): void;
  stop(): void;
  rewind(): void;
  sample(): void;
  recover(): void;
  undo(): void;
  useText(kind: 'sample' | 'own' | 'file', name: string, content: string): void;
  takeFiles(files: readonly File[]): Promise<void>;
  loadSampleText(): Promise<void>;
  download(): Promise<void>;
  downloadCsv(): void;
  /** Copies `text`; where the browser forbids it, selects `shown`, which shows the same text. */
  copy(text: string, shown: HTMLElement | null): Promise<void>;
}

export interface App {
  readonly settings: Settings;
  readonly i18n: I18n;
  readonly lab: Lab;
  readonly commands: Commands;
  /** Which sample is looked at: an index, or `null` for always the newest. */
  readonly pinned: Signal<number | null>;
  readonly helpOpen: Signal<boolean>;
  /** `light` or `dark`, what is on the screen now. */
  readonly shade: ReadonlySignal<'light' | 'dark'>;
}

const context = createContext<App | null>(null);
export const AppProvider = context.Provider;

export function useApp(): App {
  const app = useContext(context);
  if (app === null) throw new Error('internal: views must be drawn inside AppProvider');
  return app;
}

export function createSettings(search: string): { settings: Settings; url: UrlState; i18n: I18n } {
  const url = readUrl(search);
  const settings = new Settings(url);
  return { settings, url, i18n: createI18n(computed(() => settings.get('language'))) };
}
