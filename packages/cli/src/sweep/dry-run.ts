/** The trials of a sweep that are known before any result. */

import { CliError } from '../errors.js';
import { table } from '../report/table.js';
import { out } from '../terminal.js';
import type { SweepConfig } from './config.js';
import { pointsOf } from './sampler.js';
import { rungsOf } from './strategy.js';

export function dryRun(config: SweepConfig, json: boolean): void {
  const { sampler, space, seeds, task } = config;
  if (sampler.kind === 'tpe') {
    throw new CliError('USAGE', 'dry-run: trials must not depend on results, got the sampler tpe');
  }
  const points = pointsOf(config);
  const rungs = sampler.kind === 'halving' ? rungsOf(sampler, Number(config.train.steps)) : undefined;
  if (json) {
    for (const [trial, params] of points.entries()) out.line(JSON.stringify({ trial, params }));
    out.line(
      JSON.stringify({ done: true, trials: points.length, seeds, ...(rungs === undefined ? {} : { rungs }) }),
    );
    return;
  }
  const flags = Object.keys(space);
  const columns = [
    { title: 'trial', align: 'right' as const },
    ...flags.map((title) => ({ title, align: 'right' as const })),
  ];
  const rows = points.map((params, trial) => [String(trial), ...flags.map((flag) => String(params[flag]))]);
  out.line(table(columns, rows, out.style));
  const runs = `${points.length} trials of ${task}, ${seeds} run${seeds === 1 ? '' : 's'} each`;
  out.line(`\n${runs}${rungs === undefined ? '' : `; compared after ${rungs.join(', ')} steps`}`);
}
