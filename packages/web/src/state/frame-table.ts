/** Settings that belong to no page: how the lab looks and what an instructor's link allows. */
import { choice, list, toggle } from './rows.js';

export const modes = ['explore', 'predict', 'prove'] as const;
export type Mode = (typeof modes)[number];

/** Names of settings are short words; the cap keeps an address from filling memory. */
const isName = (name: string): name is string => /^[\w-]{1,40}$/.test(name);
const MOST_NAMES = 60;

export const frameTable = {
  mode: choice('mode', 'explore', modes),
  language: choice('lang', 'en', ['en', 'fa']),
  theme: choice('theme', 'auto', ['auto', 'light', 'dark']),
  /** Latin digits also in Persian prose. */
  latinDigits: toggle('latin-digits', false),
  /** Settings of the page that an instructor's link takes out of sight, by name. */
  hide: list('hide', MOST_NAMES, isName),
  /** Settings of the page that an instructor's link keeps as they are, by name. */
  lock: list('lock', MOST_NAMES, isName),
} as const;

export const FRAME_PATHS: ReadonlySet<string> = new Set(Object.values(frameTable).map(({ path }) => path));
