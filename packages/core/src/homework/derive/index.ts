/** Symbolic calculus for recurrences, and its parts for those who read formulas: parser, shapes, evaluator. */
export type * from './derivation.js';
export { derive } from './derive.js';
export { elaborate } from './elaborate.js';
export { type Environment, evaluate } from './evaluate.js';
export type { Equation, Expr, Linear } from './expression.js';
export type { Activation } from './functions.js';
export { type Influence, type InfluenceOptions, influence } from './influence.js';
export { type NotationOptions, parseEquations, parseExpression } from './parse.js';
export type { Source } from './place.js';
export { type AllChecks, checkAll, type Probe, type ProbeOptions, probe } from './probe.js';
export { question2 } from './problem.js';
export { derivationLatex } from './render-latex.js';
export { derivationText, type Language, type Marks } from './render-text.js';
export { Shapes, type Size } from './shapes.js';
export { type Slice, type Slices, type SlicesOptions, slices } from './slices.js';
export { termText } from './text.js';
export { type Unrolled, unroll } from './unroll.js';
