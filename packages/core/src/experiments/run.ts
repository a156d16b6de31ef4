/** Runs an experiment by name: seeds, the kernel it needs, pauses in which the worker hears other messages. */
import { ArgumentError } from '../errors.js';
import { loadKernel, withKernel } from '../kernel/load.js';
import { nextTask } from '../parallel/next-task.js';
import { argmaxExperiment } from './argmax.js';
import { chainExperiment } from './chain.js';
import type { Experiment, ExperimentName, ExperimentOptions, ExperimentResult } from './experiment.js';
import { leakExperiment } from './leak.js';
import { futureExperiment, moodExperiment } from './mood.js';

const experiments: readonly Experiment[] = [
  moodExperiment,
  futureExperiment,
  leakExperiment,
  chainExperiment,
  argmaxExperiment,
];

export const experimentNames: readonly ExperimentName[] = experiments.map(({ name }) => name);

const MAX_SEEDS = 50;

/**
 * @param onProgress - hears the share of the work that is done, in [0, 1]
 * @throws ArgumentError for an unknown name or a number of seeds outside [2, 50]
 */
export async function runExperiment(
  name: string,
  options: ExperimentOptions = {},
  onProgress: (share: number) => unknown = () => {},
): Promise<ExperimentResult> {
  const { seeds = 5, firstSeed = 0 } = options;
  const experiment = experiments.find((known) => known.name === name);
  if (experiment === undefined) {
    throw new ArgumentError(
      `experiment: name must be one of ${experimentNames.join(', ')}, got ${JSON.stringify(name.slice(0, 40))}`,
    );
  }
  if (!(Number.isInteger(seeds) && seeds >= 2 && seeds <= MAX_SEEDS)) {
    throw new ArgumentError(`experiment: seeds must be a whole number from 2 to ${MAX_SEEDS}, got ${seeds}`);
  }
  const kernel = await loadKernel({ precision: experiment.precision ?? 'f32' });
  const list = Array.from({ length: seeds }, (_, at) => firstSeed + at);
  const work = experiment.run(list);
  for (;;) {
    const step = withKernel(kernel, () => work.next());
    if (step.done) return step.value;
    await onProgress(step.value);
    await nextTask();
  }
}
