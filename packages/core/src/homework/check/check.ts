/** Checks an answer: multiple choice, numbers, formulas, claims. */
import { ArgumentError } from '../../errors.js';
import { questionById, questionName } from '../bank/solve.js';
import { judgeChoice } from './choice.js';
import { judgeClaims } from './claims.js';
import { judgeFormula } from './formula/judge.js';
import { judgeOutput } from './output.js';
import type { Verdict } from './verdict.js';

/** Questions whose answers {@link check} can judge. */
export const checkable: readonly string[] = ['q1a', 'q1b', 'q1c', 'q2a', 'q2b', 'q2c', 'q2d', 'q3a', 'q3b'];

/** Longest answer that is read, characters. */
const MAX_CHARACTERS = 10_000;
/** Longest formula, characters: finding its slip takes time that grows with the square of its length. */
const MAX_FORMULA = 2000;

/**
 * Right or wrong, the likely mistake, and a case in which the answer fails.
 * @throws ArgumentError for a question that cannot be checked or an answer that cannot be read, ShapeError for a matrix
 */
export function check(question: string, answer: string): Verdict {
  const id = questionName(question);
  if (id === undefined || !checkable.includes(id)) {
    throw new ArgumentError(
      `check: question must be one of ${checkable.join(', ')}, got ${JSON.stringify(question.slice(0, 40))}`,
    );
  }
  if (answer.length > MAX_CHARACTERS) {
    throw new ArgumentError(
      `check: answer must have at most ${MAX_CHARACTERS} characters, got ${answer.length}`,
    );
  }
  if (id.startsWith('q2') && answer.length > MAX_FORMULA) {
    throw new ArgumentError(
      `check: a formula must have at most ${MAX_FORMULA} characters, got ${answer.length}`,
    );
  }
  if (id.startsWith('q2')) return judgeFormula(id, answer);
  if (id === 'q3b') return judgeClaims(answer);
  return id === 'q3a' ? judgeOutput(answer) : judgeChoice(questionById.get(id)!, answer);
}
