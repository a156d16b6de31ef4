/**
 * The homework's key beside the exact result. The key leaves out the activation's derivative (as the question allows)
 * and writes products whose shapes do not fit with column vectors; the shape checker itself says where.
 */
import { ShapeError } from '../../errors.js';
import type { KeyFormula } from './derivation.js';
import { isUnit, isVector, type MatrixShape } from './dimension.js';
import type { Model } from './model.js';
import { parseExpression } from './parse.js';
import { logitsBehind } from './reverse.js';
import { Shapes, type Size } from './shapes.js';
import { below, type Term } from './term.js';

/** The names that play the parts of question 2's network. */
interface Roles {
  readonly h: string;
  readonly o: string;
  readonly y: string;
  readonly yhat: string;
  readonly recurrent: string;
  readonly readout: string;
}

/** The key's four formulas; empty unless the cell is a plain recurrent network with a softmax readout. */
export function keyFormulas(model: Model, steps: number): KeyFormula[] {
  const roles = rolesOf(model);
  if (roles === undefined) return [];
  const { h, o, y, yhat, recurrent: W, readout: V } = roles;
  const g = model.gradientPrefix;
  const sizes: Record<string, Size> = {
    [`${g}${o}`]: sizeOf(model, o),
    [`${g}${h}`]: sizeOf(model, h),
    S: [...both(model, o)],
    G: [...both(model, h)],
  };
  for (const name of model.shapes.keys()) sizes[name] = sizeOf(model, name);
  const row = (
    part: KeyFormula['part'],
    key: string,
    wanted: MatrixShape,
    exact: string,
    note: KeyFormula['note'],
  ): KeyFormula => {
    const problem = problemOf(key, wanted, sizes);
    return { part, key, exact, fits: problem === '', problem, note };
  };
  const vector = (name: string): MatrixShape => model.shapes.get(name)!;
  return [
    row('2a', `-sum(${y}[t] / ${yhat}[t]) S`, vector(o), `sum(${y}[t]) ${yhat}[t] - ${y}[t]`, {
      en: `S is the softmax's Jacobian. The sum makes a scalar of -y/yhat before the Jacobian sees it; the exact product is S^T (-y / yhat) = yhat sum(y) - y, which is yhat - y for a one-hot y`,
      fa: `S ژاکوبی softmax است. جمع، بردار -y/yhat را پیش از ضرب در ژاکوبی به یک عدد تبدیل می‌کند؛ حاصل دقیق S^T (-y / yhat) = yhat sum(y) - y است که برای y تک‌داغ همان yhat - y می‌شود`,
    }),
    row('2b', `${g}${o}[t] ${V} ${W}^(t-i)`, vector(h), `(${W}^T)^(t-i) ${V}^T ${g}${o}[t]`, {
      en: "right when gradients are rows; as columns the factors are transposed and stand in reverse. With an activation every step has the factor diag(psi'(z)) too. Zero for i > t",
      fa: "وقتی گرادیان‌ها سطری باشند درست است؛ برای بردار ستونی، عامل‌ها ترانهاده و به ترتیب وارونه نوشته می‌شوند. با تابع فعال‌سازی، در هر گام عامل diag(psi'(z)) هم هست. برای i > t صفر است",
    }),
    row('2c', `sum_{i=1}^{t} ${g}${h}[i] ${h}[i-1]`, vector(W), `sum_{i=1}^{t} ${g}${h}[i] ${h}[i-1]^T`, {
      en: `an outer product: the second factor must be transposed. The term i = 1 is zero when ${h}[0] = 0. With an activation ${g}z = psi'(z) * ${g}${h} stands in place of ${g}${h}`,
      fa: `ضرب خارجی است: عامل دوم باید ترانهاده شود. اگر ${h}[0] = 0 باشد جملهٔ i = 1 صفر است. با تابع فعال‌سازی، ${g}z = psi'(z) * ${g}${h} به جای ${g}${h} می‌نشیند`,
    }),
    row('2d', `sum_{t=1}^{${steps}} G`, vector(W), `sum_{t=1}^{${steps}} G`, {
      en: 'right: G is the result of 2c for step t. One backward sweep gives the same sum in O(T) steps instead of O(T^2)',
      fa: 'درست است: G حاصل بخش ج برای گام t است. یک پیمایش رو به عقب همین جمع را در O(T) گام می‌دهد، نه O(T^2)',
    }),
  ];
}

function problemOf(formula: string, wanted: MatrixShape, sizes: Readonly<Record<string, Size>>): string {
  try {
    const expr = parseExpression({ label: 'key', text: formula }, { indices: ['t', 'i'] });
    const shapes = new Shapes([], sizes);
    shapes.add(expr);
    const { rows, columns } = shapes.ofExpr(expr);
    const fits =
      rows.size === wanted.rows.size &&
      columns.size === wanted.columns.size &&
      isUnit(columns) === isUnit(wanted.columns);
    return fits ? '' : `must be ${wanted.rows.size}×${wanted.columns.size}, got ${rows.size}×${columns.size}`;
  } catch (error) {
    if (error instanceof ShapeError) return error.message.replace(/^key: /, '');
    throw error;
  }
}

function sizeOf(model: Model, name: string): Size {
  const { rows, columns } = model.shapes.get(name)!;
  if (isUnit(rows) && isUnit(columns)) return 'scalar';
  return isUnit(columns) ? rows.size : [rows.size, columns.size];
}

function both(model: Model, name: string): readonly [number, number] {
  const { size } = model.shapes.get(name)!.rows;
  return [size, size];
}

/** One vector state, read through one square matrix, and a softmax readout through another. */
function rolesOf(model: Model): Roles | undefined {
  const { system, definitions, loss } = model;
  const [h, ...others] = system.states;
  if (h === undefined || others.length > 0 || system.lags[h] !== 1 || !isVector(model.shapes.get(h)!))
    return undefined;
  if (loss.kind !== 'crossEntropy' || loss.left.kind !== 'symbol' || loss.right.kind !== 'symbol')
    return undefined;
  const logits = logitsBehind(model, loss.left);
  if (logits?.kind !== 'symbol') return undefined;
  const readout = definitions.find(({ name }) => name === logits.name)?.term;
  const V = readout && matrixBefore(readout, h, 0);
  const W = definitions.flatMap(({ term }) => matrixBefore(term, h, 1) ?? []);
  const reads = definitions.flatMap(({ term }) =>
    [...below(term)].filter(
      (part) => part.kind === 'symbol' && part.name === h && part.index?.constant === -1,
    ),
  );
  if (V === undefined || W.length !== 1 || reads.length !== 1) return undefined;
  return { h, o: logits.name, y: loss.right.name, yhat: loss.left.name, recurrent: W[0]!, readout: V };
}

/** The name of the matrix in `W h[t - lag]`. */
function matrixBefore(term: Term, h: string, lag: number): string | undefined {
  for (const part of below(term)) {
    if (part.kind !== 'product' || part.left.kind !== 'symbol' || part.right.kind !== 'symbol') continue;
    if (part.right.name === h && part.right.index?.constant === -lag && part.left.index === undefined)
      return part.left.name;
  }
  return undefined;
}
