/** A sweep's file: what is trained, what is varied, how points are chosen and which number decides. */
import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import { planOfArgs, trainCommand } from '../commands/train.js';
import { CliError, fileError } from '../errors.js';
import { trainArgs } from './flags.js';
import { Place, type Scalar } from './place.js';
import { OWN_FLAGS } from './run-spec.js';
import { gridValues, type Parameter, readParameter, type Space, valueAt } from './space.js';

export const TASKS = ['char-lm', 'classify', 'tag', 'seq2seq'] as const;

export type SamplerConfig =
  | { readonly kind: 'grid' }
  | { readonly kind: 'random' | 'tpe'; readonly seed: number }
  /** Everybody trains `min` steps, the best of every `factor` go on for `factor` times as many, and so on. */
  | {
      readonly kind: 'halving';
      readonly seed: number;
      /** Defaults to a share of 1 / factor^2 of all steps. */
      readonly min: number | undefined;
      readonly factor: number;
    };

export interface Metric {
  /** `loss`, `valLoss`, or what the validation of the task counts, e.g. `accuracy`. */
  readonly name: string;
  readonly direction: 'minimize' | 'maximize';
  /** Of a run: its last value, or its best. */
  readonly at: 'last' | 'best';
}

export interface SweepConfig {
  readonly name: string;
  readonly task: (typeof TASKS)[number];
  /** Flags of `hw5 train` without their dashes, the same for all trials. */
  readonly train: Readonly<Record<string, Scalar>>;
  readonly space: Space;
  readonly sampler: SamplerConfig;
  readonly metric: Metric;
  /** Points to try at most; undefined = all of a grid. */
  readonly trials: number | undefined;
  /** Runs for each point; their mean counts. */
  readonly seeds: number;
  /** Runs at the same time; undefined = one here, many in a queue. */
  readonly workers: number | undefined;
  /** Seconds after which the sweep stops; undefined = none. */
  readonly timeLimit: number | undefined;
  /** How often a run begins again after its process was lost. */
  readonly retries: number;
}

const KEYS = 'name task train space sampler metric trials seeds workers timeLimit retries'.split(' ');

const DEFAULT_TRIALS = 20;

/** @throws CliError that names the file and the place in it */
export async function loadConfig(path: string): Promise<SweepConfig> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw fileError('sweep', path, error);
  }
  return readConfig(await parse(path, text), path);
}

async function parse(path: string, text: string): Promise<unknown> {
  try {
    if (!/^\.ya?ml$/.test(extname(path).toLowerCase())) return JSON.parse(text);
    const { parse: parseYaml } = await import('yaml');
    return parseYaml(text);
  } catch (error) {
    const said = (error as Error).message.trim().replace(/\s+/g, ' ');
    const position = /position (\d+)/.exec(said)?.[1];
    const line =
      position === undefined ? '' : ` in line ${text.slice(0, Number(position)).split('\n').length}`;
    throw new CliError(
      'USAGE',
      `${path}: must be JSON, or YAML where the name ends so, got "${said}"${line}`,
    );
  }
}

/** Check everything that can be checked before the first step. */
export async function readConfig(value: unknown, path: string): Promise<SweepConfig> {
  const root = new Place(basename(path), value);
  root.object(KEYS);
  const task = root.at('task').word(TASKS);
  const optional = <T>(key: string, read: (place: Place) => T, otherwise: T): T =>
    root.at(key).given ? read(root.at(key)) : otherwise;
  const whole = (min: number, max?: number) => (place: Place) =>
    place.number({ whole: true, min, ...(max === undefined ? {} : { max }) });
  const space = readSpace(root.at('space'));
  const train = optional('train', readFlags, {});
  const config: SweepConfig = {
    name: optional('name', readName, basename(path, extname(path))),
    task,
    train,
    space,
    sampler: optional('sampler', readSampler, { kind: 'random', seed: 0 }),
    metric: optional('metric', readMetric, { name: 'valLoss', direction: 'minimize', at: 'last' }),
    trials: optional<number | undefined>('trials', whole(1, 1_000_000), undefined),
    seeds: optional('seeds', whole(1, 1000), 1),
    workers: optional<number | undefined>('workers', whole(1, 256), undefined),
    timeLimit: optional<number | undefined>('timeLimit', (place) => place.number({ min: 1 }), undefined),
    retries: optional('retries', whole(0, 1000), 3),
  };
  refuseTwice(root, config);
  refuseSampler(root, config);
  await tryFlags(root, config);
  return config.sampler.kind === 'grid' ? config : { ...config, trials: config.trials ?? DEFAULT_TRIALS };
}

function readName(place: Place): string {
  const name = place.text();
  return /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,59}$/u.test(name)
    ? name
    : place.refuse(
        'at most 60 letters, digits, dots, dashes and underscores, beginning with a letter or digit',
      );
}

