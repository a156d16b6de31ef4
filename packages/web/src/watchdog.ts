/**
 * Notices a worker that died without a word. Browsers send no event when they end a worker (out of memory, killed
 * process), so while a long call runs the page asks the session a small question and waits for the answer.
 */
import type { RunInfo, Session } from '@hw5/core';

/** Time between questions, ms. */
const ASK_EVERY = 2000;

/** A silence shorter than this is never taken for death, ms. */
const SHORTEST_SILENCE = 10_000;

/** Operations per second of a machine slower than any that one would train on; phones do ten times as many. */
const SLOWEST_MACHINE = 1e9;

/**
 * How long a run may be silent in training, ms. Questions are answered between two steps and not during a
 * validation: about 6 operations per parameter and character of a step, 2 per parameter and character validated.
 */
export function silenceInTraining({ parameters, config, validationCharacters }: RunInfo): number {
  const step = 6 * parameters * config.batchSize * config.sequenceLength;
  const validation = 2 * parameters * validationCharacters;
  return SHORTEST_SILENCE + (1000 * (step + validation)) / SLOWEST_MACHINE;
}

/** How long it may be silent while a model is made or loaded, ms: one piece of work, long for a large text. */
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
