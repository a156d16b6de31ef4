#!/usr/bin/env node
/** The root command: finds the subcommand, loads only that one, and is the only place that ends the process. */
import { Command, CommanderError } from 'commander';
import { commands } from './commands/index.js';
import { CliError, EXIT, failureOf, Interrupted } from './errors.js';
import { outputFailure, supervise } from './interrupt.js';
import { err, out, self } from './terminal.js';
import { version } from './version.js';

async function main(args: readonly string[]): Promise<void> {
  const program = new Command('hw5')
    .description('Recurrent networks and attention from the terminal: train, generate, check, solve.')
    .version(version(), '-v, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show the help of a command')
    .exitOverride()
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .configureHelp({
      styleTitle: (title) => out.style.bold(title),
      subcommandTerm: (command) => command.name(),
    })
    .configureOutput({
      // Errors are shown once, by `show`.
      outputError: () => {},
      writeOut: (text) => out.write(text),
      writeErr: (text) => out.write(text),
      getOutHasColors: () => out.colour,
      getOutHelpWidth: () => Math.min(100, out.columns),
    })
    .addHelpText('after', `\nStart with:\n  $ ${self} train char-lm\n  $ ${self} solve q3`);
  const words = args.filter((word) => !word.startsWith('-'));
  const wanted = words[0] === 'help' ? words[1] : words[0];
  for (const { name, summary, load } of commands) {
    const command = program.command(name).description(summary).summary(summary);
    if (name === wanted) (await load()).define(command);
  }
  if (args.length === 0) {
    program.outputHelp();
    return;
  }
  await program.parseAsync(args, { from: 'user' });
}

/** Show an error where it is read (JSON on stdout when asked for, else one line on stderr) and return its exit code. */
function show(error: unknown, json: boolean): number {
  if (error instanceof Interrupted) return EXIT.interrupted;
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok; // help and version
  const failure = failureOf(error instanceof CommanderError ? usageError(error) : error);
  const { code, message, hint } = failure;
  if (json) {
    out.line(JSON.stringify({ error: { code, message, ...(hint === undefined ? {} : { hint }) } }));
  } else {
    const { style } = err;
    err.line(`${style.red('hw5:')} ${message}${hint === undefined ? '' : style.dim(` (${hint})`)}`);
  }
  if (process.env.HW5_DEBUG) console.error(error);
  return failure.exit;
}

/** commander's sentence in this project's form: one line, the suggestion as part of it. */
function usageError(error: CommanderError): CliError {
  const [sentence = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const nearest = suggestion?.match(/^\(Did you mean (.*)\?\)$/)?.[1];
  const message = rewordings.reduce((text, [from, to]) => text.replace(from, to), sentence);
  const command = commands.find(({ name }) => args.includes(name))?.name;
  const help = `${[self, command, '--help'].filter(Boolean).join(' ')} shows what there is`;
  return new CliError('USAGE', message, nearest === undefined ? help : `did you mean ${nearest}?`);
}

/** From commander's wording to `<op>: <what must hold>, got <value>`. */
const rewordings: readonly (readonly [RegExp, string])[] = [
  [/^unknown option '(.*)'$/, 'option must be a known one, got $1'],
  [/^unknown command '(.*)'$/, 'command must be a known one, got $1'],
  [/^missing required argument '(.*)'$/, 'argument <$1> must be given, got none'],
  [/^option '(.*)' argument missing$/, '$1: a value must be given, got none'],
  [
    /^too many arguments for '(.*)'\. Expected (\d+) arguments? but got (\d+)\.?$/,
    '$1: must have $2 argument(s), got $3',
  ],
];

const args = process.argv.slice(2);
const beforeTerminator = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
const json = beforeTerminator.includes('--json');
supervise();
// What no command awaited still ends with one line and an exit code, not with a stack.
process.on('uncaughtException', (error) => process.exit(show(error, json)));
try {
  await main(args);
} catch (error) {
  process.exitCode = show(error, json);
}
await out.flush();
const lost = outputFailure();
if (lost !== undefined) process.exitCode = show(lost, false);
await err.flush();
process.exit();
