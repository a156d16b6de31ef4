/**
 * Marks. The homework gives them to whole questions; parts share them equally: 5 for each of 1a to 1c and 2a to 2d,
 * 10 for 3a and 3b. What an answer earns of its part:
 *
 *     right                                    all
 *     options: c right and w wrong ones of n   (c - w) / n, not below 0
 *     formula with one slip that has a name    half
 *     question 3a with a slip in the numbers   half; in parts (scores, index, output) the share that is right
 *     question 3b, one of the two claims       half
 *     anything else, unread or empty           nothing
 */

import { questionGroups, questions } from '../bank/groups.js';
import type { Verdict } from '../check/verdict.js';

/** Marks of one part, of the homework's 100. */
export function marksOf(question: string): number {
  const group = questionGroups.find(({ questions: parts }) => parts.some(({ id }) => id === question))!;
  return group.marks / group.questions.length;
}

/** Wrong answers that no single named slip explains. */
const UNEXPLAINED = new Set([
  'wrong-value',
  'wrong-size',
  'shape-conflict',
  'not-a-value',
  'wrong-length',
  'plain-mean',
  'no-claim-found',
]);

/** The share of its part's marks that an answer earns, in [0, 1]. */
export function creditOf(verdict: Verdict): number {
  if (verdict.correct) return 1;
  const options = questions.find(({ id }) => id === verdict.question)?.options ?? [];
  if (options.length > 0) {
    const chosen = options.filter(({ id }) => verdict.understood.split(', ').includes(id));
    const right = options.filter(({ correct }) => correct);
    const hits = chosen.filter(({ correct }) => correct).length;
    return Math.max(0, (2 * hits - chosen.length) / right.length);
  }
  const judged = Object.values(verdict.parts ?? {});
  if (judged.length > 1) {
    return judged.filter(Boolean).length / judged.length;
  }
  if (verdict.question === 'q3b') return verdict.code?.startsWith('missing-') ? 0.5 : 0;
  return UNEXPLAINED.has(verdict.code ?? '') ? 0 : 0.5;
}
