/**
 * What somebody who typed or pasted a text wants: to have a question found, or an answer judged. Answers may name their
 * question (`2b: ...`); those that do not are told apart by what they are: numbers, letters of options, an option in
 * other words, a formula, claims.
 */
import { ArgumentError } from '../../errors.js';
import { questionGroups, questions } from '../bank/groups.js';
import { questionName } from '../bank/solve.js';
import type { QuestionId } from '../bank/types.js';
import { check, checkable } from '../check/check.js';
import { claimsIn } from '../check/claims.js';
import type { Verdict } from '../check/verdict.js';
import { normalizeNotation, parseVector } from '../notation.js';
import { findQuestions, LEAST_SHARE, overlap } from './find.js';

/** One way to read the text. */
export interface Reading {
  readonly question: QuestionId;
  /** How sure that is, in [0, 1]; 1 where the text names its question. */
  readonly share: number;
  /** The words that speak for it. */
  readonly words: readonly string[];
  /** For an answer: what the checker says. */
  readonly verdict?: Verdict;
}

export interface Interpretation {
  readonly kind: 'nothing' | 'question' | 'answer';
  /** The answer without the name of its question. */
  readonly answer: string | null;
  /** Likeliest first. */
  readonly readings: readonly Reading[];
  /** Why an answer that names its question cannot be judged; null when it can, or when there is none. */
  readonly problem: string | null;
}

/** Longest text, characters. */
const MAX_CHARACTERS = 10_000;
/** More readings than this are no help. */
const MOST_READINGS = 4;

const NAMED =
  /^\s*(?:question|answer(?:\s+to)?|پرسش|سوال|سؤال|پاسخ|جواب)?\s*(q?\s*[1-4]\s*[.-]?\s*\(?\s*(?:[a-d]|الف|[آبجد])\s*\)?)\s*(?:[:=)\-–.]|\n|\s(?=\S))\s*(.+)$/isu;
/** Says that the text asks. */
const ASKS =
  /[?؟]|(?:^|\s)(?:which|what|how|why|find|compute|calculate|derive|explain|choose)\b|محاسبه\s+کن|به\s+دست\s+آور|چیست|چیزی\s+را|کدام|چه\s|چرا|آیا|توضیح\s+ده|حساب\s+کن/i;
/** Longest list of options, characters: prose is judged by its words. */
const LONGEST_LETTERS = 40;
const FORMULA = /[=^_\\@*∑Σ∏ŷ]|\bsum\b|\bnp\.|\bsoftmax\b|\b[yp]\s*[-−–]\s*y/i;
/** An option is meant when its text and the given one share so much of each other's weight. */
const SAME = 0.6;

/** @throws ArgumentError for a text that is too long */
export function interpret(text: string): Interpretation {
  if (text.length > MAX_CHARACTERS) {
    throw new ArgumentError(
      `interpret: text must have at most ${MAX_CHARACTERS} characters, got ${text.length}`,
    );
  }
  const name = questionName(text);
  if (name !== undefined) {
    const meant = questionGroups.flatMap(({ id, questions: parts }) =>
      parts.filter((part) => [part.id, id, 'all'].includes(name)),
    );
    return asked(meant.map(({ id }) => ({ question: id, share: 1, words: [] })));
  }
  const [, label = '', rest = ''] = NAMED.exec(normalizeNotation(text)) ?? [];
  const named = questionName(label);
  if (named !== undefined && checkable.includes(named)) return judgedByName(named as QuestionId, rest);
  if (!ASKS.test(text)) {
    const readings = answers(text);
    if (readings.length > 0) return answered(text, readings);
  }
  return asked(findQuestions(text));
}

/** A text that names its question: the question in its own words, or an answer to it. */
function judgedByName(id: QuestionId, rest: string): Interpretation {
  const question = questions.find((known) => known.id === id)!;
  const sameWords = Math.max(overlap(question.prompt.fa, rest), overlap(question.prompt.en, rest));
  if (ASKS.test(rest) || sameWords > SAME) return asked([{ question: id, share: 1, words: [] }]);
  const reading = { question: id, share: 1, words: [] };
  try {
    return answered(rest, [{ ...reading, verdict: check(id, rest) }]);
  } catch (error) {
    return { ...answered(rest, [reading]), problem: (error as Error).message };
  }
}

const asked = (readings: readonly Reading[]): Interpretation => ({
  kind: readings.length === 0 ? 'nothing' : 'question',
  answer: null,
  readings:
    readings.length > MOST_READINGS && readings[0]!.share < 1 ? readings.slice(0, MOST_READINGS) : readings,
  problem: null,
});

const answered = (answer: string, readings: readonly Reading[]): Interpretation => ({
  kind: 'answer',
  answer: answer.trim(),
  readings,
  problem: null,
});

/** Readings of a text as an answer to a question that it does not name. */
function answers(text: string): Reading[] {
  if (isVector(text)) return judged(['q3a'], text);
  const letters = text.trim().length <= LONGEST_LETTERS ? judged(['q1a', 'q1b', 'q1c'], text) : [];
  if (letters.length > 0) return letters;
  const option = optionIn(text);
  if (option !== undefined) return option;
  const isSymbolic = FORMULA.test(text);
  const formulas = isSymbolic ? judged(['q2a', 'q2b', 'q2c', 'q2d'], text) : [];
  if (formulas.some(({ verdict }) => verdict!.correct))
    return formulas.filter(({ verdict }) => verdict!.correct);
  if (claimsIn(text).length > 0 && !isSymbolic) return judged(['q3b'], text);
  return formulas.slice(0, MOST_READINGS);
}

function isVector(text: string): boolean {
  try {
    return parseVector(text.replace(/^[^=:]{0,40}[=:]/, ''), 'answer').length > 1;
  } catch {
    return /^\s*(?:output|خروجی|scores?|امتیازها)\s*[=:]/i.test(text);
  }
}

/** What the checkers of some questions say; those that cannot read the text say nothing. */
function judged(ids: readonly QuestionId[], text: string): Reading[] {
  const found = findQuestions(text);
  return ids
    .flatMap((id) => {
      try {
        const verdict = check(id, text);
        const { share = LEAST_SHARE, words = [] } = found.find(({ question }) => question === id) ?? {};
        return [{ question: id, share, words, verdict }];
      } catch {
        return [];
      }
    })
    .sort((a, b) => Number(b.verdict.correct) - Number(a.verdict.correct) || b.share - a.share);
}

/** The option that a text says in other words, judged. */
function optionIn(text: string): Reading[] | undefined {
  const candidates = questions
    .flatMap((question) => question.options.map((option) => ({ question, option })))
    .map(({ question, option }) => {
      const share = Math.max(
        ...[option.text.fa, option.text.en].map((own) => Math.min(overlap(own, text), overlap(text, own))),
      );
      return { question, option, share };
    })
    .sort((a, b) => b.share - a.share);
  const [best] = candidates;
  if (best === undefined || best.share < SAME) return undefined;
  const { question, option, share } = best;
  return [{ question: question.id, share, words: [], verdict: check(question.id, option.id) }];
}
