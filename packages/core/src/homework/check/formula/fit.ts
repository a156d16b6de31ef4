/** Ways to read what a formula leaves open: what `*` multiplies, what two vectors side by side mean, rows or columns. */
import { elaborate } from '../../derive/elaborate.js';
import { evaluate } from '../../derive/evaluate.js';
import { descendants, type Expr, type Linear } from '../../derive/expression.js';
import type { Matrix } from '../../derive/matrix.js';
import { refuse } from '../../derive/place.js';
import { Shapes } from '../../derive/shapes.js';
import type { Term } from '../../derive/term.js';
import { changed } from './change.js';
import type { World } from './world.js';

export interface Reading {
  /** What `*` is where both would fit; the other one is taken where only that fits. */
  readonly star: 'product' | 'entrywise';
  /** Two columns side by side, which are no product of matrices; or `row`: a column before a matrix is its row. */
  readonly vectors: 'strict' | 'outer' | 'entrywise' | 'row';
  /** These names are rows. */
  readonly rows: readonly string[];
  /** psi'(z) is diag(psi'(z)). */
  readonly slopes: boolean;
}

/** A product is one of matrices, and nothing else is put in. */
export const plain: Reading = { star: 'product', vectors: 'strict', rows: [], slopes: false };

type Size = readonly [rows: number, columns: number];
interface Fitted {
  readonly expr: Expr;
  /** Undefined where the sizes do not fit. */
  readonly size: Size | undefined;
}

const SCALAR: Size = [1, 1];
const isScalar = ([rows, columns]: Size): boolean => rows === 1 && columns === 1;
const isColumn = ([rows, columns]: Size): boolean => rows > 1 && columns === 1;
const same = (a: Size, b: Size): boolean => a[0] === b[0] && a[1] === b[1];

/** Was the product entry by entry written with a sign that means nothing else? */
export function isMarkedEntrywise({ left, right }: { readonly left: Expr; readonly right: Expr }): boolean {
  const between = left.at.source.text.slice(left.at.end, right.at.start);
  return /[⊙∘]|\.\*|\\odot|\\circ/u.test(between);
}

/** The formula with everything that `reading` decides written out. */
export function fitted(expr: Expr, world: World, reading: Reading): Expr {
  return fit(expr, world, reading).expr;
}

/** @throws ShapeError, ArgumentError that point at the place */
export function termOf(expr: Expr, world: World): Term {
  const shapes = new Shapes([], world.sizes);
  shapes.add(expr);
  return elaborate(expr, shapes);
}

export function numbersOf(term: Term, world: World, indices: Readonly<Record<string, number>>): Matrix {
  return evaluate(term, world.environment(indices));
}

function fit(expr: Expr, world: World, reading: Reading): Fitted {
  const of = (part: Expr): Fitted => fit(part, world, reading);
  switch (expr.kind) {
    case 'number':
      return { expr, size: SCALAR };
    case 'symbol': {
      const given = world.sizes[expr.name]!;
      if (given === 'scalar') return { expr, size: SCALAR };
      if (typeof given === 'object') return { expr, size: given };
      if (!reading.rows.includes(expr.name)) return { expr, size: [given, 1] };
      return { expr: { kind: 'transpose', of: expr, at: expr.at }, size: [1, given] };
    }
    case 'negate': {
      const inner = of(expr.of);
      return { expr: { ...expr, of: inner.expr }, size: inner.size };
    }
    case 'transpose': {
      const inner = of(expr.of);
      return { expr: { ...expr, of: inner.expr }, size: inner.size && [inner.size[1], inner.size[0]] };
    }
    case 'power': {
      const inner = of(expr.base);
      return { expr: { ...expr, base: inner.expr }, size: inner.size };
    }
    case 'series': {
      const inner = of(expr.body);
      const whole = { expr: { ...expr, body: inner.expr }, size: inner.size };
      if (expr.op === 'sum' || (inner.size !== undefined && inner.size[0] === inner.size[1])) return whole;
      return split(expr, world, reading) ?? whole;
    }
    case 'call':
      return call(expr, expr.args.map(of), reading);
    case 'binary':
      return columns(expr, of, reading) ?? binary(expr, of(expr.left), of(expr.right), reading);
  }
}

