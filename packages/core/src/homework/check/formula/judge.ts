/** Judges formulas: by their values at random points of several sizes, under every reading that they leave open. */
import { type Hw5Error, ShapeError } from '../../../errors.js';
import type { Bilingual } from '../../bank/types.js';
import { descendants, type Expr } from '../../derive/expression.js';
import { type Matrix, transposed } from '../../derive/matrix.js';
import { termText } from '../../derive/text.js';
import type { Verdict } from '../verdict.js';
import { counterExample, type Difference, type Point } from './counter-example.js';
import {
  fitted,
  isMarkedEntrywise,
  numbersOf,
  plain,
  type Reading,
  refuseExcess,
  termOf,
  workOf,
} from './fit.js';
import { repairs, wordsOf, wrongForms } from './mistakes.js';
import { type Piece, readAnswer } from './read.js';
import { refuseLoose, refuseZeroDivisors } from './refusals.js';
import { remarks } from './remarks.js';
import { relocated } from './rewrite.js';
import { type Mode, makeWorld, type World } from './world.js';

/** Relative to the largest entry of the right answer. */
const TOLERANCE = 1e-9;
/** Longest answer, in parts, for which slips are looked for: each is tried in hundreds of changed forms. */
const MAX_PARTS_FOR_REPAIR = 60;
const MAX_REPAIRS = 300;
/** Changed forms times {@link workOf} one of them: some hundred milliseconds at most. */
const MAX_REPAIR_WORK = 20_000;

/** Sizes of h, x, o and the number of steps; the homework's first. Lengths differ within a row, so that misfits show. */
const sizes: readonly (readonly [number, number, number, number])[] = [
  [4, 3, 2, 3],
  [5, 2, 3, 4],
  [3, 5, 4, 5],
  [6, 4, 3, 3],
];

const made = new Map<string, readonly World[]>();

