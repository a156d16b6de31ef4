/** Sizes with letters, and shapes made of two of them. Everything is a matrix: a vector has one column, a scalar is 1 x 1. */

/** A size and its letter, e.g. H = 4. The size of scalars and of a vector's other axis is {@link unit}. */
export interface Dim {
  readonly letter: string;
  readonly size: number;
}

export interface MatrixShape {
  readonly rows: Dim;
  readonly columns: Dim;
}

export const unit: Dim = { letter: '1', size: 1 };
export const scalarShape: MatrixShape = { rows: unit, columns: unit };

/** A 1 by structure; a vector whose size happens to be 1 is none. */
export function isUnit(dim: Dim): boolean {
  return dim.letter === '1';
}

export function isScalar({ rows, columns }: MatrixShape): boolean {
  return isUnit(rows) && isUnit(columns);
}

export function isVector({ rows, columns }: MatrixShape): boolean {
  return !isUnit(rows) && isUnit(columns);
}

export function sameShapes(a: MatrixShape, b: MatrixShape): boolean {
  return a.rows.letter === b.rows.letter && a.columns.letter === b.columns.letter;
}

/** `scalar`, `[H]`, `[H, I]`. */
export function lettersOf(shape: MatrixShape): string {
  if (isScalar(shape)) return 'scalar';
  return isVector(shape) ? `[${shape.rows.letter}]` : `[${shape.rows.letter}, ${shape.columns.letter}]`;
}

/** `1`, `4`, `4×3`. */
export function sizesOf(shape: MatrixShape): string {
  if (isScalar(shape)) return '1';
  return isVector(shape) ? String(shape.rows.size) : `${shape.rows.size}×${shape.columns.size}`;
}
