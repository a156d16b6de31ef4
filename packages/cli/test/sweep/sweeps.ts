/** A sweep whose runs take a fraction of a second: parity of bits, a handful of steps. */
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { idOf, type RunResult, type RunSpec } from '../../src/sweep/run-spec.js';
import { folder, jsonLines } from '../cli.js';

export const parity: Readonly<Record<string, unknown>> & {
  readonly train: Readonly<Record<string, unknown>>;
} = {
  name: 'parity',
  task: 'classify',
  train: { task: 'parity', examples: 100, hidden: 4, embed: 4, steps: 6 },
  space: { lr: { float: [0.001, 0.1], log: true }, cell: ['rnn', 'gru', 'lstm'] },
  trials: 4,
  workers: 2,
};

/** A folder with `sweep.json`. */
export function folderWithSweep(changes: Readonly<Record<string, unknown>> = {}): string {
  const cwd = folder();
  writeFileSync(join(cwd, 'sweep.json'), JSON.stringify({ ...parity, ...changes }));
  return cwd;
}

export interface SweepLine {
  readonly trial?: number;
  readonly state?: string;
  readonly run?: string;
  readonly value?: number;
  readonly steps?: number;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly failure?: { readonly code: string };
  readonly note?: string;
  readonly done?: boolean;
  readonly stopped?: string;
  readonly complete?: number;
  readonly pruned?: number;
  readonly failed?: number;
  readonly best?: { readonly number: number; readonly value: number; readonly runs: readonly string[] };
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
}

export function sweepLines(stdout: string): SweepLine[] {
  return jsonLines(stdout) as unknown as SweepLine[];
}

/** Trials that ended, by number. */
export function endedTrials(stdout: string): SweepLine[] {
  return sweepLines(stdout)
    .filter(({ trial, state }) => trial !== undefined && state !== 'running')
    .sort((a, b) => a.trial! - b.trial!);
}

/** Finished runs in a sweep's folder, and attempts that are none. */
export function keptRuns(sweep: string): { readonly finished: string[]; readonly attempts: string[] } {
  const names = readdirSync(join(sweep, 'runs')).sort();
  return {
    finished: names.filter((name) => !name.includes('.')),
    attempts: names.filter((name) => name.includes('.')),
  };
}

/** Resolves when some run in a sweep's folder has made its first steps. */
export async function untilTraining(sweep: string): Promise<void> {
  for (;;) {
    const attempts = existsSync(join(sweep, 'runs')) ? keptRuns(sweep).attempts : [];
    const metrics = attempts.map((name) => join(sweep, 'runs', name, 'metrics.jsonl'));
    if (metrics.some((path) => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0)) return;
    await sleep(10);
  }
}

/** What defines a run, the run, and a result of it that is told by its hash. */
export const named: Omit<RunSpec, 'id' | 'from'> = {
  task: 'classify',
  flags: { lr: 0.1, hidden: 4, seed: 0 },
  data: undefined,
};
export const spec: RunSpec = { ...named, id: idOf(named), from: undefined };
export const result = (hash: string): RunResult => ({
  id: spec.id,
  steps: 1,
  seconds: 1,
  hash,
  loss: 1,
  validations: [],
  losses: [],
});
