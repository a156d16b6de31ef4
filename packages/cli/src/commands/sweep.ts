/** `hw5 sweep`: a file that says what to vary -> trials -> the best of them. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { realNumber, wholeNumber } from '../args.js';
import { addExamples, addJson } from '../help.js';
import type { SweepOptions } from '../sweep/run.js';

interface Options extends Omit<SweepOptions, 'config' | 'folder'> {
  readonly out?: string;
}

export function define(command: Command): void {
  command
    .argument('<config>', 'JSON or YAML: task, train, space, sampler, metric; or the folder of a sweep')
    .option('--out <folder>', 'where the sweep is kept (default: sweeps/NAME)')
    .option('--resume', 'go on with a sweep that was interrupted, or is to have more trials')
    .option(
      '--trials <n>',
      'points to try (default: as the config says)',
      wholeNumber('--trials', { min: 1 }),
    )
    .option(
      '--workers <n>',
      'runs at the same time (default: as the config says, or 1; with --queue 64)',
      wholeNumber('--workers', { min: 1, max: 256 }),
    )
    .option(
      '--time-limit <seconds>',
      'stop after this time; --resume goes on',
      realNumber('--time-limit', { rule: 'a number of at least 1', allows: (value) => value >= 1 }),
    )
    .option(
      '--silence <seconds>',
      'a trial process that says nothing for so long is replaced',
      realNumber('--silence', { rule: 'a number of at least 2', allows: (value) => value >= 2 }),
      60,
    )
    .option(
      '--queue <url>',
      'redis://, rediss:// or postgres://: have the runs trained by hw5 worker, on any machine',
    )
    .option(
      '--artifacts <place>',
      'with --queue: the folder shared with the workers, or the http(s) address of an object store (default: the folder of the sweep)',
    )
    .option('--dry-run', 'print the trials that can be known before the first result, and train nothing');
  addJson(command, 'one line for every run that begins and trial that ends, and a last one with "done"');
  addExamples(command, [
    ['sweep sweep.json', 'try what the file says, in processes of this machine'],
    ['sweep sweep.json --workers 4 --trials 100', 'four at a time'],
    ['sweep sweeps/mood --resume', 'go on with it'],
    [
      'sweep sweep.json --queue redis://host:6379 --artifacts /shared/hw5',
      'on many machines, see hw5 worker',
    ],
    ['sweep report sweeps/mood', 'one page about it'],
    ['sweep sweep.json --dry-run', 'see the points first'],
  ]);
  command.action(async (path: string, options: Options) => {
    const { sweep } = await import('../sweep/run.js');
    const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? path : undefined;
    await sweep({
      ...options,
      config: folder === undefined ? path : undefined,
      folder: folder ?? options.out,
    });
  });
  command
    .enablePositionalOptions()
    .command('report')
    .argument('<folder>', 'the folder of a sweep')
    .summary('write one HTML page about a sweep')
    .description('Write one HTML page about a sweep: parallel coordinates, curves, all trials.')
    .option('--out <file>', 'where to write the page (default: report.html in the folder)')
    .option('--json', 'print where the page is, and its size as JSON on stdout')
    .action(async (folder: string, { out, json }: { readonly out?: string; readonly json?: true }) => {
      const { report } = await import('../sweep/report.js');
      await report(folder, out ?? join(folder, 'report.html'), json === true);
    });
}
