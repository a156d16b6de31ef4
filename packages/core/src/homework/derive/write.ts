/** The pieces that lines of a derivation are written with, in plain text and LaTeX at once. */
import type { Bilingual, DerivationStep, Layout, StepKind } from './derivation.js';
import { lettersOf, type MatrixShape, sizesOf } from './dimension.js';
import { symbolLatex, termLatex } from './latex.js';
import { gradientIn } from './layout.js';
import type { Model } from './model.js';
import type { Contribution } from './reverse.js';
import type { Variable } from './sweep.js';
import { addAll, type Term } from './term.js';
import { symbolText, termText } from './text.js';

/** A formula in both notations. */
export interface Written {
  readonly text: string;
  readonly latex: string;
}

export function written(text: string, latex: string): Written {
  return { text, latex };
}

export function ofTerm(term: Term): Written {
  return { text: termText(term), latex: termLatex(term) };
}

/** `h[t-1]`, `W_hh`. */
export function named(name: string, index?: string): Written {
  return { text: symbolText(name, index), latex: symbolLatex(name, index) };
}

/** `dJ/dW`, `dh[t]/dz[t]`. */
export function quotient(top: Written, bottom: Written): Written {
  return {
    text: `d${top.text}/d${bottom.text}`,
    latex: `\\frac{\\partial ${top.latex}}{\\partial ${bottom.latex}}`,
  };
}

export function equals(...sides: readonly Written[]): Written {
  return {
    text: sides.map(({ text }) => text).join(' = '),
    latex: sides.map(({ latex }) => latex).join(' = '),
  };
}

/** `[H, I] = 4×3`. */
export function shapeText(shape: MatrixShape): string {
  const letters = lettersOf(shape);
  return letters === 'scalar' ? letters : `${letters} = ${sizesOf(shape)}`;
}

export function step(
  kind: StepKind,
  formula: Written,
  shape: MatrixShape | undefined,
  en: string,
  fa: string,
): DerivationStep {
  const caption: Bilingual = { en, fa };
  return {
    kind,
    text: formula.text,
    latex: formula.latex,
    shape: shape === undefined ? '' : shapeText(shape),
    caption,
  };
}

/** `W_hh`, `h[0]`. */
export function variableWritten({ name, step: at }: Variable): Written {
  return named(name, at === undefined ? undefined : String(at));
}

/** The sum of contributions, in the chosen layout. */
export function sumWritten(
  model: Model,
  layout: Layout,
  contributions: readonly Contribution[],
  shape: MatrixShape,
): Written {
  const total = addAll(
    contributions.map(({ term }) => term),
    shape,
  );
  return ofTerm(gradientIn(layout, model, total));
}
