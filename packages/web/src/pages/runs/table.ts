/** The page's settings: which runs are compared. */
import { isRunId } from '../../frame/kept-runs/store.js';
import { choice, list } from '../../state/rows.js';

/** Curves that can be told apart at once. */
export const MOST_CHOSEN = 6;

export const table = {
  /** Runs whose curves are drawn; the first two stand side by side. None = the newest ones. */
  chosen: list('chosen', MOST_CHOSEN, isRunId),
  measure: choice('measure', 'validation', ['validation', 'training']),
  order: choice('order', 'newest', ['newest', 'loss', 'steps']),
} as const;
