/** What an encoder-decoder might answer: the hypotheses of a beam with every step's alternatives, after tokens forced upon it. */
import { ArgumentError, DataError } from '../errors.js';
import { beamSearch } from '../models/beam-search.js';
import { Seq2SeqDecoder } from '../models/seq2seq-decoder.js';
import { softmax } from '../ops/softmax.js';
import { noGrad } from '../tape.js';
import { ids, scope } from '../tensor.js';
import type { Run } from './run.js';
import type { Seq2SeqRun } from './seq2seq-run.js';

export interface AnswersOptions {
  /** Hypotheses kept at each step; 1 = greedy. Defaults to 4. */
  readonly width?: number;
  /** Answers given at most. Defaults to `width`. */
  readonly best?: number;
  /** alpha of the length penalty, see `beamSearch`. Defaults to 0. */
  readonly lengthPenalty?: number;
  /** The first tokens, written whatever the model thinks of them. Defaults to none. */
  readonly forced?: readonly string[];
  /** Alternatives named at each step. Defaults to 5. */
  readonly top?: number;
}

/** One token of an answer, and what else the model might have written there. */
export interface AnswerStep {
  readonly token: string;
  readonly probability: number;
  readonly forced: boolean;
  readonly top: readonly (readonly [token: string, probability: number])[];
}

export interface TextAnswer {
  readonly output: string;
  /** With the end, where the model wrote it. */
  readonly steps: readonly AnswerStep[];
  /** ln P(answer | text), forced tokens included, nats. */
  readonly logProbability: number;
  /** What the beam ranks by: ln P of what followed the forced tokens, divided by its length penalty. */
  readonly score: number;
  readonly ended: boolean;
  /** [step][source], rows sum to 1. */
  readonly alignment: readonly (readonly number[])[];
}

export interface TextAnswers {
  readonly source: readonly string[];
  /** Best first. */
  readonly answers: readonly TextAnswer[];
}

/**
 * The best answers to a text.
 * @throws ArgumentError for another kind of run or options outside their domains, DataError for a text without tokens or
 * a forced token that the model cannot write
 */
export function answersOf(run: Run, text: string, options: AnswersOptions = {}): TextAnswers {
  if (run.task !== 'seq2seq') throw new ArgumentError(`answers: the run must be seq2seq, got ${run.task}`);
  const translator = run as unknown as Seq2SeqRun;
  const { model, source, target } = translator;
  const { width = 4, best = width, lengthPenalty = 0, forced = [], top = 5 } = options;
  if (!Number.isSafeInteger(top) || top < 1) {
    throw new ArgumentError(`answers: top must be a whole number >= 1, got ${top}`);
  }
  const { maxLength } = translator.describe();
  const { begin, end } = target.special;
  const read = source.encode(text);
  if (read.length === 0) throw new DataError('answers: the text must have tokens, got none');
  const given = forced.map((token) => idOf(translator, token));
  if (given.length >= maxLength) {
    throw new ArgumentError(`answers: forced must be fewer than ${maxLength} tokens, got ${given.length}`);
  }
  return run.looking(() => {
    const decoder = new Seq2SeqDecoder(model, read);
    try {
      for (const id of [begin, ...given].slice(0, -1)) decoder.step([id]);
      const found = beamSearch(decoder, given.at(-1) ?? begin, {
        width,
        best,
        lengthPenalty,
        endId: end,
        maxLength: maxLength - given.length,
      });
      return {
        source: Array.from(read, (id) => source.token(id)),
        answers: found.map(({ ids: written, score, ended }) => {
          const all = [...given, ...written];
          const { probabilities, alignment } = replay(translator, read, all);
          const steps = all.map((id, t) => {
            const row = probabilities[t]!;
            return {
              token: target.token(id),
              probability: row[id]!,
              forced: t < given.length,
              top: largest(row, top).map((other) => [target.token(other), row[other]!] as const),
            };
          });
          return {
            output: target.decode(all),
            steps,
            logProbability: steps.reduce((sum, { probability }) => sum + Math.log(probability), 0),
            score,
            ended,
            alignment,
          };
        }),
      };
    } finally {
      decoder.dispose();
    }
  });
}

/** The model fed its answer: the distribution of each step, and what it attended to. */
function replay(
  { model, target }: Seq2SeqRun,
  read: ArrayLike<number>,
  written: readonly number[],
): { probabilities: number[][]; alignment: number[][] } {
  return noGrad(() =>
    scope(() => {
      const input = ids([target.special.begin, ...written.slice(0, -1)], [written.length, 1]);
      const { logits, alignment } = model.forward(ids(read, [read.length, 1]), input, {
        returnAlignment: true,
      });
      return {
        probabilities: (softmax(logits).toArray() as number[][][]).map(([row]) => row!),
        alignment: (alignment!.toArray() as number[][][])[0]!,
      };
    }),
  );
}

function idOf({ target }: Seq2SeqRun, token: string): number {
  for (let id = 0; id < target.size; id += 1) if (target.token(id) === token) return id;
  throw new DataError(
    `answers: forced tokens must be ones that the model can write, got ${JSON.stringify(token)}`,
  );
}

function largest(row: readonly number[], count: number): number[] {
  return [...row.keys()].sort((a, b) => row[b]! - row[a]! || a - b).slice(0, count);
}
