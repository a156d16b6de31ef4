/** Vectors and hand calculations as LaTeX. */

/** A number as LaTeX: integers as they are, others to four decimals. */
export function numberTex(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(4);
}

/** A column vector. */
export function columnTex(vector: readonly number[]): string {
  return String.raw`\begin{bmatrix} ${vector.map(numberTex).join(String.raw` \\ `)} \end{bmatrix}`;
}

/** A set of column vectors. */
export function setTex(vectors: readonly (readonly number[])[]): string {
  return String.raw`\left\{ ${vectors.map(columnTex).join(', ')} \right\}`;
}

/** One line per key: `k_i^T q`, the products, their sum, the score; aligned at the equals signs. */
export function scoreLinesTex(keys: readonly (readonly number[])[], query: readonly number[]): string {
  const lines = keys.map((key, i) => {
    const products = key.map((k, d) => `${factorTex(k)} \\times ${factorTex(query[d]!)}`).join(' + ');
    const terms = key.map((k, d) => k * query[d]! + 0);
    const sum = terms.reduce((total, term) => total + term, 0);
    return `k_{${i}}^{\\top} q &= ${products} &&= ${signedSumTex(terms)} &&= ${numberTex(sum)}`;
  });
  return String.raw`\begin{aligned} ${lines.join(String.raw` \\ `)} \end{aligned}`;
}

/** `3 - 2 - 3` */
export function signedSumTex(terms: readonly number[]): string {
  return terms
    .map((term, i) => {
      if (i === 0) return numberTex(term);
      return term < 0 ? `- ${numberTex(-term)}` : `+ ${numberTex(term)}`;
    })
    .join(' ');
}

/** A factor of a product: negative ones in parentheses. */
function factorTex(value: number): string {
  return value < 0 ? `(${numberTex(value)})` : numberTex(value);
}
