/** Formulas that can be read and have no value: letters without one, divisors that are zero. */
import { ShapeError } from '../../../errors.js';
import { descendants, type Expr } from '../../derive/expression.js';
import type { Matrix } from '../../derive/matrix.js';
import { refuse } from '../../derive/place.js';
import { fitted, numbersOf, plain, termOf } from './fit.js';
import { letters as indices } from './read.js';
import type { World } from './world.js';

/** Letters that nothing gives a value. */
export function refuseLoose(question: string, expr: Expr): void {
  const known = question === 'q2d' ? ['N'] : question === 'q2b' ? ['t', 'i', 'N'] : ['t', 'N'];
  const walk = (part: Expr, letters: readonly string[]): void => {
    const linears =
      part.kind === 'symbol'
        ? [indices.includes(part.name) ? { factors: { [part.name]: 1 }, constant: 0 } : part.index]
        : part.kind === 'power'
          ? [part.exponent]
          : part.kind === 'series'
            ? [part.from, part.to]
            : [];
    const bad = linears
      .flatMap((linear) => Object.keys(linear?.factors ?? {}))
      .find((letter) => !letters.includes(letter));
    // A forgotten sum is a slip with a name, not a text that cannot be read.
    const forgiven =
      (question === 'q2c' && bad === 'i') || (question === 'q2d' && (bad === 't' || bad === 'i'));
    if (bad !== undefined && !forgiven) {
      refuse(part.at, `an index letter must be ${letters.join(', ')} or run in a sum, got ${bad}`);
    }
    switch (part.kind) {
      case 'series':
        walk(part.body, [...letters, part.index]);
        return;
      case 'negate':
      case 'transpose':
        walk(part.of, letters);
        return;
      case 'power':
        walk(part.base, letters);
        return;
      case 'binary':
        walk(part.left, letters);
        walk(part.right, letters);
        return;
      case 'call':
        for (const arg of part.args) walk(arg, letters);
        return;
      default:
    }
  };
  walk(expr, known);
}

/** `a / (h - h)`: a divisor that is zero whatever the numbers are. */
export function refuseZeroDivisors(world: World, expr: Expr): void {
  for (const part of descendants(expr)) {
    if (part.kind !== 'binary' || part.op !== '/') continue;
    let value: Matrix;
    try {
      value = numbersOf(termOf(fitted(part.right, world, plain), world), world, {
        t: 2,
        i: 1,
        k: 1,
        j: 1,
        s: 1,
        n: 1,
      });
    } catch (error) {
      if (error instanceof ShapeError) continue;
      throw error;
    }
    if (value.data.every((entry) => entry === 0)) refuse(part.right.at, 'a divisor must not be zero, got 0');
  }
}