/**
 * `psi'(z) * g · h`: columns in a row under the outer reading, whatever the signs. The last product is the outer one;
 * before it the entries are multiplied.
 */
function columns(
  expr: Extract<Expr, { kind: 'binary' }>,
  of: (part: Expr) => Fitted,
  reading: Reading,
): Fitted | undefined {
  if (reading.vectors !== 'outer') return undefined;
  const list: { readonly expr: Expr; readonly marked: boolean }[] = [];
  const flatten = (part: Expr, marked: boolean): void => {
    if (part.kind === 'binary' && (part.op === '@' || part.op === '*') && (part === expr || !part.grouped)) {
      flatten(part.left, marked);
      flatten(part.right, isMarkedEntrywise(part));
    } else list.push({ expr: part, marked });
  };
  flatten(expr, false);
  if (list.length < 3 || list.at(-1)!.marked) return undefined;
  const parts = list.map((part) => of(part.expr));
  if (!parts.every(({ size }) => size !== undefined && isColumn(size))) return undefined;
  const last = parts.pop()!;
  const [size] = parts.map((part) => part.size!);
  if (!parts.every((part) => same(part.size!, size!))) return undefined;
  const first = parts
    .map((part) => part.expr)
    .reduce((left, right) => ({ kind: 'binary', op: '*', left, right, at: expr.at }));
  return outer(expr, { expr: first, size }, last, size!, last.size!);
}

/** `prod_k A_k B c` is `(prod_k A_k) B c` when only that has a value. */
function split(expr: Extract<Expr, { kind: 'series' }>, world: World, reading: Reading): Fitted | undefined {
  const factors: Expr[] = [];
  const flatten = (part: Expr): void => {
    if (part.kind === 'binary' && (part.op === '@' || part.op === '*') && part.grouped !== true) {
      flatten(part.left);
      factors.push(part.right);
    } else factors.push(part);
  };
  flatten(expr.body);
  const chain = (list: readonly Expr[]): Expr =>
    list.reduce((left, right) => ({ kind: 'binary', op: '@', left, right, at: expr.at }));
  const uses = (part: Expr): boolean =>
    [...descendants(part)].some(
      (node) => node.kind === 'symbol' && expr.index in (node.index?.factors ?? {}),
    );
  for (let count = Math.max(1, factors.findLastIndex(uses) + 1); count < factors.length; count += 1) {
    const head = fit(chain(factors.slice(0, count)), world, reading);
    if (head.size === undefined || head.size[0] !== head.size[1]) continue;
    const repeated: Fitted = { expr: { ...expr, body: head.expr }, size: head.size };
    return factors.slice(count).reduce<Fitted>((left, factor) => {
      const right = fit(factor, world, reading);
      const joined: Expr = { kind: 'binary', op: '@', left: left.expr, right: right.expr, at: expr.at };
      return binary(joined, left, right, reading);
    }, repeated);
  }
  return undefined;
}

function call(expr: Extract<Expr, { kind: 'call' }>, args: readonly Fitted[], reading: Reading): Fitted {
  const whole: Expr = { ...expr, args: args.map((arg) => arg.expr) };
  const [first, second] = args.map(({ size }) => size);
  switch (expr.fn) {
    case 'inner':
      // numpy's dot and matmul: the inner product of two vectors, and the product where one side is a matrix.
      if (first && second && !(isColumn(first) && isColumn(second)) && first[1] === second[0]) {
        const [left, right] = args.map((arg) => arg.expr);
        const product: Expr = { kind: 'binary', op: '@', left: left!, right: right!, at: expr.at };
        return { expr: product, size: [first[0], second[1]] };
      }
      return { expr: whole, size: SCALAR };
    case 'sum':
    case 'cross_entropy':
    case 'squared_error':
      return { expr: whole, size: SCALAR };
    case 'diag':
      return { expr: whole, size: first && [first[0], first[0]] };
    case 'outer':
      return { expr: whole, size: first && second && [first[0], second[0]] };
    default:
      if (reading.slopes && expr.primes === 1 && first !== undefined && isColumn(first)) {
        return {
          expr: { kind: 'call', fn: 'diag', primes: 0, args: [whole], at: expr.at },
          size: [first[0], first[0]],
        };
      }
      return { expr: whole, size: first };
  }
}

