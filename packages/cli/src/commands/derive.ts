/** `hw5 derive`: backpropagation through time of any recurrence, symbolically, in numbers, and checked. */
import { readFile } from 'node:fs/promises';
import type { Derivation, DerivationRequest } from '@hw5/core/homework';
import type { Command } from 'commander';
import { oneOf, shown, wholeNumber } from '../args.js';
import { CliError, EXIT, fileError } from '../errors.js';
import { addExamples, addJson } from '../help.js';
import { located } from '../homework/located.js';
import { withSession } from '../session.js';
import { out } from '../terminal.js';

type Sizes = NonNullable<DerivationRequest['sizes']>;
type Size = Sizes[string];
type Changes = NonNullable<DerivationRequest['changes']>;

interface Options {
  readonly cell?: string;
  readonly loss?: string;
  readonly wrt?: string;
  readonly steps: number;
  readonly at: 'each' | 'last';
  readonly size?: Sizes;
  readonly values?: string;
  readonly set?: Changes;
  readonly start: 'zero' | 'drawn';
  readonly seed: number;
  readonly activation: 'tanh' | 'sigmoid' | 'relu' | 'identity';
  readonly layout: 'shape' | 'numerator' | 'denominator';
  readonly lang: 'en' | 'fa';
  readonly format: 'text' | 'json' | 'latex';
  readonly emit?: 'ts' | 'numpy' | 'pytorch';
  readonly json?: true;
}

export function define(command: Command): void {
  command
    .option('--cell <equations>', 'h[t] = ...; several by ; or line breaks (default: question 2)')
    .option('--loss <expression>', 'J[t], a scalar (default: cross_entropy(softmax(o[t]), y[t]))')
    .option('--wrt <name>', 'a parameter, h[0], x[2], h[2] or z[3] (default: W_hh, or the first parameter)')
    .option('--steps <n>', 'T', wholeNumber('--steps', { min: 1, max: 64 }), 3)
    .option('--at <steps>', 'loss at each step or the last', oneOf('--at', ['each', 'last']), 'each')
    .option('--size <name=n>', 'h=4, W=4x3 or a=scalar; repeatable (default: x=3, h=4, y=2)', addSize)
    .option('--values <file>', 'numbers by name, JSON: { "W_hh": [[...]], "x": [[...], ...], "h0": [...] }')
    .option('--set <entry=n>', "one entry: 'W_hh(1,2)=0.5', 'x[2](1)=-0.3'; repeatable", addChange)
    .option(
      '--start <how>',
      'states before the first step that have no values: zero or drawn from the seed',
      oneOf('--start', ['zero', 'drawn']),
      'zero',
    )
    .option('--seed <n>', 'seed of the numbers that are not given', wholeNumber('--seed'), 0)
    .option(
      '--activation <function>',
      'what psi and phi stand for',
      oneOf('--activation', ['tanh', 'sigmoid', 'relu', 'identity']),
      'tanh',
    )
    .option(
      '--layout <convention>',
      'shape, numerator, denominator',
      oneOf('--layout', ['shape', 'numerator', 'denominator']),
      'shape',
    )
    .option('--lang <language>', 'en or fa', oneOf('--lang', ['en', 'fa']), 'en')
    .option('--format <format>', 'text, json, latex', oneOf('--format', ['text', 'json', 'latex']), 'text')
    .option(
      '--emit <language>',
      'print a program: ts, numpy, pytorch',
      oneOf('--emit', ['ts', 'numpy', 'pytorch']),
    );
  addJson(command, 'derivation, gradient, paths, checks, values and programs');
  addExamples(command, [
    ['derive', "question 2 of the homework, with the key's answer beside it"],
    ["derive --cell 'h[t] = tanh(W_hh h[t-1] + W_hx x[t] + b)' --wrt b --steps 4", 'a plain cell'],
    [
      "derive --cell 'z[t] = σ(W_z x[t] + U_z h[t-1]); h[t] = (1 - z[t]) * h[t-1] + z[t] * tanh(W x[t])' --wrt U_z",
      'a gated cell: * is entry by entry, side by side is the matrix product',
    ],
    [
      "derive --loss 'squared_error(o[t], y[t])' --at last --wrt 'h[0]' --lang fa",
      'by the first state, in Persian',
    ],
    ['derive --emit numpy > bptt.py', 'a program that reproduces the numbers'],
  ]);
  command.action(act);
}

