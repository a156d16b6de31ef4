/**
 * A worked solution as one self-contained HTML file: no request leaves it, formulas are MathML made here, and
 * Persian runs right to left while formulas and commands stay left to right.
 */
import type { Bilingual, Mistake, Option, Question, QuestionGroup, Solution, Step } from '@hw5/core/homework';
import { type Language, segments, wordsIn } from '@hw5/core/homework';
import katex from 'katex';
import { stylesheet } from './stylesheet.js';

export function solutionHtml({ groups }: Solution, language: Language): string {
  const words = wordsIn[language];
  const single = groups.length === 1 && groups[0]!.questions.length === 1;
  return [
    '<!doctype html>',
    `<html lang="${language}" dir="${language === 'fa' ? 'rtl' : 'ltr'}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escaped(words.documentTitle)}</title>`,
    `<style>\n${stylesheet}</style>`,
    '</head>',
    '<body>',
    `<header><p class="subject">${escaped(words.homework)}</p><h1>${escaped(words.documentTitle)}</h1>`,
    single ? '' : contents(groups, language),
    '</header>',
    '<main>',
    ...groups.map((group) => groupHtml(group, language)),
    '</main>',
    '</body>',
    '</html>',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function contents(groups: readonly QuestionGroup[], language: Language): string {
  const links = groups.flatMap(({ questions }) =>
    questions.map(
      ({ id, label, title }) =>
        `<li><a href="#${id}"><span class="label">${prose(label[language])}</span> ${prose(title[language])}</a></li>`,
    ),
  );
  return `<nav><ul>${links.join('')}</ul></nav>`;
}

function groupHtml({ id, title, marks, setting, questions }: QuestionGroup, language: Language): string {
  const words = wordsIn[language];
  return [
    `<section class="group" id="group-${id}">`,
    `<h2>${escaped(words.question(words.number(Number(id.slice(1)))))}: ${prose(title[language])}`,
    `<span class="marks">${escaped(words.marks(marks))}</span></h2>`,
    step(setting, language),
    ...questions.map((question) => questionHtml(question, language)),
    '</section>',
  ].join('\n');
}

function questionHtml(question: Question, language: Language): string {
  const { id, label, title, prompt, given, options, answer, steps, mistakes, key, remarks, experiments } =
    question;
  const words = wordsIn[language];
  const section = (name: string, kind: string, body: string): string =>
    body === '' ? '' : `<section class="${kind}"><h4>${escaped(name)}</h4>\n${body}</section>`;
  return [
    `<article id="${id}">`,
    `<h3><span class="label">${prose(label[language])}</span> ${prose(title[language])}</h3>`,
    `<div class="prompt"><p>${prose(prompt[language])}</p>${given.map(formula).join('')}</div>`,
    section(
      words.options,
      'options',
      list(
        'ul',
        options.map((option) => optionHtml(option, language)),
      ),
    ),
    section(words.answer, 'answer', step(answer, language)),
    section(
      words.steps,
      'steps',
      list(
        'ol',
        steps.map((item) => step(item, language)),
      ),
    ),
    section(
      words.mistakes,
      'mistakes',
      list(
        'ul',
        mistakes.map((mistake) => mistakeHtml(mistake, language)),
      ),
    ),
    section(words.key, 'key', step(key, language)),
    section(
      words.remarks,
      'remarks',
      list(
        'ul',
        remarks.map((remark) => step(remark, language)),
      ),
    ),
    section(
      words.experiments,
      'experiments',
      list(
        'ul',
        experiments.map(
          ({ command, shows }) =>
            `<pre dir="ltr"><code>hw5 ${escaped(command)}</code></pre><p>${prose(shows[language])}</p>`,
        ),
      ),
    ),
    '</article>',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function optionHtml(
  { id, letter, text, correct, reason, counterExample }: Option,
  language: Language,
): string {
  const name = language === 'fa' ? letter : id;
  const mark = correct ? '<span class="mark right">✓</span>' : '<span class="mark wrong">✗</span>';
  return [
    `<p class="option">${mark} <b>${name})</b> ${prose(text[language])}</p>`,
    `<p>${prose(reason[language])}</p>`,
    counterExample === undefined ? '' : counter(counterExample, language),
  ].join('');
}

function mistakeHtml({ text, tex, counterExample }: Mistake, language: Language): string {
  return `<p>${prose(text[language])}</p>${tex === undefined ? '' : formula(tex)}${counter(counterExample, language)}`;
}

function counter(text: Bilingual, language: Language): string {
  return `<p class="counter"><b>${escaped(wordsIn[language].counterExample)}</b> ${prose(text[language])}</p>`;
}

function step({ text, tex }: Step, language: Language): string {
  return `<p>${prose(text[language])}</p>${tex === undefined ? '' : formula(tex)}`;
}

function list(tag: 'ol' | 'ul', items: readonly string[]): string {
  return items.length === 0 ? '' : `<${tag}>${items.map((item) => `<li>${item}</li>`).join('\n')}</${tag}>`;
}

/** A displayed formula; it scrolls by itself where the page is narrower, and the keyboard can reach it. */
function formula(tex: string): string {
  return `<div class="formula" dir="ltr" tabindex="0">${mathml(tex, true)}</div>`;
}

function prose(marked: string): string {
  return segments(marked)
    .map(({ kind, text }) => {
      if (kind === 'math') return inlineFormula(text);
      return kind === 'code' ? `<code dir="ltr">${escaped(text)}</code>` : escaped(text);
    })
    .join('');
}

/** Longest formula within a line that stays in one piece, characters of LaTeX. */
const LONGEST_UNBROKEN = 24;

/**
 * A formula within a sentence. Browsers do not break MathML at the end of a line, so a long one is made of several,
 * in one left-to-right isolate that keeps them in order.
 */
function inlineFormula(tex: string): string {
  const parts = tex.length > LONGEST_UNBROKEN ? breakable(tex) : [tex];
  const maths = parts.map((part) => mathml(part, false)).join('<wbr>');
  return parts.length === 1 ? maths : `<span class="formulas" dir="ltr">${maths}</span>`;
}

/** Split behind commas and before `=`, `+` and `\times` outside of all brackets. */
function breakable(tex: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const token of tex.match(/\\[a-zA-Z]+ ?|\\.|[^\\]/g) ?? []) {
    if (/^[([{]$|^\\left/.test(token)) depth += 1;
    if (/^[)\]}]$|^\\right/.test(token)) depth -= 1;
    const last = parts.at(-1)!;
    if (depth === 0 && last !== '' && /^[=+]$|^\\times/.test(token)) parts.push(`{}${token}`);
    else parts[parts.length - 1] = last + token;
    if (depth === 0 && token === ',') parts.push('');
  }
  return parts.filter((part) => part.trim() !== '');
}

/**
 * MathML alone needs no fonts and no stylesheet of KaTeX. Browsers that follow MathML Core ignore `mathvariant`, so
 * the double-struck R is written as its own character, and leave no space behind a function's name.
 */
function mathml(tex: string, displayMode: boolean): string {
  return katex
    .renderToString(tex, { output: 'mathml', displayMode, throwOnError: true, strict: 'error' })
    .replace('<math ', '<math dir="ltr" ')
    .replaceAll('<mi mathvariant="double-struck">R</mi>', '<mi mathvariant="normal">ℝ</mi>')
    .replace(/<mo>\u2061<\/mo>(?=<m(?!o\b|row\b))/g, '<mo>\u2061</mo><mspace width="0.1667em"></mspace>');
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
