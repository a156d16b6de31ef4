/** Numbers for a model: given ones, and seeded ones (two decimals, so that they can be copied by hand) for the rest. */
import { ArgumentError, ShapeError } from '../../errors.js';
import { isScalar, isVector, lettersOf, type MatrixShape, sizesOf } from './dimension.js';
import { type Matrix, matrix } from './matrix.js';
import type { Model } from './model.js';
import { below, type Term } from './term.js';

export interface Values {
  /** Numbers of names without a time index. */
  readonly parameters: ReadonlyMap<string, Matrix>;
  /** Inputs and targets: entry t - 1 is step t. */
  readonly sequences: ReadonlyMap<string, readonly Matrix[]>;
  /** States before step 1: entry k is step -k. */
  readonly initial: ReadonlyMap<string, readonly Matrix[]>;
}

/** The numbers of a parameter (no step), an initial state (step <= 0), an input or a target. */
export function leafValue(values: Values, name: string, step: number | undefined): Matrix {
  if (step === undefined) return values.parameters.get(name)!;
  return step <= 0 ? values.initial.get(name)![-step]! : values.sequences.get(name)![step - 1]!;
}

/** Nested arrays by name: `{ W_hh: [[...], ...], x: [[...], ...], h0: [...] }`. */
export type GivenValues = Readonly<Record<string, unknown>>;

/** One entry that is set by hand, after all others have their numbers. Rows and columns count from 1. */
export interface Change {
  /** `W_hh`, `x`, `h`. */
  readonly name: string;
  /** Of an input, a target or a state before the first step; left out for parameters. */
  readonly step?: number;
  readonly row: number;
  /** Defaults to 1. */
  readonly column?: number;
  readonly value: number;
}

/**
 * The values with some entries changed.
 * @throws ArgumentError for an entry that is not there, or a value that is no finite number
 */
export function changed(values: Values, changes: readonly Change[]): Values {
  const copy = (m: Matrix): Matrix => ({ ...m, data: Float64Array.from(m.data) });
  const lists = (map: Values['sequences']): Map<string, readonly Matrix[]> =>
    new Map([...map].map(([name, list]) => [name, list.map(copy)] as const));
  const result: Values = {
    parameters: new Map([...values.parameters].map(([name, m]) => [name, copy(m)] as const)),
    sequences: lists(values.sequences),
    initial: lists(values.initial),
  };
  for (const { name, step, row, column = 1, value } of changes) {
    const list = step === undefined || step > 0 ? result.sequences : result.initial;
    const place =
      step === undefined ? result.parameters.get(name) : list.get(name)?.[step > 0 ? step - 1 : -step];
    const entry = `${name}${step === undefined ? '' : `[${step}]`}(${row},${column})`;
    const inside =
      place !== undefined &&
      Number.isInteger(row) &&
      row >= 1 &&
      row <= place.rows &&
      Number.isInteger(column) &&
      column >= 1 &&
      column <= place.columns;
    if (!inside)
      throw new ArgumentError(`values: a changed entry must be one that is given, got ${entry.slice(0, 60)}`);
    if (!Number.isFinite(value))
      throw new ArgumentError(`values: ${entry} must be a finite number, got ${value}`);
    place.data[(row - 1) * place.columns + column - 1] = value;
  }
  return result;
}

/** States before the first step, where they are not given: zero, or drawn as everything else is. */
export type Start = 'zero' | 'drawn';

/**
 * @param random - draws from U[0, 1)
 * @throws ArgumentError for a name that is not there or an entry that is no number, ShapeError for sizes that do not fit
 */
