/** One training run of a sweep: everything that defines it, and its name, which is a hash of just that. */
import { createHash } from 'node:crypto';
import { CliError } from '../errors.js';
import type { SweepConfig } from './config.js';
import type { Scalar } from './place.js';
import type { Params } from './space.js';

/** A file to learn from, found by its content. */
export interface SweepData {
  /** Its name, whose ending tells the format. */
  readonly name: string;
  readonly sha256: string;
}

export interface RunSpec {
  /** {@link idOf} of the rest: equal runs are one run, whoever asks for them. */
  readonly id: string;
  readonly task: SweepConfig['task'];
  /** Flags of `hw5 train`, seed and steps included, data left out. */
  readonly flags: Readonly<Record<string, Scalar>>;
  readonly data: SweepData | undefined;
  /** The same run up to fewer steps, to go on from where it is at hand; the result is the same without. */
  readonly from: string | undefined;
}

/** What a finished run is worth. Small: the weights stay in its folder. */
export interface RunResult {
  readonly id: string;
  readonly steps: number;
  readonly seconds: number;
  readonly hash: string;
  readonly loss: number;
  readonly valLoss?: number;
  readonly valMetrics?: Readonly<Record<string, number>>;
  /** Step and what was measured, at each validation. */
  readonly validations: readonly Measured[];
  /** Step and training loss, thinned. */
  readonly losses: readonly (readonly [step: number, loss: number])[];
}

export interface Measured {
  readonly step: number;
  readonly loss: number;
  readonly valLoss?: number;
  readonly valMetrics?: Readonly<Record<string, number>>;
}

/** Why a run has no result, and never will. */
export interface RunFailure {
  readonly code: string;
  readonly message: string;
}

export type Outcome =
  | { readonly result: RunResult }
  | { readonly failure: RunFailure }
  /** Interrupted; its place is kept, and it goes on when asked again. */
  | { readonly stopped: true };

export interface RunRequest {
  readonly params: Params;
  readonly seed: number;
  /** Undefined = as the config says. */
  readonly steps: number | undefined;
  /** Steps of the same run before, where there was one. */
  readonly after: number | undefined;
}

export function runSpec(config: SweepConfig, data: SweepData | undefined, request: RunRequest): RunSpec {
  const { params, seed, steps, after } = request;
  const { data: _path, ...fixed } = config.train;
  const flags = { ...fixed, ...params, seed };
  const named = (length: number | undefined): Omit<RunSpec, 'id' | 'from'> => ({
    task: config.task,
    flags: length === undefined ? flags : { ...flags, steps: length },
    data,
  });
  const from = after === undefined ? undefined : idOf(named(after));
  return { id: idOf(named(steps)), ...named(steps), from };
}

/** SHA-256 of what defines a run, its first 20 hex digits: 80 bits. */
export function idOf({ task, flags, data }: Omit<RunSpec, 'id' | 'from'>): string {
  const sorted = Object.entries(flags).sort(([a], [b]) => (a < b ? -1 : 1));
  const content = JSON.stringify([task, sorted, data?.sha256 ?? null]);
  return createHash('sha256').update(content).digest('hex').slice(0, 20);
}

/** Flags that say where a run is kept and how it is told: whoever trains it decides them. */
export const OWN_FLAGS: readonly string[] = ['out', 'resume', 'json', 'quiet'];

/**
 * A run from elsewhere, checked before its names become paths and its flags are obeyed.
 * @throws CliError USAGE when it is not one that hw5 sweep made
 */
export function checkedSpec(spec: RunSpec): RunSpec {
  const { id, from, flags, data } = spec;
  const refuse = (what: string, got: unknown): never => {
    throw new CliError('USAGE', `run: ${what}, got ${JSON.stringify(got)?.slice(0, 60)}`);
  };
  if (id !== idOf(spec)) refuse(`id must be the hash of what defines it, ${idOf(spec)}`, id);
  if (from !== undefined && !/^[0-9a-f]{20}$/.test(from)) refuse('from must be the id of a run', from);
  if (data !== undefined && (/[/\\]|^\.*$/.test(data.name) || !/^[0-9a-f]{64}$/.test(data.sha256))) {
    refuse('data must have the name of a file and a SHA-256', data);
  }
  const own = Object.keys(flags).find((flag) => [...OWN_FLAGS, 'data'].includes(flag));
  if (own !== undefined) refuse('flags must be those that define a run', own);
  return spec;
}

/** The number that decides, of one run; undefined when the run did not measure it. */
export function metricOf(
  { name, at, direction }: SweepConfig['metric'],
  {
    loss,
    valLoss,
    valMetrics,
    validations,
  }: Pick<RunResult, 'loss' | 'valLoss' | 'valMetrics' | 'validations'>,
): number | undefined {
  const read = (from: Omit<Measured, 'step'>): number | undefined =>
    name === 'loss' ? from.loss : name === 'valLoss' ? from.valLoss : from.valMetrics?.[name];
  const last = read({
    loss,
    ...(valLoss === undefined ? {} : { valLoss }),
    ...(valMetrics ? { valMetrics } : {}),
  });
  if (at === 'last') return last;
  const all = [...validations.map(read), last].filter((value) => value !== undefined);
  if (all.length === 0) return undefined;
  return direction === 'minimize' ? Math.min(...all) : Math.max(...all);
}
