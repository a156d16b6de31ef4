/** The page's settings: which runs are compared. */
import { isRunId } from '../../frame/kept-runs/store.js';
import { choice, line, list, number } from '../../state/rows.js';
import { LONGEST_SENTENCE } from '../train/table.js';

/** Curves that can be told apart at once. */
export const MOST_CHOSEN = 6;

export const table = {
  /** Runs whose curves are drawn; the first two stand side by side. None = the newest ones. */
  chosen: list('chosen', MOST_CHOSEN, isRunId),
  measure: choice('measure', 'validation', ['validation', 'training']),
  /** The sentence that the first of them are asked about, and the place in it. Empty = the first line of the first one's text. */
  sentence: line('sentence', '', LONGEST_SENTENCE),
  at: number('at', 5, { min: 0, max: LONGEST_SENTENCE }),
  order: choice('order', 'newest', ['newest', 'loss', 'steps']),
} as const;
