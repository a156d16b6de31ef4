/** Help texts: the same option everywhere, and examples below every command. */
import type { Command } from 'commander';
import { self } from './terminal.js';

/** `--json`, worded once. */
export function addJson(command: Command, what: string): Command {
  return command.option('--json', `print ${what} as JSON on stdout`);
}

/** Examples as `[arguments of hw5, what it does]`. */
export function addExamples(command: Command, examples: readonly (readonly [string, string])[]): void {
  const lines = examples.map(([args, what]) => `  # ${what}\n  $ ${self} ${args}`);
  command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}
