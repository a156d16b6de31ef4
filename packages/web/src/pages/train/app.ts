/** What every view of the page can reach. */
import type { ReadonlySignal, Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { PageContext } from '../../frame/page.js';
import type { Commands } from './commands.js';
import type { Key } from './en.js';
import type { Lab } from './lab.js';
import type { Looks } from './looks.js';
import type { table } from './table.js';

export interface App extends Pick<PageContext<typeof table, Key>, 'settings' | 'i18n' | 'shade'> {
  readonly lab: Lab;
  readonly commands: Commands;
  readonly looks: Looks;
  /** Loss of a trigram on the validation part, once it is known. */
  readonly counting: ReadonlySignal<number | undefined>;
  /** Which sample is looked at: an index, or `null` for always the newest. */
  readonly pinned: Signal<number | null>;
}

const context = createContext<App | null>(null);
export const AppProvider = context.Provider;

export function useApp(): App {
  const app = useContext(context);
  if (app === null) throw new Error('internal: views must be drawn inside AppProvider');
  return app;
}
