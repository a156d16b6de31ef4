/** Our journal in Optuna's hands, and Optuna's points in ours. HW5_OPTUNA names the command where it is not on the path. */
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { hw5 } from '../cli.js';
import { endedTrials, folderWithSweep, keptRuns, sweepLines } from './sweeps.js';

const optuna = process.env.HW5_OPTUNA ?? 'optuna';
/** The Python that has Optuna. */
const python = optuna.includes('/') ? join(dirname(optuna), 'python3') : 'python3';

const load = `
import json, sys, optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
study = optuna.load_study(study_name="parity", storage=JournalStorage(JournalFileBackend(sys.argv[1])))
print(json.dumps([{"number": t.number, "state": t.state.name, "value": t.value, "params": t.params,
  "steps": sorted(t.intermediate_values), "seconds": t.duration.total_seconds()} for t in study.trials]))
print(study.best_trial.number, study.direction.name)
`;

interface Loaded {
  readonly number: number;
  readonly state: string;
  readonly value: number | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly steps: readonly number[];
  readonly seconds: number;
}

function loadedBy(journal: string): { readonly trials: readonly Loaded[]; readonly best: string } {
  const [trials = '', best = ''] = execFileSync(python, ['-c', load, journal], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return { trials: JSON.parse(trials), best };
}

test('Optuna reads a sweep with all that it found', async () => {
  const train = { task: 'parity', examples: 100, hidden: 4, embed: 4, steps: 12, 'eval-every': 3 };
  const halving = { kind: 'halving', min: 4, factor: 3 };
  const cwd = folderWithSweep({ sampler: halving, train, trials: 6 });
  const done = await hw5(['sweep', 'sweep.json', '--json'], { cwd });
  const ours = endedTrials(done.stdout);
  const { trials, best } = loadedBy(join(cwd, 'sweeps/parity/journal.log'));
  expect(trials.map(({ number, value, params }) => [number, value, params])).toEqual(
    ours.map(({ trial, value, params }) => [trial, value, params]),
  );
  expect(trials.map(({ state }) => state.toLowerCase())).toEqual(ours.map(({ state }) => state));
  expect(best).toBe(`${sweepLines(done.stdout).at(-1)!.best!.number} MINIMIZE`);
  expect(trials.find(({ state }) => state === 'COMPLETE')?.steps).toEqual([3, 6, 9, 12]);
  for (const { seconds } of trials) expect(seconds).toBeGreaterThan(0);
});

test('tpe: Optuna chooses, we train, and both write one journal', async () => {
  const cwd = folderWithSweep({ sampler: { kind: 'tpe', seed: 3 }, trials: 5, workers: 2 });
  const done = await hw5(['sweep', 'sweep.json', '--json'], { cwd, env: { HW5_OPTUNA: optuna } });
  expect(done).toMatchObject({ code: 0, stderr: '' });
  const ours = endedTrials(done.stdout);
  expect(new Set(ours.map(({ params }) => JSON.stringify(params))).size).toBe(5);
  for (const { params } of ours) {
    expect(Number(params!.lr)).toBeGreaterThanOrEqual(0.001);
    expect(Number(params!.lr)).toBeLessThanOrEqual(0.1);
    expect(['rnn', 'gru', 'lstm']).toContain(params!.cell);
  }
  const journal = join(cwd, 'sweeps/parity/journal.log');
  const { trials } = loadedBy(journal);
  expect(trials.map(({ value, params }) => [value, params])).toEqual(
    ours.map(({ value, params }) => [value, params]),
  );
});

test('tpe may choose a point again: it is not trained again', async () => {
  const cwd = folderWithSweep({ sampler: 'tpe', space: { cell: ['rnn', 'gru'] }, trials: 6, workers: 3 });
  const done = await hw5(['sweep', 'sweep.json', '--json'], { cwd, env: { HW5_OPTUNA: optuna } });
  expect(sweepLines(done.stdout).at(-1)).toMatchObject({ done: true, complete: 6 });
  expect(keptRuns(join(cwd, 'sweeps/parity')).finished.length).toBeLessThanOrEqual(2);
});
