/**
 * Shape inference by unification: every axis of every name is an unknown; products, sums and definitions set unknowns
 * equal; given sizes make them known. What contradicts is reported at its place in the text.
 */
import { ArgumentError } from '../../errors.js';
import { type Dim, type MatrixShape, unit } from './dimension.js';
import type { Equation, Expr } from './expression.js';
import { arity, isElementwise } from './functions.js';
import { hasLetters } from './linear.js';
import { type Place, refuse, refuseShape } from './place.js';
import { type Rank, ranksOf } from './ranks.js';

/** A vector's length, a matrix's rows and columns, or a scalar. */
export type Size = number | readonly [rows: number, columns: number] | 'scalar';

export const MAX_SIZE = 64;

/** An unknown size; follow `same` to the one that stands for all equal ones. */
interface Unknown {
  same: Unknown | undefined;
  size: number | undefined;
  readonly isUnit: boolean;
  /** Names whose axis this is, first seen first. */
  owners: readonly string[];
}

interface Axes {
  readonly rows: Unknown;
  readonly columns: Unknown;
}

/** Letters that names lend to their sizes, and the sizes they have when nobody says: the homework's. */
const customary: readonly (readonly [owners: readonly string[], letter: string, size: number])[] = [
  [['h', 'c', 's'], 'H', 4],
  [['x', 'u', 'e'], 'I', 3],
  [['y', 'o', 'd', 'p'], 'O', 2],
];
const otherLetters = ['K', 'M', 'N', 'P', 'Q', 'R', 'S', 'D', 'E', 'F', 'G', 'L', 'U', 'V'];
const otherSize = 3;

/** The left side of a definition. */
interface Wanted {
  readonly name: string;
  readonly axes: Axes;
}

export class Shapes {
  readonly #units: Unknown = { same: undefined, size: 1, isUnit: true, owners: [] };
  readonly #names = new Map<string, Axes>();
  readonly #exprs = new Map<Expr, Axes>();
  readonly #rank: (name: string) => Rank;
  readonly #given: Readonly<Record<string, Size>>;
  #dims: Map<Unknown, Dim> | undefined;

  /** @param given - sizes by name; a name may be given more than its convention says, e.g. `alpha: 4` */
  constructor(equations: readonly Equation[], given: Readonly<Record<string, Size>> = {}) {
    this.#given = given;
    const ranks = Object.entries(given).map(([name, size]): [string, Rank] => [name, rankOfSize(name, size)]);
    this.#rank = ranksOf(equations, new Map(ranks));
    for (const { name, at, value } of equations) this.#define(name, at, value);
  }

  /** Add a formula over the same names. @throws ShapeError, ArgumentError that point at the place */
  add(expr: Expr): void {
    this.#infer(expr);
  }

  /** Add a formula that must be a scalar: a loss. */
  addScalar(expr: Expr): void {
    const { rows, columns } = this.#infer(expr);
    if (!this.#isUnit(rows) || !this.#isUnit(columns)) {
      refuseShape(expr.at, `a loss must be a scalar, got ${this.#shown({ rows, columns })}; try sum(...)`);
    }
  }

  /** The shape of a name, once all formulas are added. */
  ofName(name: string): MatrixShape {
    return this.#resolve(this.#axesOf(name));
  }

  /** The shape of a part of an added formula. */
  ofExpr(expr: Expr): MatrixShape {
    return this.#resolve(this.#exprs.get(expr)!);
  }

  /** Names seen so far, in order. */
  get names(): readonly string[] {
    return [...this.#names.keys()];
  }

  #define(name: string, at: Place, value: Expr): void {
    const left = this.#axesOf(name);
    const right = this.#infer(value, { name, axes: left });
    if (this.#kind(left) !== this.#kind(right)) {
      refuseShape(
        at,
        `${name}[t] is a ${this.#kind(left)} by its name and must equal one, got ${this.#shown(right)}`,
      );
    }
  }

  /** @param wanted - the left side whose shape the expression must have; scalars are spread to it */
  #infer(expr: Expr, wanted?: Wanted): Axes {
    const axes = this.#axesOfExpr(expr, wanted);
    this.#exprs.set(expr, axes);
    if (wanted === undefined || this.#kind(axes) !== this.#kind(wanted.axes)) return axes;
    const rule = (): string =>
      `${wanted.name}[t] needs ${this.#shown(wanted.axes)} here, got ${this.#shown(axes)}`;
    this.#equal(wanted.axes.rows, axes.rows, expr.at, rule);
    this.#equal(wanted.axes.columns, axes.columns, expr.at, rule);
    return axes;
  }