function binary(
  expr: Extract<Expr, { kind: 'binary' }>,
  left: Fitted,
  right: Fitted,
  reading: Reading,
): Fitted {
  const [a, b] = [left.size, right.size];
  const as = (op: typeof expr.op, size: Size | undefined): Fitted => ({
    expr: { ...expr, op, left: left.expr, right: right.expr },
    size,
  });
  if (a === undefined || b === undefined) return as(expr.op, undefined);
  if (isScalar(a)) return as(expr.op, b);
  if (isScalar(b)) return as(expr.op, a);
  if (expr.op === '+' || expr.op === '-' || expr.op === '/') return as(expr.op, same(a, b) ? a : undefined);
  const product: Size | undefined = a[1] === b[0] ? [a[0], b[1]] : undefined;
  if (expr.op === '*') {
    if (isMarkedEntrywise(expr)) return as('*', same(a, b) ? a : undefined);
    if (reading.vectors === 'outer' && isColumn(a) && isColumn(b)) return outer(expr, left, right, a, b);
    if (same(a, b) && (reading.star === 'entrywise' || product === undefined)) return as('*', a);
    return product === undefined ? as('*', undefined) : as('@', product);
  }
  if (product !== undefined) return as('@', product);
  if (reading.vectors === 'row' && isColumn(a) && !isColumn(b) && a[0] === b[0]) {
    const row: Expr = { kind: 'transpose', of: left.expr, at: left.expr.at };
    return { expr: { ...expr, left: row, right: right.expr }, size: [1, b[1]] };
  }
  if (isColumn(a) && isColumn(b)) {
    if (reading.vectors === 'outer') return outer(expr, left, right, a, b);
    if (reading.vectors === 'entrywise' && same(a, b)) return as('*', a);
  }
  return as('@', undefined);
}

function outer(expr: Expr, left: Fitted, right: Fitted, a: Size, b: Size): Fitted {
  return {
    expr: { kind: 'call', fn: 'outer', primes: 0, args: [left.expr, right.expr], at: expr.at },
    size: [a[0], b[0]],
  };
}

/** Longest sum and largest offset that an answer may have. */
const MAX_REACH = 6;

/** Refuse what would take long to evaluate, or has no numbers. */
export function refuseExcess(expr: Expr): void {
  const reach = ({ factors, constant }: Linear): boolean =>
    Math.abs(constant) > MAX_REACH || Object.values(factors).some((factor) => Math.abs(factor) > 2);
  changed(expr, (node) => {
    const linears =
      node.kind === 'series'
        ? [node.from, node.to]
        : node.kind === 'power'
          ? [node.exponent]
          : node.kind === 'symbol' && node.index !== undefined
            ? [node.index]
            : [];
    if (linears.some(reach))
      refuse(node.at, `an index or exponent must stay within ${MAX_REACH} steps, got more`);
    return node;
  });
  const work = workOf(expr);
  if (work > MAX_WORK) {
    refuse(expr.at, `an answer must take at most ${MAX_WORK} operations at one point, got ${work}`);
  }
}

/** Most operations of one evaluation. The longest sensible answer, a double sum with psi', takes about 1000. */
const MAX_WORK = 3000;

/** Operations of one evaluation, where every sum has {@link MAX_REACH} terms. */
export function workOf(expr: Expr): number {
  switch (expr.kind) {
    case 'negate':
    case 'transpose':
      return 1 + workOf(expr.of);
    case 'power':
      return 1 + workOf(expr.base);
    case 'binary':
      return 1 + workOf(expr.left) + workOf(expr.right);
    case 'call':
      return expr.args.reduce((total, arg) => total + workOf(arg), 1);
    case 'series':
      return 1 + MAX_REACH * workOf(expr.body);
    default:
      return 1;
  }
}
