/** Reports a run to a tracking server, when it was asked for or the resumed run did so before. */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { settingsOf } from '../run/config.js';
import type { MlflowTracker } from '../run/mlflow.js';
import { warn } from '../terminal.js';
import type { OpenRun } from './open.js';
import type { TrainPlan } from './plan.js';

export async function openTracker(
  { files, config }: OpenRun,
  { mlflow, mlflowExperiment }: TrainPlan,
): Promise<MlflowTracker | undefined> {
  if (mlflow === undefined && !existsSync(files.mlflow)) return undefined;
  const { MlflowTracker } = await import('../run/mlflow.js');
  return MlflowTracker.open({
    path: files.mlflow,
    url: mlflow,
    experiment: mlflowExperiment,
    runName: basename(resolve(files.folder)),
    params: Object.fromEntries(settingsOf(config).map(([name, value]) => [name, String(value)])),
    onTrouble: warn,
  });
}
