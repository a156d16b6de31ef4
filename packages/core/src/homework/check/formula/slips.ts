/** Which slip explains a wrong formula: a known wrong form, a change that mends it, or a number that it is multiplied by. */
import { ShapeError } from '../../../errors.js';
import { descendants } from '../../derive/expression.js';
import type { Matrix } from '../../derive/matrix.js';
import { fitted, numbersOf, type Reading, termOf, workOf } from './fit.js';
import { repairs, wrongForms } from './mistakes.js';
import { type Piece, readAnswer } from './read.js';
import { compared, keepsSlopes, pieceAt, pointsOf, sameEverywhere, TOLERANCE, worldsOf } from './trials.js';
import type { Mode } from './world.js';

/** Longest answer, in parts, for which slips are looked for: each is tried in hundreds of changed forms. */
const MAX_PARTS_FOR_REPAIR = 60;
const MAX_REPAIRS = 300;
/** Changed forms times {@link workOf} one of them: some hundred milliseconds at most. */
const MAX_REPAIR_WORK = 20_000;

/** Is the answer the right one times a number, which may depend on t and i? -1 is a slip with a name of its own. */
function isMultiple(question: string, pieces: readonly Piece[], reading: Reading): boolean {
  const mode = pieces.some(({ expr }) => keepsSlopes(expr)) ? 'exact' : 'simple';
  const factors: number[] = [];
  try {
    const multiple = worldsOf(question, mode).every((world) =>
      pointsOf(question, world).every((point) => {
        const { expr } = pieceAt(pieces, point) ?? pieces[0]!;
        const expected = world.truth(question, point);
        const got = numbersOf(termOf(fitted(expr, world, reading), world), world, point);
        if (got.rows !== expected.rows || got.columns !== expected.columns) return false;
        const inner = (a: Matrix): number => a.data.reduce((sum, e, k) => sum + e * expected.data[k]!, 0);
        const factor = inner(got) / inner(expected);
        factors.push(factor);
        return expected.data.every(
          (e, k) => Math.abs(got.data[k]! - factor * e) <= TOLERANCE * Math.abs(factor),
        );
      }),
    );
    return multiple && factors.some((factor) => factor !== 0 && Math.abs(factor + 1) > TOLERANCE);
  } catch (error) {
    if (error instanceof ShapeError) return false;
    throw error;
  }
}

/** The name of the slip that explains the answer, if one does. */
export function likely(
  question: string,
  pieces: readonly Piece[],
  readings: readonly Reading[],
): string | undefined {
  const hasPower = pieces.some(({ expr }) => [...descendants(expr)].some(({ kind }) => kind === 'power'));
  for (const [id, formula] of wrongForms[question] ?? []) {
    // A power may be 0 everywhere, t - i turned round, which is another slip than none.
    if (id === 'last-step-only' && hasPower) continue;
    const [form] = readAnswer(question, formula);
    if (readings.some((reading) => sameEverywhere(question, pieces, form!.expr, reading))) return id;
  }
  const right = (changedPieces: readonly Pick<Piece, 'expr' | 'range'>[], mode: Mode): boolean => {
    const [near] = worldsOf(question, mode);
    // One world settles almost every change; only what survives it is tried in the others.
    return readings.some(
      (reading) =>
        compared(question, changedPieces, reading, [near!]).kind === 'right' &&
        compared(question, changedPieces, reading, worldsOf(question, mode)).kind === 'right',
    );
  };
  if (pieces.some(({ expr }) => keepsSlopes(expr)) && right(pieces, 'linear'))
    return 'activation-inconsistent';
  const mended = repaired(question, pieces, right);
  if (mended !== undefined) return mended;
  return readings.some((reading) => isMultiple(question, pieces, reading)) ? 'wrong-factor' : undefined;
}

/** The name of the first change that makes the answer right. */
function repaired(
  question: string,
  pieces: readonly Piece[],
  right: (changedPieces: readonly Pick<Piece, 'expr' | 'range'>[], mode: Mode) => boolean,
): string | undefined {
  const [first, ...others] = pieces;
  if ([...descendants(first!.expr)].length > MAX_PARTS_FOR_REPAIR) return undefined;
  const most = Math.min(MAX_REPAIRS, MAX_REPAIR_WORK / workOf(first!.expr));
  let count = 0;
  const modes: readonly Mode[] = keepsSlopes(first!.expr) ? ['exact', 'linear'] : ['simple'];
  for (const [id, expr] of repairs(question, first!.expr)) {
    count += 1;
    if (count > most) return undefined;
    if (modes.some((mode) => right([{ range: first!.range, expr }, ...others], mode))) return id;
  }
  return undefined;
}
