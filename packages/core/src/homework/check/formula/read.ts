/** A typed answer to formulas: names in their many spellings, a left side, cases for i <= t and i > t. */
import { descendants, type Expr, type Linear } from '../../derive/expression.js';
import { parseExpression } from '../../derive/parse.js';
import { type Place, refuse, type Source } from '../../derive/place.js';
import { asciiDigits } from '../../derive/token.js';
import { cases, type Range } from './cases.js';
import { changed } from './change.js';
import { decoded } from './code.js';
import { withoutEllipsis } from './ellipsis.js';
import { type Rewritten, relocated, replaced, sliced, verbatim } from './rewrite.js';
import { respelled } from './spelling.js';

export interface Piece {
  readonly expr: Expr;
  readonly range: Range;
  readonly rewritten: Rewritten;
}

/** Canonical names by the spellings of them, without `_` and in the case that was typed. */
const spellings: Readonly<Record<string, readonly string[]>> = {
  W_hh: ['Whh', 'whh'],
  W_hx: ['Whx', 'whx', 'Wxh', 'wxh'],
  W_yh: ['Wyh', 'wyh'],
  yhat: ['yhat', 'ŷ', 'ŷ', 'haty', 'yp', 'ypred'],
  y: ['y'],
  h: ['h'],
  x: ['x'],
  o: ['o'],
  z: ['z'],
  g_o: ['go', 'Go'],
  g_h: ['gh', 'Gh'],
  g_z: ['gz', 'Gz'],
  gW: ['gW', 'gWhh', 'GWhh', 'gwhh', 'GW'],
  D: ['D'],
  I: ['I'],
  delta: ['delta', 'δ'],
};
const canonical = new Map(
  Object.entries(spellings).flatMap(([name, list]) => list.map((text) => [text, name] as const)),
);

/** Letters of indices; they are numbers too, as in `1/t`. N is the number of steps. */
export const letters: readonly string[] = ['t', 'i', 'k', 'j', 's', 'n', 'N'];

/** Names that mean step t when nothing else is said. */
const current = new Set(['y', 'yhat', 'o', 'g_o', 'gW']);
const constant = new Set(['W_hh', 'W_hx', 'W_yh', 'I']);

/**
 * @throws ArgumentError that points at the place
 */
export function readAnswer(question: string, typed: string): Piece[] {
  let whole = verbatim(asciiDigits(typed));
  if (typed.length > 20_000) {
    parseExpression({ label: 'answer', text: typed });
  }
  // A formula may be broken over lines; long blanks would keep the patterns below busy.
  whole = replaced(whole, /\s+/g, () => ' ');
  whole = decoded(whole);
  whole = replaced(whole, /\\begin\{cases\}|\\end\{cases\}/g, () => ' ');
  if (question === 'q2b') {
    whole = replaced(whole, /&/g, () => ' if ');
    whole = replaced(whole, /(?<!\p{L})(?:باشد|باشند|است|برابر)(?!\p{L})/gu, () => ' ');
    whole = replaced(whole, /(?<!\p{L})(?:صفر|zero)(?!\p{L})/gu, () => '0');
  }
  whole = respelled(whole, question);
  const pieces = question === 'q2b' ? cases(whole) : [{ part: whole, range: 'all' as const }];
  return pieces.map(({ part, range }) => {
    const text = withoutLeft(part);
    try {
      return {
        expr: withoutEllipsis(text.text, (source) => formula(question, source)),
        range,
        rewritten: text,
      };
    } catch (error) {
      throw relocated(error, typed, text);
    }
  });
}

function formula(question: string, source: Source): Expr {
  return named(question, parseExpression(source, { indices: letters, numericSubscripts: true }));
}

/** What stands behind the last `=` that is in no bracket. */
function withoutLeft(part: Rewritten): Rewritten {
  let depth = 0;
  let cut = 0;
  for (let at = 0; at < part.text.length; at += 1) {
    const char = part.text[at]!;
    if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char)) depth -= 1;
    else if (char === '=' && depth === 0) cut = at + 1;
  }
  return sliced(part, cut, part.text.length);
}

/** Canonical names and functions; unknown ones are refused at their place. */
function named(question: string, parsed: Expr): Expr {
  const running = new Set<string>();
  for (const expr of descendants(parsed)) if (expr.kind === 'series') running.add(expr.index);
  const expr = changed(parsed, (node) => {
    if (node.kind === 'symbol') return symbol(question, node);
    if (node.kind === 'call') return call(question, node);
    return node;
  });
  return question === 'q2a' ? entries(expr) : lettersRenamed(question, expr, running);
}

type Named = Extract<Expr, { kind: 'symbol' }>;

