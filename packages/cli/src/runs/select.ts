/** Which runs, in which order: the filters and sort orders that the commands about runs share. */
import type { RunTask } from '@hw5/core';
import type { RunEntry, Status } from './entry.js';

export interface Filter {
  readonly task?: RunTask;
  readonly status?: Status;
  /** A part of the name. */
  readonly match?: string;
}

export function passes({ config, status, name }: RunEntry, filter: Filter): boolean {
  return (
    (filter.task === undefined || config.task === filter.task) &&
    (filter.status === undefined || status === filter.status) &&
    (filter.match === undefined || name.includes(filter.match))
  );
}

/** Each order puts first what one looks for: the newest, the lowest loss, the largest. What has no value is last. */
const orders: Readonly<Record<string, (entry: RunEntry) => number>> = {
  time: ({ time }) => -time,
  loss: ({ loss }) => loss ?? Number.POSITIVE_INFINITY,
  validation: ({ best }) => best?.valLoss ?? Number.POSITIVE_INFINITY,
  steps: ({ step }) => -step,
  size: ({ bytes }) => -bytes,
};

export const orderNames: readonly string[] = ['name', ...Object.keys(orders)];

export function sorted(entries: readonly RunEntry[], order: string): RunEntry[] {
  const key = orders[order] ?? (() => 0);
  // Two that are both last have no order: infinity less infinity is no number.
  const byName = (a: RunEntry, b: RunEntry): number => a.name.localeCompare(b.name, 'en', { numeric: true });
  return entries.toSorted((a, b) => (key(a) === key(b) ? byName(a, b) : key(a) - key(b)));
}
