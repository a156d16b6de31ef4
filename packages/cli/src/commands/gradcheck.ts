/** `hw5 gradcheck`: every operation's backward against centred finite differences in f64. */
import type { Command } from 'commander';
import { wholeNumber } from '../args.js';
import { EXIT } from '../errors.js';
import { addExamples, addJson } from '../help.js';
import { withSession } from '../session.js';
import { out } from '../terminal.js';

interface Options {
  readonly op?: string;
  readonly seed: number;
  readonly json?: true;
}

export function define(command: Command): void {
  command
    .option('--op <name>', 'only this operation')
    .option('--seed <n>', 'seed of the inputs', wholeNumber('--seed'), 0);
  addJson(command, 'rows and passed');
  addExamples(command, [
    ['gradcheck', 'all operations'],
    ['gradcheck --op lstm', 'one operation'],
  ]);
  command.action(async ({ op, seed, json }: Options) => {
    const rows = await withSession({}, (session) =>
      session.gradcheck(op === undefined ? { seed } : { seed, op }),
    );
    const passed = rows.every((row) => row.passed);
    if (!passed) process.exitCode = EXIT.user;
    if (json) {
      out.line(JSON.stringify({ passed, rows }));
      return;
    }
    const { table } = await import('../report/table.js');
    const { style } = out;
    out.line(
      table(
        [
          { title: 'operation' },
          { title: 'gradient of' },
          { title: 'entries', align: 'right' },
          { title: 'relative error', align: 'right' },
          { title: '' },
        ],
        rows.map((row) => [
          row.op,
          row.input,
          String(row.entries),
          row.relativeError.toExponential(1),
          row.passed ? style.green('ok') : style.red('FAILED'),
        ]),
        style,
      ),
    );
    const failed = rows.filter((row) => !row.passed).length;
    out.line(
      failed === 0
        ? `\nall ${rows.length} gradients agree`
        : `\n${failed} of ${rows.length} gradients do not agree`,
    );
  });
}
