/** A derivation as a LaTeX document: pdflatex for English, xelatex with xepersian for Persian. */
import type { Derivation, DerivationStep, Numbers } from './derivation.js';
import { wrapFormulas } from './formulas-in-text.js';
import { symbolLatex } from './latex.js';
import type { Language } from './render-text.js';
import { numbers } from './render-text.js';

const titles = {
  en: {
    title: 'Backpropagation through time',
    derivation: 'Derivation',
    key: 'The simplified form',
    numbers: 'Numbers',
    checks: 'Checks',
  },
  fa: {
    title: 'پس‌انتشار در زمان',
    derivation: 'استخراج',
    key: 'شکل ساده‌شده',
    numbers: 'عددها',
    checks: 'بررسی',
  },
} as const;

const methods = {
  en: {
    reverse: 'reverse mode (tape)',
    forward: 'forward mode (dual numbers)',
    differences: 'five-point differences',
  },
  fa: { reverse: 'حالت پس‌رو (نوار)', forward: 'حالت پیش‌رو (عددهای دوگان)', differences: 'تفاضل پنج‌نقطه‌ای' },
} as const;

/** The first Persian font that is installed. */
const persianFont: readonly string[] = [
  '\\newcommand\\tryfont[2]{\\IfFontExistsTF{#1}{\\settextfont{#1}}{#2}}',
  '\\tryfont{Vazirmatn}{\\tryfont{XB Niloofar}{\\tryfont{Noto Naskh Arabic}{\\tryfont{Amiri}{\\tryfont{DejaVu Sans}{}}}}}',
];

/** A formula wider than the line is made to fit it: a path through an LSTM is longer than a page is wide. */
const formulaMacro: readonly string[] = [
  '\\newsavebox{\\formulabox}',
  '\\newcommand{\\formula}[1]{\\sbox{\\formulabox}{$\\displaystyle #1$}%',
  '  \\[\\ifdim\\wd\\formulabox>0.96\\linewidth\\resizebox{0.96\\linewidth}{!}{\\usebox{\\formulabox}}\\else\\usebox{\\formulabox}\\fi\\]}',
];

/** A whole document; needs amsmath, geometry and graphicx, and xepersian for Persian. */
export function derivationLatex(derivation: Derivation, language: Language = 'en'): string {
  const text = titles[language];
  const lines = [
    '\\documentclass{article}',
    '\\usepackage{amsmath,amssymb}',
    '\\usepackage[a4paper,margin=25mm]{geometry}',
    '\\usepackage{graphicx}',
    ...formulaMacro,
    ...(language === 'fa' ? ['\\usepackage{xepersian}', ...persianFont] : []),
    '\\begin{document}',
    `\\section*{${text.title}}`,
    `\\subsection*{${text.derivation}}`,
    ...derivation.derivation.flatMap((step, at, all) => stepLines(step, all[at - 1], language)),
    `\\subsection*{${text.key}}`,
    ...derivation.simplified.latex.map(display),
    `\\subsection*{${text.numbers}}`,
    display(
      `J = ${derivation.lossValue.toPrecision(8)}, \\qquad \\frac{\\partial J}{\\partial ${variableLatex(derivation.wrt)}} = ${matrixLatex(derivation.gradient)}`,
    ),
    `\\subsection*{${text.checks}}`,
    '\\begin{itemize}',
    ...derivation.checks.rows.map(
      ({ method, relative }) => `\\item ${methods[language][method]}: $${scientific(relative)}$`,
    ),
    '\\end{itemize}',
    '\\end{document}',
  ];
  return `${lines.join('\n')}\n`;
}

/** `W_hh`, `h[0]`. */
function variableLatex(wrt: string): string {
  const [, name, step] = /^([^[]*)(?:\[(.*)\])?$/.exec(wrt)!;
  return symbolLatex(name!, step);
}

function display(formula: string): string {
  return `\\formula{${formula}}`;
}

/** Lines with one caption stand below it together. */
function stepLines(
  { latex, caption }: DerivationStep,
  previous: DerivationStep | undefined,
  language: Language,
): string[] {
  const said =
    language === 'en'
      ? escaped(caption.en)
      : wrapFormulas(caption.fa, (formula) => `\\lr{${escaped(formula)}}`);
  const heading = previous?.caption.en === caption.en ? [] : [`\\noindent ${said}`];
  return [...heading, display(latex)];
}

/** Captions hold formulas in plain text: their special characters are escaped, not interpreted. */
function escaped(text: string): string {
  return text
    .replace(/[\\{}]/g, (character) => `\\${character === '\\' ? 'textbackslash{}' : character}`)
    .replace(/[#$%&_]/g, '\\$&')
    .replace(/\^/g, '\\textasciicircum{}')
    .replace(/<=/g, '$\\le$$')
    .replace(/[<>]/g, '$$$&$$');
}

export function matrixLatex(value: Numbers): string {
  if (typeof value === 'number') return String(value);
  const rows = numbers(value).map((line) => line.slice(1, -1).trim().split(/\s+/).map(cell).join(' & '));
  const columns = Array.isArray(value[0]) ? rows : rows[0]!.split(' & ');
  return `\\begin{bmatrix} ${columns.join(' \\\\ ')} \\end{bmatrix}`;
}

function cell(text: string): string {
  return /e/.test(text) ? scientific(Number(text)) : text;
}

function scientific(value: number): string {
  const [mantissa, exponent] = value.toExponential(2).split('e');
  return value === 0 ? '0' : `${mantissa} \\cdot 10^{${Number(exponent)}}`;
}
