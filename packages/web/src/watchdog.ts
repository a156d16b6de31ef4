/**
 * Notices a worker that died without a word. Browsers send no event when they end a worker (out of memory, killed
 * process), so while a long call runs the page asks the session a small question and waits for the answer.
 */
import type { Session } from '@hw5/core';

/** Time between questions, ms. */
const ASK_EVERY = 2000;

/** Shortest silence that counts as death, ms. Questions are answered between two steps, so slow steps get more. */
export const SILENCE_IN_TRAINING = 10_000;

/** The same while a model is made or loaded, which is one long piece of work for a large text. */
export const SILENCE_IN_MAKING = 60_000;

/** How many times the slowest answer so far a silence must be. */
const PATIENCE = 8;

/**
 * Ask until the returned function is called.
 *
 * @param shortestSilence ms without an answer that are never taken for death
 * @param onSilence called when an answer is overdue, at most once per question
 */
export function watch(session: Session, shortestSilence: number, onSilence: () => void): () => void {
  let watching = true;
  let slowest = 0;
  const ask = async (): Promise<void> => {
    while (watching) {
      const asked = performance.now();
      const patience = Math.max(shortestSilence, PATIENCE * slowest);
      const timer = setTimeout(() => {
        if (watching) onSilence();
      }, patience);
      try {
        await session.kernel();
      } catch {
        return;
      } finally {
        clearTimeout(timer);
      }
      slowest = Math.max(slowest, performance.now() - asked);
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY));
    }
  };
  void ask();
  return () => {
    watching = false;
  };
}
