/** One `hw5 sweep` from its options to its last line. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, EXIT, fileError, Interrupted } from '../errors.js';
import { stopSignal } from '../interrupt.js';
import { loss } from '../report/format.js';
import { lockRun } from '../run/lock.js';
import { out, self } from '../terminal.js';
import { loadConfig, type SweepConfig } from './config.js';
import { countsOf, openDisplay, shownParams } from './display.js';
import { dryRun } from './dry-run.js';
import type { Executor, RunWatcher } from './executor.js';
import { HttpStore, isAddress } from './http-store.js';
import { localExecutor } from './local.js';
import type { Service } from './queue/service.js';
import { RunStore, type Store } from './store.js';
import { strategyOf } from './strategy.js';
import { Study } from './study.js';
import { runSweep, type SweepEnd } from './sweep.js';
import { requireOptuna } from './tpe.js';

export interface SweepOptions {
  /** A config file; undefined = what the folder's journal says. */
  readonly config: string | undefined;
  /** Where the sweep is, or is to be, kept. */
  readonly folder: string | undefined;
  readonly resume?: true;
  readonly trials?: number;
  readonly workers?: number;
  readonly timeLimit?: number;
  /** Seconds. */
  readonly silence: number;
  readonly queue?: string;
  readonly artifacts?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** Run a sweep; sets exit code 130 when a signal ended it early, 1 when no trial came to an end. */
export async function sweep(options: SweepOptions): Promise<void> {
  const config =
    options.config === undefined ? undefined : changed(await loadConfig(options.config), options);
  if (options.dryRun === true) {
    dryRun(config ?? openStudy(options.folder!, options).config, options.json === true);
    return;
  }
  if (config?.sampler.kind === 'tpe') await requireOptuna();
  const service =
    options.queue === undefined
      ? undefined
      : await (await import('./queue/service.js')).openService(options.queue);
  const folder = options.folder ?? join('sweeps', config!.name);
  const stop = stopSignal();
  makeFolder(folder);
  const lock = lockRun(folder);
  try {
    const { artifacts } = options;
    const store = isAddress(artifacts)
      ? new HttpStore(artifacts, new RunStore(folder))
      : new RunStore(artifacts ?? folder);
    const study = await studyIn(folder, config, options, store);
    if (config === undefined && study.config.sampler.kind === 'tpe') await requireOptuna();
    if (stop.aborted) throw new Interrupted();
    const display = await openDisplay(study, options.json === true);
    let executor: Executor | undefined;
    try {
      executor = await executorOf(study, store, service, options.silence, display);
      stop.addEventListener('abort', () => {
        if (stop.reason === 'signal')
          display.onNote('stopping: runs save where they are; again to leave at once');
      });
      const end = await runSweep(study, strategyOf(study.config), executor, display, stop);
      display.stop();
      tellEnd(study, folder, store, end, options.json === true);
    } finally {
      display.stop();
      await executor?.close();
    }
  } finally {
    lock.release();
  }
}

/** Enough in the queue that no worker waits; fewer where points depend on results. */
const queued = { grid: 64, random: 64, halving: 64, tpe: 8 } as const;

async function executorOf(
  { config, id }: Study,
  store: Store,
  service: Service | undefined,
  silence: number,
  watcher: RunWatcher,
): Promise<Executor> {
  const { workers, retries, sampler } = config;
  if (service === undefined) {
    return localExecutor({ store, workers: workers ?? 1, retries, silenceMs: silence * 1000, watcher });
  }
  const { queueExecutor } = await import('./queue/producer.js');
  const capacity = workers ?? queued[sampler.kind];
  return queueExecutor({ service, sweep: id, store, capacity, retries, watcher });
}

function changesOf({ trials, workers, timeLimit }: SweepOptions): Partial<SweepConfig> {
  return Object.fromEntries(
    Object.entries({ trials, workers, timeLimit }).filter(([, value]) => value !== undefined),
  );
}

function changed(config: SweepConfig, options: SweepOptions): SweepConfig {
  return { ...config, ...changesOf(options) };
}

const journalIn = (folder: string): string => join(folder, 'journal.log');