  #axesOfExpr(expr: Expr, wanted: Wanted | undefined): Axes {
    const scalar: Axes = { rows: this.#units, columns: this.#units };
    switch (expr.kind) {
      case 'number':
        return scalar;
      case 'symbol':
        return this.#axesOf(expr.name);
      case 'negate':
        return this.#infer(expr.of, wanted);
      case 'transpose': {
        const { rows, columns } = this.#infer(expr.of);
        return { rows: columns, columns: rows };
      }
      case 'power':
        return this.#power(expr);
      case 'series': {
        const body = this.#infer(expr.body);
        if (expr.op === 'product' && !this.#isScalar(body)) {
          this.#square(body, expr.body.at, 'a repeated product');
        }
        return body;
      }
      case 'binary': {
        // What is added or multiplied entry by entry has the shape of the whole; factors of a product have not.
        const passed = expr.op === '@' ? undefined : wanted;
        const left = this.#infer(expr.left, passed);
        const right = this.#infer(expr.right, passed);
        if (this.#isScalar(left)) return right;
        if (this.#isScalar(right)) return left;
        return expr.op === '@'
          ? this.#multiply(left, right, expr.right.at)
          : this.#alike(left, right, expr.right.at, `the sides of ${expr.op}`);
      }
      case 'call':
        if (isElementwise(expr.fn) && expr.args.length === 1) return this.#infer(expr.args[0]!, wanted);
        return this.#call(expr.fn, expr.args, expr.at);
    }
  }

  #call(fn: string, args: readonly Expr[], at: Place): Axes {
    const wanted = isElementwise(fn) ? 1 : (arity[fn] ?? 1);
    if (args.length !== wanted) refuse(at, `${fn} must have ${wanted} argument(s), got ${args.length}`);
    const scalar: Axes = { rows: this.#units, columns: this.#units };
    const [first, second] = args.map((arg) => this.#infer(arg)) as [Axes, Axes];
    const vector = (axes: Axes, arg: Expr): void => {
      if (this.#kind(axes) !== 'vector')
        refuseShape(arg.at, `${fn} must be given a vector, got ${this.#shown(axes)}`);
    };
    switch (fn) {
      case 'sum':
        return scalar;
      case 'softmax':
        vector(first, args[0]!);
        return first;
      case 'diag':
        vector(first, args[0]!);
        return { rows: first.rows, columns: first.rows };
      case 'outer':
        vector(first, args[0]!);
        vector(second, args[1]!);
        return { rows: first.rows, columns: second.rows };
      case 'hadamard':
        if (this.#isScalar(first)) return second;
        return this.#isScalar(second)
          ? first
          : this.#alike(first, second, args[1]!.at, 'the arguments of hadamard');
      case 'inner':
      case 'cross_entropy':
      case 'squared_error':
        this.#alike(first, second, args[1]!.at, `the arguments of ${fn}`);
        return scalar;
      default:
        return first;
    }
  }

  #power(expr: Extract<Expr, { kind: 'power' }>): Axes {
    const base = this.#infer(expr.base);
    const { exponent } = expr;
    if (this.#kind(base) === 'matrix') {
      this.#square(base, expr.base.at, 'a matrix power');
      if (!hasLetters(exponent) && (exponent.constant < 0 || exponent.constant > 32)) {
        refuse(expr.at, `a matrix power must be a whole number from 0 to 32, got ${exponent.constant}`);
      }
    }
    return base;
  }

  #square({ rows, columns }: Axes, at: Place, what: string): void {
    this.#equal(
      rows,
      columns,
      at,
      () => `${what} must be of a square matrix, got ${this.#shown({ rows, columns })}`,
    );
  }

  #multiply(left: Axes, right: Axes, at: Place): Axes {
    const shapes = (): string => `${this.#shown(left)} and ${this.#shown(right)}`;
    if (this.#isUnit(left.columns) !== this.#isUnit(right.rows)) {
      const both = this.#kind(left) === 'vector' && this.#kind(right) === 'vector';
      refuseShape(
        at,
        `columns of the left factor must match rows of the right one, got ${shapes()}${
          both ? '; a * b multiplies entries, a^T b is the inner and a b^T the outer product' : ''
        }`,
      );
    }
    this.#equal(
      left.columns,
      right.rows,
      at,
      () => `columns of the left factor must match rows of the right one, got ${shapes()}`,
    );
    return { rows: left.rows, columns: right.columns };
  }

