/** Judges formulas: by their values at random points of several sizes, under every reading that they leave open. */
import type { Hw5Error } from '../../../errors.js';
import type { Bilingual } from '../../bank/types.js';
import { descendants, type Expr } from '../../derive/expression.js';
import type { Matrix } from '../../derive/matrix.js';
import type { Verdict } from '../verdict.js';
import { counterExample } from './counter-example.js';
import { isMarkedEntrywise, plain, type Reading, refuseExcess } from './fit.js';
import { wordsOf } from './mistakes.js';
import { type Piece, readAnswer } from './read.js';
import { refuseLoose, refuseZeroDivisors } from './refusals.js';
import { remarks } from './remarks.js';
import { relocated } from './rewrite.js';
import { likely } from './slips.js';
import { compared, type Outcome, pieceAt, pointsOf, sameEverywhere, tried, worldsOf } from './trials.js';

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
