/** Looks questions up by name: one part, one question with all its parts, or everything. */
import { ArgumentError } from '../../errors.js';
import type { AttentionByHand } from '../../session/protocol.js';
import { attendByHand } from '../attention/by-hand.js';
import { normalizeNotation } from '../notation.js';
import { questionGroups, questions } from './groups.js';
import type { QuestionGroup } from './types.js';

/** What {@link solve} accepts. */
export const questionNames: readonly string[] = [
  ...new Set(questionGroups.flatMap(({ id, questions: parts }) => [id, ...parts.map((part) => part.id)])),
  'all',
];

/** Worked questions; with q3 and q3a the numbers of the hand calculation beside them. */
export interface Solution extends Partial<AttentionByHand> {
  /** What was asked for, e.g. `q2` or `all`. */
  readonly question: string;
  /** Groups that hold at least one asked-for part; each holds only those. */
  readonly groups: readonly QuestionGroup[];
}

/** @throws ArgumentError for a name that is none of {@link questionNames}; says which one is nearest */
export function solve(name: string): Solution {
  const question = questionName(name);
  if (question === undefined) {
    const nearest = nearestName(name);
    throw new ArgumentError(
      `solve: question must be one of ${questionNames.join(', ')}, got ${JSON.stringify(name.slice(0, 40))}; try ${nearest}`,
      { nearest },
    );
  }
  const groups = questionGroups
    .map((group) => ({
      ...group,
      questions: group.questions.filter(({ id }) => [id, group.id, 'all'].includes(question)),
    }))
    .filter((group) => group.questions.length > 0);
  return { question, groups, ...(['q3', 'q3a'].includes(question) ? attendByHand() : {}) };
}

/** The canonical name: `Q2B`, `2b`, `۲ب` and `q2b` are one question; undefined when there is none. */
export function questionName(text: string): string | undefined {
  const word = normalizeNotation(text)
    .toLowerCase()
    .replace(/[\s().]/g, '')
    .replace(/^(?:question|پرسش|سوال|سؤال)/, '')
    .replace(/الف$|آ$/, 'a')
    .replace(/ب$/, 'b')
    .replace(/ج$/, 'c')
    .replace(/د$/, 'd')
    .replace(/^(?=\d)/, 'q')
    .replace(/^همه$/, 'all');
  return questionNames.find((name) => name === word);
}

/** The known name with the fewest differing characters, place by place; the first one of several. */
export function nearestName(text: string): string {
  const asked = normalizeNotation(text).toLowerCase().slice(0, 40);
  const distances = questionNames.map((name) => editDistance(asked, name));
  return questionNames[distances.indexOf(Math.min(...distances))]!;
}

/** Levenshtein's distance, one row at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1)!;
}

/** One part by its canonical id. */
export const questionById: ReadonlyMap<string, (typeof questions)[number]> = new Map(
  questions.map((question) => [question.id, question]),
);
