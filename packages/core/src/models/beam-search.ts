/**
 * Beam search: the likeliest continuations under a decoder, several at a time. A beam is a row of the decoder's batch,
 * so its weights are read once per step for all beams; a step keeps only ids and backpointers, and histories are read
 * back from those at the end.
 */
import { ArgumentError, DataError } from '../errors.js';
import { exp, log, scale } from '../ops/elementwise.js';
import { logSoftmax } from '../ops/softmax.js';
import { noGrad } from '../tape.js';
import { scope, tensor } from '../tensor.js';
import type { Decoder } from './decoder.js';

export interface BeamSearchOptions {
  /** Hypotheses kept after each step. Defaults to 4; 1 is greedy search. */
  readonly width?: number;
  /** Ids written at most, the end included. */
  readonly maxLength: number;
  /** The id that ends a hypothesis. Without one all run to `maxLength`. */
  readonly endId?: number;
  /** alpha of the penalty below, >= 0. Defaults to 0: plain log-probabilities, which favour short hypotheses. */
  readonly lengthPenalty?: number;
  /** Hypotheses returned at most. Defaults to 1. */
  readonly best?: number;
  /** Told what each step weighed, from the first on. */
  readonly onStep?: (step: BeamStep) => void;
}

/** What one step weighed, likeliest first. A parent is a place among those that the step before followed further. */
export interface BeamStep {
  /** Followed further: at most `width`. */
  readonly kept: readonly Candidate[];
  /** Wrote the end id, and count as answers. */
  readonly ended: readonly Candidate[];
  /** The `width` likeliest of the others. */
  readonly dropped: readonly Candidate[];
}

export interface Hypothesis {
  /** What was written, the end id included. */
  readonly ids: readonly number[];
  /** ln P(ids), nats. */
  readonly logProbability: number;
  /** logProbability / ((5 + length) / 6)^alpha. */
  readonly score: number;
  /** True when it wrote the end id, false when `maxLength` cut it off. */
  readonly ended: boolean;
}

/** A hypothesis by its last id: row `parent` of the step before wrote the rest. */
export interface Candidate {
  readonly parent: number;
  readonly id: number;
  /** ln P of all its ids, nats. */
  readonly logProbability: number;
}

interface Finished extends Candidate {
  /** Steps before the one of the last id. */
  readonly step: number;
  readonly score: number;
  readonly ended: boolean;
}

/**
 * The best continuations of what `decoder` has read, after it is fed `startId`; best first. Equal scores keep the order
 * of their beams and then of their ids. The search ends early when no open beam can still overtake the best ones.
 *
 * Source of the penalty: Wu et al. 2016, section 7.
 * @param decoder - stands in one row; its rows afterwards are those of the last step
 * @throws ArgumentError for options outside their domains, DataError for NaN among the logits
 */
export function beamSearch(decoder: Decoder, startId: number, options: BeamSearchOptions): Hypothesis[] {
  const { width = 4, maxLength, endId, lengthPenalty = 0, best = 1, onStep } = options;
  for (const [name, value] of Object.entries({ width, maxLength, best })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new ArgumentError(`beamSearch: ${name} must be a whole number >= 1, got ${value}`);
    }
  }
  if (!(lengthPenalty >= 0 && lengthPenalty < Infinity)) {
    throw new ArgumentError(`beamSearch: lengthPenalty must be a number >= 0, got ${lengthPenalty}`);
  }
  const penalties = penaltiesOf(maxLength, lengthPenalty);
  const history: Candidate[][] = [];
  const finished: Finished[] = [];
  const finish = (step: number, candidate: Candidate, ended: boolean): void => {
    const score = candidate.logProbability / penalties[step]!;
    insert(finished, { ...candidate, step, score, ended }, best, (a, b) => a.score > b.score);
  };
  let beams: Candidate[] = [{ parent: 0, id: startId, logProbability: 0 }];
  for (let step = 0; step < maxLength; step += 1) {
    const logits = decoder.step(beams.map(({ id }) => id));
    const logProbabilities = noGrad(() => scope(() => logSoftmax(logits).data));
    if (logProbabilities.some(Number.isNaN)) {
      throw new DataError(`beamSearch: log-probabilities must be numbers, got NaN after ${step} ids`);
    }
    const ranked: Candidate[] = [];
    const ends: Candidate[] = [];
    const limit = onStep === undefined ? width : 2 * width;
    const V = decoder.vocabularySize;
    for (const [parent, { logProbability: before }] of beams.entries()) {
      for (let id = 0; id < V; id += 1) {
        const logProbability = before + logProbabilities[parent * V + id]!;
        if (id === endId) ends.push({ parent, id, logProbability });
        else if (ranked.length < limit || logProbability > ranked.at(-1)!.logProbability) {
          insert(ranked, { parent, id, logProbability }, limit, isLikelier);
        }
      }
    }
    const open = ranked.slice(0, width);
    // An end counts where it is among the `width` likeliest ways to go on, so that a single beam is the greedy answer.
    const ended = ends.filter(
      (end) => [...open, ...ends].filter((other) => isLikelier(other, end)).length < width,
    );
    for (const end of ended) finish(step, end, true);
    if (onStep !== undefined) {
      const dropped: Candidate[] = [];
      for (const other of [...ranked.slice(width), ...ends.filter((end) => !ended.includes(end))]) {
        insert(dropped, other, width, isLikelier);
      }
      onStep({ kept: open, ended, dropped });
    }
    history.push(open);
    beams = open;
    if (step === maxLength - 1) for (const candidate of beams) finish(step, candidate, false);
    // Log-probabilities only fall and penalties only grow, so this is more than any beam can reach.
    const bound = (beams[0]?.logProbability ?? -Infinity) / penalties.at(-1)!;
    if (beams.length === 0 || (finished.length === best && finished.at(-1)!.score >= bound)) break;
    decoder.select(beams.map(({ parent }) => parent));
  }
  return finished.map(({ logProbability, score, ended, ...last }) => ({
    ids: idsOf(history, last),
    logProbability,
    score,
    ended,
  }));
}

const isLikelier = (a: Candidate, b: Candidate): boolean => a.logProbability > b.logProbability;

/** ((5 + length) / 6)^alpha for length 1 .. maxLength. */
function penaltiesOf(
  maxLength: number,
  alpha: number,
): ArrayLike<number> & { at(index: number): number | undefined } {
  const lengths = Array.from({ length: maxLength }, (_, step) => (6 + step) / 6);
  return noGrad(() => scope(() => exp(scale(log(tensor(lengths, [maxLength])), alpha)).data));
}

/** Keep the `limit` first in the order of `before`; among equals the older stays in front. */
function insert<T>(sorted: T[], item: T, limit: number, before: (a: T, b: T) => boolean): void {
  let at = sorted.length;
  while (at > 0 && before(item, sorted[at - 1]!)) at -= 1;
  if (at >= limit) return;
  sorted.splice(at, 0, item);
  if (sorted.length > limit) sorted.pop();
}

/** Follow the backpointers from a last id to the first. */
function idsOf(
  history: readonly Candidate[][],
  last: { step: number; parent: number; id: number },
): number[] {
  const ids = [last.id];
  let { parent } = last;
  for (let step = last.step - 1; step >= 0; step -= 1) {
    const candidate = history[step]![parent]!;
    ids.push(candidate.id);
    parent = candidate.parent;
  }
  return ids.reverse();
}
