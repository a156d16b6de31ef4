/**
 * What a language model expects along a text: fed the text itself (teacher forcing), and fed what it writes (free
 * running), side by side. The two rows part where the model's own token is not the text's.
 */
import { ArgumentError, DataError } from '../errors.js';
import { logSoftmax } from '../ops/softmax.js';
import { RandomStream } from '../random.js';
import { checkSampling, type SamplingOptions, sample } from '../sample.js';
import { noGrad } from '../tape.js';
import { scope, type Tensor } from '../tensor.js';
import type { CharLMRun } from './char-lm-run.js';

export interface NextTokensOptions extends SamplingOptions {
  /** Tokens of the text that the free-running row reads before it goes on alone, at least 1. Defaults to 1. */
  readonly from?: number;
  /** Likeliest tokens told at each position. Defaults to 5. */
  readonly top?: number;
  /** How the free-running row chooses; 0 = the likeliest. Defaults to 0. */
  readonly temperature?: number;
  /** Seed of its choices. Defaults to 0. */
  readonly seed?: number;
}

/** What is expected behind one token. */
export interface NextToken {
  /** The token that was read. */
  readonly read: string;
  /** The text's next token. */
  readonly expected: string;
  /** P(expected | what was read) */
  readonly probability: number;
  /** Its natural logarithm. */
  readonly logProbability: number;
  /** What the model would write: the token that the free-running row reads next. */
  readonly written: string;
  /** Likeliest first. */
  readonly top: readonly (readonly [token: string, probability: number])[];
}

export interface NextTokensRow {
  /** One for each token of the text but the last. */
  readonly steps: readonly NextToken[];
  /** ln P of all expected tokens together, nats. */
  readonly logProbability: number;
  /** exp(-logProbability / steps) */
  readonly perplexity: number;
}

export interface NextTokens {
  readonly tokens: readonly string[];
  /** Reads the text. */
  readonly forced: NextTokensRow;
  /** Reads the text's first tokens, and then its own. */
  readonly free: NextTokensRow;
}

/** @throws DataError for fewer than 2 tokens or unknown characters, ArgumentError for options outside their domains */
export function nextTokens(run: CharLMRun, text: string, options: NextTokensOptions = {}): NextTokens {
  const { from = 1, top = 5, temperature = 0, seed = 0 } = options;
  const ids = run.vocabulary.encode(text);
  if (ids.length < 2)
    throw new DataError(`nextTokens: the text must have at least 2 tokens, got ${ids.length}`);
  if (!(Number.isSafeInteger(from) && from >= 1 && from < ids.length)) {
    throw new ArgumentError(`nextTokens: from must be a whole number in [1, ${ids.length}), got ${from}`);
  }
  if (!(Number.isSafeInteger(top) && top >= 0)) {
    throw new ArgumentError(`nextTokens: top must be a whole number >= 0, got ${top}`);
  }
  const sampling = checkSampling({ ...options, temperature });
  const { tokens } = run.vocabulary;
  const row = (alone: boolean): NextTokensRow =>
    run.looking(() => {
      const random = new RandomStream(seed, 'sampling');
      const decoder = run.model.decoder();
      const steps: NextToken[] = [];
      let sum = 0;
      try {
        let read = ids[0]!;
        for (let t = 0; t < ids.length - 1; t += 1) {
          const logits: Tensor = t === 0 ? noGrad(() => decoder.read([read])) : decoder.step([read]);
          const expected = ids[t + 1]!;
          const written = sample(logits, random, sampling);
          const all = noGrad(() => scope(() => logSoftmax(logits).data));
          const logProbability = all[expected]!;
          sum += logProbability;
          steps.push({
            read: tokens[read]!,
            expected: tokens[expected]!,
            probability: Math.exp(logProbability),
            logProbability,
            written: tokens[written]!,
            top: likeliest(all, top).map((id) => [tokens[id]!, Math.exp(all[id]!)] as const),
          });
          read = alone && t + 1 >= from ? written : expected;
        }
      } finally {
        decoder.dispose();
      }
      return { steps, logProbability: sum, perplexity: Math.exp(-sum / steps.length) };
    });
  return { tokens: Array.from(ids, (id) => tokens[id]!), forced: row(false), free: row(true) };
}

function likeliest(logProbabilities: ArrayLike<number>, count: number): number[] {
  return Array.from(logProbabilities, (_, id) => id)
    .sort((a, b) => logProbabilities[b]! - logProbabilities[a]! || a - b)
    .slice(0, count);
}
