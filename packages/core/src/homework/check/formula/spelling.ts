/** Spellings of formulas in LaTeX, Unicode and words, in the notation that the parser reads. */
import { type Rewritten, replaced, sliced } from './rewrite.js';

const rules: readonly (readonly [RegExp, (m: RegExpExecArray) => string])[] = [
  [/\$/g, () => ' '],
  [/\\(?:no)?limits(?![a-zA-Z])/g, () => ''],
  [/\\(?:left|right|bigl?|bigr?|Bigl?|Bigr?|displaystyle|,|;|!|quad|qquad)(?![a-zA-Z])/g, () => ' '],
  [/\\(?:mathbf|mathrm|operatorname|boldsymbol|text)\s*\{([a-zA-Z]+)\}/g, (m) => m[1]!],
  [/\\?(?:hat|widehat)\s*(?:\{y\}|\(y\))|\\(?:hat|widehat) y/g, () => 'yhat'],
  [/\^\s*\{?\s*\\(?:top|intercal)\s*\}?/g, () => '^T '],
  // W^{T^{(t-i)}}
  [/\^\s*\{\s*T\s*\^\s*(?:\{\(?|\()([^{}()]+)(?:\)?\}|\))\s*\}/g, (m) => `^T ^(${m[1]})`],
  [/\^\s*\{?\s*\\prime\s*\}?/g, () => "'"],
  [/\.T(?![\p{L}\d_])/gu, () => '^T'],
  [/\\(?:sum|prod)(?![a-zA-Z])/g, (m) => m[0].slice(1)],
  [
    /([Σ∑Π∏])([ᵢⱼₖₜ])₌([₀-₉])([ᵗᵀᴺ⁰¹²³⁴-⁹])/gu,
    (m) => `${m[1]}_{${'ijkt'['ᵢⱼₖₜ'.indexOf(m[2]!)]}=${'₀₁₂₃₄₅₆₇₈₉'.indexOf(m[3]!)}}^{${raised(m[4]!)}} `,
  ],
  [/Σ(?=_)/g, () => 'sum'],
  [/Π(?=_)/g, () => 'prod'],
  // i <= t, 1 <= i <= t, i = 1..t, i = 1 to t below a sum sign.
  [
    /(sum|prod|∑|∏)\s*_\s*\{\s*(?:1\s*(?:<=|≤|\\leq?)\s*)?([a-z])\s*(?:<=|≤|\\leq?(?![a-z]))\s*(\w)\s*\}/g,
    (m) => `${m[1]}_{${m[2]}=1}^{${m[3]}} `,
  ],
  [
    /(sum|prod|∑|∏)\s*_\s*\{\s*([a-z])\s*=\s*(\w)\s*(?:\.\.\.?|…|:|to|تا)\s*(\w)\s*\}/g,
    (m) => `${m[1]}_{${m[2]}=${m[3]}}^{${m[4]}} `,
  ],
  // Words for the limits behind the terms: Σ gW_t for t from 1 to 3.
  [
    /(?:sum|Σ|∑)\s*(?!_)([^Σ∑]{1,200}?)\s*[,،]?\s*(?:برای|for)\s+([a-z])\s*(?:از|from|=)\s*(\w+)\s*(?:تا|to)\s*(\w+)\s*$/gu,
    (m) => `sum_{${m[2]}=${m[3]}}^{${m[4]}} (${m[1]})`,
  ],
  // g_{h_t}(i) and g_h^{(t)}(i) are g_h(i): the t says whose loss it is.
  [/([gG])_?\{?([hz])_?\{?t\}?\}?\s*(?=[([])/g, (m) => `${m[1]}_${m[2]}`],
  [/([gG])_?\{?([hz])\}?\^(?:\{\(?t\)?\}|\(t\)|t)\s*/g, (m) => `${m[1]}_${m[2]}`],
  // A sum sign whose limits are written in another order of brackets, and T as the last step.
  [/(sum|prod|∑|∏)\s*_\s*(\{[^{}]*\}|\([^()]*\))\s*\^\s*/g, (m) => `${m[1]}_{${m[2]!.slice(1, -1)}}^`],
  [
    /(?<=(?:sum|prod|∑|∏)_\{[^{}]*\}\^)(?:\{([^{}]*)\}|\(([^()]*)\)|T)/g,
    (m) => `{${(m[1] ?? m[2] ?? 'T').replace(/T/g, 'N')}}`,
  ],
  [
    /([gG])_?\{?([wW])_?\{?hh\}?\}?\s*(?:[,_]\s*\{?([^\s,;{}()[\]+*]+)\}?|(?=[([]))/g,
    (m) => (m[3] === undefined ? 'gW' : `gW_{${m[3]}}`),
  ],
  [/([gG])_?\{\s*[wW]_?\{?hh\}?\s*,\s*([^{}]+)\}/g, (m) => `gW_{${m[2]}}`],
  [/([gG])[wW]_\{hh\s*,\s*([^{}]+)\}/g, (m) => `gW_{${m[2]}}`],
  // T as a step: h_T, g_h[T-1].
  [/(?<=_\{?\s*|\[\s*)T(?![\p{L}\d])/gu, () => 'N'],
];

/** @param question - decides what a sum without limits runs over */
export function respelled(typed: Rewritten, question: string): Rewritten {
  let whole = typed;
  for (const [pattern, by] of rules) whole = replaced(whole, pattern, by);
  // A sum without limits: over the entries in 2a, over the steps that there are elsewhere.
  const last = (letter: string): string => (question === 'q2a' ? '2' : letter === 't' ? 'N' : 't');
  const bare = /(sum|prod|∑|∏)_\{?([a-z])\}?(?![\p{L}\d_=^{])/gu;
  return substituted(replaced(whole, bare, (m) => `${m[1]}_{${m[2]}=1}^{${last(m[2]!)}} `));
}

const raised = (letter: string): string =>
  'tTN0123456789'[[...'ᵗᵀᴺ⁰¹²³⁴⁵⁶⁷⁸⁹'].indexOf(letter)]!.replace('T', 'N');

/** `p_t - y_t, where p_t = softmax(o_t)`: the name behind the comma stands for what it is. */
function substituted(whole: Rewritten): Rewritten {
  const clause = /[,;،؛]\s*(?:where|with|که در آن|که|با)?\s*(\p{L}[\p{L}\p{M}_{}\d]*)\s*=(?![=])\s*/u.exec(
    whole.text,
  );
  if (clause === null) return whole;
  const name = clause[1]!;
  const value = whole.text.slice(clause.index + clause[0].length);
  const escaped = name.replace(/[{}]/g, '\\$&');
  const uses = new RegExp(`(?<![\\p{L}\\d_{])${escaped}(?![\\p{L}\\d_}])`, 'gu');
  const main = sliced(whole, 0, clause.index);
  return main.text.search(uses) >= 0 ? replaced(main, uses, () => `(${value})`) : whole;
}
