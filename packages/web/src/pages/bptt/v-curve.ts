/** The V of a gradient check: error against step size, both on logarithmic axes. Geometry only. */
import type { Probe } from '@hw5/core/homework';

export const CURVE = { height: 340, left: 52, right: 16, top: 16, bottom: 46 } as const;
/** Exponents of ten at the ends of the axes. The step size shrinks to the right, as one tries it. */
export const X = { from: -1, to: -12 } as const;
export const Y = { from: -12, to: 1 } as const;

/** @param width - of the whole drawing */
export function xOf(exponent: number, width: number): number {
  const share = (exponent - X.from) / (X.to - X.from);
  return CURVE.left + share * (width - CURVE.left - CURVE.right);
}

export function yOf(error: number): number {
  const exponent = error <= 0 ? Y.from : Math.log10(error);
  const inside = Math.min(Y.to, Math.max(Y.from, exponent));
  const share = (Y.to - inside) / (Y.to - Y.from);
  return CURVE.top + share * (CURVE.height - CURVE.top - CURVE.bottom);
}

/** The step size's exponent under a place of the drawing, in quarters. */
export function exponentAt(x: number, width: number): number {
  const share = (x - CURVE.left) / (width - CURVE.left - CURVE.right);
  const exponent = X.from + share * (X.to - X.from);
  return Math.min(X.from, Math.max(X.to, Math.round(exponent * 4) / 4));
}

export function curvePath(curve: Probe['curve'], precision: 'f32' | 'f64', width: number): string {
  return curve
    .filter((point) => Number.isFinite(point[precision]))
    .map((point, i) => {
      const [x, y] = [xOf(Math.log10(point.epsilon), width), yOf(point[precision])];
      return `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}

/** CS231n's rules of thumb for the relative error: above 1e-2 probably wrong, above 1e-4 uncomfortable, below 1e-7 happy. */
export const bands = [
  { from: 1e-2, to: 10 ** Y.to, key: 'band.wrong' },
  { from: 1e-4, to: 1e-2, key: 'band.doubtful' },
  { from: 1e-7, to: 1e-4, key: 'band.okay' },
  { from: 10 ** Y.from, to: 1e-7, key: 'band.good' },
] as const;

/** The best step size of a curve. */
export function best(curve: Probe['curve'], precision: 'f32' | 'f64'): Probe['curve'][number] | undefined {
  return curve.reduce<Probe['curve'][number] | undefined>(
    (found, point) => (found === undefined || point[precision] < found[precision] ? point : found),
    undefined,
  );
}
