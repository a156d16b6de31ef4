/**
 * Question 3a on paper, in English or Persian. Formulas stand in left-to-right isolates (U+2066 ... U+2069)
 * in the Persian text, so that a terminal that lays out right to left does not reorder them.
 */
import type { AttentionByHand } from '@hw5/core';
import type { Style } from '../terminal.js';
import { plain } from './format.js';

export type Language = 'en' | 'fa';

interface Words {
  readonly title: string;
  readonly given: string;
  readonly similarity: string;
  readonly largest: (score: string, index: string) => string;
  readonly ties: (indices: string) => string;
  readonly output: string;
  readonly softmax: string;
  readonly weights: string;
  readonly mixed: string;
  /** Wrap a formula for the text around it. */
  readonly formula: (text: string) => string;
}

const words: Readonly<Record<Language, Words>> = {
  en: {
    title: 'Question 3a: attention that takes the argmax',
    given: 'given',
    similarity: 'similarity of each key to the query',
    largest: (score, index) => `the largest score is ${score}: ${index}`,
    ties: (indices) => `the largest score is shared by ${indices}; the first one counts`,
    output: 'output',
    softmax: 'softmax on the same scores would mix all values',
    weights: 'weights',
    mixed: 'output',
    formula: (text) => text,
  },
  fa: {
    title: 'پرسش ۳ الف: توجه با argmax',
    given: 'داده‌ها',
    similarity: 'شباهت هر کلید به پرس‌وجو (ضرب داخلی)',
    largest: (score, index) => `بیشترین امتیاز ${score} است: ${index}`,
    ties: (indices) => `بیشترین امتیاز میان ${indices} مشترک است؛ نخستین آن‌ها برگزیده می‌شود`,
    output: 'خروجی',
    softmax: 'اگر به جای argmax از softmax استفاده می‌شد، همهٔ مقدارها با هم ترکیب می‌شدند',
    weights: 'وزن‌ها',
    mixed: 'خروجی',
    formula: (text) => `\u2066${text}\u2069`,
  },
};

/** The whole solution, line by line. */
export function solutionLines(solution: AttentionByHand, language: Language, style: Style): string[] {
  const { keys, values, query, scores, index, ties, output, softmaxWeights, softmaxOutput } = solution;
  const text = words[language];
  const formula = (line: string): string => `  ${text.formula(line)}`;
  const sums = aligned(keys.map((key, i) => sum(key, query, i, scores[i] ?? 0)));
  const argmax = text.formula(`argmax(${vector(scores)}) = ${index}`);
  return [
    style.bold(text.title),
    '',
    style.dim(text.given),
    formula(`q = ${vector(query)}`),
    ...keys.map((key, i) =>
      formula(`keys[${i}] = ${vector(key).padEnd(13)}  values[${i}] = ${vector(values[i] ?? [])}`),
    ),
    '',
    style.dim(text.similarity),
    ...sums.map((line, i) => (i === index ? style.green(formula(line)) : formula(line))),
    '',
    text.largest(text.formula(minus(scores[index] ?? 0)), argmax),
    ...(ties.length > 1 ? [text.ties(text.formula(ties.join(', ')))] : []),
    `${style.bold(text.output)} ${text.formula(style.bold(`values[${index}] = ${vector(output)}`))}`,
    '',
    style.dim(text.softmax),
    `  ${text.weights} ${text.formula(vector(softmaxWeights))}`,
    `  ${text.mixed} ${text.formula(vector(softmaxOutput))}`,
  ];
}

/** `keys[0]·q`, `1×3 + 2×(−1) + 3×(−1)`, `3 − 2 − 3`, `−2`: each part equals the next. */
function sum(key: readonly number[], query: readonly number[], index: number, score: number): string[] {
  const factor = (value: number): string => (value < 0 ? `(${minus(value)})` : minus(value));
  const products = key.map((value, d) => `${factor(value)}×${factor(query[d] ?? 0)}`);
  const terms = key.map((value, d) => value * (query[d] ?? 0));
  const added = terms.map((term, d) => {
    if (d === 0) return minus(term);
    return term < 0 ? `− ${plain(-term)}` : `+ ${plain(term)}`;
  });
  return [`keys[${index}]·q`, products.join(' + '), added.join(' '), minus(score)];
}

/** Join the parts with equals signs that stand below each other; the last column is right-aligned. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const last = widths.length - 1;
  return rows.map((row) =>
    row
      .map((part, c) => (c === last ? part.padStart(widths[c] ?? 0) : part.padEnd(widths[c] ?? 0)))
      .join(' = '),
  );
}

function vector(values: readonly number[]): string {
  return `[${values.map(minus).join(', ')}]`;
}

/** A number with a real minus sign, and no negative zero. */
function minus(value: number): string {
  return value < 0 ? `−${plain(-value)}` : plain(Math.abs(value));
}
