/** What runs have in common and where they differ. Pure functions. */
import type { KeptRun } from '../../frame/kept-runs/store.js';

/** A setting of some run, or `text`: what it learns from is told apart, too, though it is no part of the config. */
export type Difference = string;

export function settingOf(run: KeptRun, name: Difference): string {
  if (name === 'text') return run.text;
  const value = (run.config as unknown as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/**
 * Names whose values are not the same in all runs that have them, in the order of the configs; the seed has a column of its
 * own. Runs of different kinds have different settings: one that only some have is no difference.
 */
export function differences(runs: readonly KeptRun[]): readonly Difference[] {
  const names = new Set<Difference>(['text']);
  for (const { config } of runs) {
    for (const name of Object.keys(config)) if (name !== 'seed') names.add(name);
  }
  return [...names].filter((name) => {
    const having = runs.filter(({ config }) => name === 'text' || name in config);
    return new Set(having.map((run) => settingOf(run, name))).size > 1;
  });
}

/** The runs in the wanted order. A run without a validation is compared by its training loss. */
export function ordered(runs: readonly KeptRun[], order: 'newest' | 'loss' | 'steps'): readonly KeptRun[] {
  const lossOf = (run: KeptRun): number => run.validation ?? run.loss ?? Number.POSITIVE_INFINITY;
  const sorted = [...runs];
  if (order === 'newest') return sorted.sort((a, b) => b.changed - a.changed);
  if (order === 'steps') return sorted.sort((a, b) => b.step - a.step);
  return sorted.sort((a, b) => lossOf(a) - lossOf(b));
}

/** The chosen runs that there are, in the order in which they were chosen; none chosen = the newest ones. */
export function shownRuns(
  runs: readonly KeptRun[],
  chosen: readonly string[],
  most: number,
): readonly KeptRun[] {
  const found = chosen.flatMap((id) => runs.find((run) => run.id === id) ?? []);
  return found.length > 0 ? found : ordered(runs, 'newest').slice(0, most);
}

/** The curve that is asked for, [step, loss]. */
export function curveOf(
  { curve }: KeptRun,
  measure: 'validation' | 'training',
): readonly (readonly [number, number])[] {
  return curve.flatMap(([step, training, validation]) => {
    const loss = measure === 'training' ? training : validation;
    return loss === null || !Number.isFinite(loss) ? [] : [[step, loss] as const];
  });
}
