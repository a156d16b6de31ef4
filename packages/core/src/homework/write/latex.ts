/**
 * A worked solution as a complete LaTeX document. English compiles with pdflatex, xelatex and lualatex; Persian
 * needs xelatex with the package xepersian and takes the first Persian font that is installed.
 */
import type { Solution } from '../bank/solve.js';
import type { Bilingual, Mistake, Option, Question, QuestionGroup, Step } from '../bank/types.js';
import { type Language, segments } from './markup.js';
import { wordsIn } from './words.js';

const r = String.raw;

export function solutionLatex({ groups }: Solution, language: Language): string {
  const words = wordsIn[language];
  return [
    preamble[language],
    r`\title{${words.documentTitle}}`,
    r`\author{${words.homework}}`,
    r`\date{}`,
    r`\begin{document}`,
    r`\maketitle`,
    ...groups.map((group) => groupLatex(group, language)),
    r`\end{document}`,
  ].join('\n');
}

const common = r`\usepackage{amsmath,amssymb}
\usepackage[a4paper,margin=25mm]{geometry}
\usepackage{xcolor}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.5\baselineskip}
\allowdisplaybreaks
\AtBeginDocument{\abovedisplayshortskip=\abovedisplayskip}
% A formula wider than the line is made to fit it.
\newsavebox{\formulabox}
\newcommand{\formula}[1]{\sbox{\formulabox}{$\displaystyle #1$}%
  \[\ifdim\wd\formulabox>0.96\linewidth\resizebox{0.96\linewidth}{!}{\usebox{\formulabox}}\else\usebox{\formulabox}\fi\]}
\usepackage{graphicx}`;

const preamble: Readonly<Record<Language, string>> = {
  en: r`\documentclass[11pt]{article}
\usepackage{iftex}
\ifPDFTeX\usepackage[T1]{fontenc}\usepackage[utf8]{inputenc}\else\usepackage{fontspec}\fi
${common}
\newcommand{\code}[1]{\texttt{#1}}`,
  fa: r`% xelatex
\documentclass[11pt]{article}
${common}
\usepackage{xepersian}
\newcommand{\trytextfont}[1]{\ifx\foundtextfont\undefined
  \IfFontExistsTF{#1}{\settextfont{#1}\gdef\foundtextfont{}}{}\fi}
\trytextfont{Vazirmatn}\trytextfont{XB Niloofar}\trytextfont{Amiri}
\trytextfont{Nazli}\trytextfont{FreeSerif}\trytextfont{DejaVu Sans}
\newcommand{\code}[1]{\lr{\texttt{#1}}}`,
};

function groupLatex({ id, title, marks, setting, questions }: QuestionGroup, language: Language): string {
  const words = wordsIn[language];
  const number = words.number(Number(id.slice(1)));
  return [
    r`\section*{${prose(`${words.question(number)}: ${title[language]} (${words.marks(marks)})`, language)}}`,
    step(setting, language),
    ...questions.map((question) => questionLatex(question, language)),
  ].join('\n\n');
}

function questionLatex(question: Question, language: Language): string {
  const words = wordsIn[language];
  const { label, title, prompt, given, options, answer, steps, mistakes, key, remarks, experiments } =
    question;
  const section = (name: string, body: string): string =>
    body === '' ? '' : `\\subsubsection*{${prose(name, language)}}\n${body}`;
  return [
    r`\subsection*{${prose(`${label[language]}  ${title[language]}`, language)}}`,
    prose(prompt[language], language),
    ...given.map(formula),
    section(
      words.options,
      list(
        'itemize',
        options.map((option) => optionLatex(option, language)),
      ),
    ),
    section(words.answer, step(answer, language)),
    section(
      words.steps,
      list(
        'enumerate',
        steps.map((item) => step(item, language)),
      ),
    ),
    section(
      words.mistakes,
      list(
        'itemize',
        mistakes.map((mistake) => mistakeLatex(mistake, language)),
      ),
    ),
    section(words.key, step(key, language)),
    section(
      words.remarks,
      list(
        'itemize',
        remarks.map((remark) => step(remark, language)),
      ),
    ),
    section(
      words.experiments,
      list(
        'itemize',
        experiments.map(
          ({ command, shows }) => `${code(`hw5 ${command}`)} \\\\\n${prose(shows[language], language)}`,
        ),
      ),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function optionLatex(
  { id, letter, text, correct, reason, counterExample }: Option,
  language: Language,
): string {
  const mark = correct ? r`\textcolor{green!45!black}{$\checkmark$}` : r`\textcolor{red!70!black}{$\times$}`;
  return [
    `[${mark}] ${prose(`${language === 'fa' ? letter : id})`, language)} ${prose(text[language], language)}`,
    prose(reason[language], language),
    ...(counterExample === undefined ? [] : [counter(counterExample, language)]),
  ].join('\n\n');
}

function mistakeLatex({ text, tex, counterExample }: Mistake, language: Language): string {
  return [
    prose(text[language], language),
    ...(tex === undefined ? [] : [formula(tex)]),
    counter(counterExample, language),
  ].join('\n\n');
}

function counter(text: Bilingual, language: Language): string {
  return r`\textit{${prose(wordsIn[language].counterExample, language)}} ${prose(text[language], language)}`;
}

function step({ text, tex }: Step, language: Language): string {
  return prose(text[language], language) + (tex === undefined ? '' : `\n${formula(tex)}`);
}

function formula(tex: string): string {
  return `\\formula{${tex}}`;
}

function list(kind: 'itemize' | 'enumerate', items: readonly string[]): string {
  if (items.length === 0) return '';
  return [
    `\\begin{${kind}}`,
    ...items.map((item) => `\\item${item.startsWith('[') ? '' : ' '}${item}`),
    `\\end{${kind}}`,
  ].join('\n');
}

function prose(marked: string, language: Language): string {
  return segments(marked)
    .map(({ kind, text }) => {
      if (kind === 'math') return `$${text}$`;
      return kind === 'code' ? code(text) : plain(text, language);
    })
    .join('');
}

/** Latin words inside Persian stand in \lr, so that several of them keep their order. */
function plain(text: string, language: Language): string {
  if (language === 'en') return quotes(escaped(text));
  return text
    .split(/([A-Za-z][A-Za-z0-9' -]*[A-Za-z0-9]|[A-Za-z])/)
    .map((part, i) => (i % 2 === 1 ? `\\lr{${escaped(part)}}` : escaped(part)))
    .join('');
}

function code(text: string): string {
  return `\\code{${escaped(text).replace(/--/g, '-{}-').replace(/"/g, r`\textquotedbl{}`)}}`;
}

function quotes(text: string): string {
  return text.replace(/"([^"]*)"/g, "``$1''");
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': r`\textbackslash{}`,
  '~': r`\textasciitilde{}`,
  '^': r`\textasciicircum{}`,
};

function escaped(text: string): string {
  return text.replace(/[\\~^{}$&#%_]/g, (character) => ESCAPES[character] ?? `\\${character}`);
}
