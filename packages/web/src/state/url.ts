/**
 * The page's address: `?v=1&p=PAGE`, then the values that are not their default, by dotted path. What this version does
 * not know is kept and named; what is not allowed is replaced by the default and reported. Nothing here throws.
 */
import { FRAME_PATHS } from './frame-table.js';
import type { Problem } from './rows.js';
import { format, initialValues, namesOf, parse, same, type Table, type Values } from './table.js';

/** Version of the URL's meaning. */
const VERSION = '1';

/** More parameters than this are not looked at: no link of ours has as many. */
const MOST_PARAMETERS = 400;

/** A parameter that is not allowed, by its path. */
export interface UrlProblem {
  readonly path: string;
  readonly problem: Problem;
}

export interface UrlState<T extends Table> {
  readonly values: Values<T>;
  readonly problems: readonly UrlProblem[];
}

/** The values that a query gives to the settings of `table`. */
export function readUrl<T extends Table>(table: T, search: string): UrlState<T> {
  const byPath = new Map(namesOf(table).map((name) => [(table[name] as { path: string }).path, name]));
  const values: Record<string, unknown> = { ...initialValues(table) };
  const problems: UrlProblem[] = [];
  for (const [path, typed] of parameters(search)) {
    const name = byPath.get(path);
    if (name === undefined) continue;
    const parsed = parse(table, name, typed);
    if ('value' in parsed) values[name] = parsed.value;
    else problems.push({ path, problem: parsed.problem });
  }
  return { values: values as Values<T>, problems };
}

/** Parameters that no row of the tables takes. */
export function unknownParameters(tables: readonly Table[], search: string): readonly [string, string][] {
  const known = new Set(['v', 'p']);
  for (const table of tables) for (const { path } of Object.values(table)) known.add(path);
  return parameters(search).filter(([path]) => !known.has(path));
}

/** What is wrong with the version that a query names, if anything. */
export function versionProblem(search: string): UrlProblem | undefined {
  const got = new URLSearchParams(search).get('v');
  if (got === null || got === VERSION) return undefined;
  return {
    path: 'v',
    problem: { key: 'problem.choice', facts: { options: VERSION, got: got.slice(0, 40) } },
  };
}

/**
 * The page that a query asks for. Links from before there were pages name none but have settings: they mean `train`.
 * Without any setting `home` is meant.
 */
export function pageOf<Id extends string>(search: string, ids: readonly Id[], home: Id): Id | undefined {
  const named = new URLSearchParams(search).get('p');
  if (named !== null) return ids.find((id) => id === named);
  const old = parameters(search).some(([path]) => path !== 'v' && !FRAME_PATHS.has(path));
  return (old ? ids.find((id) => id === 'train') : undefined) ?? home;
}

/** `[path, text]` of the values that differ from their defaults. */
export function changedParameters<T extends Table>(table: T, values: Values<T>): [string, string][] {
  return namesOf(table)
    .filter((name) => !same(table, name, values[name], initialValues(table)[name]))
    .map((name) => [(table[name] as { path: string }).path, format(table, name, values[name])]);
}

/** The query of a page's address. */
export function writeUrl(
  page: string,
  ...parts: readonly (readonly (readonly [string, string])[])[]
): string {
  const query = new URLSearchParams({ v: VERSION, p: page });
  for (const part of parts) for (const [path, text] of part) query.append(path, text);
  return `?${query}`;
}

function parameters(search: string): [string, string][] {
  return [...new URLSearchParams(search)].slice(0, MOST_PARAMETERS);
}