function symbol(question: string, node: Named): Expr {
  const { name, index, at } = node;
  const typed = at.source.text.slice(at.start, at.end).replace(/\s/g, '');
  const jacobian = /^J_?(?:softmax|sigma|σ)?$/.test(name) && question === 'q2a';
  if (jacobian) return softmaxSlope({ kind: 'symbol', name: 'yhat', index: undefined, at }, at);
  const counted = name === 'T' ? 'N' : name;
  if (index === undefined && letters.includes(counted)) return { ...node, name: counted };
  const bare = name.replaceAll('_', '');
  let found = canonical.get(bare) ?? canonical.get(name);
  let step: Linear | undefined = index;
  let entry: string | undefined;
  if (found === undefined && /^(?:y|yhat|y_hat|ŷ|ŷ|o)_t$/u.test(name)) {
    // y_{t,i}: an entry of y_t.
    found = canonical.get(name.slice(0, -2).replaceAll('_', ''));
    const letters = Object.keys(index?.factors ?? {});
    entry = letters[0];
    if (letters.length !== 1 || index!.constant !== 0) {
      refuse(at, `an entry must have a letter for its index, got ${typed}`);
    }
    step = { factors: { t: 1 }, constant: 0 };
  }
  if (found === undefined) {
    refuse(
      at,
      `a symbol must be one of W_hh, W_hx, W_yh, h, x, y, yhat, o, z, g_o, g_h, g_z, gW_hh, got ${typed.slice(0, 40)}`,
    );
  }
  if (constant.has(found)) {
    if (index !== undefined) refuse(at, `${found} must have no time index: it is the same at every step`);
    return { ...node, name: found, index: undefined };
  }
  if (step === undefined) {
    if (!current.has(found)) refuse(at, `${found} must say its step, such as ${found}_t or ${found}(i)`);
    step = { factors: { t: 1 }, constant: 0 };
  }
  // In question 2a an index i counts entries, as in the homework's sum over i.
  const letter = Object.keys(step.factors)[0];
  if (question === 'q2a' && letter !== undefined && letter !== 't' && step.constant === 0) {
    entry = letter;
    step = { factors: { t: 1 }, constant: 0 };
  }
  const result: Expr = { ...node, name: found, index: step };
  return entry === undefined ? result : ({ ...result, entry } as Expr);
}

function call(question: string, node: Extract<Expr, { kind: 'call' }>): Expr {
  const typed = node.at.source.text.slice(node.at.start, node.at.end);
  const softmax = node.fn === 'softmax' || (node.fn === 'sigmoid' && /^\\?(?:σ|sigma)(?!\p{L})/u.test(typed));
  if (softmax && question === 'q2a') {
    const value: Expr = { kind: 'call', fn: 'softmax', primes: 0, args: node.args, at: node.at };
    if (node.args.length !== 1) refuse(node.at, `softmax must have 1 argument(s), got ${node.args.length}`);
    if (node.primes === 0) return value;
    if (node.primes > 1) refuse(node.at, 'softmax must have at most one prime');
    return softmaxSlope(value, node.at);
  }
  if (node.primes > 1) refuse(node.at, `${node.fn} must have at most one prime, got ${node.primes}`);
  return node;
}

/** diag(p) - p p^T. */
function softmaxSlope(p: Expr, at: Place): Expr {
  const value: Expr = p.kind === 'symbol' ? { ...p, index: { factors: { t: 1 }, constant: 0 } } : p;
  const diag: Expr = { kind: 'call', fn: 'diag', primes: 0, args: [value], at };
  const outer: Expr = { kind: 'call', fn: 'outer', primes: 0, args: [value, value], at };
  return { kind: 'binary', op: '-', left: diag, right: outer, at, grouped: true };
}

/** A sum over the entries' letter is the sum of all entries; without one the formula is meant for every entry. */
function entries(expr: Expr): Expr {
  return changed(expr, (node) => {
    if (node.kind !== 'series' || node.op !== 'sum' || node.index === 't') return node;
    const summed = [...descendants(node.body)].some((part) => 'entry' in part && part.entry === node.index);
    if (!summed) return node;
    const body = changed(node.body, (part) => {
      // Inside a sum over entries the products are those of single numbers.
      if (part.kind === 'binary' && part.op === '@') return { ...part, op: '*' };
      return part;
    });
    return { kind: 'call', fn: 'sum', primes: 0, args: [body], at: node.at };
  });
}

/** `W^(t-k)` says k where the question says i: the same answer. */
function lettersRenamed(question: string, expr: Expr, running: ReadonlySet<string>): Expr {
  if (question !== 'q2b') return expr;
  const free = new Set<string>();
  const collect = (linear: Linear | undefined): void => {
    for (const letter of Object.keys(linear?.factors ?? {})) if (!running.has(letter)) free.add(letter);
  };
  for (const node of descendants(expr)) {
    if (node.kind === 'symbol') collect(node.index);
    if (node.kind === 'power') collect(node.exponent);
    if (node.kind === 'series') [node.from, node.to].forEach(collect);
  }
  const others = [...free].filter((letter) => !'tiN'.includes(letter));
  if (free.has('i') || running.has('i') || others.length !== 1) return expr;
  const rename = (linear: Linear): Linear => ({
    ...linear,
    factors: Object.fromEntries(
      Object.entries(linear.factors).map(([letter, factor]) => [letter === others[0] ? 'i' : letter, factor]),
    ),
  });
  return changed(expr, (node) => {
    if (node.kind === 'symbol' && node.index !== undefined) return { ...node, index: rename(node.index) };
    if (node.kind === 'power') return { ...node, exponent: rename(node.exponent) };
    if (node.kind === 'series') return { ...node, from: rename(node.from), to: rename(node.to) };
    return node;
  });
}
