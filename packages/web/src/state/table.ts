/** A table of settings: rows by name, and what follows from that. */
import type { AnyRow, Parsed } from './rows.js';

export type Table = Readonly<Record<string, AnyRow>>;

type ValueOf<R> = R extends { readonly initial: infer V } ? V : never;
export type Name<T extends Table> = keyof T & string;
export type Values<T extends Table> = { readonly [K in keyof T]: ValueOf<T[K]> };

export const namesOf = <T extends Table>(table: T): readonly Name<T>[] => Object.keys(table);

export function initialValues<T extends Table>(table: T): Values<T> {
  return Object.fromEntries(namesOf(table).map((name) => [name, table[name]?.initial])) as Values<T>;
}

/** `table[name].parse` with the name's own type. */
export function parse<T extends Table, K extends Name<T>>(
  table: T,
  name: K,
  typed: string,
): Parsed<Values<T>[K]> {
  return (table[name] as AnyRow).parse(typed) as Parsed<Values<T>[K]>;
}

/** `table[name].format(value)`. */
export function format<T extends Table, K extends Name<T>>(table: T, name: K, value: Values<T>[K]): string {
  return (table[name] as { format(value: unknown): string }).format(value);
}

/** Whether two values are written the same. */
export function same<T extends Table, K extends Name<T>>(
  table: T,
  name: K,
  a: Values<T>[K],
  b: Values<T>[K],
): boolean {
  return Object.is(a, b) || format(table, name, a) === format(table, name, b);
}
