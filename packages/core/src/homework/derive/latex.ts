/** Terms and names as LaTeX. Needs amsmath. */
import { linearText } from './expression.js';
import { activations, elementwise } from './functions.js';
import type { Term } from './term.js';

type Level = 0 | 1 | 2 | 3 | 4;

export function termLatex(term: Term): string {
  return write(term, 0);
}

const greek = new Set(
  'alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi rho sigma tau phi psi omega'.split(
    ' ',
  ),
);

const letters = 'αβγδεζηθκλμνξρστφψωΓΔΘΛΞΠΣΦΨΩ';
const letterNames =
  'alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi rho sigma tau phi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega'.split(
    ' ',
  );

/** A name without subscripts: Greek by its command, `ŷ` as `\\hat{y}`, words upright. */
function headLatex(head: string): string {
  const [first = '', ...marks] = head.normalize('NFD');
  if (marks.length === 1 && marks[0] === '\u0302') return `\\hat{${first}}`;
  const hat = /^(.)hat$/u.exec(head);
  if (hat) return `\\hat{${hat[1]}}`;
  if (greek.has(head)) return `\\${head}`;
  const spelled = letters.indexOf(head);
  if (marks.length === 0) return spelled < 0 ? head : `\\${letterNames[spelled]}`;
  return `\\mathrm{${head}}`;
}

/** `W_{hh}`, `h_{t-1}`, `z_{f,t}`, `\hat{y}_{t}`, `g_{h_t}`; letters beyond ASCII as they are. */
export function symbolLatex(name: string, index?: string): string {
  const [head = '', ...rest] = name.split('_');
  const adjoint = head === 'g' && rest.length > 0 && index !== undefined;
  if (adjoint) return `g_{${symbolLatex(rest.join('_'), index)}}`;
  const base = headLatex(head);
  const subscripts = [...rest, ...(index === undefined ? [] : [index])].join(',');
  return subscripts === '' ? base : `${base}_{${subscripts}}`;
}

/** `\tanh`, `\psi'`. */
export function functionLatex(fn: string, primes = 0): string {
  const base = elementwise[fn]?.latex ?? activations[fn] ?? `\\operatorname{${fn}}`;
  return primes === 0 ? base : `${base}${"'".repeat(primes)}`;
}

function write(term: Term, outer: Level): string {
  const [text, level] = spell(term);
  return level < outer ? `\\left(${text}\\right)` : text;
}

function spell(term: Term): [text: string, level: Level] {
  switch (term.kind) {
    case 'number':
      return [
        String(term.value).replace(
          /e([+-]?)0*(\d+)$/,
          (_, sign: string, digits: string) => `\\cdot 10^{${sign === '-' ? '-' : ''}${digits}}`,
        ),
        term.value < 0 ? 1 : 4,
      ];
    case 'ones':
      return ['\\mathbf{1}', 4];
    case 'zeros':
      return ['\\mathbf{0}', 4];
    case 'identity':
      return ['I', 4];
    case 'symbol':
      return [symbolLatex(term.name, term.index && linearText(term.index)), 4];
    case 'add':
      return [`${write(term.left, 1)} + ${write(term.right, 1)}`, 1];
    case 'subtract':
      return [`${write(term.left, 1)} - ${write(term.right, 2)}`, 1];
    case 'negate':
      return [`-${write(term.of, 2)}`, 1];
    case 'entrywise':
      return [`${write(term.left, 2)} \\odot ${write(term.right, 2)}`, 2];
    case 'divide':
      return [`\\frac{${write(term.left, 0)}}{${write(term.right, 0)}}`, 4];
    case 'scale':
    case 'product':
      return [`${write(term.left, 3)} \\, ${write(term.right, 3)}`, 3];
    case 'spread':
      return spell(term.of);
    case 'transpose':
      return [`${raised(term.of)}^{\\top}`, 4];
    case 'power':
      return [
        `${raised(term.of)}^{${term.shape.rows.letter === '1' ? '' : '\\odot '}${linearText(term.exponent)}}`,
        4,
      ];
    case 'matrixPower':
      return [`${raised(term.of)}^{${linearText(term.exponent)}}`, 4];
    case 'apply':
      return [`${functionLatex(term.fn, term.primes)}\\left(${write(term.of, 0)}\\right)`, 4];
    case 'softmax':
    case 'diag':
      return [`\\operatorname{${term.kind}}\\left(${write(term.of, 0)}\\right)`, 4];
    case 'sum':
      return [`\\operatorname{sum}\\left(${write(term.of, 0)}\\right)`, 4];
    case 'crossEntropy':
      return [`-${write(term.right, 4)}^{\\top} \\log ${write(term.left, 4)}`, 1];
    case 'squaredError':
      return [
        `\\tfrac{1}{2} \\left\\lVert ${write(term.left, 1)} - ${write(term.right, 2)} \\right\\rVert^2`,
        3,
      ];
    case 'series':
      return [
        `\\${term.op === 'sum' ? 'sum' : 'prod'}_{${term.index}=${linearText(term.from)}}^{${linearText(term.to)}} ${write(term.of, 3)}`,
        2,
      ];
  }
}

/** A base below an exponent: braces keep `g_{h_t}^{\top}` one base, and a second exponent needs parentheses. */
function raised(term: Term): string {
  const exponentiated = term.kind === 'power' || term.kind === 'matrixPower' || term.kind === 'transpose';
  return exponentiated ? `\\left(${write(term, 0)}\\right)` : `{${write(term, 4)}}`;
}
