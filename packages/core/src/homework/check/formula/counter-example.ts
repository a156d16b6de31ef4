/** A case in which an answer fails, in numbers. */
import type { Bilingual } from '../../bank/types.js';
import type { Matrix } from '../../derive/matrix.js';
import type { World } from './world.js';

/** The index letters' values at which an answer is tried. */
export type Point = Readonly<Record<string, number>>;

/** Where an answer and the right one part. */
export interface Difference {
  readonly world: World;
  readonly point: Point;
  readonly expected: Matrix;
  /** Undefined where the answer has no value. */
  readonly got: Matrix | undefined;
  readonly row: number;
  readonly column: number;
}

/** `With sizes ...: entry 2 must be 0.5, not 0.7.` */
export function counterExample({ world, point, expected, got, row, column }: Difference): Bilingual {
  const number = (x: number | undefined): string =>
    x === undefined ? '?' : Number(x.toPrecision(6)).toString();
  const at = Object.entries(point)
    .map(([letter, value]) => `, ${letter} = ${value}`)
    .join('');
  const setting = `h: ${world.hidden}, x: ${world.inputs}, y: ${world.outputs}, T = ${world.steps}${at}, seed ${world.seed}`;
  const entry = expected.columns === 1 ? `${row + 1}` : `(${row + 1}, ${column + 1})`;
  const want = number(expected.data[row * expected.columns + column]);
  const size = (m: Matrix): string => `${m.rows}×${m.columns}`;
  const value = got?.data[row * got.columns + column];
  // An index letter that no sum gives a value is not a number.
  if (got === undefined || Number.isNaN(value)) {
    return {
      fa: `با اندازه‌های ${setting}: درایهٔ ${entry} باید ${want} باشد؛ پاسخ آنجا مقداری ندارد.`,
      en: `With sizes ${setting}: entry ${entry} must be ${want}; the answer has no value there.`,
    };
  }
  if (got.rows !== expected.rows || got.columns !== expected.columns) {
    return {
      fa: `با اندازه‌های ${setting}: پاسخ باید ${size(expected)} باشد با درایهٔ ${entry} برابر ${want}، نه ${size(got)}${got.data.length === 1 ? ` با مقدار ${number(got.data[0])}` : ''}.`,
      en: `With sizes ${setting}: the answer must be ${size(expected)} with entry ${entry} equal to ${want}, not ${size(got)}${got.data.length === 1 ? ` of value ${number(got.data[0])}` : ''}.`,
    };
  }
  const have = number(value);
  return {
    fa: `با اندازه‌های ${setting}: درایهٔ ${entry} باید ${want} باشد، نه ${have}.`,
    en: `With sizes ${setting}: entry ${entry} must be ${want}, not ${have}.`,
  };
}
