/** Tries formulas at random points of several sizes, beside the right answer or another formula. */
import { type Hw5Error, ShapeError } from '../../../errors.js';
import { descendants, type Expr } from '../../derive/expression.js';
import { type Matrix, transposed } from '../../derive/matrix.js';
import { termText } from '../../derive/text.js';
import type { Difference, Point } from './counter-example.js';
import { fitted, numbersOf, type Reading, termOf } from './fit.js';
import type { Piece } from './read.js';
import { type Mode, makeWorld, type World } from './world.js';

/** Relative to the largest entry of the right answer. */
export const TOLERANCE = 1e-9;

/** Sizes of h, x, o and the number of steps; the homework's first. Lengths differ within a row, so that misfits show. */
const sizes: readonly (readonly [number, number, number, number])[] = [
  [4, 3, 2, 3],
  [5, 2, 3, 4],
  [3, 5, 4, 5],
  [6, 4, 3, 3],
];

const made = new Map<string, readonly World[]>();

export function worldsOf(question: string, mode: Mode, zeroStart = false): readonly World[] {
  const name = `${question === 'q2d'} ${mode} ${zeroStart}`;
  const known = made.get(name);
  if (known !== undefined) return known;
  // The steps of question 2d are the homework's: an answer may say 3.
  const worlds = sizes.map(([hidden, inputs, outputs, steps], at) =>
    makeWorld(17 + at, [hidden, inputs, outputs, question === 'q2d' ? 3 : steps], mode, zeroStart),
  );
  made.set(name, worlds);
  return worlds;
}

export function pointsOf(question: string, { steps }: World): Point[] {
  const all = Array.from({ length: steps }, (_, at) => at + 1);
  if (question === 'q2d') return [{}];
  if (question !== 'q2b') return all.map((t) => ({ t }));
  // From three steps apart to none: a difference shows at once where the power is largest.
  return all.flatMap((t) => all.filter((i) => i <= t).map((i) => ({ t, i })));
}

export type Outcome =
  | { readonly kind: 'right'; readonly transposed: boolean; readonly text: string }
  | { readonly kind: 'wrong'; readonly difference: Difference; readonly text: string }
  | { readonly kind: 'misfit'; readonly error: Hw5Error };

const covers: Readonly<Record<Piece['range'], (i: number, t: number) => boolean>> = {
  all: () => true,
  otherwise: () => true,
  upToNow: (i, t) => i <= t,
  past: (i, t) => i < t,
  here: (i, t) => i === t,
  future: (i, t) => i > t,
  notPast: (i, t) => i >= t,
};

export function pieceAt<P extends Pick<Piece, 'range'>>(
  pieces: readonly P[],
  { i = 1, t = 1 }: Point,
): P | undefined {
  return pieces.find(({ range }) => covers[range](i, t));
}

/** Does it agree with the right answer everywhere? Also as its transpose, when it does so everywhere. */
export function compared(
  question: string,
  pieces: readonly Pick<Piece, 'expr' | 'range'>[],
  reading: Reading,
  worlds: readonly World[],
): Outcome {
  let straight: Difference | undefined;
  let turned: Difference | undefined;
  let text = '';
  for (const world of worlds) {
    const terms = new Map<unknown, ReturnType<typeof termOf>>();
    for (const piece of pieces) {
      try {
        const term = termOf(fitted(piece.expr, world, reading), world);
        terms.set(piece, term);
        if (text === '') text = termText(term);
      } catch (error) {
        if (error instanceof ShapeError) return { kind: 'misfit', error };
        throw error;
      }
    }
    for (const point of pointsOf(question, world)) {
      const expected = world.truth(question, point);
      const piece = pieceAt(pieces, point);
      const term = terms.get(piece);
      const got = term && numbersOf(term, world, point);
      straight ??= difference(world, point, expected, got);
      turned ??= difference(world, point, expected, got && transposed(got));
      if (straight !== undefined && turned !== undefined) {
        return { kind: 'wrong', difference: straight, text };
      }
    }
  }
  return { kind: 'right', transposed: straight !== undefined, text };
}

function difference(
  world: World,
  point: Point,
  expected: Matrix,
  got: Matrix | undefined,
): Difference | undefined {
  const base = { world, point, expected, got };
  if (got === undefined || got.rows !== expected.rows || got.columns !== expected.columns) {
    return { ...base, row: 0, column: 0 };
  }
  const scale = expected.data.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-12);
  // A NaN is no agreement.
  const at = expected.data.findIndex((value, k) => !(Math.abs(value - got.data[k]!) <= TOLERANCE * scale));
  if (at < 0) return undefined;
  return { ...base, row: Math.floor(at / expected.columns), column: at % expected.columns };
}

/** The first of the modes in which the answer is right. */
export function tried(
  question: string,
  pieces: readonly Pick<Piece, 'expr' | 'range'>[],
  reading: Reading,
): Outcome {
  const first = compared(question, pieces, reading, worldsOf(question, 'simple'));
  if (first.kind !== 'wrong') return first;
  const exact = compared(question, pieces, reading, worldsOf(question, 'exact'));
  // A formula with psi' in it is meant exactly: that is where its counter-example must lie.
  return exact.kind === 'right' || pieces.some(({ expr }) => keepsSlopes(expr)) ? exact : first;
}

export function keepsSlopes(expr: Expr): boolean {
  return [...descendants(expr)].some(
    (part) =>
      (part.kind === 'call' && part.primes > 0) ||
      (part.kind === 'symbol' && ['D', 'g_z', 'delta'].includes(part.name)),
  );
}

export function sameEverywhere(
  question: string,
  pieces: readonly Pick<Piece, 'expr' | 'range'>[],
  other: Expr,
  reading: Reading,
): boolean {
  return (['simple', 'exact'] as const).some((mode) =>
    worldsOf(question, mode).every((world) => {
      try {
        const [one, two] = [pieces[0]!.expr, other].map((expr) =>
          termOf(fitted(expr, world, reading), world),
        );
        return pointsOf(question, world).every((point) => {
          const expected = numbersOf(two!, world, point);
          return difference(world, point, expected, numbersOf(one!, world, point)) === undefined;
        });
      } catch (error) {
        if (error instanceof ShapeError) return false;
        throw error;
      }
    }),
  );
}
