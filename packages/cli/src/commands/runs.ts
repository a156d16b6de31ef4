/** `hw5 runs`: what was trained here, compared and tidied up. */
import type { Command } from 'commander';
import { oneOf, realNumber, wholeNumber } from '../args.js';
import { CliError } from '../errors.js';
import { addExamples, addJson } from '../help.js';
import { bytes, loss } from '../report/format.js';
import { table } from '../report/table.js';
import { metric, metricLabel } from '../report/task-report.js';
import { dataName } from '../run/config.js';
import { configDifferences, measured, type Row } from '../runs/differences.js';
import { namedEntry, type RunEntry, readEntries, statuses } from '../runs/entry.js';
import { deleteRun } from '../runs/prune.js';
import { type Filter, orderNames, passes, sorted } from '../runs/select.js';
import { out, printable } from '../terminal.js';

interface Options extends Filter {
  readonly dir: string;
  readonly sort: string;
  readonly json?: true;
}

interface PruneOptions extends Options {
  readonly keep?: number;
  readonly olderThan?: number;
  readonly yes?: true;
}

const tasks = ['char-lm', 'classify', 'tag', 'seq2seq', 'forecast'] as const;
const day = 24 * 3600 * 1000;
const notNegative = { rule: 'a number of at least 0', allows: (value: number) => value >= 0 };

export function define(command: Command): void {
  const list = command.command('list', { isDefault: true }).description('list runs, the newest first');
  addDir(list);
  addFilters(list, 'time');
  addJson(list, 'one line per run');
  list.action(async (options: Options) => {
    const entries = sorted(await readEntries(options.dir), options.sort).filter((e) => passes(e, options));
    if (options.json) for (const entry of entries) out.line(JSON.stringify(facts(entry)));
    else if (entries.length === 0) out.line(`no such runs in ${options.dir}`);
    else out.line(listed(entries));
  });

  const show = command.command('show <run>').description('show the settings, results and files of a run');
  addDir(show);
  addJson(show, 'everything');
  show.action(async (name: string, { dir, json }: Options) => {
    const entry = await namedEntry(name, dir);
    out.line(json ? JSON.stringify({ ...facts(entry), config: entry.config }) : shown(entry));
  });

  const diff = command
    .command('diff <run> <other...>')
    .description('show where the settings of runs differ, and what came of it');
  addDir(diff);
  addJson(diff, 'settings and results, a value per run');
  diff.action(async (first: string, others: readonly string[], { dir, json }: Options) => {
    const entries = await Promise.all([first, ...others].map((name) => namedEntry(name, dir)));
    const differences = configDifferences(entries);
    if (json) {
      const runs = entries.map(({ files }) => files.folder);
      const values = (rows: readonly Row[]): object =>
        Object.fromEntries(rows.map(([name, of]) => [name, of.map((value) => value ?? null)]));
      out.line(JSON.stringify({ runs, config: values(differences), metrics: values(measured(entries)) }));
    } else out.line(compared(entries, differences));
  });

  const prune = command
    .command('prune [run...]')
    .description(
      'delete runs: those named, or those that the options choose; says which unless --yes is given',
    );
  addDir(prune);
  addFilters(prune, 'time')
    .option(
      '--older-than <days>',
      'only runs not written to for so long',
      realNumber('--older-than', notNegative),
    )
    .option('--keep <n>', 'all but the first n in the order of --sort', wholeNumber('--keep'))
    .option('--yes', 'delete them');
  addJson(prune, 'one line per run and a last one with the bytes');
  prune.action(pruneRuns);

  addExamples(command, [
    ['runs', 'all runs in runs/, the newest first'],
    ['runs list --task classify --sort validation', 'the best classifiers first'],
    ['runs diff panbeh-0 panbeh-0-2', 'what was set differently, and what came of it'],
    ['runs prune --status broken', 'what would be deleted'],
    ['runs prune --keep 5 --sort validation --yes', 'delete all but the five best'],
  ]);
}

async function pruneRuns(names: readonly string[], options: PruneOptions): Promise<void> {
  const { dir, json, yes, keep, olderThan } = options;
  const chooses = [options.task, options.status, options.match, keep, olderThan].some((o) => o !== undefined);
  if (names.length === 0 && !chooses) {
    throw new CliError(
      'USAGE',
      'prune: runs must be named or chosen by --status, --task, --match, --older-than or --keep, got none',
    );
  }
  const all =
    names.length > 0 ? await Promise.all(names.map((name) => namedEntry(name, dir))) : await readEntries(dir);
  const now = Date.now();
  const chosen = sorted(all, options.sort)
    .filter((entry) => passes(entry, options))
    .filter(({ time }) => olderThan === undefined || now - time >= olderThan * day)
    .slice(keep ?? 0);
  let total = 0;
  for (const entry of chosen) {
    const outcome = yes ? deleteRun(entry) : entry.status === 'running' ? 'in use' : 'would be deleted';
    if (outcome !== 'in use') total += entry.bytes;
    const { folder } = entry.files;
    out.line(
      json
        ? JSON.stringify({ run: folder, bytes: entry.bytes, outcome })
        : `${outcome.padEnd(16)}  ${bytes(entry.bytes).padStart(8)}  ${printable(folder)}`,
    );
  }
  if (json) out.line(JSON.stringify({ done: yes === true, runs: chosen.length, bytes: total }));
  else if (chosen.length === 0) out.line('no such runs');
  else out.line(`\n${bytes(total)} ${yes ? 'freed' : 'would be freed; --yes deletes them'}`);
}

