/**
 * Answers written as a program or with fractions, in the notation of formulas: `\frac{a}{b}` is `((a)/(b))`,
 * `np.linalg.matrix_power(A, n)` is `(A)^(n)`, `A.dot(b)` is `inner(A, b)`, which is the product where A is a matrix, and
 * `sum(f(i) for i in range(1, t + 1))` is `sum_{i=1}^{t+1-1} (f(i))`: a range leaves its end out.
 */
import { closing, type Edit, edited, inserted, joined, type Rewritten, replaced, sliced } from './rewrite.js';

const MODULE = /(?:\b(?:np|numpy|jnp|torch|math|tf|linalg|functional|F)\.)+(?=[a-z])/g;
/** Which axis numpy or torch goes along; a vector has one. */
const AXIS = /,\s*(?:axis|dim|keepdims?)\s*=\s*-?\w+/g;
const renamed: readonly (readonly [RegExp, string])[] = [
  [/\b(?:matmul|mm|mv)(?=\()/g, 'inner'],
  [/\bmultiply(?=\()/g, 'hadamard'],
  [/\bdiagflat(?=\()/g, 'diag'],
];
/** `A.T.dot(`, `h[i].dot(`, `(a + b).dot(`: the operand before the dot. */
const METHOD = /((?:[\p{L}\d_]+(?:\[[^[\]]*\])?(?:\([^()]*\))?|\([^()]*\))(?:\.T)?)\.(?:dot|matmul|mm)\(/u;

export function decoded(typed: Rewritten): Rewritten {
  let whole = replaced(
    replaced(typed, MODULE, () => ''),
    AXIS,
    () => '',
  );
  for (const [pattern, name] of renamed) whole = replaced(whole, pattern, () => name);
  for (let match = METHOD.exec(whole.text); match !== null; match = METHOD.exec(whole.text)) {
    const [all, operand = ''] = match;
    const start = match.index;
    whole = edited(whole, [
      { start, end: start, put: 'inner(' },
      { start: start + operand.length, end: start + all.length, put: ', ' },
    ]);
  }
  whole = everyCall(whole, 'transpose', 1, ([inside]) => ['(', inside!, ')^T']);
  whole = everyCall(whole, 'matrix_power', 2, ([base, exponent]) => ['(', base!, ')^(', exponent!, ')']);
  return fractions(everyCall(whole, 'sum', 1, ([inside]) => comprehension(inside!)));
}

/** Rewrite the calls of one function from the last to the first, so that what is inside one is done before it. */
function everyCall(
  whole: Rewritten,
  name: string,
  count: number,
  by: (args: readonly Rewritten[]) => readonly (string | Rewritten)[] | undefined,
): Rewritten {
  const starts = [...whole.text.matchAll(new RegExp(`(?<![\\p{L}\\d_])${name}\\(`, 'gu'))];
  let result = whole;
  for (const { index } of starts.reverse()) {
    const open = index + name.length;
    const close = closing(result.text, open);
    const args = close < 0 ? [] : argumentsOf(sliced(result, open + 1, close));
    const parts = args.length === count ? by(args) : undefined;
    if (parts === undefined) continue;
    const here = result.origin[index]!;
    const placed = parts.map((part) => (typeof part === 'string' ? inserted(part, here) : part));
    result = joined([sliced(result, 0, index), ...placed, sliced(result, close + 1, result.text.length)]);
  }
  return result;
}

function argumentsOf(inside: Rewritten): Rewritten[] {
  const cuts = [-1];
  let depth = 0;
  for (let at = 0; at < inside.text.length; at += 1) {
    const char = inside.text[at]!;
    if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char)) depth -= 1;
    else if (char === ',' && depth === 0) cuts.push(at);
  }
  cuts.push(inside.text.length);
  return cuts.slice(1).map((cut, at) => sliced(inside, cuts[at]! + 1, cut));
}

/** `body for i in range(a, b)`, in square brackets or not; `1..3` has its end in. */
function comprehension(inside: Rewritten): readonly (string | Rewritten)[] | undefined {
  const match =
    /^\s*\[?(.*?)\bfor\s+([a-z])\s+in\s+(?:range\(\s*(?:([^(),]+),)?\s*([^(),]+)\)|([^.\s]+)\s*\.\.\s*([^.\s\]]+))\s*\]?\s*$/su.exec(
      inside.text,
    );
  if (match === null) return undefined;
  const [, body = '', letter, low = '0', end, first, last] = match;
  const limits = end === undefined ? `${first}}^{${last}` : `${low.trim()}}^{${end.trim()}-1`;
  const start = inside.text.indexOf(body);
  return [`(sum_{${letter}=${limits}} (`, sliced(inside, start, start + body.length), '))'];
}

/** `\frac{a}{b}`, each bracket in its own place; both may hold brackets to any depth. */
function fractions(whole: Rewritten): Rewritten {
  const { text } = whole;
  const edits: Edit[] = [];
  for (const match of text.matchAll(/\\[dt]?frac\s*(?=\{)/g)) {
    const open = match.index + match[0].length;
    const close = closing(text, open);
    const gap = /^\s*/.exec(text.slice(close + 1))![0].length;
    const next = close + 1 + gap;
    const end = close >= 0 && text[next] === '{' ? closing(text, next) : -1;
    if (end < 0) continue;
    edits.push(
      { start: match.index, end: open + 1, put: '((' },
      { start: close, end: next + 1, put: ')/(' },
      { start: end, end: end + 1, put: '))' },
    );
  }
  return edited(
    whole,
    edits.sort((a, b) => a.start - b.start),
  );
}