function worldsOf(question: string, mode: Mode, zeroStart = false): readonly World[] {
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

function pointsOf(question: string, { steps }: World): Point[] {
  const all = Array.from({ length: steps }, (_, at) => at + 1);
  if (question === 'q2d') return [{}];
  if (question !== 'q2b') return all.map((t) => ({ t }));
  // From three steps apart to none: a difference shows at once where the power is largest.
  return all.flatMap((t) => all.filter((i) => i <= t).map((i) => ({ t, i })));
}

const asWritten: readonly Reading[] = [plain, { ...plain, star: 'entrywise' }];
const gradients = ['g_o', 'g_h', 'g_z', 'delta'];
const rowNames = [...gradients, 'y', 'yhat'];
const generous: readonly Reading[] = [
  { ...plain, slopes: true },
  { ...plain, vectors: 'entrywise' },
  { ...plain, vectors: 'outer' },
  { ...plain, rows: rowNames },
  { ...plain, rows: rowNames, slopes: true },
];

/** Question 2a's -y / yhat before the Jacobian, as the key orders them. */
const rowsBeforeJacobian: Reading = { ...plain, vectors: 'row' };

type Outcome =
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

function pieceAt<P extends Pick<Piece, 'range'>>(
  pieces: readonly P[],
  { i = 1, t = 1 }: Point,
): P | undefined {
  return pieces.find(({ range }) => covers[range](i, t));
}

/** Does it agree with the right answer everywhere? Also as its transpose, when it does so everywhere. */
function compared(
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
function tried(
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

function keepsSlopes(expr: Expr): boolean {
  return [...descendants(expr)].some(
    (part) =>
      (part.kind === 'call' && part.primes > 0) ||
      (part.kind === 'symbol' && ['D', 'g_z', 'delta'].includes(part.name)),
  );
}

/**
 * Is the formula the right answer to question 2a, 2b, 2c or 2d?
 * @throws ArgumentError that points at the place where it cannot be read
 */
export function judgeFormula(question: string, typed: string): Verdict {
  const pieces = readAnswer(question, typed);
  for (const { expr, rewritten } of pieces) {
    try {
      refuseExcess(expr);
      refuseLoose(question, expr);
      refuseZeroDivisors(worldsOf(question, 'simple')[0]!, expr);
    } catch (error) {
      throw relocated(error, typed, rewritten);
    }
  }
  const main = question === 'q2b' ? pieces.filter(({ range }) => range !== 'future') : pieces;
  const claim = claimedFuture(pieces);
  try {
    const verdict = judged(question, main.length === 0 ? pieces : main, typed);
    if (claim === undefined) return verdict;
    return {
      ...verdict,
      correct: false,
      code: 'future-not-zero',
      mistake: wordsOf('q2b', 'future-not-zero'),
      counterExample: futureExample,
    };
  } catch (error) {
    throw relocated(error, typed, main[0]?.rewritten ?? pieces[0]!.rewritten);
  }
}

const futureExample: Bilingual = {
  fa: 'برای $t = 1$ و $i = 2$ باید همهٔ درایه‌ها $0$ باشد: $J_1$ به $h_2$ وابسته نیست.',
  en: 'For $t = 1$, $i = 2$ every entry must be $0$: $J_1$ does not depend on $h_2$.',
};

/** The piece that says something other than zero about i > t in so many words. */
function claimedFuture(pieces: readonly Piece[]): Piece | undefined {
  if (pieces.every(({ range }) => range === 'all')) return undefined;
  const said = pieceAt(pieces, { t: 1, i: 2 });
  if (said === undefined || (said.expr.kind === 'number' && said.expr.value === 0)) return undefined;
  return said.range === 'all' ? undefined : said;
}

function judged(question: string, pieces: readonly Piece[], typed: string): Verdict {
  const first = asWritten.map((reading) => tried(question, pieces, reading));
  const open = pieces.some(({ expr }) => hasOpenStar(expr));
  const settled = first.some(({ kind }) => kind !== 'misfit') && !open;
  const named = spokenGradient(question, pieces);
  const rest = settled
    ? []
    : (question === 'q2a' ? [...generous, rowsBeforeJacobian] : generous).map((reading) => ({
        reading,
        outcome: tried(question, pieces, reading),
      }));
  const right =
    first.find(({ kind }) => kind === 'right') ??
    rest.find(({ outcome }) => outcome.kind === 'right')?.outcome;
  const outerRead = rest.find(({ outcome }) => outcome === right)?.reading.vectors === 'outer';
  if (right?.kind === 'right') {
    return accepted(question, right.text, remarkOf(question, right.transposed, outerRead, pieces));
  }
  if (named !== undefined && settledRight(question, named)) return judged(question, named, typed);
  const shown =
    first.find(({ kind }) => kind === 'wrong') ??
    rest.find(({ outcome }) => outcome.kind === 'wrong')?.outcome;
  const text = shown?.kind === 'wrong' ? shown.text : typed.trim().slice(0, 200);
  const key = keyForm(question, pieces);
  if (key) return accepted(question, text, remarks['scalar-sum']!);
  if (question === 'q2c' || question === 'q2d') {
    const modes = ['simple', 'exact'] as const;
    const fromZero = modes.some((mode) =>
      [...asWritten, ...(settled ? [] : generous)].some(
        (reading) => compared(question, pieces, reading, worldsOf(question, mode, true)).kind === 'right',
      ),
    );
    if (fromZero) return accepted(question, text, remarks['zero-start']!);
  }
  const slip = likely(question, pieces, settled ? asWritten : [...asWritten, ...generous]);
  const misfit = first.find((outcome) => outcome.kind === 'misfit');
  const wrong = { question, correct: false, understood: text };
  if (slip !== undefined) {
    const mistake = wordsOf(question, slip);
    return { ...wrong, code: slip, mistake, counterExample: example(question, shown) };
  }
  if (misfit?.kind === 'misfit' && first.every(({ kind }) => kind === 'misfit')) {
    const told = relocated(misfit.error, typed, pieces[0]!.rewritten) as Hw5Error;
    const mark = `${told.details.excerpt}\n${told.details.caret}`;
    const rule = told.message.replace(/^\w+: /, '').replaceAll('$', '');
    return {
      ...wrong,
      code: 'shape-conflict',
      mistake: { fa: `ابعاد نمی‌خوانند: ${rule}`, en: `The shapes do not fit: ${rule}` },
      counterExample: example(question, shown),
      place: mark,
    };
  }
  const got = shown?.kind === 'wrong' ? shown.difference : undefined;
  const odd = got !== undefined && (got.got === undefined || !sameSize(got.got, got.expected));
  const code = odd ? 'wrong-size' : 'wrong-value';
  return { ...wrong, code, mistake: wordsOf(question, code), counterExample: example(question, shown) };
}

const sameSize = (a: Matrix, b: Matrix): boolean =>
  (a.rows === b.rows && a.columns === b.columns) || (a.rows === b.columns && a.columns === b.rows);

function accepted(question: string, understood: string, remark: Bilingual | undefined): Verdict {
  const base = { question, correct: true, understood, code: null, mistake: null, counterExample: null };
  return remark === undefined ? base : { ...base, remark };
}

/** Two vectors with `*` between them, which may be any product; `⊙` may not. */
function hasOpenStar(expr: Expr): boolean {
  const vector = (part: Expr): boolean =>
    part.kind === 'symbol'
      ? /^(?:g_[ohz]|h|delta)$/.test(part.name)
      : part.kind === 'binary' && part.op === '*' && vector(part.right);
  return [...descendants(expr)].some(
    (part) =>
      part.kind === 'binary' &&
      part.op === '*' &&
      !isMarkedEntrywise(part) &&
      vector(part.left) &&
      vector(part.right),
  );
}

/** The question calls dJ_t/dh_i `g_{h_t}`, so inside a sum over i that name may mean g_h(i). */
function spokenGradient(question: string, pieces: readonly Piece[]): readonly Piece[] | undefined {
  if (question !== 'q2c') return undefined;
  let found = false;
  const renamed = (expr: Expr, running: string | undefined): Expr => {
    if (expr.kind === 'series') return { ...expr, body: renamed(expr.body, expr.index) };
    if (expr.kind === 'symbol' && expr.name === 'g_h' && running !== undefined) {
      const typed = expr.at.source.text.slice(expr.at.start, expr.at.end).replace(/\s/g, '');
      if (!/^g_\{h_\{?t\}?\}$/.test(typed)) return expr;
      found = true;
      return { ...expr, index: { factors: { [running]: 1 }, constant: 0 } };
    }
    if (expr.kind === 'binary') {
      return { ...expr, left: renamed(expr.left, running), right: renamed(expr.right, running) };
    }
    if (expr.kind === 'call') return { ...expr, args: expr.args.map((arg) => renamed(arg, running)) };
    if (expr.kind === 'negate' || expr.kind === 'transpose')
      return { ...expr, of: renamed(expr.of, running) };
    return expr;
  };
  const changedPieces = pieces.map((piece) => ({ ...piece, expr: renamed(piece.expr, undefined) }));
  return found ? changedPieces : undefined;
}

function settledRight(question: string, pieces: readonly Piece[]): boolean {
  return [...asWritten, ...generous].some((reading) => tried(question, pieces, reading).kind === 'right');
}

/** (-sum y / yhat) times the Jacobian: what the key writes in question 2a. */
function keyForm(question: string, pieces: readonly Piece[]): boolean {
  if (question !== 'q2a') return false;
  const [key] = readAnswer('q2a', '-sum(y_t / yhat_t) * (diag(yhat_t) - outer(yhat_t, yhat_t))');
  return sameEverywhere(question, pieces, key!.expr, plain);
}

function sameEverywhere(
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
function likely(
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

function example(question: string, shown: Outcome | undefined): Bilingual {
  if (shown?.kind !== 'wrong') {
    const world = worldsOf(question, 'simple')[0]!;
    const point = pointsOf(question, world).at(-1)!;
    const expected = world.truth(question, point);
    return counterExample({ world, point, expected, got: undefined, row: 0, column: 0 });
  }
  return counterExample(shown.difference);
}

function remarkOf(
  question: string,
  turned: boolean,
  outerRead: boolean,
  pieces: readonly Piece[],
): Bilingual | undefined {
  if (turned) return remarks[question === 'q2c' || question === 'q2d' ? 'numerator' : 'row'];
  if (outerRead && pieces.some(({ expr }) => expr.kind === 'series')) return remarks.outer;
  return undefined;
}
