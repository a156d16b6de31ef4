/** Terms as plain text, in the notation that parse.ts reads. */
import { linearText } from './expression.js';
import type { Term } from './term.js';

/** How tightly an operator binds: sums 1, entrywise products and quotients 2, matrix products 3, postfix 4. */
type Level = 0 | 1 | 2 | 3 | 4;

export function termText(term: Term): string {
  return write(term, 0);
}

/** `h[t-1]`; `steps` writes a number in place of t. */
export function symbolText(name: string, index: string | undefined): string {
  return index === undefined ? name : `${name}[${index}]`;
}

function write(term: Term, outer: Level): string {
  const [text, level] = spell(term);
  return level < outer ? `(${text})` : text;
}

function spell(term: Term): [text: string, level: Level] {
  switch (term.kind) {
    case 'number':
      return [String(term.value), term.value < 0 ? 1 : 4];
    case 'ones':
      return ['1', 4];
    case 'zeros':
      return ['0', 4];
    case 'identity':
      return ['I', 4];
    case 'symbol':
      return [symbolText(term.name, term.index && linearText(term.index)), 4];
    case 'add':
      return [`${write(term.left, 1)} + ${write(term.right, 1)}`, 1];
    case 'subtract':
      return [`${write(term.left, 1)} - ${write(term.right, 2)}`, 1];
    case 'negate':
      return [`-${write(term.of, 2)}`, 1];
    case 'entrywise':
      return [`${write(term.left, 2)} * ${write(term.right, 2)}`, 2];
    case 'divide':
      return [`${write(term.left, 2)} / ${write(term.right, 4)}`, 2];
    case 'scale':
    case 'product':
      return [`${write(term.left, 3)} ${write(term.right, term.right.kind === 'number' ? 4 : 3)}`, 3];
    case 'spread':
      return spell(term.of);
    case 'transpose':
      return [`${write(term.of, 4)}^T`, 4];
    case 'power':
    case 'matrixPower': {
      const exponent = linearText(term.exponent);
      return [`${write(term.of, 4)}^${/^\d+$/.test(exponent) ? exponent : `(${exponent})`}`, 4];
    }
    case 'apply':
      return [`${term.fn}${"'".repeat(term.primes)}(${write(term.of, 0)})`, 4];
    case 'softmax':
    case 'sum':
    case 'diag':
      return [`${term.kind}(${write(term.of, 0)})`, 4];
    case 'crossEntropy':
      return [`cross_entropy(${write(term.left, 0)}, ${write(term.right, 0)})`, 4];
    case 'squaredError':
      return [`squared_error(${write(term.left, 0)}, ${write(term.right, 0)})`, 4];
    case 'series': {
      const name = term.op === 'sum' ? 'sum' : 'prod';
      const { index, from, to } = term;
      return [`${name}_{${index}=${linearText(from)}}^{${linearText(to)}} ${write(term.of, 3)}`, 2];
    }
  }
}