function readSpace(place: Place): Space {
  const entries = place.entries().map(([flag, at]) => [flag, readParameter(at)] as const);
  if (entries.length === 0) place.refuse('an object with at least one flag of hw5 train');
  return Object.fromEntries(entries);
}

function readFlags(place: Place): Readonly<Record<string, Scalar>> {
  return Object.fromEntries(place.entries().map(([flag, at]) => [flag, at.scalar()]));
}

function readSampler(place: Place): SamplerConfig {
  const kinds = ['grid', 'random', 'halving', 'tpe'] as const;
  const bare = typeof place.value === 'string';
  const kind = (bare ? place : place.at('kind')).word(kinds);
  const number = <T>(key: string, min: number, otherwise: T): number | T =>
    place.at(key).given ? place.at(key).number({ whole: true, min }) : otherwise;
  if (!bare) {
    const own = { grid: [], random: ['seed'], tpe: ['seed'], halving: ['seed', 'min', 'factor'] };
    place.object(['kind', ...own[kind]]);
  }
  if (kind === 'grid') return { kind };
  const seed = number('seed', 0, 0);
  if (kind !== 'halving') return { kind, seed };
  return { kind, seed, min: number('min', 1, undefined), factor: number('factor', 2, 3) };
}

function readMetric(place: Place): Metric {
  const bare = typeof place.value === 'string';
  if (!bare) place.object(['name', 'direction', 'at']);
  const name = (bare ? place : place.at('name')).text();
  const usual = /loss$/i.test(name) ? 'minimize' : 'maximize';
  return {
    name,
    direction: place.at('direction').given ? place.at('direction').word(['minimize', 'maximize']) : usual,
    at: place.at('at').given ? place.at('at').word(['last', 'best']) : 'last',
  };
}

function refuseTwice(root: Place, { train, space, seeds }: SweepConfig): void {
  for (const flag of Object.keys(space)) {
    if (flag in train) root.at('train').at(flag).refuse(`left out: ${flag} is in the space`);
    if (flag === 'data') root.at('space').at(flag).refuse('left out: all trials learn from the same data');
    if (flag === 'seed') root.at('space').at(flag).refuse('left out: "seeds" says how many to try');
  }
  if (seeds > 1 && train.seed !== undefined && typeof train.seed !== 'number') {
    root.at('train').at('seed').number({ whole: true, min: 0 });
  }
}

function refuseSampler(root: Place, { sampler, space, train }: SweepConfig): void {
  if (sampler.kind === 'grid') {
    for (const [flag, parameter] of Object.entries(space)) {
      if (gridValues(parameter) !== undefined) continue;
      root.at('space').at(flag).refuse('finite in a grid: a list, or a range with step or points');
    }
  }
  if (sampler.kind !== 'halving') return;
  const steps = root.at('train').at('steps');
  const most = steps.number({ whole: true, min: 2 });
  if ('epochs' in train) root.at('train').at('epochs').refuse('left out: halving counts steps');
  if ('steps' in space) root.at('space').at('steps').refuse('left out: halving decides it');
  if (sampler.min !== undefined && sampler.min >= most)
    root.at('sampler').at('min').refuse(`less than train.steps = ${most}`);
}

/** Hand every flag, with every end of its range, to the parser of `hw5 train`. */
async function tryFlags(root: Place, config: SweepConfig): Promise<void> {
  const { task, train, space } = config;
  const options = new Map(
    trainCommand(async () => {}).options.map((option) => [option.long?.slice(2), option]),
  );
  const known = [...options.keys()].filter(
    (flag) => flag && !OWN_FLAGS.includes(flag) && !flag.startsWith('no-'),
  );
  const check = async (place: Place, flag: string, values: readonly Scalar[]): Promise<void> => {
    const option = options.get(flag);
    if (option === undefined || !known.includes(flag)) {
      throw place.wrap(
        new Error(`flag must be one of hw5 train, got ${flag}`),
        `there are ${known.join(', ')}`,
      );
    }
    for (const value of values) {
      if (!takesValue(option) && typeof value !== 'boolean') place.refuse('true or false');
      try {
        await planOfArgs(trainArgs(task, { ...train, [flag]: value }));
      } catch (error) {
        throw place.wrap(error);
      }
    }
  };
  for (const flag of Object.keys(train)) await check(root.at('train').at(flag), flag, [train[flag]!]);
  for (const [flag, parameter] of Object.entries(space)) {
    await check(root.at('space').at(flag), flag, endsOf(parameter));
  }
}

function takesValue(option: Command['options'][number]): boolean {
  return option.required || option.optional;
}

function endsOf(parameter: Parameter): readonly Scalar[] {
  if (parameter.kind === 'categorical') return parameter.choices;
  return [parameter.low, valueAt(parameter, 1 - 1e-12)];
}