export function makeValues(
  model: Model,
  steps: number,
  given: GivenValues,
  random: () => number,
  start: Start = 'zero',
): Values {
  const { parameters, inputs, targets, states, lags } = model.system;
  const initialKeys = new Map(
    states.flatMap((name) =>
      Array.from({ length: lags[name]! }, (_, k): [string, string][] => [
        [`${name}[${-k}]`, name],
        ...(k === 0 ? [[`${name}0`, name] as [string, string], [`${name}_0`, name] as [string, string]] : []),
      ]).flat(),
    ),
  );
  const has = (name: string): boolean => Object.hasOwn(given, name);
  const known = [...parameters, ...inputs, ...targets, ...initialKeys.keys()];
  for (const name of Object.keys(given)) {
    if (!known.includes(name))
      throw new ArgumentError(
        `values: names must be among ${known.join(', ')}, got ${JSON.stringify(name.slice(0, 40))}`,
      );
  }
  const shape = (name: string): MatrixShape => model.shapes.get(name)!;
  const draw = (of: MatrixShape): Matrix => {
    const drawn = matrix(of.rows.size, of.columns.size);
    // Wide matrices get smaller entries, so that their products stay in the range where activations live.
    const range = 90 * Math.min(1, 2 / Math.sqrt(drawn.columns));
    // Never 0: a zero weight would hide a wrong path.
    for (let i = 0; i < drawn.data.length; i += 1) {
      const value = Math.round((2 * random() - 1) * range) / 100;
      drawn.data[i] = value === 0 ? 0.05 : value;
    }
    return drawn;
  };
  const classes = oneHotTargets(model.loss);
  const drawStep = (name: string): Matrix => {
    if (!classes.has(name)) return draw(shape(name));
    const target = matrix(shape(name).rows.size, 1);
    target.data[Math.floor(random() * target.rows)] = 1;
    return target;
  };
  return {
    parameters: new Map(
      parameters.map(
        (name) => [name, has(name) ? read(name, given[name], shape(name)) : draw(shape(name))] as const,
      ),
    ),
    sequences: new Map(
      [...inputs, ...targets].map((name) => {
        if (!has(name)) return [name, Array.from({ length: steps }, () => drawStep(name))] as const;
        const list = given[name];
        if (!Array.isArray(list) || list.length !== steps) {
          const got = Array.isArray(list) ? `${list.length} entries` : typeof list;
          throw new ShapeError(`values: ${name} must be a list of ${steps} steps, got ${got}`);
        }
        return [name, list.map((entry, t) => read(`${name}[${t + 1}]`, entry, shape(name)))] as const;
      }),
    ),
    initial: new Map(
      states.map((name) => {
        const { rows, columns } = shape(name);
        return [
          name,
          Array.from({ length: lags[name]! }, (_, k) => {
            const keys = k === 0 ? [`${name}[0]`, `${name}0`, `${name}_0`] : [`${name}[${-k}]`];
            const key = keys.find(has);
            if (key !== undefined) return read(key, given[key], shape(name));
            // Drawn last, so that nothing else moves when the start does.
            return start === 'zero' ? matrix(rows.size, columns.size) : draw(shape(name));
          }),
        ] as const;
      }),
    ),
  };
}

/** Targets of a cross-entropy are classes: one entry 1, the others 0. */
function oneHotTargets(loss: Term): Set<string> {
  const names = new Set<string>();
  for (const part of below(loss)) {
    if (part.kind === 'crossEntropy' && part.right.kind === 'symbol') names.add(part.right.name);
  }
  return names;
}

function read(name: string, value: unknown, shape: MatrixShape): Matrix {
  const rows = shape.rows.size;
  const columns = shape.columns.size;
  const wanted = (got: string): never => {
    throw new ShapeError(`values: ${name} must be ${lettersOf(shape)} = ${sizesOf(shape)}, got ${got}`);
  };
  const lists: unknown[] = isScalar(shape)
    ? [value].flat()
    : Array.isArray(value)
      ? value
      : wanted(typeof value);
  if (lists.length !== rows) wanted(`${lists.length} rows`);
  const flat = lists.flatMap((row): unknown[] => {
    if (isVector(shape) || isScalar(shape)) return [Array.isArray(row) && row.length === 1 ? row[0] : row];
    if (!Array.isArray(row) || row.length !== columns)
      return wanted(`a row of ${Array.isArray(row) ? row.length : typeof row}`);
    return row;
  });
  for (const entry of flat) {
    if (typeof entry !== 'number' || !Number.isFinite(entry)) {
      throw new ArgumentError(
        `values: entries of ${name} must be finite numbers, got ${JSON.stringify(entry)?.slice(0, 40)}`,
      );
    }
  }
  return { rows, columns, data: Float64Array.from(flat as number[]) };
}
