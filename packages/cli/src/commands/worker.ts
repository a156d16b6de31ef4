/** `hw5 worker`: trains the runs of sweeps that wait in a queue. */
import type { Command } from 'commander';
import { realNumber, wholeNumber } from '../args.js';
import { addExamples, addJson } from '../help.js';

interface Options {
  readonly queue: string;
  readonly artifacts?: string;
  readonly concurrency: number;
  readonly lease: number;
  readonly retries: number;
  readonly metricsPort?: number;
  readonly metricsHost: string;
  readonly json?: true;
}

export function define(command: Command): void {
  command
    .requiredOption(
      '--queue <url>',
      'redis://, rediss:// or postgres://: where hw5 sweep --queue puts its runs',
    )
    .option(
      '--artifacts <place>',
      'the folder shared with hw5 sweep, or the http(s) address of an object store, for data and weights (default: only results are kept)',
    )
    .option(
      '--concurrency <n>',
      'runs at the same time',
      wholeNumber('--concurrency', { min: 1, max: 256 }),
      1,
    )
    .option(
      '--lease <seconds>',
      'a run goes to another worker when this one was silent for so long',
      realNumber('--lease', { rule: 'a number of at least 1', allows: (value) => value >= 1 }),
      30,
    )
    .option(
      '--retries <n>',
      'how often a run may lose its worker or its process',
      wholeNumber('--retries'),
      3,
    )
    .option(
      '--metrics-port <n>',
      "serve Prometheus' text format at /metrics; 0 = any free port",
      wholeNumber('--metrics-port', { max: 65_535 }),
    )
    .option('--metrics-host <address>', 'where to listen', '127.0.0.1');
  addJson(command, 'one line for what happens');
  addExamples(command, [
    ['worker --queue redis://host:6379 --artifacts /shared/hw5', 'on as many machines as you like'],
    ['worker --queue postgres://hw5@host/hw5 --artifacts /shared/hw5 --concurrency 4', 'over PostgreSQL'],
  ]);
  command.action(async ({ artifacts, metricsPort, json, ...rest }: Options) => {
    const { work } = await import('../sweep/queue/worker.js');
    await work({ ...rest, artifacts, metricsPort, json: json === true });
  });
}
