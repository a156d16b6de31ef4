/** Marks answers of many students, one at a time; nothing that a student writes stops the rest. */
import { Hw5Error } from '../../errors.js';
import { questionName } from '../bank/solve.js';
import { check, checkable } from '../check/check.js';
import type { Verdict } from '../check/verdict.js';
import { creditOf, marksOf } from './marks.js';

export interface Grade {
  /** Canonical, e.g. `q2b`. */
  readonly question: string;
  readonly marks: number;
  /** What the part is worth. */
  readonly of: number;
  /** Null when the answer is empty or cannot be read. */
  readonly verdict: Verdict | null;
  /** `right`, a verdict's code, `empty` or `unreadable`. */
  readonly code: string;
  /** For an answer that cannot be read: why, and where. */
  readonly problem: string | null;
  /** A person should look: the answer could not be read, or was judged by its words. */
  readonly review: boolean;
}

/** Most answers that are remembered; a class gives the same ones again and again. */
const MAX_KNOWN = 5000;
const known = new Map<string, Grade>();

/** The canonical question, or undefined for one that no answer can be checked for. */
export function gradable(question: string): string | undefined {
  const id = questionName(question);
  return id !== undefined && checkable.includes(id) ? id : undefined;
}

/** @param question - canonical, from {@link gradable} */
export function gradeAnswer(question: string, answer: string): Grade {
  const name = `${question} ${answer}`;
  const before = known.get(name);
  if (before !== undefined) return before;
  const grade = graded(question, answer);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(name, grade);
  return grade;
}

function graded(question: string, answer: string): Grade {
  const of = marksOf(question);
  const nothing = { question, marks: 0, of, verdict: null };
  if (answer.trim() === '') return { ...nothing, code: 'empty', problem: null, review: false };
  try {
    const verdict = check(question, answer);
    const marks = Math.round(creditOf(verdict) * of * 100) / 100;
    return {
      question,
      marks,
      of,
      verdict,
      code: verdict.code ?? 'right',
      problem: null,
      review: question === 'q3b',
    };
  } catch (error) {
    if (!(error instanceof Hw5Error)) throw error;
    return { ...nothing, code: 'unreadable', problem: error.message, review: true };
  }
}