function addDir(command: Command): Command {
  return command.option('--dir <folder>', 'where the runs are', 'runs');
}

function addFilters(command: Command, order: string): Command {
  return command
    .option('--task <task>', 'only runs of this task', oneOf('--task', tasks))
    .option('--status <status>', `only runs that are ${statuses.join(', ')}`, oneOf('--status', statuses))
    .option('--match <text>', 'only runs with this in their name')
    .option('--sort <by>', orderNames.join(', '), oneOf('--sort', orderNames), order);
}

/** A run as JSON. */
function facts({ files, config, time, ...entry }: RunEntry): Record<string, unknown> {
  return { run: files.folder, task: config.task, ...entry, time: new Date(time).toISOString() };
}

function listed(entries: readonly RunEntry[]): string {
  const rows = entries.map((entry) => [
    printable(entry.name),
    entry.config.task,
    coloured(entry.status),
    `${entry.step}/${entry.goal}`,
    loss(entry.loss),
    loss(entry.best?.valLoss),
    Object.entries(entry.valMetrics ?? {})
      .slice(0, 1)
      .map(([name, value]) => `${metricLabel(name)} ${metric(name, value)}`)
      .join(''),
    modelOf(entry),
    bytes(entry.bytes),
    age(Date.now() - entry.time),
  ]);
  return table(
    [
      { title: 'run' },
      { title: 'task' },
      { title: 'status' },
      { title: 'steps', align: 'right' },
      { title: 'loss', align: 'right' },
      { title: 'validation', align: 'right' },
      { title: '' },
      { title: 'model' },
      { title: 'size', align: 'right' },
      { title: 'written', align: 'right' },
    ],
    rows,
    out.style,
  );
}

function coloured(status: RunEntry['status']): string {
  const { style } = out;
  const paint = { running: style.cyan, done: style.green, stopped: style.yellow, broken: style.red }[status];
  return paint(status);
}

function modelOf({ config: { model } }: RunEntry): string {
  return `${model.cell} ${model.numLayers > 1 ? `${model.numLayers} x ` : ''}${model.hiddenSize}`;
}

/** How long ago, in the largest unit that fits. */
function age(ms: number): string {
  const minutes = Math.max(0, ms) / 60_000;
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${Math.floor(minutes)} min ago`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return `${Math.floor(minutes / 60 / 24)} d ago`;
}

function shown(entry: RunEntry): string {
  const { files, best, valMetrics } = entry;
  const model = Object.entries(entry.config.model).map(([name, value]): [string, string] => [
    name,
    plain(value),
  ]);
  const rows: [string, string][] = [
    ['run', printable(files.folder)],
    ['task', entry.config.task],
    ['status', coloured(entry.status)],
    ['step', `${entry.step} of ${entry.goal}`],
    ['loss', loss(entry.loss)],
    ['validation', best === undefined ? '-' : `${loss(best.valLoss)} at step ${best.step}`],
    ...Object.entries(valMetrics ?? {}).map(([n, v]): [string, string] => [metricLabel(n), metric(n, v)]),
    ['data', printable(dataOf(entry))],
    ...model,
    ['size', bytes(entry.bytes)],
    ['written', new Date(entry.time).toISOString()],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${out.style.bold(name.padEnd(width))}  ${value}`).join('\n');
}

function dataOf({ config: { data } }: RunEntry): string {
  return 'generated' in data ? `generated: ${dataName(data)}` : dataName(data);
}

function compared(entries: readonly RunEntry[], differences: readonly Row[]): string {
  const columns = [{ title: '' }, ...entries.map(({ name }) => ({ title: printable(name) }))];
  const cells = (rows: readonly Row[]): string[][] => rows.map(([name, of]) => [name, ...of.map(plain)]);
  const settings =
    differences.length === 0 ? 'the settings are the same' : table(columns, cells(differences), out.style);
  return `${settings}\n\n${table(columns, cells(measured(entries)), out.style)}`;
}

function plain(value: unknown): string {
  if (value === undefined) return '-';
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : compact6(value);
  return printable(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Six digits: enough to tell two losses apart. */
function compact6(value: number): string {
  return String(Number(value.toPrecision(6)));
}