  #alike(left: Axes, right: Axes, at: Place, what: string): Axes {
    const rule = (): string =>
      `${what} must have one shape, got ${this.#shown(left)} and ${this.#shown(right)}`;
    if (this.#kind(left) !== this.#kind(right)) {
      const product = this.#kind(left) === 'matrix' && this.#kind(right) === 'vector' && what.endsWith('*');
      refuseShape(at, `${rule()}${product ? '; the matrix product is written W h or W @ h' : ''}`);
    }
    this.#equal(left.rows, right.rows, at, rule);
    this.#equal(left.columns, right.columns, at, rule);
    return left;
  }

  #equal(a: Unknown, b: Unknown, at: Place, rule: () => string): void {
    const [one, other] = [root(a), root(b)];
    if (one === other) return;
    if (
      one.isUnit !== other.isUnit ||
      (one.size !== undefined && other.size !== undefined && one.size !== other.size)
    ) {
      refuseShape(at, rule());
    }
    other.same = one;
    one.size ??= other.size;
    one.owners = [...one.owners, ...other.owners];
  }

  #axesOf(name: string): Axes {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const { unitRows, unitColumns } = this.#rank(name);
    const size = Object.hasOwn(this.#given, name) ? this.#given[name] : undefined;
    const [rows, columns] = typeof size === 'object' ? size : [size === 'scalar' ? 1 : size, undefined];
    const owners = unitColumns ? [name] : [];
    const fresh = (known: number | undefined): Unknown => ({
      same: undefined,
      size: known,
      isUnit: false,
      owners,
    });
    const axes: Axes = {
      rows: unitRows ? this.#units : fresh(rows),
      columns: unitColumns ? this.#units : fresh(columns),
    };
    this.#names.set(name, axes);
    return axes;
  }

  #isUnit(axis: Unknown): boolean {
    return root(axis).isUnit;
  }

  #isScalar({ rows, columns }: Axes): boolean {
    return this.#isUnit(rows) && this.#isUnit(columns);
  }

  #kind({ rows, columns }: Axes): 'scalar' | 'vector' | 'row' | 'matrix' {
    if (this.#isUnit(columns)) return this.#isUnit(rows) ? 'scalar' : 'vector';
    return this.#isUnit(rows) ? 'row' : 'matrix';
  }

  /** A shape as a message prints it: sizes where known, else the name whose size it is. */
  #shown(axes: Axes): string {
    if (this.#isScalar(axes)) return 'a scalar';
    const side = (axis: Unknown): string => {
      const { size, owners } = root(axis);
      return size !== undefined ? String(size) : owners.length > 0 ? `size of ${owners[0]}` : '?';
    };
    const kind = this.#kind(axes);
    return kind === 'vector'
      ? `a vector [${side(axes.rows)}]`
      : `a ${kind} [${side(axes.rows)}, ${side(axes.columns)}]`;
  }

  #resolve({ rows, columns }: Axes): MatrixShape {
    this.#dims ??= this.#settle();
    const dim = (axis: Unknown): Dim => (this.#isUnit(axis) ? unit : this.#dims!.get(root(axis))!);
    return { rows: dim(rows), columns: dim(columns) };
  }

  /** Letters and sizes for all unknowns: customary ones first, the rest in the order of appearance. */
  #settle(): Map<Unknown, Dim> {
    const dims = new Map<Unknown, Dim>();
    const taken = new Set<string>();
    const all = [...this.#names.values()].flatMap(({ rows, columns }) => [root(rows), root(columns)]);
    const unknowns = [...new Set(all)].filter(({ isUnit }) => !isUnit);
    const put = (unknown: Unknown, letter: string, size: number): void => {
      taken.add(letter);
      dims.set(unknown, { letter, size: unknown.size ?? size });
    };
    for (const [owners, letter, size] of customary) {
      for (const owner of owners) {
        const found = unknowns.find((unknown) => unknown.owners.includes(owner) && !dims.has(unknown));
        if (found !== undefined && !taken.has(letter)) put(found, letter, size);
      }
    }
    let next = 0;
    for (const unknown of unknowns) {
      if (dims.has(unknown)) continue;
      const letter = otherLetters[next % otherLetters.length]!;
      put(
        unknown,
        next < otherLetters.length ? letter : `${letter}${Math.floor(next / otherLetters.length)}`,
        otherSize,
      );
      next += 1;
    }
    return dims;
  }
}

function root(unknown: Unknown): Unknown {
  let at = unknown;
  while (at.same !== undefined) at = at.same;
  return at;
}

/** @throws ArgumentError for a size outside 1 ... 64 */
function rankOfSize(name: string, size: Size): Rank {
  for (const n of size === 'scalar' ? [] : [size].flat()) {
    if (!Number.isSafeInteger(n) || n < 1 || n > MAX_SIZE) {
      throw new ArgumentError(`size: ${name} must be from 1 to ${MAX_SIZE}, got ${n}`);
    }
  }
  if (size === 'scalar') return { unitRows: true, unitColumns: true };
  return { unitRows: false, unitColumns: typeof size === 'number' };
}
