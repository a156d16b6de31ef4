/** What sets runs apart: settings that are not the same in all of them, and what came of it. */
import { settingsOf } from '../run/config.js';
import type { RunEntry } from './entry.js';

/** A name, and a value for each run; undefined where a run has none. */
export type Row = readonly [name: string, values: readonly unknown[]];

/** Settings by their path (`model.hiddenSize`), only those that differ. */
export function configDifferences(entries: readonly RunEntry[]): Row[] {
  const settings = entries.map(({ config }) => new Map(settingsOf(config)));
  const names = [...new Set(settings.flatMap((setting) => [...setting.keys()]))];
  return names
    .map((name): Row => [name, settings.map((setting) => setting.get(name))])
    .filter(([, values]) => new Set(values).size > 1);
}

/** What was measured, whether it differs or not. */
export function measured(entries: readonly RunEntry[]): Row[] {
  const metrics = [...new Set(entries.flatMap(({ valMetrics = {} }) => Object.keys(valMetrics)))];
  return [
    ['step', entries.map(({ step }) => step)],
    ['loss', entries.map(({ loss }) => loss)],
    ['validation', entries.map(({ best }) => best?.valLoss)],
    ['validation at step', entries.map(({ best }) => best?.step)],
    ...metrics.map((name): Row => [name, entries.map(({ valMetrics }) => valMetrics?.[name])]),
  ];
}
