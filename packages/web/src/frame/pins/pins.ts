/**
 * Numbers that were pinned to the notebook, on whichever page: kept on this device across pages and reloads, in the order that
 * the person gives them. Each change can be undone. A browser that keeps nothing costs only the memory of it.
 */
import { computed, type ReadonlySignal, signal } from '@preact/signals';

/** A number that can be pinned. */
export interface PinnedNumber {
  /** What it is, in the page's language. */
  readonly label: string;
  readonly value: number;
  /** LaTeX, with the values put in. */
  readonly formula?: string;
}

export interface Pin extends PinnedNumber {
  readonly id: string;
  /** The page's title, and the query that brings back the state in which the number stood there. */
  readonly title: string;
  readonly query: string;
}

const KEY = 'hw5.notebook';
export const MOST_PINS = 200;
const LONGEST_STORED = 1_000_000;
const MOST_STEPS = 50;

/** Longest texts of a pin, characters: labels are made of page texts and of what people typed. */
const LONGEST = { label: 300, title: 200, query: 4000, formula: 2000 } as const;

/** Pins from what was stored; anything else counts as nothing. */
export function readPins(stored: string | null): readonly Pin[] {
  if (stored === null || stored.length > LONGEST_STORED) return [];
  try {
    const found: unknown = JSON.parse(stored);
    return Array.isArray(found) ? found.filter(isPin).slice(0, MOST_PINS) : [];
  } catch {
    return [];
  }
}

function isPin(value: unknown): value is Pin {
  if (typeof value !== 'object' || value === null) return false;
  const { id, label, value: number, formula = '', title, query } = value as Partial<Pin>;
  const texts: readonly (readonly [unknown, number])[] = [
    [id, 40],
    [label, LONGEST.label],
    [formula, LONGEST.formula],
    [title, LONGEST.title],
    [query, LONGEST.query],
  ];
  return (
    typeof number === 'number' &&
    texts.every(([text, most]) => typeof text === 'string' && text.length <= most) &&
    // A link of the notebook stays in the lab.
    (query as string).startsWith('?')
  );
}

export class Pins {
  readonly #store: () => Storage;
  readonly #all;
  readonly #past = signal<readonly (readonly Pin[])[]>([]);
  readonly canUndo: ReadonlySignal<boolean> = computed(() => this.#past.value.length > 0);

  /** @param store defaults to the browser's; it may throw where storage is forbidden */
  constructor(store: () => Storage = () => localStorage) {
    this.#store = store;
    this.#all = signal(this.#stored());
  }

  get all(): ReadonlySignal<readonly Pin[]> {
    return this.#all;
  }

  /** A number that is there already, from the same place, is not added again; the oldest go when there are too many. */
  add(pin: Omit<Pin, 'id'>): void {
    const all = this.#all.peek();
    // Marks of direction belong to a sentence on the screen, not to a name in a file.
    const label = pin.label.replaceAll(/[\u2066-\u2069]/g, '').slice(0, LONGEST.label);
    const isSame = (one: Pin): boolean =>
      one.label === label && one.query === pin.query && Object.is(one.value, pin.value);
    if (all.some(isSame)) return;
    const { formula } = pin;
    const next: Pin = {
      id: newId(all),
      label,
      value: pin.value,
      title: pin.title.slice(0, LONGEST.title),
      query: pin.query.length <= LONGEST.query ? pin.query : '?',
      ...(formula === undefined || formula.length > LONGEST.formula ? {} : { formula }),
    };
    this.#change([...all, next].slice(-MOST_PINS));
  }

  remove(id: string): void {
    this.#change(this.#all.peek().filter((pin) => pin.id !== id));
  }

  /** @param by -1 = one place earlier, 1 = one later */
  move(id: string, by: -1 | 1): void {
    const all = [...this.#all.peek()];
    const from = all.findIndex((pin) => pin.id === id);
    const to = from + by;
    const [pin] = all.slice(from, from + 1);
    if (pin === undefined || to < 0 || to >= all.length) return;
    all.splice(from, 1);
    all.splice(to, 0, pin);
    this.#change(all);
  }

  clear(): void {
    this.#change([]);
  }

  undo(): void {
    const before = this.#past.peek().at(-1);
    if (before === undefined) return;
    this.#past.value = this.#past.peek().slice(0, -1);
    this.#keep(before);
  }

  /** Another tab has changed what is stored. */
  refresh(): void {
    this.#all.value = this.#stored();
  }

  #change(next: readonly Pin[]): void {
    const all = this.#all.peek();
    if (next.length === all.length && next.every((pin, at) => pin === all[at])) return;
    this.#past.value = [...this.#past.peek(), all].slice(-MOST_STEPS);
    this.#keep(next);
  }

  #keep(all: readonly Pin[]): void {
    this.#all.value = all;
    try {
      this.#store().setItem(KEY, JSON.stringify(all));
    } catch {
      // No room, or no storage: the notebook lives until the tab is closed.
    }
  }

  #stored(): readonly Pin[] {
    try {
      return readPins(this.#store().getItem(KEY));
    } catch {
      return [];
    }
  }
}

function newId(all: readonly Pin[]): string {
  const used = all.map(({ id }) => Number(id)).filter(Number.isSafeInteger);
  return String(Math.max(0, ...used) + 1);
}
