/** Formulas whose symbols can be pointed at: each stands in `\htmlData{...}`, which KaTeX turns into data attributes. */
import { symbolLatex } from './latex.js';
import type { Model } from './model.js';

/** A symbol of a line: `h[t-1]`, `W_hh` (no index), `g_h[t+1]` (a gradient). */
export interface SymbolMark {
  readonly name: string;
  /** As written: `t-1`, `k`, `3`; undefined for parameters. */
  readonly index: string | undefined;
  /** Is it dJ/dname? */
  readonly gradient: boolean;
}

export interface MarkedLatex {
  readonly latex: string;
  /** Each symbol once, in the order of the line. */
  readonly symbols: readonly SymbolMark[];
}

const INDEX = '([a-z0-9]+(?:[+-]\\d+)?)';
const HOLE = '@';

/** Returns a marker for the formulas of one model. */
export function symbolMarker(model: Model): (latex: string) => MarkedLatex {
  const spellings = [...model.shapes.keys()].flatMap((name) => {
    const parameter = model.system.parameters.includes(name);
    const plain = {
      name,
      gradient: false,
      pattern: pattern(symbolLatex(name, parameter ? undefined : HOLE)),
    };
    const adjoint = symbolLatex(`${model.gradientPrefix}${name}`, HOLE);
    return parameter ? [plain] : [plain, { name, gradient: true, pattern: pattern(adjoint) }];
  });
  // Longer spellings first: g_{h_t} holds h_t.
  spellings.sort((a, b) => b.pattern.length - a.pattern.length);
  // Every spelling has one group inside its own, for the index.
  const all = new RegExp(
    `(?<![A-Za-z\\\\])(?:${spellings.map((each) => `(${each.pattern})`).join('|')})(?![A-Za-z_])`,
    'gu',
  );
  return (latex) => {
    const symbols = new Map<string, SymbolMark>();
    const marked = latex.replace(all, (whole: string, ...groups: (string | undefined)[]) => {
      const at = spellings.findIndex((_, i) => groups[2 * i] !== undefined);
      const { name, gradient } = spellings[at]!;
      const index = groups[2 * at + 1] || undefined;
      symbols.set(whole, { name, index, gradient });
      const data = `symbol=${name}, index=${index ?? ''}, gradient=${gradient ? 1 : 0}`;
      return `{\\htmlData{${data}}{${whole}}}`;
    });
    return { latex: marked, symbols: [...symbols.values()] };
  };
}

function pattern(latex: string): string {
  const escaped = latex.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return escaped.includes(HOLE) ? escaped.replace(HOLE, INDEX) : `${escaped}()`;
}
