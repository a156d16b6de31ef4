/** `hw5 bench`: how fast the kernel and a training step are on this machine, as ratios measured in one run. */
import { cpus } from 'node:os';
import type { BenchRow } from '@hw5/core';
import type { Command } from 'commander';
import { addExamples, addJson } from '../help.js';
import { withSession } from '../session.js';
import { err, out } from '../terminal.js';

export function define(command: Command): void {
  command.option('--quick', 'fewer repetitions, rougher figures');
  addJson(command, 'all rows');
  addExamples(command, [['bench --quick', 'a first impression in seconds']]);
  command.action(async ({ quick, json }: { readonly quick?: true; readonly json?: true }) => {
    const onRow = (row: BenchRow): void => {
      if (!json) err.line(err.style.dim(`measured ${row.name}`));
    };
    const rows = await withSession({}, (session) => session.bench({ quick: quick === true, onRow }));
    const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
    if (json) {
      out.line(JSON.stringify({ machine, rows }));
      return;
    }
    const { table } = await import('../report/table.js');
    const titles = ['measured', 'ms', 'GFLOP/s', 'ratio', 'of'] as const;
    out.line(
      table(
        titles.map((title, index) => ({ title, align: index === 0 || index === 4 ? 'left' : 'right' })),
        rows.map((row) => [
          row.name,
          row.milliseconds.toPrecision(3),
          row.gflops?.toFixed(1) ?? '',
          row.ratio?.toFixed(2) ?? '',
          row.against ?? '',
        ]),
        out.style,
      ),
    );
    out.line(`\n${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`);
  });
}
