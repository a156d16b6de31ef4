/**
 * The words of a text in either language, folded so that spellings of one word meet: digits and letters of both scripts,
 * half-spaces, plurals, LaTeX and plain symbols. A derivative is a word of its own: `\frac{\partial J_t}{\partial o_t}`,
 * `∂J_t/∂o_t` and `dJ_t/do_t` are all `d(j_t)/d(o_t)`.
 */
import { normalizeNotation } from '../notation.js';

/** Words that say nothing about which question is meant. */
const EMPTY = new Set(
  (
    'a an the of to in on at for and or is are was be been it its this that these those with from by as we you i ' +
    'do does did can could will would should must may have has had which what how why when where who please then than ' +
    'following below above question answer part use using used given find compute calculate derive explain choose ' +
    'best right correct option ' +
    'از به در با بر را که این آن و یا تا هم است هست بود شد شود شده باشد باشید کند کنید کنیم کرده کرد می نمی ها های ی ' +
    'یک چه چیزی چیست کدام چرا چگونه اگر برای هر هیچ پس نیز خود شما ما ای اید سوال سؤال پرسش پاسخ گزینه جواب زیر بالا ' +
    'صحیح درست انتخاب محاسبه دست آورید آوردن بنویسید توضیح دهید فرض فوق الف'
  ).split(' '),
);

const DERIVATIVE =
  /\\[dt]?frac\{\s*(?:\\partial|d)\s*([^{}]*(?:\{[^{}]*\}[^{}]*)*?)\s*\}\{\s*(?:\\partial|d)\s*([^{}]*(?:\{[^{}]*\}[^{}]*)*?)\s*\}|[∂d](\w+)\s*\/\s*[∂d](\w+)/gi;

export function wordsOf(text: string): string[] {
  const plain = normalizeNotation(text)
    .replace(/[\u064b-\u0652\u0670\u0654]/g, '')
    .replace(/ۀ/g, 'ه')
    .replace(/[أإ]/g, 'ا')
    .replace(/\u200c/g, ' ');
  const words: string[] = [];
  const rest = plain.replace(DERIVATIVE, (_, above, below, over, under) => {
    words.push(`d(${symbol(above ?? over)})/d(${symbol(below ?? under)})`);
    return ' ';
  });
  for (const match of rest.matchAll(
    /\\hat\{?(\w)\}?|\\[a-z]+|[a-z]+(?:_(?:\{[^{}]*\}|\w+))+|[\p{L}]+|\d+/giu,
  )) {
    const word = match[0];
    if (word.startsWith('\\hat')) words.push(`${match[1]}hat`);
    else if (word.startsWith('\\')) words.push(...(LATEX[word] === undefined ? [] : [LATEX[word]]));
    else if (word.includes('_')) words.push(symbol(word));
    else if (!EMPTY.has(word.toLowerCase())) words.push(folded(word.toLowerCase()));
  }
  return words.filter((word) => word !== '' && !EMPTY.has(word));
}

/** LaTeX commands that carry meaning. */
const LATEX: Readonly<Record<string, string>> = {
  '\\sigma': 'σ',
  '\\psi': 'ψ',
  '\\sum': 'sum',
  '\\prod': 'product',
};

function symbol(text: string): string {
  return text
    .toLowerCase()
    .replace(/\\[a-z]+/g, '')
    .replace(/[{}\s,\\]/g, '');
}

/** Without the commonest endings; the same cut on both sides is all that matters. */
function folded(word: string): string {
  if (/^[a-z]+$/.test(word)) {
    if (word.length > 5) return word.replace(/(?:ies|ing|ed|es|s|ly)$/, '');
    return word.length > 3 ? word.replace(/s$/, '') : word;
  }
  return word.length > 4 ? word.replace(/(?:هایی|های|ها|ی)$/, '') : word;
}
