/**
 * Shapes: labelled rank tuples. The rank is known to the compiler, the sizes at run time.
 * Letters used in all docs: B batch, T time, I input, H hidden, V vocabulary, N heads, D head size, S key length.
 */
import { ShapeError } from './errors.js';

/** Sizes of a tensor's axes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** The same rank with the sizes forgotten: `Rank<readonly [2, 3]>` is `[number, number]`. */
export type Rank<S extends Shape> = { -readonly [K in keyof S]: number };

/** A shape without its first axis. */
export type Tail<S extends Shape> = S extends readonly [number, ...infer Rest extends readonly number[]]
  ? Rest
  : Shape;

/** Number of entries. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const n of shape) size *= n;
  return size;
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, axis) => n === b[axis]);
}

/** Throws ShapeError unless `shape` equals `expected`; `letters` explains the sizes, e.g. `[4*H, I]`. */
export function expectShape(op: string, name: string, letters: string, expected: Shape, shape: Shape): void {
  if (sameShape(expected, shape)) return;
  throw new ShapeError(
    `${op}: ${name} must be ${letters} = ${formatShape(expected)}, got ${formatShape(shape)}`,
  );
}

/** Throws ShapeError unless the tensor has `rank` axes. */
export function expectRank(op: string, name: string, letters: string, rank: number, shape: Shape): void {
  if (shape.length === rank) return;
  throw new ShapeError(
    `${op}: ${name} must be ${letters} with ${rank} axes, got ${formatShape(shape)} with ${shape.length}`,
  );
}

/** The axis counted from the front; -1 is the last. Throws ShapeError unless the shape has it. */
export function expectAxis(op: string, axis: number, shape: Shape): number {
  const at = axis < 0 ? axis + shape.length : axis;
  if (Number.isInteger(axis) && at >= 0 && at < shape.length) return at;
  throw new ShapeError(
    `${op}: axis must be one of the ${shape.length} of ${formatShape(shape)}, got ${axis}`,
  );
}

/** Entries before, along and behind an axis: the shape as [outer, n, inner]. */
export function aroundAxis(shape: Shape, axis: number): [outer: number, n: number, inner: number] {
  return [sizeOf(shape.slice(0, axis)), shape[axis]!, sizeOf(shape.slice(axis + 1))];
}

/** Throws ShapeError unless every size is a whole number >= 0. */
export function checkSizes(op: string, shape: Shape): void {
  if (shape.every((n) => Number.isSafeInteger(n) && n >= 0)) return;
  throw new ShapeError(`${op}: sizes must be whole numbers >= 0, got ${formatShape(shape)}`);
}

/**
 * Suffix broadcasting, as in `[T, B, H] + [H]`: one shape must be a suffix of the other (a scalar `[]` is a
 * suffix of all). Returns the longer one.
 */
export function broadcastSuffix(op: string, a: Shape, b: Shape): Shape {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  const start = long.length - short.length;
  if (short.every((n, axis) => n === long[start + axis])) return long;
  throw new ShapeError(
    `${op}: shapes must be equal or one a suffix of the other, got ${formatShape(a)} and ${formatShape(b)}`,
  );
}
