/**
 * Settings as signals. What is typed but not allowed stays beside the last allowed value. A change is a preview (while
 * something is dragged or typed) or a commit; commits can be undone and redone.
 */
import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Problem } from './rows.js';
import { format, initialValues, type Name, namesOf, parse, same, type Table, type Values } from './table.js';

export interface Draft {
  readonly typed: string;
  readonly problem: Problem;
}

/** More steps back than this are forgotten. */
const MOST_STEPS = 200;

export class Settings<T extends Table> {
  readonly table: T;
  readonly names: readonly Name<T>[];
  /** Texts in the form that are not allowed, and why. */
  readonly drafts: Signal<Readonly<Record<string, Draft>>> = signal({});
  /** Grows with each commit, undo and redo; previews leave it. */
  readonly commits: Signal<number> = signal(0);
  readonly #signals: { readonly [K in keyof T]: Signal<Values<T>[K]> };
  readonly #isLocked: (name: Name<T>) => boolean;
  #committed: Values<T>;
  readonly #past: Signal<readonly Values<T>[]> = signal([]);
  readonly #future: Signal<readonly Values<T>[]> = signal([]);

  /** @param isLocked whether a link for a class keeps a setting as it is: then no change reaches it but `restore` */
  constructor(
    table: T,
    values: Values<T> = initialValues(table),
    isLocked: (name: Name<T>) => boolean = () => false,
  ) {
    this.table = table;
    this.#isLocked = isLocked;
    this.names = namesOf(table);
    this.#signals = Object.fromEntries(this.names.map((name) => [name, signal(values[name])])) as never;
    this.#committed = values;
  }

  /** The value now; whoever reads it in a view or an effect follows it. */
  get<K extends Name<T>>(name: K): Values<T>[K] {
    return this.#signals[name].value;
  }

  /** The value now, without following it. */
  peek<K extends Name<T>>(name: K): Values<T>[K] {
    return this.#signals[name].peek();
  }

  signal<K extends Name<T>>(name: K): ReadonlySignal<Values<T>[K]> {
    return this.#signals[name];
  }

  /** Changes a value; one step for undo. */
  set<K extends Name<T>>(name: K, value: Values<T>[K]): void {
    this.preview(name, value);
    this.commit();
  }

  /** Changes a value while it is dragged or typed: no step for undo until `commit()`. */
  preview<K extends Name<T>>(name: K, value: Values<T>[K]): void {
    if (this.#isLocked(name)) return;
    batch(() => {
      this.#signals[name].value = value;
      this.#forget(name);
    });
  }

  /** Ends what was previewed: from here on it is one step for undo. Nothing happens when nothing changed. */
  commit(): void {
    const values = this.#peek();
    if (this.#sameAs(this.#committed, values)) return;
    batch(() => {
      this.#past.value = [...this.#past.peek().slice(1 - MOST_STEPS), this.#committed];
      this.#future.value = [];
      this.commits.value = this.commits.peek() + 1;
    });
    this.#committed = values;
  }

  /** Takes all values as an address gives them, locked ones too; one step for undo. */
  restore(values: Values<T>): void {
    batch(() => {
      for (const name of this.names) this.#signals[name].value = values[name];
      this.drafts.value = {};
    });
    this.commit();
  }

  /** Changes several values in one step. */
  adopt(values: Partial<Values<T>>): void {
    batch(() => {
      for (const name of this.names) {
        const value = values[name];
        if (value !== undefined) this.preview(name, value as Values<T>[typeof name]);
      }
    });
    this.commit();
  }

  reset(): void {
    this.adopt(initialValues(this.table));
  }

  /** Takes what was typed when it is allowed (as a preview), else keeps it as a draft with its problem. */
  type(name: Name<T>, typed: string): void {
    const parsed = parse(this.table, name, typed);
    if ('value' in parsed) this.preview(name, parsed.value);
    else this.drafts.value = { ...this.drafts.value, [name]: { typed, problem: parsed.problem } };
  }

  /** What the form's field shows. */
  shown(name: Name<T>): string {
    return this.drafts.value[name]?.typed ?? format(this.table, name, this.get(name));
  }

  /** All values; reading it follows every setting. */
  all(): Values<T> {
    return Object.fromEntries(this.names.map((name) => [name, this.get(name)])) as Values<T>;
  }

  get canUndo(): boolean {
    return this.#past.value.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.value.length > 0;
  }

  undo(): void {
    this.commit();
    const past = this.#past.peek();
    const target = past.at(-1);
    if (target === undefined) return;
    this.#future.value = [...this.#future.peek(), this.#committed];
    this.#past.value = past.slice(0, -1);
    this.#goTo(target);
  }

  redo(): void {
    this.commit();
    const future = this.#future.peek();
    const target = future.at(-1);
    if (target === undefined) return;
    this.#past.value = [...this.#past.peek(), this.#committed];
    this.#future.value = future.slice(0, -1);
    this.#goTo(target);
  }

  /** Undo and redo. */
  #goTo(values: Values<T>): void {
    batch(() => {
      for (const name of this.names) if (!this.#isLocked(name)) this.#signals[name].value = values[name];
      this.drafts.value = {};
      this.commits.value = this.commits.peek() + 1;
    });
    this.#committed = this.#peek();
  }

  #peek(): Values<T> {
    return Object.fromEntries(this.names.map((name) => [name, this.#signals[name].peek()])) as Values<T>;
  }

  #sameAs(a: Values<T>, b: Values<T>): boolean {
    return this.names.every((name) => same(this.table, name, a[name], b[name]));
  }

  #forget(name: string): void {
    if (this.drafts.peek()[name] === undefined) return;
    const { [name]: _, ...rest } = this.drafts.peek();
    this.drafts.value = rest;
  }
}
