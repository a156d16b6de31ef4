/** A number as LaTeX writes it: `-1.5 \cdot 10^{-9}`. `digits`: significant ones; all of them when left out. */
export function texNumber(value: number, digits?: number): string {
  const rounded = digits === undefined ? value : Number(value.toPrecision(digits));
  const [mantissa = '', exponent] = String(rounded).split('e');
  return exponent === undefined ? mantissa : `${mantissa} \\cdot 10^{${Number(exponent)}}`;
}