export function openStudy(folder: string, options: Partial<SweepOptions> = {}): Study {
  if (!Study.begun(journalIn(folder))) {
    throw new CliError(
      'RUN',
      `sweep: folder must hold a sweep, got none in ${folder}`,
      'name the folder that hw5 sweep made',
    );
  }
  return Study.open(journalIn(folder), changesOf({ silence: 0, config: undefined, folder, ...options }));
}

/** A new study, or the one in the folder when it is to go on. */
async function studyIn(
  folder: string,
  config: SweepConfig | undefined,
  options: SweepOptions,
  store: Store,
): Promise<Study> {
  const journal = journalIn(folder);
  if (!Study.begun(journal)) {
    if (config === undefined) return openStudy(folder);
    const { data } = config.train;
    return Study.create(journal, config, data === undefined ? undefined : await store.keepData(String(data)));
  }
  if (options.resume !== true) {
    throw new CliError(
      'RUN',
      `sweep: folder must not hold a sweep already, got ${folder}`,
      `continue it with ${self} sweep ${folder} --resume, or choose another --out`,
    );
  }
  if (config === undefined) return openStudy(folder, options);
  const { trials, workers, timeLimit, retries } = config;
  const study = Study.open(journal, { trials, workers, timeLimit, retries });
  refuseOther(study, config, folder);
  if (config.train.data !== undefined) {
    const now = await store.keepData(String(config.train.data));
    if (now?.sha256 !== study.data?.sha256) {
      throw new CliError(
        'RUN',
        `sweep: data must stay what the sweep began with, got another text in ${config.train.data}`,
      );
    }
  }
  return study;
}

/** What decides results must be what it was; how long and how wide the sweep runs may change. */
function refuseOther(study: Study, config: SweepConfig, folder: string): void {
  for (const key of ['task', 'train', 'space', 'sampler', 'metric', 'seeds', 'name'] as const) {
    const [was, is] = [JSON.stringify(study.config[key]), JSON.stringify(config[key])];
    if (was === is) continue;
    throw new CliError(
      'RUN',
      `sweep: ${key} must stay what the sweep in ${folder} began with, ${was}, got ${is}`,
      'choose another --out for another sweep',
    );
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw fileError('out', folder, error);
  }
}

function tellEnd(study: Study, folder: string, store: Store, end: SweepEnd, json: boolean): void {
  const counts = countsOf(study);
  const best = study.best();
  const failed = study.trials.find(({ state }) => state === 'failed');
  if (end === 'signal') process.exitCode = EXIT.interrupted;
  else if (best === undefined && end === undefined) process.exitCode = EXIT.user;
  if (json) {
    out.line(
      JSON.stringify({
        done: end === undefined,
        ...(end === undefined ? {} : { stopped: end }),
        sweep: folder,
        trials: study.size,
        ...counts,
        best: best === undefined ? undefined : { ...best, runs: runsOf(study, store, best.number) },
      }),
    );
    return;
  }
  const { style } = out;
  const facts: [string, string][] = [
    [
      end === undefined ? 'done' : 'stopped',
      `${counts.complete} complete, ${counts.pruned} pruned, ${counts.failed} failed, ${counts.running} open`,
    ],
  ];
  if (best !== undefined) {
    facts.push([
      'best',
      `${study.config.metric.name} ${loss(best.value)}, trial ${best.number}: ${shownParams(best.params)}`,
    ]);
    facts.push(['run', runsOf(study, store, best.number).join(', ')]);
  } else if (failed !== undefined) facts.push(['why', study.failureOf(failed.number)?.message ?? '']);
  for (const [name, value] of facts) out.line(`${style.bold(name.padEnd(8))} ${value}`);
  out.line(`\n${style.bold('next')}`);
  const next = end === undefined ? [] : [`sweep ${folder} --resume`];
  for (const command of [...next, `sweep report ${folder}`])
    out.line(`  ${style.cyan(`${self} ${command}`)}`);
}

/** Where the weights of a trial are, when they were kept. */
function runsOf(study: Study, store: Store, trial: number): string[] {
  const results = study.resultsOf(trial);
  const most = Math.max(...results.map(({ steps }) => steps));
  return results.flatMap(({ id, steps }) => (steps === most ? (store.place(id) ?? []) : []));
}
