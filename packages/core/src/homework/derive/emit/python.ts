/** What NumPy and PyTorch programs share: Python's operators and the tables of values. */

import type { Numbers } from '../derivation.js';
import { isScalar, isUnit } from '../dimension.js';
import { type Dialect, identifier } from './dialect.js';
import { initialSteps, type ProgramInput } from './programs.js';

/** Infix operators; every operand in parentheses unless it is one word or one call. */
export const pythonOperators: Pick<
  Dialect,
  | 'number'
  | 'add'
  | 'subtract'
  | 'negate'
  | 'entrywise'
  | 'divide'
  | 'scale'
  | 'spread'
  | 'transpose'
  | 'power'
> = {
  number: (value) => (value < 0 ? `(${value})` : String(value)),
  add: (a, b) => `${a} + ${term(b)}`,
  subtract: (a, b) => `${a} - ${term(b)}`,
  negate: (a) => `-${group(a)}`,
  entrywise: (a, b) => `${group(a)} * ${group(b)}`,
  divide: (a, b) => `${group(a)} / ${group(b)}`,
  scale: (factor, a) => `${group(factor)} * ${group(a)}`,
  // Scalars broadcast by themselves.
  spread: (a) => group(a),
  transpose: (a) => `${group(a)}.T`,
  power: (a, exponent) => `${group(a)} ** ${exponent < 0 ? `(${exponent})` : exponent}`,
};

/** In parentheses, unless it is a name, a number, an element or one call. */
export function group(code: string): string {
  if (/^[\p{L}\p{M}\p{Nd}_.]+(\[[^\]]*\])?(\.T)?$/u.test(code)) return code;
  return isOneCall(code) ? code : `(${code})`;
}

/** A right operand of + or -: products need no parentheses, sums and signs do. */
function term(code: string): string {
  return group(code);
}

/** `f(...)` or `(...)` whose first bracket closes at the end (but for `.T`). */
function isOneCall(code: string): boolean {
  const body = code.replace(/(\.T|\.item\(\)|\.squeeze\(\))$/, '');
  const open = /^[\p{L}\p{Nd}_.]*\(/u.exec(body)?.[0].length;
  if (open === undefined || !body.endsWith(')')) return false;
  let depth = 1;
  for (let i = open; i < body.length; i += 1) {
    if (body[i] === '(') depth += 1;
    if (body[i] === ')') depth -= 1;
    if (depth === 0) return i === body.length - 1;
  }
  return false;
}

/** Assignments of all values; `array` makes an array of a list of rows. */
export function valueLines(
  input: ProgramInput,
  array: (rows: string, name: string, step: number | undefined) => string,
): string[] {
  const { model, values } = input;
  const { parameters, inputs, targets } = model.system;
  const one = (name: string, value: Numbers, step: number | undefined): string => {
    const shape = model.shapes.get(name)!;
    if (isScalar(shape)) return array(JSON.stringify(value), name, step);
    const rows = isUnit(shape.columns) ? (value as readonly number[]).map((entry) => [entry]) : value;
    return array(JSON.stringify(rows), name, step);
  };
  const table = (name: string, entries: readonly (readonly [number, Numbers])[]): string[] => [
    `${identifier(name)} = {`,
    ...entries.map(([step, value]) => `    ${step}: ${one(name, value, step)},`),
    '}',
  ];
  const initial = new Map(initialSteps(input).map(({ name, steps }) => [name, steps] as const));
  return [
    ...parameters.map((name) => `${identifier(name)} = ${one(name, values[name] as Numbers, undefined)}`),
    ...[...inputs, ...targets].flatMap((name) =>
      table(
        name,
        (values[name] as readonly Numbers[]).map((value, i) => [i + 1, value] as const),
      ),
    ),
    ...model.definitions.flatMap(({ name }) =>
      table(
        name,
        (initial.get(name) ?? []).map((step) => [step, values[`${name}[${step}]`] as Numbers] as const),
      )
        .join('\n')
        .replace('{\n}', '{}'),
    ),
  ];
}
