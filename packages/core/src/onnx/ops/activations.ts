/** The activation functions that ONNX names, as RNN, GRU and LSTM nodes and operators of the same name use them. */
export interface Activation {
  /** Default of the first parameter; undefined where the function has none. */
  readonly alpha?: number;
  /** Default of the second parameter; undefined where the function has none. */
  readonly beta?: number;
  readonly of: (alpha: number, beta: number) => (x: number) => number;
}

/** 1 / (1 + e^-x). */
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** By lower-case name, as files write them in any case. Source: the RNN operator of ONNX, its list of functions. */
export const activations: ReadonlyMap<string, Activation> = new Map<string, Activation>([
  ['relu', { of: () => (x) => (x < 0 ? 0 : x) }],
  ['tanh', { of: () => Math.tanh }],
  ['sigmoid', { of: () => sigmoid }],
  ['affine', { alpha: 1, beta: 0, of: (alpha, beta) => (x) => alpha * x + beta }],
  ['leakyrelu', { alpha: 0.01, of: (alpha) => (x) => (x < 0 ? alpha * x : x) }],
  ['thresholdedrelu', { alpha: 1, of: (alpha) => (x) => (x > alpha ? x : 0) }],
  ['scaledtanh', { alpha: 1, beta: 1, of: (alpha, beta) => (x) => alpha * Math.tanh(beta * x) }],
  [
    'hardsigmoid',
    { alpha: 0.2, beta: 0.5, of: (alpha, beta) => (x) => Math.min(Math.max(alpha * x + beta, 0), 1) },
  ],
  ['elu', { alpha: 1, of: (alpha) => (x) => (x < 0 ? alpha * Math.expm1(x) : x) }],
  ['softsign', { of: () => (x) => x / (1 + Math.abs(x)) }],
  ['softplus', { of: () => (x) => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x))) }],
]);