async function act(options: Options, command: Command): Promise<void> {
  const { lang, format, emit, json } = options;
  if (json && command.getOptionValueSource('format') === 'cli' && format !== 'json') {
    throw new CliError('USAGE', `derive: --json and --format must agree, got --format ${format}`);
  }
  const asJson = json === true || format === 'json';
  if (asJson && emit !== undefined)
    throw new CliError(
      'USAGE',
      'derive: --emit and JSON must not be asked for together, got both',
      'the JSON holds all programs',
    );
  const request = await requestOf(options);
  const derivation = await located(asJson, () => withSession({}, (session) => session.derive(request)));
  if (!derivation.checks.passed) process.exitCode = EXIT.user;
  if (asJson) out.line(JSON.stringify(derivation));
  else if (emit !== undefined) out.write(derivation.programs[emit]);
  else await print(derivation, lang, format);
}

async function print(derivation: Derivation, lang: 'en' | 'fa', format: string): Promise<void> {
  const { derivationLatex, derivationText } = await import('@hw5/core/homework');
  if (format === 'latex') {
    out.write(derivationLatex(derivation, lang));
    return;
  }
  const { style } = out;
  const marks = { heading: style.bold, quiet: style.dim, good: style.green, bad: style.red };
  for (const line of derivationText(derivation, lang, marks)) out.line(line);
}

async function requestOf(options: Options): Promise<DerivationRequest> {
  const { cell, loss, wrt, steps, at, size, start, seed, activation, layout } = options;
  return {
    ...(cell === undefined ? {} : { cell }),
    ...(loss === undefined ? {} : { loss }),
    ...(wrt === undefined ? {} : { wrt }),
    ...(options.values === undefined ? {} : { values: await readValues(options.values) }),
    steps,
    at,
    ...(size === undefined ? {} : { sizes: size }),
    ...(options.set === undefined ? {} : { changes: options.set }),
    start,
    seed,
    activation,
    layout,
  };
}

function addSize(text: string, before: Sizes = {}): Sizes {
  const [, name, rows, columns] = /^([^=\s]+)=(?:(\d+)(?:[x×](\d+))?|scalar)$/u.exec(text) ?? [];
  if (name === undefined) {
    throw new CliError(
      'USAGE',
      `--size: must be name=n, name=rows x columns or name=scalar, got ${shown(text)}`,
    );
  }
  const size: Size =
    rows === undefined ? 'scalar' : columns === undefined ? Number(rows) : [Number(rows), Number(columns)];
  return { ...before, [name]: size };
}

function addChange(text: string, before: Changes = []): Changes {
  const [, name, step, row, column, value] =
    /^([^[(=\s]+)(?:\[(-?\d+)\])?\((\d+)(?:,\s*(\d+))?\)=(.+)$/u.exec(text) ?? [];
  const number = Number(value);
  if (name === undefined || value === undefined || !Number.isFinite(number)) {
    throw new CliError(
      'USAGE',
      `--set: must be name(row,column)=number or name[step](row)=number, got ${shown(text)}`,
    );
  }
  const change = {
    name,
    ...(step === undefined ? {} : { step: Number(step) }),
    row: Number(row),
    ...(column === undefined ? {} : { column: Number(column) }),
    value: number,
  };
  return [...before, change];
}

async function readValues(path: string): Promise<Readonly<Record<string, unknown>>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw fileError('values', path, error);
  }
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch (error) {
    throw new CliError(
      'DATA',
      `values: file must be JSON, got ${shown((error as Error).message)} in ${path}`,
    );
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new CliError(
      'DATA',
      `values: file must hold an object of numbers by name, got ${shown(text)} in ${path}`,
    );
  }
  return values as Readonly<Record<string, unknown>>;
}
