/** Numbers inside formulas and matrices: Latin digits in every language, a true minus sign. */
export function mathNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-3 || size >= 1e6)
      ? value.toExponential(2)
      : String(Number(value.toPrecision(digits)));
  return text.replace('e+', 'e').replaceAll('-', '−');
}

/** `k₃` */
export const subscript = (n: number): string =>
  [...String(n)].map((digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]).join('');
