/** What all parts of the page share. */
import type { ReadonlySignal, Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { PageContext } from '../../frame/page.js';
import type { Bench } from './bench.js';
import type { BpttKey } from './en.js';
import type { Focus } from './focus.js';
import type { Lit } from './lit.js';
import type { Question } from './predict.js';
import type { table } from './table.js';

export interface App {
  readonly context: PageContext<typeof table, BpttKey>;
  readonly bench: Bench;
  /** What the pointer or the keyboard is on; shown before what is pinned. */
  readonly hover: Signal<Focus | null>;
  /** What was clicked, and stays. */
  readonly pinned: ReadonlySignal<Focus | null>;
  readonly lit: ReadonlySignal<Lit>;
  /** The path that panels speak of: the lit one, else the pinned one, else the longest. */
  readonly path: ReadonlySignal<{ readonly t: number; readonly k: number } | null>;
  /** The same, once the pointer rests: what is costly to draw follows this. */
  readonly restedPath: ReadonlySignal<{ readonly t: number; readonly k: number } | null>;
  /** Pins, or unpins what is pinned already. */
  pin(focus: Focus): void;
  /** The question of Predict, while one is open. */
  readonly question: ReadonlySignal<Question | null>;
  readonly answered: Signal<number | null>;
  /** Results are hidden: Predict, before an answer is given. */
  readonly hidden: ReadonlySignal<boolean>;
  /** Lines of the derivation that are shown. */
  readonly shownLines: ReadonlySignal<number>;
}

const appContext = createContext<App | null>(null);
export const AppProvider = appContext.Provider;

export function useApp(): App {
  const app = useContext(appContext);
  if (app === null) throw new Error('internal: parts of the page must be drawn inside AppProvider');
  return app;
}
