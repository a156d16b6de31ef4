/** The functions that formulas may call: names, values, derivatives. One row per function. */

/** A function of one number that is applied to every entry. */
export interface Elementwise {
  readonly value: (x: number) => number;
  readonly slope: (x: number) => number;
  readonly latex: string;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Applied entry by entry. relu's slope at 0 is 0, as the kernel's. */
export const elementwise: Readonly<Record<string, Elementwise>> = {
  tanh: { value: Math.tanh, slope: (x) => 1 - Math.tanh(x) ** 2, latex: '\\tanh' },
  sigmoid: { value: sigmoid, slope: (x) => sigmoid(x) * (1 - sigmoid(x)), latex: '\\sigma' },
  relu: { value: (x) => Math.max(x, 0), slope: (x) => (x > 0 ? 1 : 0), latex: '\\operatorname{relu}' },
  exp: { value: Math.exp, slope: Math.exp, latex: '\\exp' },
  log: { value: Math.log, slope: (x) => 1 / x, latex: '\\log' },
  sqrt: { value: Math.sqrt, slope: (x) => 0.5 / Math.sqrt(x), latex: '\\operatorname{sqrt}' },
  identity: { value: (x) => x, slope: () => 1, latex: '\\operatorname{id}' },
};

/** Activations that stay letters in the algebra; numbers need to know which function is meant. */
export const activations: Readonly<Record<string, string>> = { psi: '\\psi', phi: '\\varphi' };

export type Activation = 'tanh' | 'sigmoid' | 'relu' | 'identity';

/** How many arguments the other functions take. */
export const arity: Readonly<Record<string, number>> = {
  softmax: 1,
  sum: 1,
  diag: 1,
  outer: 2,
  inner: 2,
  hadamard: 2,
  cross_entropy: 2,
  squared_error: 2,
};

const aliases: Readonly<Record<string, string>> = {
  σ: 'sigmoid',
  sigma: 'sigmoid',
  logistic: 'sigmoid',
  ReLU: 'relu',
  ln: 'log',
  id: 'identity',
  ψ: 'psi',
  φ: 'phi',
  ϕ: 'phi',
  varphi: 'phi',
  dot: 'inner',
  crossEntropy: 'cross_entropy',
  CE: 'cross_entropy',
  squaredError: 'squared_error',
};

/** The canonical name of a function; undefined when there is none of that name. */
export function functionNamed(name: string): string | undefined {
  const canonical = Object.hasOwn(aliases, name) ? aliases[name]! : name;
  const known = Object.hasOwn(elementwise, canonical) || Object.hasOwn(activations, canonical);
  return known || Object.hasOwn(arity, canonical) ? canonical : undefined;
}

/** Is it applied entry by entry? */
export function isElementwise(fn: string): boolean {
  return Object.hasOwn(elementwise, fn) || Object.hasOwn(activations, fn);
}

/** What a user may write, for messages. */
export const functionNames: readonly string[] = [
  ...Object.keys(elementwise),
  ...Object.keys(activations),
  ...Object.keys(arity),
];
