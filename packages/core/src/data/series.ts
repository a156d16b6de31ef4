/** Series of numbers from tables and texts. */
import { DataError } from '../errors.js';
import { type LabelledSeries, labelOf, type SeriesPair } from './examples.js';
import { cell, type Table } from './table.js';

/**
 * Columns `inputs` and `targets`: numbers separated by spaces, or arrays in JSON lines; a step with several numbers is an
 * array of its own, or ends with `;`. As many targets as steps: one a step; otherwise all are told at the end.
 * @throws DataError naming line and column of a cell that is no series
 */
export function seriesPairs(table: Table, columns = { inputs: 'inputs', targets: 'targets' }): SeriesPair[] {
  return table.rows.map((row) => {
    const inputs = cell(table, row, columns.inputs, 'a series of numbers', series);
    const targets = cell(table, row, columns.targets, 'numbers', series);
    const [steps, told] = [inputs.length, targets.length];
    const everyStep = told === steps;
    return {
      inputs: Float64Array.from(inputs.flat()),
      inputSize: inputs[0]!.length,
      targets: Float64Array.from(targets.flat()),
      targetSize: everyStep ? targets[0]!.length : targets.flat().length,
    };
  });
}

/**
 * Columns `inputs`, as in {@link seriesPairs}, and `label`.
 * @throws DataError naming line and column of a cell that is no series or no label, or for no rows
 */
export function labelledSeries(
  table: Table,
  columns = { inputs: 'inputs', label: 'label' },
): LabelledSeries[] {
  if (table.rows.length === 0) {
    throw new DataError(`${table.name}: must have at least one row, got only a header`);
  }
  return table.rows.map((row) => {
    const steps = cell(table, row, columns.inputs, 'a series of numbers', series);
    return {
      features: Float64Array.from(steps.flat()),
      featureSize: steps[0]!.length,
      label: cell(table, row, columns.label, 'a label', labelOf),
    };
  });
}

/**
 * A series as people write it: numbers separated by spaces, commas or `;`.
 * @throws DataError for a word that is no number, or numbers that do not fill steps of `size`
 */
export function seriesOf(text: string, size: number): Float64Array {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  const numbers = words.map(Number);
  const bad = numbers.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new DataError(`predict: a series must be numbers, got ${JSON.stringify(words[bad])} at ${bad}`);
  }
  if (numbers.length === 0 || numbers.length % size !== 0) {
    throw new DataError(`predict: a series must have a multiple of ${size} numbers, got ${numbers.length}`);
  }
  return Float64Array.from(numbers);
}

/** The other way, to five digits; steps of several numbers end with `;`. */
export function textOf(numbers: Float64Array, size: number): string {
  const words = Array.from(numbers, (value) => String(Number(value.toPrecision(5))));
  if (size === 1) return words.join(' ');
  const steps = Array.from({ length: words.length / size }, (_, t) => words.slice(t * size, (t + 1) * size));
  return steps.map((step) => step.join(' ')).join('; ');
}

/** The numbers' bits as whole numbers, so that equal series have equal hashes. */
export function bitsOf(numbers: Float64Array): Int32Array {
  return new Int32Array(numbers.slice().buffer);
}

/**
 * A table of measurements as windows of one long series: each row is a step, every column a number; the targets of a step
 * are the next step. Windows of `length` steps side by side; what does not fill one is left out at the end.
 * @throws DataError naming line and column of a cell that is no number, or for a series shorter than a window
 */
export function seriesWindows(table: Table, length: number): SeriesPair[] {
  const size = table.columns.length;
  const steps = table.rows.map((row) =>
    table.columns.map((column) => cell(table, row, column, 'a number', numberOf)),
  );
  const count = Math.floor((steps.length - 1) / length);
  if (count < 1) {
    throw new DataError(
      `${table.name}: must have more than ${length} rows, the length of a window, got ${steps.length}`,
    );
  }
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [i * length, (i + 1) * length];
    return {
      inputs: Float64Array.from(steps.slice(from, to).flat()),
      inputSize: size,
      targets: Float64Array.from(steps.slice(from + 1, to + 1).flat()),
      targetSize: size,
    };
  });
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Steps of equal size; undefined for anything else. */
function series(value: unknown): number[][] | undefined {
  const steps = typeof value === 'string' ? ofText(value) : Array.isArray(value) ? value : [value];
  const rows = steps.map((step: unknown) => (Array.isArray(step) ? step : [step]) as unknown[]);
  const size = rows[0]?.length ?? 0;
  const whole = rows.every(
    (row) => row.length === size && row.every((entry) => typeof entry === 'number' && Number.isFinite(entry)),
  );
  return size > 0 && whole ? (rows as number[][]) : undefined;
}

function ofText(text: string): unknown[] {
  const numbers = (part: string): number[] =>
    part
      .split(/[\s,]+/)
      .filter((word) => word !== '')
      .map(Number);
  if (!text.includes(';')) return numbers(text);
  return text
    .split(';')
    .filter((part) => part.trim() !== '')
    .map(numbers);
}
