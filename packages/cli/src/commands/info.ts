/** `hw5 info`: the facts that a bug report needs. */
import type { Command } from 'commander';
import { addExamples, addJson } from '../help.js';
import { bytes } from '../report/format.js';
import { withSession } from '../session.js';
import { out } from '../terminal.js';
import { version } from '../version.js';

export function define(command: Command): void {
  addJson(command, 'the facts');
  addExamples(command, [['info', 'paste this into a bug report']]);
  command.action(async ({ json }: { readonly json?: true }) => {
    const [kernel, fast] = await Promise.all([
      withSession({}, (session) => session.kernel()),
      withSession({ fast: true }, (session) => session.kernel()),
    ]);
    const facts = {
      hw5: version(),
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      kernel,
      fused: fast.fused,
    };
    if (json) {
      out.line(JSON.stringify(facts));
      return;
    }
    const rows: [string, string][] = [
      ['hw5', facts.hw5],
      ['node', `${facts.node} on ${facts.platform}`],
      ['kernel', `${kernel.variant} ${kernel.precision}, ${bytes(kernel.memoryBytes)} of memory`],
      [
        '--fast',
        fast.fused ? 'fused multiply-add is available' : 'no fused multiply-add in this engine, runs strict',
      ],
    ];
    for (const [name, value] of rows) out.line(`${out.style.bold(name.padEnd(8))} ${value}`);
  });
}
