/** What a derivation is asked with and what it answers: plain data that crosses a worker's boundary. Types only. */
import type { Activation } from './functions.js';
import type { LossAt } from './run.js';
import type { Size } from './shapes.js';
import type { Change, GivenValues, Start } from './values.js';

/**
 * How derivatives are laid out. `shape`: a gradient looks like what it belongs to, a Jacobian has a row per output (as
 * in most code). `numerator`: gradients are rows, and a matrix's gradient is transposed. `denominator`: gradients are
 * columns and Jacobians are transposed too.
 */
export type Layout = 'shape' | 'numerator' | 'denominator';

export interface DerivationRequest {
  /** Equations, one per line or separated by semicolons. Defaults to question 2's. */
  readonly cell?: string;
  /** J_t, a scalar. Defaults to `cross_entropy(softmax(o[t]), y[t])`. */
  readonly loss?: string;
  /** A parameter, a state before the first step (`h[0]`), an input or a value of a step (`x[2]`, `h[2]`). Defaults to `W_hh`, or the first parameter. */
  readonly wrt?: string;
  /** T, from 1 to 64. Defaults to 3. */
  readonly steps?: number;
  /** A loss at each step, or at the last. Defaults to `'each'`. */
  readonly at?: LossAt;
  /** Sizes by name: `{ h: 4, W: [4, 3], a: 'scalar' }`. Unsaid ones are question 2's, or 3. */
  readonly sizes?: Readonly<Record<string, Size>>;
  /** Numbers by name; what is missing is drawn from the seed. */
  readonly values?: GivenValues;
  /** States before the first step that have no values: `'zero'`, or `'drawn'` from the seed. Defaults to `'zero'`. */
  readonly start?: Start;
  /** Entries set by hand, on top of everything else. */
  readonly changes?: readonly Change[];
  /** Defaults to 0. */
  readonly seed?: number;
  readonly layout?: Layout;
  /** What psi and phi stand for when numbers are needed. Defaults to tanh. */
  readonly activation?: Activation;
}

/** A number, a vector, or a matrix as rows. */
export type Numbers = number | readonly number[] | readonly (readonly number[])[];

export interface Bilingual {
  readonly en: string;
  readonly fa: string;
}

export type StepKind =
  | 'forward'
  | 'loss'
  | 'total'
  | 'readout'
  | 'jacobian'
  | 'transition'
  | 'chain'
  | 'recursion'
  | 'immediate'
  | 'gradient'
  | 'paths'
  | 'path';

/** One line of the derivation. */
export interface DerivationStep {
  readonly kind: StepKind;
  readonly latex: string;
  /** In the notation that the parser reads, as far as it goes. */
  readonly text: string;
  /** Letters and sizes of the right side, e.g. `[H, H] = 4×4`. */
  readonly shape: string;
  readonly caption: Bilingual;
  /** The path that a line of kind `path` writes out. */
  readonly path?: { readonly t: number; readonly k: number };
}

export interface NamedShape {
  readonly name: string;
  readonly role: 'state' | 'value' | 'input' | 'target' | 'parameter';
  readonly letters: string;
  readonly rows: number;
  readonly columns: number;
}

/** A formula of the homework's key beside the exact one. */
export interface KeyFormula {
  readonly part: '2a' | '2b' | '2c' | '2d';
  readonly key: string;
  readonly exact: string;
  /** Do the key's shapes fit as written, with column vectors? */
  readonly fits: boolean;
  /** What does not fit, in the words of the shape checker; empty where it fits. */
  readonly problem: string;
  readonly note: Bilingual;
}

export interface Simplified {
  /** The recursion with every activation's derivative taken for 1. */
  readonly equations: readonly string[];
  readonly latex: readonly string[];
  readonly gradient: Numbers;
  /** max |simplified - exact| / max |exact|; 0 when the cell has no activation. */
  readonly relativeError: number;
  /** Question 2's formulas; empty for cells of another form. */
  readonly key: readonly KeyFormula[];
}

export interface Complexity {
  /** Multiplications of one backward sweep over all steps. */
  readonly sweep: number;
  /** Multiplications when every loss step is followed back on its own. */
  readonly perPath: number;
  /** In letters, e.g. `O(T (H^2 + H O))`. */
  readonly sweepOrder: string;
  readonly perPathOrder: string;
}

export interface PathContribution {
  readonly t: number;
  readonly k: number;
  /** Null where all paths together have more than 50 000 numbers. */
  readonly contribution: Numbers | null;
  readonly norm: number;
}

export type CheckMethod = 'reverse' | 'forward' | 'differences';

export interface CheckRow {
  readonly method: CheckMethod;
  /** max |symbolic - other| */
  readonly absolute: number;
  /** The same relative to the entries; entries below 1 % of the largest count as that, and at least as rounding. */
  readonly relative: number;
  readonly tolerance: number;
  readonly passed: boolean;
  /** Entries compared: all by the tape, an even sample of large matrices by the others. */
  readonly entries: number;
  readonly gradient: Numbers;
}

/** Relative error of central differences against the symbolic gradient, at one step size. */
export interface CurvePoint {
  readonly epsilon: number;
  readonly f32: number;
  readonly f64: number;
}

export interface Checks {
  /** All rows passed; differences at a kink do not count. */
  readonly passed: boolean;
  readonly rows: readonly CheckRow[];
  readonly curve: readonly CurvePoint[];
  /** Arguments of relu so near to 0 that differences step over the kink. */
  readonly kinks: number;
}

export interface Programs {
  readonly ts: string;
  readonly numpy: string;
  readonly pytorch: string;
}

export interface Derivation {
  readonly cell: string;
  readonly loss: string;
  readonly wrt: string;
  readonly steps: number;
  readonly at: LossAt;
  readonly layout: Layout;
  readonly seed: number;
  readonly activation: Activation;
  /** The readout that was added because the loss needs o[t]; empty when none was. */
  readonly assumed: string;
  readonly shapes: readonly NamedShape[];
  readonly derivation: readonly DerivationStep[];
  readonly vectorised: { readonly text: string; readonly latex: string };
  readonly perPath: { readonly text: string; readonly latex: string };
  readonly simplified: Simplified;
  readonly complexity: Complexity;
  /** Everything the numbers were computed from, as `values` takes it. */
  readonly values: Readonly<Record<string, Numbers | readonly Numbers[]>>;
  /** J, and J_t at the steps that have a loss. */
  readonly lossValue: number;
  readonly stepLosses: readonly { readonly t: number; readonly value: number }[];
  /** dJ/dwrt in the chosen layout. */
  readonly gradient: Numbers;
  readonly paths: readonly PathContribution[];
  readonly checks: Checks;
  readonly programs: Programs;
}
