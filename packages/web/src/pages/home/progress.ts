/** What a learner has done, kept on this device alone. A browser that keeps nothing costs only the memory of it. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type QuestionId, questionIds } from './table.js';

export type Mark = 'right' | 'tried';
export type Marks = Readonly<Partial<Record<QuestionId, Mark>>>;

const KEY = 'hw5.progress';

/** Marks from what was stored; anything else counts as nothing. */
export function readMarks(stored: string | null): Marks {
  if (stored === null || stored.length > 1000) return {};
  try {
    const found: unknown = JSON.parse(stored);
    if (typeof found !== 'object' || found === null) return {};
    const marks = questionIds.flatMap((id) => {
      const mark = (found as Record<string, unknown>)[id];
      return mark === 'right' || mark === 'tried' ? [[id, mark] as const] : [];
    });
    return Object.fromEntries(marks);
  } catch {
    return {};
  }
}

/** What a verdict adds: a question that was answered rightly once stays so. */
export function marked(marks: Marks, id: QuestionId, correct: boolean): Marks {
  return { ...marks, [id]: correct || marks[id] === 'right' ? 'right' : 'tried' };
}

export class Progress {
  readonly #marks: Signal<Marks>;
  readonly #store: () => Storage;

  /** @param store defaults to the browser's; it may throw where storage is forbidden */
  constructor(store: () => Storage = () => localStorage) {
    this.#store = store;
    this.#marks = signal(readMarks(this.#guarded((storage) => storage.getItem(KEY)) ?? null));
  }

  get marks(): ReadonlySignal<Marks> {
    return this.#marks;
  }

  note(id: QuestionId, correct: boolean): void {
    this.#marks.value = marked(this.#marks.peek(), id, correct);
    this.#guarded((storage) => storage.setItem(KEY, JSON.stringify(this.#marks.peek())));
  }

  forget(): void {
    this.#marks.value = {};
    this.#guarded((storage) => storage.removeItem(KEY));
  }

  #guarded<T>(work: (storage: Storage) => T): T | undefined {
    try {
      return work(this.#store());
    } catch {
      return undefined;
    }
  }
}
